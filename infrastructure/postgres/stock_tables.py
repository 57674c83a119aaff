"""The tables of today and of the day, derived from a snapshot: only what differs is written."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domain.snapshot import Column, PlaceColumns, Snapshot
from domain.turnover import tenths

_PLACE = """
INSERT INTO places (tenant_id, shop_id, number, key, kind, name, busy_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, shop_id, number) DO UPDATE SET name = excluded.name,
  busy_on = CASE WHEN $8 THEN excluded.busy_on ELSE coalesce(places.busy_on, excluded.busy_on) END
"""

_CURRENT = """
INSERT INTO stock_current (tenant_id, shop_id, nm_id, brand, subject, sku, to_client, returns,
                           orders, stock, turnover_tenths, places)
SELECT $1, $2, * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::int[],
                             $8::int[], $9::int[], $10::int[], $11::int[], $12::jsonb[])
ON CONFLICT (tenant_id, shop_id, nm_id) DO UPDATE SET
  brand = excluded.brand, subject = excluded.subject, sku = excluded.sku,
  to_client = excluded.to_client, returns = excluded.returns, orders = excluded.orders,
  stock = excluded.stock, turnover_tenths = excluded.turnover_tenths, places = excluded.places
"""

_GONE = """
DELETE FROM stock_current WHERE tenant_id = $1 AND shop_id = $2 AND nm_id = ANY($3::bigint[])
"""

# A day's row is what the day's last snapshot said; a later one of the same day replaces it.
_DAILY = """
INSERT INTO stock_daily (tenant_id, shop_id, day, nm_id, orders, stock, places)
SELECT tenant_id, shop_id, $3, nm_id, orders, stock, places FROM stock_current
WHERE tenant_id = $1 AND shop_id = $2
ON CONFLICT (tenant_id, shop_id, day, nm_id) DO UPDATE SET
  orders = excluded.orders, stock = excluded.stock, places = excluded.places
WHERE (stock_daily.orders, stock_daily.stock, stock_daily.places)
  IS DISTINCT FROM (excluded.orders, excluded.stock, excluded.places)
"""

CHUNK = 10_000

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
        await driver.execute(_CURRENT, *key, *(list(column) for column in zip(*rows, strict=True)))
    gone = sorted(set(old.nm_ids) - set(new.nm_ids)) if old else []
    if gone:
        await driver.execute(_GONE, *key, gone)
    await driver.execute(_DAILY, *key, day)


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
        )
