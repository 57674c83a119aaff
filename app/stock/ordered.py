"""Orders of a shop, brought up to date by the best source that does not refuse.

The feed stands in where supplier/orders is closed. Each source has its own bookmark, and both tell
of the same rows: a shop may go from one to the other and back.
"""

from datetime import timedelta

from app.stock.book import StockBook
from domain.capability import SWITCHED_OFF, Known, Reading
from domain.errors import Rejected, Unavailable
from domain.fact import fact
from domain.flow import ORDERS_FED
from domain.ports import Access, Clock, Marketplace, Memory, Progress
from domain.snapshot import MOSCOW, Gap, Period
from domain.stock import ShopKey, Unread, unread

ORDERS_SINCE = timedelta(days=30)
"""How far back the first read of orders goes: more than any period a sheet may show."""
UNREADABLE = ("no_scope", "no_funds", SWITCHED_OFF)
"""Causes that leave a source blank, with the reason, instead of stopping the sync."""
STEP = "orders"
MARKS = {Reading.ORDERS: "orders", Reading.FEED: ORDERS_FED}
"""The bookmark of each source."""


@fact
class ReadOrders:
    """One shop's, with one token; `seen` is what is known of it."""

    book: StockBook
    marketplace: Marketplace
    clock: Clock
    key: ShopKey
    access: Access
    seen: Known

    async def __call__(self, days: Period, memory: Memory, progress: Progress) -> Gap | None:
        """A gap: no source may be read, and why the first one may not.

        Without quota the kept ones will do if they were read after the period had ended, to their
        end: some of their pages are not enough.
        """
        if await memory.recall(STEP) is not None:
            return None
        refusal = self.seen.closed(Reading.ORDERS, self.clock())
        for source in self.marketplace.order_sources(self.access, self.seen):
            try:
                await self._pages(source, progress)
            except (Rejected, Unavailable) as no:
                if no.cause in UNREADABLE:
                    found = self.seen.saw(source, self.clock(), no.cause)
                    refusal = refusal or found
                    continue
                if isinstance(no, Rejected) or not await self._kept(days):
                    raise
            else:
                self.seen.saw(source, self.clock())
                await memory.keep(STEP, source.encode())
            return None
        assert refusal is not None  # noqa: S101 - the rules close no source of orders to anybody
        return unread(Unread.ORDERS, refusal.cause)

    async def _pages(self, source: Reading, progress: Progress) -> None:
        mark = await self.book.bookmark(self.key, MARKS[source])
        read, since = 0, self.clock() - ORDERS_SINCE
        cursor = mark.cursor if mark else None
        async for page in self.marketplace.orders(self.access, cursor, since, source):
            await self.book.keep_orders(self.key, page)
            read += len(page.orders)
            await progress(STEP, read)

    async def _kept(self, days: Period) -> bool:
        whole = await self.book.bookmark(self.key, "all_orders")
        return whole is not None and whole.read_at.astimezone(MOSCOW).date() > days.last
