"""A seller's spreadsheet behind `domain.sheet_port.Sheet`: one read, one write, her row order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from google.auth.exceptions import GoogleAuthError
from google.auth.transport import requests

from domain.fact import fact
from domain.ports import Allowance, Breaker, Budget, Clock
from domain.sheet_port import File, TabState, Target, Written
from domain.snapshot import Snapshot
from domain.table.layout import layout_of
from domain.table.look import thresholds
from domain.table.refusals import HERSELF
from infrastructure.google import lookups
from infrastructure.google.batch import aim_at, fitting
from infrastructure.google.believing import Known
from infrastructure.google.client import Addresses, Manager, Session
from infrastructure.google.faults import Unanswered, Voice, fault
from infrastructure.google.hiding import as_wanted
from infrastructure.google.principal import Principal
from infrastructure.google.quota import Quota
from infrastructure.google.trail import Keep, Trail
from infrastructure.google.visit import Visit
from infrastructure.google.writing import Writing

LOCALE, ZONE = "ru_RU", "Europe/Moscow"
"""Of a file that we make: where the sellers' day is counted."""
THREADS = 16
"""Calls in flight: what a project's quota of five a second feeds at three seconds a call."""


@fact
class Means:
    """What all principals of a process share."""

    threads: ThreadPoolExecutor
    budget: Budget
    breaker: Breaker
    clock: Clock
    addresses: Addresses
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


def threads() -> ThreadPoolExecutor:
    """For all calls of a process; calls in flight end by themselves when it is shut down."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="google")


class GoogleSheets:
    """Implements the port through gspread-asyncio, in one principal's name."""

    def __init__(self, principal: Principal, means: Means, manager: Manager | None = None) -> None:
        self._principal = principal
        self._means = means
        self._manager = manager or Manager(
            lambda: Session(principal.sign(), means.addresses, THREADS), means.threads
        )
        self._quota = Quota(
            budget=means.budget,
            clock=means.clock,
            sleep=means.sleep,
            principal=principal.name,
            project=principal.project,
        )

    @property
    def address(self) -> str:
        """The e-mail address that a file has to be shared with."""
        return self._principal.address

    @property
    def allowances(self) -> Sequence[Allowance]:
        """What we may ask of Google, a bucket each."""
        return self._quota.allowances()

    def meaning(self, instead: Mapping[str, str]) -> "GoogleSheets":
        """The same principal, of whom some causes mean others."""
        principal = replace(self._principal, instead=instead)
        return GoogleSheets(principal, self._means, self._manager)

    async def reach(self) -> None:
        """Sign in, and nothing else."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._means.threads, self._sign_in)
        except GoogleAuthError as error:
            raise fault(error, self._voice, self._means.clock()) from None  # it holds our assertion

    def _sign_in(self) -> None:
        self._principal.sign().refresh(requests.Request())

    async def check(self, spreadsheet_id: str) -> File:
        """Read the file's name and write it back: only an editor may. Raises as the port says."""
        visit = self._visit(spreadsheet_id)
        found = (await visit.listing(lookups.FILE)).properties
        same = {"properties": {"title": found.title}, "fields": "title"}
        try:
            await visit.change(
                {"requests": [{"updateSpreadsheetProperties": same}]}, lookups.WRITTEN_BLIND
            )
        except Unanswered:
            raise visit.voice.unavailable("google_unavailable") from None
        return File(
            spreadsheet_id=spreadsheet_id,
            title=found.title,
            locale=found.locale,
            time_zone=found.time_zone,
        )

    async def make(self, title: str) -> File:
        """See the port. A lost answer leaves an empty file behind, which she may delete."""
        visit = self._visit("")
        try:
            made = await visit.make({"title": title, "locale": LOCALE, "timeZone": ZONE})
        except Unanswered:
            raise visit.voice.unavailable("google_unavailable") from None
        return File(
            spreadsheet_id=made.spreadsheet_id,
            title=made.properties.title,
            locale=made.properties.locale,
            time_zone=made.properties.time_zone,
        )

    async def write(
        self, target: Target, new: Known, old: Known | None, state: TabState | None, keep: Keep
    ) -> Written:
        """See the port. Without a state a tab with our marker is adopted and made right."""
        if state and old and _says_it_already(target, new[1], old, state):
            if not target.look:
                return Written(state=state, effect=target.before)
            new = old  # the time in the header moves only when the data do
        now = self._means.clock()
        aim = await asyncio.to_thread(aim_at, target, *new, now)
        visit = self._visit(target.spreadsheet_id)
        return await Writing(visit, aim, old, Trail(state, keep, new[0], now)).run()

    def close(self) -> None:
        """Of its connections; calls in flight end by themselves."""
        self._manager.close()

    @property
    def _voice(self) -> Voice:
        return Voice(address=self.address or HERSELF, instead=self._principal.instead)

    def _visit(self, spreadsheet_id: str) -> Visit:
        return Visit(self._manager, self._quota, self._means.breaker, self._voice, spreadsheet_id)


def _says_it_already(target: Target, new: Snapshot, old: Known, state: TabState) -> bool:
    """Only the moment of the snapshot is another, and the last write was answered and complete."""
    layout = layout_of(state.layout)
    if layout is None or state.pending or old[0] != state.snapshot_id:
        return False
    says = target.banner.word if target.banner else ""
    wanted = (target.language, target.deadline, says)
    promised = (layout.language, layout.deadline, layout.banner) == wanted
    coloured = target.terms is None or layout.coloured == thresholds(target.terms)
    shown = {each.tab: old[0] for each in fitting(target.keyed, new)}
    shown |= {each.tab: each.id_of(old[0]) for each in fitting(target.listings, new)}
    listed = shown == {each.tab: each.shows for each in state.listings}
    complete = len(state.order) >= len(new.nm_ids)
    layouts = (layout, *(layout_of(each.layout) for each in state.listings))
    back = not any(each and each.gone and each.returned != target.returned for each in layouts)
    formed = listed and back and complete and coloured and as_wanted(target.empty, layout)
    return promised and formed and replace(old[1], taken_at=new.taken_at) == new
