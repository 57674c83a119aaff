"""How products move: what each figure of replenishment is worked out from, for some or for all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact
from domain.flow import MOVING, Flow
from domain.replenishment import Known, Settled, cohort
from domain.snapshot import MOSCOW, Period, period

OLD = timedelta(days=2)
"""What was read longer before the stock says nothing of today."""
UNREAD, STALE, SHORT = "unread", "stale", "short_history"
"""Causes of ours, beside those that a marketplace gives: not read yet; not read for too long; read,
but not for long enough."""

_TAKEN = text("""
SELECT taken_at FROM snapshots WHERE shop_id = :shop ORDER BY snapshot_id DESC LIMIT 1
""")
_STANDS = text("SELECT source, since, read_at, cause FROM flows WHERE shop_id = :shop")
_STOCK = text("""
SELECT nm_id, stock, orders, on_sale, greatest(last_order, stocked_since) AS quiet_since
FROM stock_current
WHERE shop_id = :shop AND (CAST(:only AS bigint[]) IS NULL OR nm_id = ANY (:only))
""")
_COMING = text("""
SELECT g.nm_id, sum(g.coming)::bigint AS coming
FROM supply_goods g JOIN supplies s USING (tenant_id, shop_id, supply_id)
WHERE g.shop_id = :shop AND (s.counts_until IS NULL OR s.counts_until >= :day)
  AND (CAST(:only AS bigint[]) IS NULL OR g.nm_id = ANY (:only))
GROUP BY g.nm_id
""")
_SHIPPED = text("""
SELECT DISTINCT ON (g.nm_id) g.nm_id, s.shipped_at AS at, coalesce(s.warehouse, '') AS warehouse
FROM supply_goods g JOIN supplies s USING (tenant_id, shop_id, supply_id)
WHERE g.shop_id = :shop AND s.shipped_at IS NOT NULL
  AND (CAST(:only AS bigint[]) IS NULL OR g.nm_id = ANY (:only))
ORDER BY g.nm_id, s.shipped_at DESC
""")
_SETTLED = text("""
SELECT nm_id, count(*) FILTER (WHERE became = 'buyout') AS bought,
  count(*) FILTER (WHERE became NOT IN ('buyout', 'created')) AS refused,
  count(*) FILTER (WHERE became = 'created') AS unsettled
FROM order_states WHERE shop_id = :shop AND created_at >= :first AND created_at < :until
  AND (CAST(:only AS bigint[]) IS NULL OR nm_id = ANY (:only))
GROUP BY nm_id
""")
# Of rows of the version before, the stock at the end of the day is all there is.
_PLACES = text("""
SELECT nm_id, number, count(*) AS days FROM stock_daily,
  LATERAL unnest(coalesce(stocked, ARRAY(
    SELECT key::int FROM jsonb_each(places) WHERE value ->> 0 IS DISTINCT FROM '0'))) AS number
WHERE shop_id = :shop AND day >= :first_day AND day <= :last_day AND nm_id = ANY (:only)
GROUP BY nm_id, number
""")
_TOLD_DAYS = text("""
SELECT count(DISTINCT day) FROM snapshots
WHERE shop_id = :shop AND day >= :first_day AND day <= :last_day
""")
_DISTRICTS = text("""
SELECT nm_id, district, count(*) AS orders FROM order_states
WHERE shop_id = :shop AND created_at >= :first AND created_at < :until AND became <> 'cancel'
  AND nm_id = ANY (:only)
