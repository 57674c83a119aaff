"""Checks against the cabinet, and the evidence for their reasons, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta

import asyncpg

from domain.cabinet import Figure, number
from domain.plan import LIMITS, Plan
from domain.reasons import Pieces
from domain.reconciliation import Discrepancy, Reason, Reconciliation
from domain.snapshot import MOSCOW, Snapshot
from domain.stock import ShopKey
from infrastructure.postgres.database import Database
from infrastructure.postgres.stock_bodies import Unpacked

UTC_IS_LATER = timedelta(hours=3)
"""By how much a day of UTC begins after Moscow's."""
TOLD_LATE = timedelta(hours=2)
"""How much later than it was made an order may be told of."""

_SNAPSHOTS = """
SELECT body FROM snapshots WHERE tenant_id = $1 AND shop_id = $2 AND (taken_at >= $3 OR taken_at = (
  SELECT max(taken_at) FROM snapshots WHERE tenant_id = $1 AND shop_id = $2))
ORDER BY taken_at DESC
"""
_CANCELLED = """
SELECT nm_id, count(*) AS pieces FROM orders
WHERE tenant_id = $1 AND shop_id = $2 AND ordered_at >= $3 AND ordered_at < $4 AND cancelled
GROUP BY nm_id
"""
_BOUNDARY = """
SELECT nm_id, sum(CASE WHEN ordered_at >= $4 THEN 1 ELSE -1 END) AS pieces FROM orders
WHERE tenant_id = $1 AND shop_id = $2 AND NOT cancelled
  AND (ordered_at >= $3 AND ordered_at < $3 + $5 OR ordered_at >= $4 AND ordered_at < $4 + $5)
GROUP BY nm_id
"""
_KNOWN = """
EXISTS (SELECT FROM flows f WHERE f.tenant_id = $1 AND f.shop_id = $2 AND f.source = 'order_feed'
  AND f.cause IS NULL AND f.since <= $3 AND f.read_at >= $4)
"""
# What the orders may not have been told of yet is no unpaid order.
_UNPAID = f"""
SELECT nm_id, count(*) AS pieces FROM order_states s
WHERE tenant_id = $1 AND shop_id = $2 AND created_at >= $3 AND created_at < $4
  AND became <> 'cancel' AND {_KNOWN} AND created_at < $5 + (
    SELECT read_at FROM bookmarks WHERE tenant_id = $1 AND shop_id = $2 AND source = 'orders')
  AND NOT EXISTS (SELECT FROM orders o
    WHERE (o.tenant_id, o.shop_id, o.srid) = (s.tenant_id, s.shop_id, s.srid))
GROUP BY nm_id
"""  # noqa: S608 - constants of ours
_LATE = f"""
SELECT o.nm_id, -count(*) AS pieces
FROM orders o JOIN order_states s USING (tenant_id, shop_id, srid)
WHERE tenant_id = $1 AND shop_id = $2 AND o.ordered_at >= $3 AND o.ordered_at < $4
  AND NOT o.cancelled AND s.became = 'cancel' AND s.updated_at > $5 AND {_KNOWN}
GROUP BY o.nm_id
"""  # noqa: S608 - constants of ours
_CARDS = """
SELECT nm_id FROM cards WHERE tenant_id = $1 AND shop_id = $2 AND nm_id = ANY ($3::bigint[])
"""

_KEEP = """
INSERT INTO reconciliations (tenant_id, shop_id, day, check_id, at, taken_at, products, compared,
                             equal, explained, unexplained)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (tenant_id, shop_id, day) DO UPDATE SET check_id = excluded.check_id, at = excluded.at,
  taken_at = excluded.taken_at, products = excluded.products, compared = excluded.compared,
  equal = excluded.equal, explained = excluded.explained, unexplained = excluded.unexplained
"""
_FORGET = "DELETE FROM reconciliations WHERE tenant_id = $1 AND shop_id = $2 AND day < $3"
_CLEAR = "DELETE FROM discrepancies WHERE tenant_id = $1 AND shop_id = $2"
_LIST = """
INSERT INTO discrepancies (tenant_id, shop_id, line, nm_id, sku, figure, ours, cabinet, reasons)
SELECT $1, $2, line, nm_id, sku, figure, ours, cabinet, string_to_array(reasons, ' ')
FROM unnest($3::int[], $4::bigint[], $5::text[], $6::text[], $7::float8[], $8::float8[], $9::text[])
  AS new (line, nm_id, sku, figure, ours, cabinet, reasons)
"""
_LATEST = """
SELECT check_id, at, taken_at, products, compared, equal FROM reconciliations
WHERE tenant_id = $1 AND shop_id = $2 ORDER BY day DESC LIMIT 1
"""
_LINES = """
SELECT nm_id, sku, figure, ours, cabinet, reasons FROM discrepancies
WHERE tenant_id = $1 AND shop_id = $2 ORDER BY line
"""

