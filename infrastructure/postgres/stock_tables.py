"""The tables of today and of the day, derived from a snapshot: only what differs is written."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domain.snapshot import MOSCOW, Column, PlaceColumns, Snapshot
from domain.turnover import tenths

_PLACE = """
INSERT INTO places (tenant_id, shop_id, number, key, kind, name, busy_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, shop_id, number) DO UPDATE SET name = excluded.name,
  busy_on = CASE WHEN $8 THEN excluded.busy_on ELSE coalesce(places.busy_on, excluded.busy_on) END
"""

# Stock that is not known for a while is taken to lie there still.
_CURRENT = """
INSERT INTO stock_current AS c (tenant_id, shop_id, nm_id, brand, subject, sku, to_client, returns,
                                orders, stock, turnover_tenths, places, stocked, stocked_since)
SELECT $1, $2, nm_id, brand, subject, sku, to_client, returns, orders, stock, turnover_tenths,
  places, stocked::int[], CASE WHEN stock > 0 THEN $3::date END
FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[], $10::int[],
            $11::int[], $12::int[], $13::jsonb[], $14::text[])
  AS new (nm_id, brand, subject, sku, to_client, returns, orders, stock, turnover_tenths, places,
          stocked)
ON CONFLICT (tenant_id, shop_id, nm_id) DO UPDATE SET
  brand = excluded.brand, subject = excluded.subject, sku = excluded.sku,
  to_client = excluded.to_client, returns = excluded.returns, orders = excluded.orders,
  stock = excluded.stock, turnover_tenths = excluded.turnover_tenths, places = excluded.places,
  stocked = excluded.stocked, stocked_since = CASE
    WHEN excluded.stock > 0 THEN coalesce(c.stocked_since, excluded.stocked_since)
    WHEN excluded.stock IS NULL THEN c.stocked_since END
"""

_GONE = """
DELETE FROM stock_current WHERE tenant_id = $1 AND shop_id = $2 AND nm_id = ANY($3::bigint[])
"""

# A day's row is what the day's last snapshot said; a later one of the same day replaces it. Where
# it was in stock is of all of them.
_DAILY = """
INSERT INTO stock_daily AS d (tenant_id, shop_id, day, nm_id, orders, stock, places, stocked)
SELECT tenant_id, shop_id, $3, nm_id, orders, stock, places,
  coalesce(stocked, CASE WHEN stock = 0 THEN '{}'::int[] ELSE '{0}' END)
FROM stock_current WHERE tenant_id = $1 AND shop_id = $2
ON CONFLICT (tenant_id, shop_id, day, nm_id) DO UPDATE SET
  orders = excluded.orders, stock = excluded.stock, places = excluded.places,
  stocked = CASE WHEN d.stocked @> excluded.stocked THEN d.stocked ELSE
    ARRAY(SELECT DISTINCT unnest(d.stocked || excluded.stocked) ORDER BY 1) END
WHERE (d.orders, d.stock, d.places) IS DISTINCT FROM
  (excluded.orders, excluded.stock, excluded.places)
  OR (d.stocked @> excluded.stocked) IS NOT TRUE
"""

# A new shop's tables have no statistics yet: taken for a few rows, a hundred thousand products
# would be looped over once for each of them.
_HASHED = "SET LOCAL enable_nestloop = off"
_AS_USUAL = "SET LOCAL enable_nestloop = on"

# A product was on sale on a day when it lay there in any of its snapshots, or was ordered. A day
# without a snapshot tells nothing against it; one whose snapshot does not know it does. Orders are
# looked at since the snapshot before, so that a long pause forgets none.
_SOLD = """
WITH told AS (
  SELECT DISTINCT day FROM snapshots
  WHERE tenant_id = $1 AND shop_id = $2 AND day BETWEEN $3 AND $4
), sold AS (
  SELECT nm_id, (ordered_at AT TIME ZONE 'Europe/Moscow')::date AS day,
    bool_or(NOT cancelled) AS stands
  FROM orders WHERE tenant_id = $1 AND shop_id = $2 AND ordered_at >= $5 GROUP BY 1, 2
), offered AS (
  SELECT nm_id, count(*) AS days FROM (
    SELECT nm_id, day FROM stock_daily JOIN told USING (day)
    WHERE tenant_id = $1 AND shop_id = $2
      AND coalesce(0 = ANY (stocked), stock IS DISTINCT FROM 0)
    UNION SELECT nm_id, day FROM sold JOIN told USING (day)
  ) AS day GROUP BY nm_id
), latest AS (SELECT nm_id, max(day) AS day FROM sold WHERE stands GROUP BY nm_id)
UPDATE stock_current c SET on_sale = n.on_sale, last_order = n.last_order
FROM (
  SELECT nm_id, greatest(b.last_order, latest.day) AS last_order,
    coalesce(offered.days, 0)::int + $4::date - $3::date + 1 - (SELECT count(*)::int FROM told)
      AS on_sale
  FROM stock_current b LEFT JOIN offered USING (nm_id) LEFT JOIN latest USING (nm_id)
  WHERE tenant_id = $1 AND shop_id = $2
) n
WHERE c.tenant_id = $1 AND c.shop_id = $2 AND c.nm_id = n.nm_id
  AND (c.on_sale, c.last_order) IS DISTINCT FROM (n.on_sale, n.last_order)
