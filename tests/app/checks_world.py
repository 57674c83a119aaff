"""A shop that is synced and then checked against its cabinet, as a worker does it."""

from contextlib import asynccontextmanager
from datetime import timedelta

from domain.capability import Known
from domain.errors import Unavailable
from domain.ids import uuid7
from domain.snapshot import period
from domain.taking import take
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.stock import PostgresStock
from sandbox.sellers import Spec
from tests.app.flows_world import reading
from tests.infrastructure.wildberries_shop import Kept, silent


class Checking:
    """`shop` is the world of the daily reading; `stock_kind` the token that syncs are read with."""

    def __init__(self, shop, database):
        self.shop, self.market = shop, shop.market
        self.stock, self.book = (
            PostgresStock(database, shop.market.moment),
            PostgresChecks(database),
        )
        self.claims = {}

    @property
    def nm_ids(self):
        return sorted(self.market.seller.cards)

    async def sync(self):
        """Reads and keeps what a sync does, and takes its snapshot."""
        key, market = self.shop.key, self.market
        access = market.access(self.shop.kind, **{**self.shop.claims, **self.claims})
        begun = market.moment()
        async for page in market.wildberries.cards(access, None):
            await self.stock.keep_cards(key, page)
        await self.stock.end_catalogue(key, begun)
        cards = await self.stock.cards(key)
        stock = await market.wildberries.stock(access, cards.values(), Kept(), silent, Known())
        mark, since = await self.stock.bookmark(key, "orders"), begun - timedelta(days=30)
        async for page in market.wildberries.orders(access, mark and mark.cursor, since):
            await self.stock.keep_orders(key, page)
        counts = await self.stock.order_counts(key, period(stock.at))
        latest = await self.stock.latest(key)
        before = latest[1] if latest else None
        known = await self.stock.places(key)
        snapshot = take(stock, cards, counts, period(stock.at), known, previous=before)
        await self.stock.save(key, (uuid7(stock.at), snapshot), before, 30)
        return snapshot

    async def check(self):
        """The daily run, and its second look if it asks for one; what it kept."""
        try:
            await self.shop.again()
        except Unavailable as later:
            self.wait = later
        return await self.book.latest(self.shop.key)

    async def look_again(self):
        """An hour later, when the run goes on by itself; after a sync if it says so."""
        self.market.moment.seconds = self.wait.until.timestamp()
        await self.shop.run()
        return await self.book.latest(self.shop.key)


def lines(found):
    """By article and figure: ours, theirs, the reasons."""
    return {
        (each.nm_id, str(each.figure)): (each.ours, each.cabinet, list(each.reasons))
        for each in found.discrepancies
    }


@asynccontextmanager
async def checking(database, **settings):
    spec = settings.pop("spec", None) or Spec(products=20, places=4)
    async with reading(database, spec=spec, **settings) as shop:
        yield Checking(shop, database)
