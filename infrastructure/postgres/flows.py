"""Supplies, what became of orders, and how far both are known, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from domain.events import Rows
from domain.flow import FeedPage, Flow, Stage, Supply
from domain.ports import Clock
from domain.snapshot import MOSCOW
from domain.stock import Bookmark, ShopKey
from infrastructure.postgres.bookmarks import MARK, bookmark
from infrastructure.postgres.database import Database
from infrastructure.postgres.states import STANDS, keep_states

_REFUSED = """
INSERT INTO flows (tenant_id, shop_id, source, cause) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, shop_id, source) DO UPDATE SET cause = excluded.cause
"""

# The two weeks of an accepted supply begin once.
_KEEP_SUPPLIES = """
INSERT INTO supplies AS s (tenant_id, shop_id, supply_id, stage, made_at, shipped_at, changed_at,
                           counts_until, mark)
SELECT $1, $2, * FROM unnest($3::bigint[], $4::int[], $5::timestamptz[], $6::timestamptz[],
                             $7::timestamptz[], $8::date[], $9::text[])
ON CONFLICT (tenant_id, shop_id, supply_id) DO UPDATE SET stage = excluded.stage,
  made_at = excluded.made_at, shipped_at = excluded.shipped_at, changed_at = excluded.changed_at,
  mark = excluded.mark, counts_until = CASE WHEN excluded.stage = s.stage
    THEN least(s.counts_until, excluded.counts_until) ELSE excluded.counts_until END
"""
_FORGET_SUPPLIES = """
DELETE FROM supplies WHERE tenant_id = $1 AND shop_id = $2 AND supply_id <> ALL ($3::bigint[])
"""
# Whether the date of a supply moves with each piece that goes on sale is not documented.
_UNREAD = """
SELECT supply_id, stage, made_at, shipped_at, changed_at FROM supplies s
WHERE tenant_id = $1 AND shop_id = $2 AND (counts_until IS NULL OR counts_until >= $3::date)
  AND (mark IS DISTINCT FROM read_as OR read_at < $4 AND (stage = $5 OR stage = $6 AND EXISTS (
    SELECT FROM supply_goods g WHERE (g.tenant_id, g.shop_id, g.supply_id) =
      (s.tenant_id, s.shop_id, s.supply_id) AND g.coming > 0)))
ORDER BY supply_id
"""
_KEEP_GOODS = """
INSERT INTO supply_goods (tenant_id, shop_id, supply_id, nm_id, coming)
SELECT $1, $2, $3, * FROM unnest($4::bigint[], $5::bigint[])
"""
_EMPTY = "DELETE FROM supply_goods WHERE tenant_id = $1 AND shop_id = $2 AND supply_id = $3"
_READ = """
UPDATE supplies SET read_as = $4, read_at = $5
WHERE tenant_id = $1 AND shop_id = $2 AND supply_id = $3
"""
_UNPLACED = """
SELECT supply_id FROM supplies WHERE tenant_id = $1 AND shop_id = $2
  AND shipped_at IS NOT NULL AND warehouse IS NULL AND read_as IS NOT NULL
ORDER BY supply_id
"""
_NEWEST = """
SELECT snapshot_id, taken_at FROM snapshots WHERE tenant_id = $1 AND shop_id = $2
ORDER BY taken_at DESC, snapshot_id DESC LIMIT 1
"""
_PLACE = """
UPDATE supplies SET warehouse = $4 WHERE tenant_id = $1 AND shop_id = $2 AND supply_id = $3
"""


class PostgresFlows:
    """`app.stock.flow_book.FlowBook` in PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def bookmark(self, shop: ShopKey, source: str) -> Bookmark | None:
        """See the book."""
        return await bookmark(self._database, shop, source)

    async def newest(self, shop: ShopKey) -> tuple[UUID, datetime] | None:
        """See the book."""
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_NEWEST, shop.tenant, shop.shop)
        return None if row is None else (row["snapshot_id"], row["taken_at"])

    async def asked(self, shop: ShopKey, token: str) -> None:
        """See the book."""
        async with self._database.driver() as driver:
            await driver.execute(MARK, shop.tenant, shop.shop, "flows", token, self._clock())

    async def keep_feed(self, shop: ShopKey, page: FeedPage) -> None:
        """See the book."""
        now = self._clock()
        async with self._database.writing() as driver:
            await keep_states(driver, shop, page, now)
            await driver.execute(MARK, shop.tenant, shop.shop, Flow.FEED, page.cursor, now)

    async def keep_supplies(self, shop: ShopKey, found: Sequence[Supply]) -> None:
        """See the book."""
        key = (shop.tenant, shop.shop)
        rows = [
            (s.supply_id, s.stage, s.made_at, s.shipped_at, s.changed_at, s.counts_until, s.mark)
            for s in found
        ]
        async with self._database.writing() as driver:
            if rows:
                columns = (list(column) for column in zip(*rows, strict=True))
                await driver.execute(_KEEP_SUPPLIES, *key, *columns)
            await driver.execute(_FORGET_SUPPLIES, *key, [each.supply_id for each in found])

    async def unread(self, shop: ShopKey, since: datetime) -> Sequence[Supply]:
        """See the book."""
        key, today = (shop.tenant, shop.shop), self._clock().astimezone(MOSCOW).date()
        async with self._database.driver() as driver:
            rows = await driver.fetch(_UNREAD, *key, today, since, Stage.ACCEPTING, Stage.ACCEPTED)
        return [Supply(**{**row, "stage": Stage(row["stage"])}) for row in rows]

    async def keep_goods(self, shop: ShopKey, supply: Supply, coming: Mapping[int, int]) -> None:
        """See the book."""
        key = (shop.tenant, shop.shop, supply.supply_id)
        async with self._database.writing() as driver:
            await driver.execute(_EMPTY, *key)
            await driver.execute(_KEEP_GOODS, *key, list(coming), list(coming.values()))
            await driver.execute(_READ, *key, supply.mark, self._clock())

    async def unplaced(self, shop: ShopKey) -> Sequence[int]:
        """See the book."""
        async with self._database.driver() as driver:
            found = await driver.fetch(_UNPLACED, shop.tenant, shop.shop)
        return [supply_id for (supply_id,) in found]

    async def place(self, shop: ShopKey, supply_id: int, warehouse: str) -> None:
        """See the book."""
        async with self._database.driver() as driver:
            await driver.execute(_PLACE, shop.tenant, shop.shop, supply_id, warehouse)

    async def keep(self, rows: Rows) -> None:
        """See the book."""
        async with self._database.driver() as driver:
            for statement, row in rows:
                await driver.execute(statement, *row)

    async def stands(self, shop: ShopKey, source: Flow, cause: str | None) -> None:
        """See the book."""
        key, now = (shop.tenant, shop.shop), self._clock()
        async with self._database.driver() as driver:
            if cause is None:
                await driver.execute(STANDS, *key, source, now, now)
            else:
                await driver.execute(_REFUSED, *key, source, cause)
