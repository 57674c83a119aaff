"""The sync of one shop: read the marketplace whole, take a snapshot, write the sheet."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from app.handle import Handle
from app.read_models import Database
from app.stock import written
from app.stock.book import StockBook
from app.stock.read import ShopRow, shop_by_id
from app.stock.reporting import notice, report
from app.stock.writing import Writing
from domain import health
from domain.access import Role, TenantScope
from domain.errors import Malformed, Rejected, Unavailable
from domain.fact import fact
from domain.ids import uuid7
from domain.plan import LIMITS, Plan
from domain.ports import (
    Access,
    Clock,
    Marketplace,
    Memory,
    Progress,
    Written,
)
from domain.run import Cancel, Done, Outcome, Task
from domain.snapshot import MOSCOW, Gap, Period, Snapshot, flaws, period
from domain.stock import Bookmark, ShopKey, Unread, unread
from domain.table.words import Words
from domain.taking import take

ORDERS_SINCE = timedelta(days=30)
"""How far back the first read of orders goes: more than any period a sheet may show."""
A_DAY = timedelta(days=1)
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


@fact
class Sync:
    """`open_token` unseals a shop's token for one read, `writing` fills its sheet; `afterwards` is
    told of each good sync: of which shop, and with which token."""

    book: StockBook
    database: Database
    marketplace: Marketplace
    writing: Writing
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
        today = OfADay(memory, period(self.clock()))
        try:
            new, noticed = await self._resumed(key, today) or await self._read(
                task, key, row.token_id, today, progress
            )
            row = await self._ready(scope, task)  # she may have changed it while we read
            if row is None:
                return GONE
            wrote = await self.writing(row, task, new, memory, progress)
        except Rejected as no:
            await report(self.handle, task, health.ReportBroken(shop_id=key.shop, cause=no.cause))
            raise
        await report(self.handle, task, health.ReportHealthy(shop_id=key.shop))
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
        # By the clock: a killed worker may have kept one of this read too, and the later counts.
        new = uuid7(self.clock()), snapshot
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

        Without quota the kept ones will do if they were read after the period had ended, to their
        end: some of their pages are not enough.
        """
        mark, whole = [await self.book.bookmark(key, each) for each in ("orders", "all_orders")]
        try:
            await once(memory, "orders", lambda: self._page_orders(key, access, mark, progress))
        except Rejected as no:
            if no.cause not in UNREADABLE:
                raise
            return unread(Unread.ORDERS, no.cause)
        except Unavailable as away:
            if away.cause == "method_off":
                return unread(Unread.ORDERS, away.cause)
            if whole is None or whole.read_at.astimezone(MOSCOW).date() <= days.last:
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


class OfADay:
    """A run's memory of what it read, until midnight: one that waited for longer reads anew."""

    def __init__(self, memory: Memory, days: Period) -> None:
        self._memory, self._day = memory, days.last

    async def recall(self, step: str) -> bytes | None:
        """As the run's."""
        return await self._memory.recall(f"{self._day} {step}")

    async def keep(self, step: str, result: bytes) -> None:
        """As the run's."""
        await self._memory.keep(f"{self._day} {step}", result)


async def once(memory: Memory, step: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do a step whose results are kept elsewhere, unless this run has done it before."""
    if await memory.recall(step) is None:
        await work()
        await memory.keep(step, b"done")


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