"""

_ORDERED = """
SELECT EXISTS (SELECT FROM orders WHERE tenant_id = $1 AND shop_id = $2 AND ordered_at >= $3)
"""

CHUNK = 10_000
LATE = timedelta(hours=2)
"""How much later than it was made an order may be told of."""

_json = msgspec.json.Encoder()


async def derive(
    driver: asyncpg.Connection,
    key: tuple[UUID, UUID],
    day: date,
    new: Snapshot,
    old: Snapshot | None,
) -> None:
    """Bring the tables from `old` (what they hold now; None: nothing) to `new`."""
    await driver.executemany(_PLACE, [_place(key, each, day) for each in new.places])
    changed = _changed(new, old)
    for start in range(0, len(changed), CHUNK):
        rows = _rows(new, changed[start : start + CHUNK])
        columns = (list(column) for column in zip(*rows, strict=True))
        await driver.execute(_CURRENT, *key, day, *columns)
    gone = sorted(set(old.nm_ids) - set(new.nm_ids)) if old else []
    if gone:
        await driver.execute(_GONE, *key, gone)
    await driver.execute(_DAILY, *key, day)
    if old is None or await _sold_since(driver, key, new, old):
        days = new.period
        await driver.execute(_HASHED)
        await driver.execute(_SOLD, *key, days.first, days.last, _since(new, old))
        await driver.execute(_AS_USUAL)


async def _sold_since(
    driver: asyncpg.Connection, key: tuple[UUID, UUID], new: Snapshot, old: Snapshot
) -> bool:
    """May days on sale, or last orders, be others than they were?"""
    known = (old.period, old.nm_ids, old.orders)
    if (new.period, new.nm_ids, new.orders) != known:
        return True
    found: bool = await driver.fetchval(_ORDERED, *key, old.taken_at - LATE)
    return found


def _since(new: Snapshot, old: Snapshot | None) -> datetime:
    """From when on orders may be news for the tables; at first all that are kept are."""
    if old is None:
        return datetime.min.replace(tzinfo=UTC)
    first = datetime.combine(new.period.first, time.min, MOSCOW)
    return min(first, old.taken_at - timedelta(days=1))


def _place(key: tuple[UUID, UUID], columns: PlaceColumns, day: date) -> tuple[Any, ...]:
    place, busy = columns.place, any(columns.stock) or any(columns.orders)
    return (*key, place.number, place.key, place.kind, place.name, day, busy)


def _changed(new: Snapshot, old: Snapshot | None) -> Sequence[int]:
    """Indexes of products whose row is not what it was."""
    if old is None or _shape(old) != _shape(new):
        return range(len(new.nm_ids))
    if old.nm_ids == new.nm_ids:
        differing = [
            {i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b}
            for before, after in zip(_columns(old), _columns(new), strict=True)
            if before != after
        ]
        return sorted(set().union(*differing))
    before = dict(zip(old.nm_ids, zip(*_columns(old), strict=True), strict=True))
    after = zip(*_columns(new), strict=True)
    return [i for i, row in enumerate(after) if before.get(new.nm_ids[i]) != row]


def _shape(snapshot: Snapshot) -> tuple[object, ...]:
    return snapshot.period.days, *(each.place.number for each in snapshot.places)


def _columns(snapshot: Snapshot) -> list[Sequence[object]]:
    texts = [snapshot.brands, snapshot.subjects, snapshot.skus]
    totals = [snapshot.to_client, snapshot.returns, snapshot.orders, snapshot.stock]
    return [*texts, *totals, *(c for each in snapshot.places for c in (each.stock, each.orders))]


def _rows(snapshot: Snapshot, indexes: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    days = snapshot.period.days
    columns: list[Column] = [snapshot.to_client, snapshot.returns, snapshot.orders, snapshot.stock]
    places = [(str(p.place.number), p.stock, p.orders) for p in snapshot.places]
    for i in indexes:
        to_client, returns, orders, stock = (column[i] for column in columns)
        here = {number: (there[i], sold[i]) for number, there, sold in places}
        yield (
            snapshot.nm_ids[i],
            snapshot.brands[i],
            snapshot.subjects[i],
            snapshot.skus[i],
            to_client,
            returns,
            orders,
            stock,
            tenths(stock, days, orders),
            _json.encode(here).decode(),
            _stocked(stock, here),
        )


def _stocked(stock: int | None, here: Mapping[str, tuple[int | None, int | None]]) -> str:
    """The literal of an array: where it is not known to be missing, 0 is everywhere together."""
    numbers = ["0"] if stock != 0 else []
    numbers += [number for number, (there, _) in here.items() if there != 0]
    return f"{{{','.join(numbers)}}}"
