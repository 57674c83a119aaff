"""One shop in a few numbers: what lies there, what runs out soon, what lies there for nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.read_models import Database
from app.stock.moving import Movements, movements
from domain.access import TenantScope
from domain.fact import fact
from domain.flow import Flow
from domain.replenishment import IDLE, Replenishment, Terms, replenishment

NAMED = 10
"""Products of each kind that are named: the worst first."""

# `quiet` is the later of the day of the last order and the one since which it lies there. Whole
# numbers are compared, so that nothing is rounded before the end.
_PRODUCTS = """
WITH product AS (
  SELECT *, greatest(last_order, stocked_since) AS quiet,
    stock > 0 AND orders > 0 AND stock::bigint * on_sale < CAST(:lead AS bigint) * orders AS low
  FROM stock_current WHERE shop_id = :shop
)
"""
_SUMMED = text(f"""{_PRODUCTS}
SELECT count(*) AS products, coalesce(sum(stock), 0)::bigint AS stock,
  count(*) FILTER (WHERE stock IS NULL) AS unknown, sum(orders)::bigint AS orders,
  count(*) FILTER (WHERE stock = 0 AND orders > 0) AS out, count(*) FILTER (WHERE low) AS low,
  count(*) FILTER (WHERE stock > 0 AND quiet < :dead) AS dead,
  coalesce(sum(stock) FILTER (WHERE quiet < :dead), 0)::bigint AS dead_stock
FROM product
""")  # noqa: S608 - constants of ours
_LOW = text(f"""{_PRODUCTS}
SELECT nm_id, sku FROM product WHERE low
ORDER BY stock::numeric * on_sale / orders, nm_id LIMIT {NAMED}
""")  # noqa: S608 - constants of ours
_DEAD = text(f"""{_PRODUCTS}
SELECT nm_id, sku FROM product WHERE stock > 0 AND quiet < :dead
ORDER BY stock DESC, nm_id LIMIT {NAMED}
""")  # noqa: S608 - constants of ours
_COMING = text("""
SELECT coalesce(sum(g.coming), 0)::bigint
FROM supply_goods g JOIN supplies s USING (tenant_id, shop_id, supply_id)
WHERE g.shop_id = :shop AND (s.counts_until IS NULL OR s.counts_until >= :day)
""")


@fact
class Named:
    """A product and its figures."""

    nm_id: int
    sku: str
    stock: int | None
    figures: Replenishment


@fact
class Summary:
    """Pieces and products of one shop. `unknown`: products whose stock is not known; `coming` None:
    it is not known; `found` tells as of when, and why."""

    found: Movements
    products: int
    stock: int
    unknown: int
    orders: int | None
    coming: int | None
    out: int
    low: int
    dead: int
    dead_stock: int
    soonest: Sequence[Named]
    idlest: Sequence[Named]


async def summary(
    database: Database, scope: TenantScope, shop_id: UUID, terms: Terms
) -> Summary | None:
    """None before the first snapshot."""
    base = await movements(database, scope, shop_id, ())
    if base is None:
        return None
    told: Mapping[str, Any] = {
        "shop": shop_id,
        "day": base.day,
        "lead": terms.lead,
        "dead": base.day - timedelta(days=IDLE),
    }
    async with database.reading(scope) as connection:
        summed = (await connection.execute(_SUMMED, told)).mappings().one()
        low = (await connection.execute(_LOW, told)).all()
        dead = (await connection.execute(_DEAD, told)).all()
        coming = None
        if Flow.SUPPLIES not in base.causes:
            coming = await connection.scalar(_COMING, told)
    only = [row.nm_id for row in (*low, *dead)]
    named = await movements(database, scope, shop_id, only) or base
    return Summary(
        found=base,
        coming=coming,
        soonest=_named(low, named, terms),
        idlest=_named(dead, named, terms),
        **summed,
    )


def _named(rows: Sequence[Any], found: Movements, terms: Terms) -> Sequence[Named]:
    """Without those that left in the meantime."""
    return [
        Named(
            nm_id=row.nm_id,
            sku=row.sku,
            stock=found.of[row.nm_id].known.stock,
            figures=replenishment(found.of[row.nm_id].known, terms),
        )
        for row in rows
        if row.nm_id in found.of
    ]
