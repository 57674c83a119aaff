"""A seller's spreadsheet behind `domain.ports.Sheet`: one read, one write, her row order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from google.auth.exceptions import GoogleAuthError
from google.auth.transport import requests

from domain.ports import Allowance, Breaker, Budget, Clock, File, TabState, Target, Written
from domain.snapshot import Snapshot
from domain.table.layout import layout_of
from infrastructure.google import lookups
from infrastructure.google.batch import aim_at, fitting
from infrastructure.google.believing import Known
from infrastructure.google.client import Addresses, Manager, Session
from infrastructure.google.credentials import Account, credentials
from infrastructure.google.faults import Unanswered, Voice, fault
from infrastructure.google.hiding import as_wanted
from infrastructure.google.quota import Quota
from infrastructure.google.trail import Keep, Trail
from infrastructure.google.visit import Visit
from infrastructure.google.writing import Writing

THREADS = 16
"""Calls in flight: what a project's quota of five a second feeds at three seconds a call."""


class GoogleSheets:
    """Implements the port through gspread-asyncio, as one service account."""

    def __init__(  # noqa: PLR0913 -- settings, by name
        self,
        account: Account,
        budget: Budget,
        breaker: Breaker,
        clock: Clock,
        addresses: Addresses | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        where = addresses or Addresses()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="google")
        self._manager = Manager(
            lambda: Session(credentials(account), where, THREADS), self._threads
        )
        self._quota = Quota(
            budget=budget,
            clock=clock,
            sleep=sleep,
            principal=account.address,
            project=account.project,
        )
        self._breaker = breaker
        self._clock = clock
        self._account = account

    @property
    def address(self) -> str:
        """The e-mail address that a file has to be shared with."""
        return self._account.address

    @property
    def allowances(self) -> Sequence[Allowance]:
        """What we may ask of Google, a bucket each."""
        return self._quota.allowances()

    async def reach(self) -> None:
        """Sign in, and nothing else."""
        robot, signing_in = credentials(self._account), requests.Request()
        voice = Voice(address=self.address)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, robot.refresh, signing_in)
        except GoogleAuthError as error:
            raise fault(error, voice, self._clock()) from error

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

    async def write(
        self, target: Target, new: Known, old: Known | None, state: TabState | None, keep: Keep
    ) -> Written:
        """See the port. Without a state a tab with our marker is adopted and made right."""
        if state and old and _says_it_already(target, new[1], old, state):
            if not target.look:
                return Written(state=state, effect=target.before)
            new = old  # the time in the header moves only when the data do
        now = self._clock()
        aim = await asyncio.to_thread(aim_at, target, *new, now)
        visit = self._visit(target.spreadsheet_id)
        return await Writing(visit, aim, old, Trail(state, keep, new[0], now)).run()

    async def close(self) -> None:
        """Calls in flight end by themselves."""
        self._threads.shutdown(wait=False)
        self._manager.close()

    def _visit(self, spreadsheet_id: str) -> Visit:
        voice = Voice(address=self.address)
        return Visit(self._manager, self._quota, self._breaker, voice, spreadsheet_id)


def _says_it_already(target: Target, new: Snapshot, old: Known, state: TabState) -> bool:
    """Only the moment of the snapshot is another, and the last write was answered and complete."""
    layout = layout_of(state.layout)
    if layout is None or state.pending or old[0] != state.snapshot_id:
        return False
    says = target.banner.word if target.banner else ""
    wanted = (target.language, target.deadline, says)
    promised = (layout.language, layout.deadline, layout.banner) == wanted
    shown = {each.tab: each.id_of(old[0]) for each in fitting(target, new)}
    listed = shown == {each.tab: each.shows for each in state.listings}
    complete = len(state.order) >= len(new.nm_ids)
    back = not layout.gone or layout.returned == target.returned
    formed = listed and back and complete and as_wanted(target.empty, layout)
    return promised and formed and replace(old[1], taken_at=new.taken_at) == new