GROUP BY nm_id, district ORDER BY nm_id, orders DESC, district
""")


@fact
class Standing:
    """How a source stands: known from `since` to `read_at`; `cause` why it is not, if so."""

    since: datetime | None = None
    read_at: datetime | None = None
    cause: str | None = UNREAD


@fact
class Shipped:
    """When a product was last shipped, and to which warehouse, by its name; empty: not told."""

    at: datetime
    warehouse: str


@fact
class Movement:
    """One product. `settled` None: what became of its orders is not known."""

    known: Known
    settled: Settled | None
    shipped: Shipped | None


@fact
class Movements:
    """Products of one shop as of its newest snapshot. `causes`: why the figures of a source are
    blank, of those that are; `cohort`: the days whose buyout was measured."""

    day: date
    period: Period
    causes: Mapping[Flow, str]
    cohort: Period | None
    of: Mapping[int, Movement]


@fact
class Demand:
    """Orders of products by the district of their buyers, most first, in the full days before they
    were read. It is demand, and no place where anything lies."""

    period: Period
    of: Mapping[int, Sequence[tuple[str, int]]]


async def movements(
    database: Database, scope: TenantScope, shop_id: UUID, only: Sequence[int] | None = None
) -> Movements | None:
    """Of `only` these products, else of all. None before the first snapshot."""
    async with database.reading(scope) as connection:
        taken = await connection.scalar(_TAKEN, {"shop": shop_id})
        if taken is None:
            return None
        stands = await standings(connection, shop_id)
        day, of_orders = taken.astimezone(MOSCOW).date(), period(taken)
        seen = stands[Flow.FEED].since
        days = cohort(day, seen.astimezone(MOSCOW).date() + timedelta(days=1)) if seen else None
        causes = {flow: cause for flow in MOVING if (cause := _cause(stands[flow], day))}
        if days is None:
            causes.setdefault(Flow.FEED, SHORT)
        told = {"shop": shop_id, "only": None if only is None else list(only), "day": day}
        stock = (await connection.execute(_STOCK, told)).mappings().all()
        coming = settled = None
        shipped: Mapping[int, Any] = {}
        if Flow.SUPPLIES not in causes:
            coming = {each.nm_id: each.coming for each in await connection.execute(_COMING, told)}
            shipped = await _by_product(connection, _SHIPPED, told)
        if Flow.FEED not in causes and days is not None:
            settled = await _by_product(connection, _SETTLED, {**told, **edges(days)})
    return Movements(
        day=day,
        period=of_orders,
        causes=causes,
        cohort=days if settled is not None else None,
        of={
            row["nm_id"]: Movement(
                known=Known(
                    day=day,
                    days=of_orders.days,
                    stock=row["stock"],
                    orders=row["orders"],
                    on_sale=row["on_sale"],
                    coming=None if coming is None else coming.get(row["nm_id"], 0),
                    quiet_since=row["quiet_since"],
                ),
                settled=None if settled is None else Settled(**settled.get(row["nm_id"], _NONE)),
                shipped=Shipped(**there) if (there := shipped.get(row["nm_id"])) else None,
            )
            for row in stock
        },
    )


async def demand(
    database: Database, scope: TenantScope, shop_id: UUID, only: Sequence[int], now: datetime
) -> Demand | None:
    """Of these products; None while the feed of orders is not known."""
    async with database.reading(scope) as connection:
        feed = (await standings(connection, shop_id))[Flow.FEED]
        if feed.read_at is None or _cause(feed, now.astimezone(MOSCOW).date()):
            return None
        days = period(feed.read_at)
        told = {"shop": shop_id, "only": list(only), **edges(days)}
        found: dict[int, list[tuple[str, int]]] = {nm_id: [] for nm_id in only}
        for row in await connection.execute(_DISTRICTS, told):
            found[row.nm_id].append((row.district, row.orders))
    return Demand(period=days, of=found)


async def place_days(
    database: Database, scope: TenantScope, shop_id: UUID, only: Sequence[int]
) -> tuple[date, Period, Mapping[tuple[int, int], int]] | None:
    """The data's day, the period, and on how many of its days these products were on sale at each
    place, by article and number of the place; where it is not told, on none that anybody saw."""
    async with database.reading(scope) as connection:
        taken = await connection.scalar(_TAKEN, {"shop": shop_id})
        if taken is None:
            return None
        days = period(taken)
        told = {
            "shop": shop_id,
            "only": list(only),
            "first_day": days.first,
            "last_day": days.last,
        }
        unseen = days.days - (await connection.scalar(_TOLD_DAYS, told) or 0)
        rows = (await connection.execute(_PLACES, told)).all()
    found = defaultdict[tuple[int, int], int](lambda: unseen)
    for row in rows:
        found[row.nm_id, row.number] = row.days + unseen
    return taken.astimezone(MOSCOW).date(), days, found


async def standings(connection: AsyncConnection, shop_id: UUID) -> Mapping[Flow, Standing]:
    """How each source of a shop stands."""
    rows = (await connection.execute(_STANDS, {"shop": shop_id})).mappings()
    known = {row["source"]: row for row in rows}
    return {
        flow: Standing(since=row["since"], read_at=row["read_at"], cause=row["cause"])
        if (row := known.get(flow))
        else Standing()
        for flow in MOVING
    }


def edges(days: Period) -> Mapping[str, datetime]:
    """The first moment of a period, and the first after it."""
    first = datetime.combine(days.first, time.min, MOSCOW)
    return {"first": first, "until": first + timedelta(days=days.days)}


def _cause(standing: Standing, day: date) -> str | None:
    if standing.cause is not None:
        return standing.cause
    if standing.read_at is None:
        return UNREAD
    return STALE if day - standing.read_at.astimezone(MOSCOW).date() > OLD else None


async def _by_product(
    connection: AsyncConnection, query: TextClause, told: Mapping[str, Any]
) -> Mapping[int, Mapping[str, Any]]:
    rows = (dict(row) for row in (await connection.execute(query, dict(told))).mappings())
    return {row.pop("nm_id"): row for row in rows}


_NONE = {"bought": 0, "refused": 0, "unsettled": 0}
