"""The sync of one shop: read the marketplace whole, take a snapshot, write the sheet."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from app.cron import following
from app.handle import Handle
from app.read_models import Database
from app.stock import written
from app.stock.book import StockBook
from app.stock.read import ShopRow, shop_by_id, shops
from app.stock.reporting import notice, report
from domain import shop
from domain.access import Role, TenantScope
from domain.errors import Malformed, Rejected, Unavailable
from domain.fact import fact
from domain.ids import uuid7
from domain.plan import LIMITS, Plan
from domain.ports import (
    Access,
    Clock,
    Effect,
    Marketplace,
    Memory,
    Progress,
    Sheet,
    TabState,
    Target,
    Written,
)
from domain.run import Cancel, Done, Outcome, Task
from domain.schedule import Schedule
from domain.snapshot import MOSCOW, Gap, Period, Snapshot, flaws, period
from domain.stock import Bookmark, ShopKey, Unread, unread
from domain.table.words import Words
from domain.taking import take

ORDERS_SINCE = timedelta(days=30)
"""How far back the first read of orders goes: more than any period a sheet may show."""
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
PEOPLE = ("user", "api_token", "cli")
"""Sources of runs that somebody waits for; the others are the schedule's."""
UNREADABLE = ("no_scope", "no_funds")
"""Causes that leave a source blank, with the reason, instead of stopping the sync."""
GONE = Cancel(why="The shop was disconnected, or has no sheet.")
FRESH = timedelta(minutes=30)
"""How often Wildberries itself refreshes these reports."""
CONTRADICT = Words(
    ru="Числа противоречат друг другу, прежние остаются: {what}",
    en="The numbers contradict each other, the former ones stay: {what}",
)
HIDDEN = "hidden_place"
"""No gap of ours: Wildberries shows nobody its warehouses in Russia (release note 570)."""
GRACE = timedelta(hours=2)
"""How long after the promised hour a sheet that was not written turns red."""


