"""Once a day ours against the cabinet's own report: read it whole, compare, prove, look again.

What has no reason is looked at once more an hour later: both sides refresh at times of their own.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import count
from typing import Annotated

import msgspec
from msgspec import Meta

from app.stock.check_book import CheckBook
from app.stock.flow_book import FlowBook
from app.stock.moving_words import TOO_SLOW, message
from domain.cabinet import Asked, Shown, Where
from domain.errors import Rejected, Unavailable
from domain.fact import fact
from domain.flow import Flow
from domain.flow_port import Flows
from domain.ids import uuid7
from domain.ports import Access, Clock, Memory, Progress
from domain.reasons import TOGETHER, Evidence, reconcile, same_at_wb, settled
from domain.reconciliation import Compared, agreeing, compare
from domain.snapshot import Period, Snapshot
from domain.stock import ShopKey, Unread
from domain.table.words import Words

AGAIN = timedelta(hours=1)
"""After how long both sides have refreshed."""
FEW = 1_000
"""Articles that are asked for anew: one page."""
SECOND = "cabinet.second"
WAITS = Words(
    ru="Сверка с кабинетом: {n} расхождений без причины. Через час смотрим ещё раз, отчёты "
    "обновляются не одновременно.",
    en="The check against the cabinet left {n} differences without a reason. They are looked at "
    "again in an hour, for reports refresh at different times.",
)
LEFT = Words(
    ru="Сверка с кабинетом: {n} расхождений без причины.",
    en="The check against the cabinet: {n} differences without a reason.",
)


class _Begun(msgspec.Struct, frozen=True):
    first: date
    last: date
    at: Annotated[datetime, Meta(tz=True)]

    @property
    def days(self) -> Period:
        return Period(first=self.first, last=self.last)


_BEGUN = msgspec.json.Decoder(_Begun)
_PAGE = msgspec.msgpack.Decoder(tuple[tuple[Shown, ...], bool])


@fact
class _Report:
    """All of it. `short`: pages told a product twice, and so left another one out."""

    days: Period
    at: datetime
    shown: Mapping[int, Shown]
    short: bool


@fact
class Reconciling:
    """A part of the daily reading beside the sync."""

    book: CheckBook
    flows: FlowBook
    marketplace: Flows
    clock: Clock

    async def __call__(
        self, key: ShopKey, access: Access, memory: Memory, progress: Progress
    ) -> None:
        """Raises Unavailable, also until the time of the second look; Rejected where the report
        took longer than its day."""
        await progress("cabinet")
        report = await self._report(key, access, memory, progress)
        if report is None:
            return
        begun = await memory.recall(SECOND)
        if begun is None:
            left = await self._first(key, access, report)
            await self.flows.stands(key, Flow.CABINET, None)
            begun = (self.clock() + AGAIN).isoformat().encode() if left else b""
            await memory.keep(SECOND, begun)
        if begun:
            await self._second(key, access, report, datetime.fromisoformat(begun.decode()))

    async def left(self, key: ShopKey) -> Sequence[str]:
        """What the run tells of it: how much has no reason, if anything."""
        found = await self.book.latest(key)
        return [str(LEFT.both(n=found.unexplained))] if found and found.unexplained else []

    async def _first(self, key: ShopKey, access: Access, report: _Report) -> int:
        """Compares and keeps; how many differences have no reason."""
        newest, *others = await self.book.snapshots(key, report.at - TOGETHER)
        if newest.period != report.days:
            raise Rejected(message(Flow.CABINET, TOO_SLOW), cause=TOO_SLOW)
        compared = compare(newest, report.shown)
        wanted = compared.keys
        earlier = [each for each in others if each.period == report.days and wanted]
        unread = any(gap.source == Unread.SELLER and gap.cause == "no_scope" for gap in newest.gaps)
        evidence = Evidence(
            agreed={found for each in earlier for found in agreeing(each, report.shown, wanted)},
            orders=await self.book.orders(key, newest) if wanted else {},
            elsewhere=await self._elsewhere(access, newest, compared) if unread else (),
            unread=unread,
            gone=await self.book.gone(key, _deleted(report, compared)),
            short=report.short,
            stale=self.clock() - newest.taken_at > TOGETHER,
        )
        named = uuid7(self.clock()), self.clock()
        found = reconcile(named, newest, report.shown, compared, evidence)
        await self.book.keep(key, found)
        return found.unexplained

    async def _second(self, key: ShopKey, access: Access, report: _Report, due: datetime) -> None:
        """Only of what has no reason: it was a lag if the newest figures of both are the same, or
        ours are what the cabinet's were."""
        found = await self.book.latest(key)
        if found is None or not found.open:
            return
        if self.clock() < due:
            waits = str(WAITS.both(n=found.unexplained))
            raise Unavailable(waits, cause="second_look", until=due)
        newest, *_ = await self.book.snapshots(key, due)
        if newest.period != report.days:
            return
        again = await self._some(access, report.days, {nm_id for nm_id, _ in found.open})
        agreed = {
            each for shown in (again, report.shown) for each in agreeing(newest, shown, found.open)
        }
        if agreed:
            await self.book.keep(key, settled(found, agreed, uuid7(self.clock())))

    async def _elsewhere(
        self, access: Access, newest: Snapshot, compared: Compared
    ) -> Collection[int]:
        """As far as the quota goes."""
        wanted = {*compared.blank, *(nm for nm, figure in compared.keys if figure == "stock")}
        with suppress(Unavailable):
            at_wb = await self._some(access, newest.period, wanted, Where.WB)
            return same_at_wb(newest, at_wb)
        return ()

    async def _some(
        self, access: Access, days: Period, wanted: Collection[int], where: Where = Where.ALL
    ) -> Mapping[int, Shown]:
        only = tuple(sorted(wanted)[:FEW])
        if not only:
            return {}
        asked = Asked(days=days, only=only, where=where)
        pages = [page async for page in self.marketplace.cabinet(access, asked)]
        return {each.nm_id: each for page in pages for each in page.shown}

    async def _report(
        self, key: ShopKey, access: Access, memory: Memory, progress: Progress
    ) -> _Report | None:
        """Whole, each page read once in a run. None where there is nothing to compare with."""
        kept = await memory.recall("cabinet.begun")
        begun = _BEGUN.decode(kept) if kept else await self._begin(key, memory)
        if begun is None:
            return None
        shown, told = dict[int, Shown](), 0
        for number in count():
            page = await memory.recall(f"cabinet.{number}")
            if page is None:
                break
            some, last = _PAGE.decode(page)
            shown.update((each.nm_id, each) for each in some)
            told += len(some)
            if last:
                return _Report(days=begun.days, at=begun.at, shown=shown, short=len(shown) < told)
        asked = Asked(days=begun.days, after=told)
        async for fresh in self.marketplace.cabinet(access, asked):
            body = msgspec.msgpack.encode((fresh.shown, fresh.last))
            await memory.keep(f"cabinet.{number}", body)
            shown.update((each.nm_id, each) for each in fresh.shown)
            told += len(fresh.shown)
            number += 1
            await progress("cabinet", told)
        return _Report(days=begun.days, at=begun.at, shown=shown, short=len(shown) < told)

    async def _begin(self, key: ShopKey, memory: Memory) -> _Begun | None:
        now = self.clock()
        snapshots = await self.book.snapshots(key, now)
        if not snapshots:
            return None
        days = snapshots[0].period
        begun = _Begun(days.first, days.last, now)
        await memory.keep("cabinet.begun", msgspec.json.encode(begun))
        return begun


def _deleted(report: _Report, compared: Compared) -> Collection[int]:
    return [nm for nm in compared.differing if nm in report.shown and report.shown[nm].deleted]
