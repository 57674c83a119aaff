"""What moves, and the cabinet's own report, read once a day, after the first good sync of the day.

A run beside the sync: the feed of orders may be asked once a minute, with some tokens once in three
hours, and neither a sheet nor a schedule may wait for that.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.read_models import Database
from app.stock.capabilities import known, news
from app.stock.flow_book import FlowBook
from app.stock.jobs import GONE, once
from app.stock.moving_words import TOO_SLOW, message
from app.stock.read import ShopRow, shop_by_id
from app.stock.reconciling import SECOND, Reconciling
from app.stock.showing import FRESH, showing
from domain.access import Role, TenantScope
from domain.capability import Reading
from domain.errors import Rejected, Unavailable
from domain.fact import fact
from domain.flow import ALL_FED, Flow, coming
from domain.flow_port import Flows
from domain.ports import Access, Clock, Memory, Progress
from domain.run import PATIENT, Done, Outcome, Run, Task
from domain.snapshot import of_today
from domain.stock import Bookmark, ShopKey

KIND = "flows"
READINGS = {
    Flow.SUPPLIES: Reading.SUPPLIES,
    Flow.FEED: Reading.FEED,
    Flow.CABINET: Reading.CABINET,
}
REFUSALS = ("no_scope", "no_funds", "method_off", TOO_SLOW)
"""Causes that leave a source unknown until the next day, with the reason."""


@fact
class ReadFlows:
    """`open_token` unseals a shop's token for one read, `check` compares with the cabinet, `ask`
    the ledger for a run, in the name of this one."""

    book: FlowBook
    check: Reconciling
    database: Database
    marketplace: Flows
    clock: Clock
    open_token: Callable[[UUID, UUID], Awaitable[Access]]
    ask: Callable[[Task, Run], Awaitable[None]]

    async def __call__(self, task: Task, memory: Memory, progress: Progress) -> Outcome:
        """Done, with what may not be read. A source that has to wait does not hold up the other."""
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        row = await shop_by_id(self.database, scope, task.shop_id) if task.shop_id else None
        if row is None:
            return GONE
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        compared = await memory.recall(SECOND)
        unread, later, read = await self._pass(scope, row, task, memory, progress)
        now = await shop_by_id(self.database, scope, key.shop)
        if unread and now is not None and now.token_id != row.token_id:
            return await self(task, memory, progress)  # the new one may open it
        if now is not None and (read or await memory.recall(SECOND) != compared):
            await self._show(task, now)
        if later:
            raise min(later, key=lambda away: away.until or self.clock())
        notices = [message(source, cause) for source, cause in unread.items()]
        if Flow.CABINET not in unread:
            notices += await self.check.left(key)
        return Done(why="", result={"unread": unread, "notices": notices})

    async def _pass(
        self, scope: TenantScope, row: ShopRow, task: Task, memory: Memory, progress: Progress
    ) -> tuple[Mapping[Flow, str], Sequence[Unavailable], bool]:
        """Why sources may not be read; which have to wait; was any read to its end just now?"""
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        access = await self.open_token(task.tenant, row.token_id)
        reading = _Reading(self, key, access, memory, progress)
        seen = await known(self.database, scope, key.shop, row.token_id)
        unread, later, read = dict[Flow, str](), list[Unavailable](), False
        for source, asked in (
            (Flow.SUPPLIES, reading.supplies),
            (Flow.FEED, reading.feed),
            (Flow.CABINET, reading.cabinet),
        ):
            try:
                step = "@".join((source, str(row.token_id)))
                kept = await memory.recall(step)
                cause = await self._read(key, source, asked) if kept is None else kept.decode()
            except Unavailable as away:
                later.append(away)
            else:
                if kept is None:
                    seen.saw(READINGS[source], self.clock(), cause)
                    await memory.keep(step, cause.encode())
                    read = True
                if cause:
                    unread[source] = cause
        await self.book.keep(news(key, row.token_id, seen))
        return unread, later, read

    async def _show(self, task: Task, row: ShopRow) -> None:
        """What was found belongs beside the numbers of today, where a tab shows it."""
        if not row.spreadsheet_id or not (row.check_tab or row.data_tab or row.replenishment_tab):
            return
        newest = await self.book.newest(ShopKey(tenant=task.tenant, shop=row.shop_id))
        if newest is not None and self.clock() - newest[1] <= FRESH:
            await self.ask(task, showing(row.shop_id, newest[0]))

    async def _read(self, key: ShopKey, source: Flow, read: Callable[[], Awaitable[None]]) -> str:
        """Why the source may not be read, or nothing; asked of it once in a run, and once more with
        a token that came while the run waited."""
        try:
            await read()
        except (Rejected, Unavailable) as no:
            if no.cause not in REFUSALS:
                raise
            await self.book.stands(key, source, no.cause)
            return no.cause
        return ""


class _Reading:
    """One run's reading of one shop."""

    def __init__(
        self, job: ReadFlows, key: ShopKey, access: Access, memory: Memory, progress: Progress
    ) -> None:
        self._book, self._marketplace, self._clock = job.book, job.marketplace, job.clock
        self._check = job.check
        self._key, self._access, self._memory, self._progress = key, access, memory, progress

    async def supplies(self) -> None:
        """The list, and the goods of those that something happened to."""
        begun = await self._begun()
        await once(self._memory, "supplies.list", self._list)
        changed = await self._book.unread(self._key, begun)
        for done, supply in enumerate(changed):
            await self._progress("supplies", done, len(changed))
            goods = await self._marketplace.goods(self._access, supply.supply_id)
            await self._book.keep_goods(self._key, supply, coming(supply.stage, goods))
        for supply_id in await self._book.unplaced(self._key):
            warehouse = await self._marketplace.destination(self._access, supply_id)
            await self._book.place(self._key, supply_id, warehouse)
        await self._book.stands(self._key, Flow.SUPPLIES, None)

    async def feed(self) -> None:
        """From the bookmark on, which moves with every page; unless the feed stands in for orders,
        and a sync has read all of it today."""
        fed = await self._book.bookmark(self._key, ALL_FED)
        if fed and of_today(fed.read_at, self._clock()):
            return
        mark, read = await self._book.bookmark(self._key, Flow.FEED), 0
        async for page in self._marketplace.feed(self._access, mark.cursor if mark else None):
            await self._book.keep_feed(self._key, page)
            read += len(page.states)
            await self._progress("order_feed", read)

    async def cabinet(self) -> None:
        """Last, for what became of orders is a part of the evidence."""
        await self._check(self._key, self._access, self._memory, self._progress)

    async def _list(self) -> None:
        await self._progress("supplies")
        found = await self._marketplace.supplies(self._access)
        await self._book.keep_supplies(self._key, found)

    async def _begun(self) -> datetime:
        """When this run first got here: what it has read since is not read again."""
        kept = await self._memory.recall("supplies.begun")
        if kept is None:
            now = self._clock()
            await self._memory.keep("supplies.begun", now.isoformat().encode())
            return now
        return datetime.fromisoformat(kept.decode())


@fact
class AskForFlows:
    """What a good sync does last. `ask` the ledger for a run, in the name of this one."""

    book: FlowBook
    ask: Callable[[Task, Run], Awaitable[None]]
    clock: Clock

    async def __call__(self, key: ShopKey, token: UUID, task: Task) -> None:
        """Once a day and token."""
        if due(await self.book.bookmark(key, KIND), token, self.clock()):
            await self.ask(task, flows_of(key.shop))
            await self.book.asked(key, str(token))


def due(mark: Bookmark | None, token: UUID, now: datetime) -> bool:
    """Is it time to ask for a read: on a new day, or with another token, which may open more."""
    if mark is None or mark.cursor != str(token):
        return True
    return not of_today(mark.read_at, now)


def flows_of(shop_id: UUID) -> Run:
    """One live read per shop; whatever else its company has to do goes first."""
    return Run(kind=KIND, key=f"{KIND}:{shop_id}", shop_id=shop_id, priority=PATIENT)
