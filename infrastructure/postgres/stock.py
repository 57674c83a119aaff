"""Catalogue, orders, snapshots and the tables derived from them, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domain.events import Rows
from domain.levels import Level
from domain.place import Kind, Place
from domain.ports import Clock
from domain.sheet_port import TabState
from domain.snapshot import MOSCOW, Period, Snapshot
from domain.stock import Bookmark, Card, CardPage, OrderCount, OrderPage, ShopKey, Size
from infrastructure.postgres.bookmarks import MARK, bookmark
from infrastructure.postgres.database import Database
from infrastructure.postgres.orders import keep_orders
from infrastructure.postgres.stock_bodies import Unpacked, packed
from infrastructure.postgres.stock_tables import derive

# Goes before the bookmark, as one statement: a large catalogue has a thousand pages.
_KEEP_CARDS = """
WITH kept AS (
  INSERT INTO cards (tenant_id, shop_id, nm_id, brand, subject, sku, sizes, seen_at)
  SELECT $1, $2, *, $5 FROM unnest($6::bigint[], $7::text[], $8::text[], $9::text[], $10::jsonb[])
  ON CONFLICT (tenant_id, shop_id, nm_id)
  DO UPDATE SET brand = excluded.brand, subject = excluded.subject, sku = excluded.sku,
                sizes = excluded.sizes, seen_at = excluded.seen_at
)
"""

_FORGET_CARDS = "DELETE FROM cards WHERE tenant_id = $1 AND shop_id = $2 AND seen_at < $3"

_COUNTS = """
SELECT nm_id, by_seller, warehouse, count(*)::int AS pieces FROM orders
WHERE tenant_id = $1 AND shop_id = $2 AND ordered_at >= $3 AND ordered_at < $4 AND NOT cancelled
GROUP BY nm_id, by_seller, warehouse
"""

_LATEST = """
SELECT snapshot_id, body FROM snapshots WHERE tenant_id = $1 AND shop_id = $2
ORDER BY taken_at DESC, snapshot_id DESC LIMIT 1
"""

_KEEP_SNAPSHOT = """
INSERT INTO snapshots (tenant_id, shop_id, snapshot_id, taken_at, day, products, body)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
_AMEND = """
UPDATE snapshots SET body = $4 WHERE tenant_id = $1 AND shop_id = $2 AND snapshot_id = $3
"""

# The one that the sheet shows is needed to know what to change there. The new one may be no newer
# than others: workers that were killed one after the other kept what one read had brought.
_PRUNE = """
WITH ranked AS (
  SELECT snapshot_id, day,
         row_number() OVER (ORDER BY taken_at DESC, snapshot_id DESC) AS age,
         row_number() OVER (PARTITION BY day ORDER BY taken_at DESC, snapshot_id DESC) AS of_day
  FROM snapshots WHERE tenant_id = $1 AND shop_id = $2
)
DELETE FROM snapshots s USING ranked r
WHERE s.tenant_id = $1 AND s.shop_id = $2 AND s.snapshot_id = r.snapshot_id
  AND r.age > 2 AND (r.of_day > 1 OR r.day < $3) AND s.snapshot_id <> $4
  AND s.snapshot_id NOT IN (
    SELECT snapshot_id FROM sheet_tabs WHERE tenant_id = $1 AND shop_id = $2)
"""

_KEEP_LEVELS = """
INSERT INTO stock_levels (tenant_id, shop_id, levels) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, shop_id) DO UPDATE SET levels = excluded.levels
"""
_FORGET_DAYS = "DELETE FROM stock_daily WHERE tenant_id = $1 AND shop_id = $2 AND day < $3"

_KEEP_TAB = """
INSERT INTO sheet_tabs (tenant_id, shop_id, spreadsheet_id, snapshot_id, state, written_at, gone)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, shop_id) DO UPDATE SET spreadsheet_id = excluded.spreadsheet_id,
  snapshot_id = excluded.snapshot_id, state = excluded.state, written_at = excluded.written_at,
  gone = excluded.gone
"""

