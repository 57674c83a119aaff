"""A shop whose products move: what syncs and the reading of supplies and orders leave of it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from domain.flow import Became, FeedPage, Flow, OrderState, Stage, Supply
from domain.ids import uuid7
from domain.snapshot import MOSCOW
from domain.stock import ShopKey
from infrastructure.postgres.flows import PostgresFlows

TODAY = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
CURRENT = """
INSERT INTO stock_current (tenant_id, shop_id, nm_id, brand, subject, sku, to_client, returns, orders,
  stock, places, on_sale, last_order, stocked_since)
VALUES ($1, $2, $3, 'Лён', 'Платья', $4, 0, 0, $5, $6, '{}', $7, $8, $9)
ON CONFLICT (tenant_id, shop_id, nm_id) DO UPDATE SET orders = $5, stock = $6, on_sale = $7,
  last_order = $8, stocked_since = $9
"""
DAILY = """
INSERT INTO stock_daily (tenant_id, shop_id, day, nm_id, orders, stock, places, stocked)
VALUES ($1, $2, $3, $4, 0, $5, $6, $7)
"""
ORDER = "INSERT INTO orders VALUES ($1, $2, $3, $4, $5, $5, $6, false, 'Склад WB')"

SETTLED = (
    (27, "buyout", 30, ""),
    (8, "cancel", 30, ""),
    (3, "return", 30, ""),
    (1, "returnDefective", 30, ""),
)


def days_ago(n):
    return TODAY - timedelta(days=n)


class Moving:
    """`clock` says when all of it is read."""

    def __init__(self, database, tenant, shop_id, clock=lambda: TODAY):
        self.database, self.key = database, ShopKey(tenant=tenant, shop=shop_id)
        self.book = PostgresFlows(database, clock)

    async def example(self):
        """That of the specification."""
        await self.snapshot()
        await self.product()
        await self.supply({7: 10})
        await self.feed(*SETTLED)

    async def snapshot(self, ago=0):
        taken = days_ago(ago)
        row = (uuid7(taken), taken, taken.astimezone(MOSCOW).date())
        await self._do("INSERT INTO snapshots VALUES ($1, $2, $3, $4, $5, 1, '')", *row)

    async def product(self, nm=7, **told):
        """Days ago, where something is a day."""
        known = {"stock": 96, "orders": 11, "on_sale": 5, "last": 42, "since": 60} | told
        last, since = (
            None if known[name] is None else days_ago(known[name]).date()
            for name in ("last", "since")
        )
        pieces = (known["orders"], known["stock"], known["on_sale"])
        await self._do(CURRENT, nm, f"LN-{nm}", *pieces, last, since)

    async def day(self, ago, stock, stocked, places=None, nm=7):
        day = days_ago(ago).date()
        await self._do(DAILY, day, nm, stock, json.dumps(places or {}), stocked)

    async def order(self, ago, nm=7, *, cancelled=False):
        await self._do(ORDER, str(uuid4()), nm, days_ago(ago), cancelled)

    async def supply(self, coming, stage=Stage.UNLOADED, shipped=3, warehouse="Коледино", n=1):
        """So many pieces by nmID are on the way."""
        supply = Supply(
            supply_id=n,
            stage=stage,
            made_at=days_ago(shipped + 1),
            shipped_at=days_ago(shipped),
            changed_at=days_ago(shipped),
        )
        await self.book.keep_supplies(self.key, [supply])
        await self.book.keep_goods(self.key, supply, coming)
        await self.book.place(self.key, n, warehouse)
        await self.book.stands(self.key, Flow.SUPPLIES, None)

    async def feed(self, *states, reach=60):
        """(how many, what became of them, days ago, district) of product 7."""
        rows = [
            OrderState(
                srid=str(uuid4()),
                nm_id=7,
                created_at=days_ago(ago),
                updated_at=days_ago(ago),
                became=Became(became),
                how=None,
                district=district,
                by_seller=False,
            )
            for many, became, ago, district in states
            for _ in range(many)
        ]
        page = FeedPage(
            states=tuple(rows), cursor="x", since=days_ago(reach), until=TODAY, last=True
        )
        await self.book.keep_feed(self.key, page)

    async def _do(self, statement, *row):
        async with self.database.driver() as driver:
            await driver.execute(statement, self.key.tenant, self.key.shop, *row)