_unpacked = Unpacked()


class PostgresChecks:
    """`app.stock.check_book.CheckBook` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def snapshots(self, shop: ShopKey, since: datetime) -> Sequence[Snapshot]:
        """See the book."""
        rows = await self._rows(_SNAPSHOTS, shop, since)
        return [_unpacked.snapshot(body) for (body,) in rows]

    async def orders(self, shop: ShopKey, snapshot: Snapshot) -> Mapping[Reason, Pieces]:
        """See the book."""
        first = datetime.combine(snapshot.period.first, time.min, MOSCOW)
        days = first, first + timedelta(days=snapshot.period.days)
        asked: Sequence[tuple[Reason, str, tuple[object, ...]]] = (
            (Reason.CANCELLED, _CANCELLED, ()),
            (Reason.UNPAID, _UNPAID, (-TOLD_LATE,)),
            (Reason.BOUNDARY, _BOUNDARY, (UTC_IS_LATER,)),
            (Reason.LATE_CHANGE, _LATE, (snapshot.taken_at,)),
        )
        return {
            reason: {nm_id: int(n) for nm_id, n in await self._rows(query, shop, *days, *more)}
            for reason, query, more in asked
        }

    async def gone(self, shop: ShopKey, only: Collection[int]) -> Collection[int]:
        """See the book."""
        if not only:
            return ()
        return set(only) - {nm_id for (nm_id,) in await self._rows(_CARDS, shop, list(only))}

    async def keep(self, shop: ShopKey, found: Reconciliation) -> None:
        """See the book."""
        key, day = (shop.tenant, shop.shop), found.at.astimezone(MOSCOW).date()
        lines = sorted(found.discrepancies, key=lambda each: each.explained)
        rows = [
            (n, d.nm_id, d.sku, d.figure, d.ours, d.cabinet, " ".join(d.reasons))
            for n, d in enumerate(lines)
        ]
        counts = (found.products, found.compared, found.equal, found.explained, found.unexplained)
        oldest = day - timedelta(days=LIMITS[Plan.ENTERPRISE].history)
        async with self._database.writing() as driver:
            await driver.execute(_KEEP, *key, day, found.id, found.at, found.taken_at, *counts)
            await driver.execute(_FORGET, *key, oldest)
            await driver.execute(_CLEAR, *key)
            if rows:
                columns = (list(column) for column in zip(*rows, strict=True))
                await driver.execute(_LIST, *key, *columns)

    async def latest(self, shop: ShopKey) -> Reconciliation | None:
        """See the book."""
        async with self._database.writing() as driver:  # the counts and their lines
            row = await driver.fetchrow(_LATEST, shop.tenant, shop.shop)
            lines = await driver.fetch(_LINES, shop.tenant, shop.shop)
        if row is None:
            return None
        told = dict(row)
        return Reconciliation(
            id=told.pop("check_id"), **told, discrepancies=tuple(map(_line, lines))
        )

    async def _rows(self, statement: str, shop: ShopKey, *values: object) -> list[asyncpg.Record]:
        async with self._database.driver() as driver:
            rows: list[asyncpg.Record] = await driver.fetch(
                statement, shop.tenant, shop.shop, *values
            )
        return rows


def _line(row: asyncpg.Record) -> Discrepancy:
    return Discrepancy(
        nm_id=row["nm_id"],
        sku=row["sku"],
        figure=Figure(row["figure"]),
        ours=number(row["ours"]),
        cabinet=number(row["cabinet"]),
        reasons=tuple(map(Reason, row["reasons"])),
    )