@fact
class Sync:
    """`open_token` unseals a shop's token for one read; `afterwards` is told of each good sync: of
    which shop, and with which token."""

    book: StockBook
    database: Database
    marketplace: Marketplace
    sheet: Sheet
    handle: Handle
    clock: Clock
    open_token: Callable[[UUID, UUID], Awaitable[Access]]
    afterwards: Callable[[ShopKey, UUID, Task], Awaitable[None]]

    async def __call__(self, task: Task, memory: Memory, progress: Progress) -> Outcome:
        """Done with counts and notices; a dead token or an unshared sheet is told once."""
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        row = await self._ready(scope, task)
        if row is None:
            return GONE
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        try:
            new, noticed = await self._resumed(key, memory) or await self._read(
                task, key, row.token_id, memory, progress
            )
            row = await self._ready(scope, task)  # she may have changed it while we read
            if row is None:
                return GONE
            wrote = await self._write(row, task, new, memory, progress)
        except Rejected as no:
            await report(self.handle, task, shop.ReportBroken(shop_id=key.shop, cause=no.cause))
            raise
        await report(self.handle, task, shop.ReportHealthy(shop_id=key.shop))
        await self.afterwards(key, row.token_id, task)
        return _done(new[1], noticed, wrote)

    async def _ready(self, scope: TenantScope, task: Task) -> ShopRow | None:
        """The shop as it is at this moment, if it can be synced."""
        row = await shop_by_id(self.database, scope, task.shop_id) if task.shop_id else None
        return row if row and row.spreadsheet_id else None

    async def _resumed(
        self, key: ShopKey, memory: Memory
    ) -> tuple[tuple[UUID, Snapshot], Sequence[str]] | None:
        """The snapshot that a killed worker had taken for this very run, while it is fresh."""
        taken = await memory.recall("snapshot")
        if taken is None:
            return None
        snapshot_id = UUID(bytes=taken)
        snapshot = await self.book.snapshot(key, snapshot_id)
        now = self.clock()
        if snapshot is None or now - snapshot.taken_at > FRESH or snapshot.period != period(now):
            return None
        return (snapshot_id, snapshot), ()

    async def _read(
        self, task: Task, key: ShopKey, token_id: UUID, memory: Memory, progress: Progress
    ) -> tuple[tuple[UUID, Snapshot], Sequence[str]]:
        """The new snapshot, kept, and what was noticed on the way."""
        access = await self.open_token(key.tenant, token_id)
        await once(memory, "cards", lambda: self._read_cards(key, access, progress))
        cards = await self.book.cards(key)
        stock = await self.marketplace.stock(access, cards.values(), memory, progress)
        days = period(stock.at)
        gap = await self._read_orders(key, access, days, memory, progress)
        await progress("snapshot")
        counts = None if gap else await self.book.order_counts(key, days)
        read = replace(stock, gaps=(*stock.gaps, gap)) if gap else stock
        latest = await self.book.latest(key)
        before = latest[1] if latest else None
        snapshot = take(read, cards, counts, days, await self.book.places(key), previous=before)
        if wrong := flaws(snapshot):
            raise Malformed(str(CONTRADICT.both(what=wrong[0])), cause="held_back")
        new = uuid7(stock.at), snapshot
        await self.book.save(key, new, before, LIMITS[Plan.ENTERPRISE].history)
        await memory.keep("snapshot", new[0].bytes)
        await notice(self.handle, self.book, task, key, (before, snapshot))
        return new, stock.noticed

    async def _read_cards(self, key: ShopKey, access: Access, progress: Progress) -> None:
        """What changed since the last time; once a day all of it, for a deleted card is silent."""
        read, begun = 0, self.clock()
        mark = await self.book.bookmark(key, "cards")
        whole = await self.book.bookmark(key, "catalogue")
        anew = mark is None or whole is None or begun - whole.read_at >= A_DAY
        async for page in self.marketplace.cards(access, None if anew or not mark else mark.cursor):
            await self.book.keep_cards(key, page)
            read += len(page.cards)
            await progress("cards", read)
        if anew:
            await self.book.end_catalogue(key, begun)

    async def _read_orders(
        self, key: ShopKey, access: Access, days: Period, memory: Memory, progress: Progress
    ) -> Gap | None:
        """Bring the kept orders up to date. A gap: they may not be read at all, and why.

        Without quota the kept ones will do if they were read after the period had ended.
        """
        mark = await self.book.bookmark(key, "orders")
        try:
            await once(memory, "orders", lambda: self._page_orders(key, access, mark, progress))
        except Rejected as no:
            if no.cause not in UNREADABLE:
                raise
            return unread(Unread.ORDERS, no.cause)
        except Unavailable as away:
            if away.cause == "method_off":
                return unread(Unread.ORDERS, away.cause)
            if mark is None or mark.read_at.astimezone(MOSCOW).date() <= days.last:
                raise
        return None

    async def _page_orders(
        self, key: ShopKey, access: Access, mark: Bookmark | None, progress: Progress
    ) -> None:
        read, since = 0, self.clock() - ORDERS_SINCE
        async for page in self.marketplace.orders(access, mark.cursor if mark else None, since):
            await self.book.keep_orders(key, page)
            read += len(page.orders)
            await progress("orders", read)

    async def _write(
        self,
        row: ShopRow,
        task: Task,
        new: tuple[UUID, Snapshot],
        memory: Memory,
        progress: Progress,
    ) -> Written:
        await progress("sheet")
        key, file = ShopKey(tenant=task.tenant, shop=row.shop_id), str(row.spreadsheet_id)
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        title = _title(row, await shops(self.database, scope))
        state = await self.book.tab(key, file)
        shown = await self.book.snapshot(key, state.snapshot_id) if state else None
        old = (state.snapshot_id, shown) if state and shown else None

        async def keep(newer: TabState, effect: Effect) -> None:
            await progress("sheet")  # the last moment to learn that another worker writes it
            await written.keep(memory, effect)
            await self.book.keep_tab(key, file, newer)

        target = Target(
            spreadsheet_id=file,
            shop_id=marked(row.marketplace, row.seller_id),
            title=title,
            language="ru",
            deadline=deadline(row.schedule, new[1].taken_at),
            look=self._doubtful(row, task, state),
            before=await written.recalled(memory),
        )
        wrote = await self.sheet.write(target, new, old, state if old else None, keep)
        if wrote.state is not state:
            await keep(wrote.state, wrote.effect)
        return wrote

    def _doubtful(self, row: ShopRow, task: Task, state: TabState | None) -> bool:
        """Is it worth a look whether the sheet is still there, though nothing has changed? When it
        was broken; and when a person asks who has not been answered by a look for an hour."""
        if row.broken is not None or state is None:
            return True
        return task.source in PEOPLE and self.clock() - state.checked_at > AN_HOUR


def marked(marketplace: str, seller_id: str) -> UUID:
    """What a tab's marker calls the shop: the same with a database and without one, so that the
    old single-user job goes on in the tab that the service filled, and the other way round."""
    return uuid5(NAMESPACE_URL, f"stock-tracker:{marketplace}:{seller_id}")


def deadline(schedule: Schedule, now: datetime) -> datetime:
    """When the sheet turns red by itself: the first promised hour, or minute of cron, after the
    coming Moscow midnight, plus grace. The period moves at that midnight, so a healthy sync always
    writes."""
    tomorrow = now.astimezone(MOSCOW).date() + timedelta(days=1)
    promised = following(schedule, datetime.combine(tomorrow, time.min, MOSCOW))
    return promised.astimezone(UTC) + GRACE


async def once(memory: Memory, step: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do a step whose results are kept elsewhere, unless this run has done it before."""
    if await memory.recall(step) is None:
        await work()
        await memory.keep(step, b"done")


def _title(row: ShopRow, mine: Sequence[ShopRow]) -> str:
    """The tab's name; shops that share a file tell theirs apart."""
    first = next(each for each in mine if each.spreadsheet_id == row.spreadsheet_id)
    return "Stock Tracker" if first.shop_id == row.shop_id else f"Stock Tracker · {row.name}"


def _done(snapshot: Snapshot, noticed: Sequence[str], wrote: Written) -> Done:
    gaps = [gap for gap in snapshot.gaps if gap.cause != HIDDEN]
    result = {
        "products": len(snapshot.nm_ids),
        "places": len(snapshot.places),
        "gaps": [{"source": gap.source, "cause": gap.cause} for gap in gaps],
        **written.result(wrote.effect),
        "notices": [*noticed, *wrote.notices],
    }
    ending = "with gaps" if gaps else "" if wrote.effect.changed else "unchanged"
    return Done(why=ending, result=result)
