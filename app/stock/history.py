"""A product day by day: what lay where at its end, what was ordered on it, and was it on sale."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB

from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact
from domain.snapshot import MOSCOW

ALL = 0
"""The number that stands for all places together."""

# Places that are not told for a day, as in its older rows, were where its stock says.
_DAYS = text("""
SELECT nm_id, day, stock, places,
  coalesce(stocked, CASE WHEN stock = 0 THEN '{}'::int[] ELSE '{0}' END) AS stocked
FROM stock_daily
WHERE shop_id = :shop AND day = ANY (:days) AND nm_id = ANY (:only)
ORDER BY nm_id, day
""").columns(places=JSONB)
_SOLD = text("""
SELECT nm_id, (ordered_at AT TIME ZONE 'Europe/Moscow')::date AS day,
  count(*) FILTER (WHERE NOT cancelled) AS orders
FROM orders WHERE shop_id = :shop AND nm_id = ANY (:only) AND ordered_at >= :first
GROUP BY 1, 2
""")


@fact
class Day:
    """One product on one Moscow day. `stock` is that of the last snapshot, by `places` too; None is
    not known. `orders` of the day, not cancelled. `on_sale`: it lay there at some time, or sold."""

    day: date
    stock: int | None
    orders: int
    on_sale: bool
    places: Mapping[int, int | None]
    stocked: Sequence[int]


async def history(
    database: Database, scope: TenantScope, shop_id: UUID, only: Sequence[int], days: Sequence[date]
) -> Mapping[int, Sequence[Day]]:
    """Of these products, the days that have a snapshot, oldest first. Each day of each product is
    one probe of the key."""
    first = datetime.combine(min(days), time.min, MOSCOW)
    told = {"shop": shop_id, "only": list(only), "days": list(days), "first": first}
    found: dict[int, list[Day]] = {nm_id: [] for nm_id in only}
    async with database.reading(scope) as connection:
        sold = {(row.nm_id, row.day): row.orders for row in await connection.execute(_SOLD, told)}
        for row in await connection.execute(_DAYS, told):
            orders = sold.get((row.nm_id, row.day))
            found[row.nm_id].append(
                Day(
                    day=row.day,
                    stock=row.stock,
                    orders=orders or 0,
                    on_sale=ALL in row.stocked or orders is not None,
                    places={int(number): there for number, (there, _) in row.places.items()},
                    stocked=row.stocked,
                )
            )
    return found