_json = msgspec.json.Encoder()
_sizes = msgspec.json.Decoder(tuple[Size, ...])
_unpacked = Unpacked()


class PostgresStock:
    """`app.stock.book.StockBook` in PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def bookmark(self, shop: ShopKey, source: str) -> Bookmark | None:
        """See the book."""
        return await bookmark(self._database, shop, source)

    async def keep_cards(self, shop: ShopKey, page: CardPage) -> None:
        """Upsert a page of the catalogue and move its bookmark."""
        cards = {card.nm_id: card for card in page.cards}
        rows = [
            (c.nm_id, c.brand, c.subject, c.sku, _json.encode(c.sizes).decode())
            for c in cards.values()
        ]
        await self._keep(shop, _KEEP_CARDS, rows, "cards", page.cursor)

    async def end_catalogue(self, shop: ShopKey, begun: datetime) -> None:
        """The catalogue was read from its beginning: cards not seen since `begun` are gone."""
        async with self._database.writing() as driver:
            await driver.execute(_FORGET_CARDS, shop.tenant, shop.shop, begun)
            await driver.execute(MARK, shop.tenant, shop.shop, "catalogue", "", self._clock())

    async def keep_orders(self, shop: ShopKey, page: OrderPage) -> None:
        """See the book."""
        await keep_orders(self._database, shop, page, self._clock())

    async def cards(self, shop: ShopKey) -> Mapping[int, Card]:
        """The whole catalogue."""
        rows = await self._rows(
            "SELECT nm_id, brand, subject, sku, sizes::text FROM cards "
            "WHERE tenant_id = $1 AND shop_id = $2",
            shop,
        )
        return {
            nm_id: Card(
                nm_id=nm_id, brand=brand, subject=subject, sku=sku, sizes=_sizes.decode(sizes)
            )
            for nm_id, brand, subject, sku, sizes in rows
        }

    async def order_counts(self, shop: ShopKey, period: Period) -> Sequence[OrderCount]:
        """Orders of the period: not cancelled, one per srid, by product and warehouse."""
        first = datetime.combine(period.first, datetime.min.time(), MOSCOW)
        rows = await self._rows(_COUNTS, shop, first, first + timedelta(days=period.days))
        return [
            OrderCount(nm_id=nm_id, by_seller=by_seller, warehouse=warehouse, pieces=pieces)
            for nm_id, by_seller, warehouse, pieces in rows
        ]

    async def places(self, shop: ShopKey) -> Sequence[Place]:
        """Places that have a column, by number."""
        rows = await self._rows(
            "SELECT number, key, kind, name FROM places "
            "WHERE tenant_id = $1 AND shop_id = $2 ORDER BY number",
            shop,
        )
        return [
            Place(number=number, key=key, kind=Kind(kind), name=name)
            for number, key, kind, name in rows
        ]

    async def idle_places(self, shop: ShopKey, since: date) -> Collection[int]:
        """Numbers of places that had neither stock nor orders after this day."""
        rows = await self._rows(
            "SELECT number FROM places WHERE tenant_id = $1 AND shop_id = $2 AND busy_on <= $3",
            shop,
            since,
        )
        return [row["number"] for row in rows]

    async def latest(self, shop: ShopKey) -> tuple[UUID, Snapshot] | None:
        """The snapshot that the tables of today are derived from."""
        rows = await self._rows(_LATEST, shop)
        return (rows[0]["snapshot_id"], _unpacked.snapshot(rows[0]["body"])) if rows else None

    async def snapshot(self, shop: ShopKey, snapshot_id: UUID) -> Snapshot | None:
        """One that is still kept."""
        body = await self._value(
            "SELECT body FROM snapshots WHERE tenant_id = $1 AND shop_id = $2 AND snapshot_id = $3",
            shop,
            snapshot_id,
        )
        return None if body is None else _unpacked.snapshot(body)

    async def save(
        self, shop: ShopKey, new: tuple[UUID, Snapshot], old: Snapshot | None, history: int
    ) -> None:
        """Keep it, derive the tables of today and of the day, drop what is too old."""
        snapshot_id, snapshot = new
        day = snapshot.taken_at.astimezone(MOSCOW).date()
        body = packed(snapshot)
        async with self._database.writing() as driver:
            key, size = (shop.tenant, shop.shop), len(snapshot.nm_ids)
            await driver.execute(
                _KEEP_SNAPSHOT, *key, snapshot_id, snapshot.taken_at, day, size, body
            )
            await derive(driver, key, day, snapshot, old)
            oldest = day - timedelta(days=history)
            await driver.execute(_PRUNE, *key, oldest, snapshot_id)
            await driver.execute(_FORGET_DAYS, *key, oldest)

    async def amend(self, shop: ShopKey, snapshot_id: UUID, snapshot: Snapshot) -> None:
        """Keep more of it than it was saved with; what is derived from it stays."""
        async with self._database.driver() as driver:
            await driver.execute(_AMEND, shop.tenant, shop.shop, snapshot_id, packed(snapshot))

    async def levels(self, shop: ShopKey) -> Mapping[int, Level]:
        """Products that are known to be low or out."""
        body = await self._value(
            "SELECT levels FROM stock_levels WHERE tenant_id = $1 AND shop_id = $2", shop
        )
        return {} if body is None else _unpacked.levels(body)

    def keeping(self, shop: ShopKey, levels: Mapping[int, Level]) -> Rows:
        """What keeps them: a row, to be written with whatever follows from it."""
        body = packed(levels)
        return [(_KEEP_LEVELS, (shop.tenant, shop.shop, body))]

    async def keep(self, rows: Rows) -> None:
        """Write such rows."""
        async with self._database.driver() as driver:
            for statement, row in rows:
                await driver.execute(statement, *row)

    async def tab(self, shop: ShopKey, spreadsheet_id: str) -> TabState | None:
        """What we know of the tab in this very file."""
        state = await self._value(
            "SELECT state FROM sheet_tabs "
            "WHERE tenant_id = $1 AND shop_id = $2 AND spreadsheet_id = $3",
            shop,
            spreadsheet_id,
        )
        return None if state is None else _unpacked.tab(state)

    async def keep_tab(
        self, shop: ShopKey, spreadsheet_id: str, state: TabState, gone: Sequence[str]
    ) -> None:
        """Remember it, and what the columns were called that she deleted; once more replaces it."""
        body = packed(state)
        async with self._database.driver() as driver:
            await driver.execute(
                _KEEP_TAB,
                shop.tenant,
                shop.shop,
                spreadsheet_id,
                state.snapshot_id,
                body,
                state.written_at,
                gone,
            )

    async def _keep(
        self,
        shop: ShopKey,
        statement: str,
        rows: Sequence[tuple[Any, ...]],
        source: str,
        cursor: str,
    ) -> None:
        columns = [list(column) for column in zip(*rows, strict=True)]
        mark = shop.tenant, shop.shop, source, cursor, self._clock()
        async with self._database.driver() as driver:
            await driver.execute((statement if rows else "") + MARK, *mark, *columns)

    async def _rows(self, statement: str, shop: ShopKey, *values: object) -> list[asyncpg.Record]:
        async with self._database.driver() as driver:
            rows: list[asyncpg.Record] = await driver.fetch(
                statement, shop.tenant, shop.shop, *values
            )
        return rows

    async def _value(self, statement: str, shop: ShopKey, *values: object) -> Any:  # noqa: ANN401 - a column's type
        async with self._database.driver() as driver:
            return await driver.fetchval(statement, shop.tenant, shop.shop, *values)
