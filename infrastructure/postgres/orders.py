"""Orders of a shop in PostgreSQL: one row per srid, whichever source tells of it."""

from datetime import datetime

from domain.flow import ALL_FED, ORDERS_FED, Flow
from domain.stock import OrderPage, ShopKey
from infrastructure.postgres.bookmarks import MARK
from infrastructure.postgres.database import Database
from infrastructure.postgres.states import keep_states

# Two sources' times of change cannot be compared: that an order is cancelled may be told by the
# feed with a time before the last change that the orders themselves had. It never stands again.
# Places are called as the latest source calls them: half of a period by their names and half by one
# name for all would be taken for few orders.
_KEEP = """
INSERT INTO orders AS o (tenant_id, shop_id, srid, nm_id, ordered_at, changed_at, cancelled,
                         by_seller, warehouse)
SELECT $1, $2, * FROM unnest($4::text[], $5::bigint[], $6::timestamptz[], $7::timestamptz[],
                             $8::boolean[], $9::boolean[], $10::text[])
ON CONFLICT (tenant_id, shop_id, srid)
DO UPDATE SET nm_id = excluded.nm_id, ordered_at = excluded.ordered_at,
  changed_at = greatest(o.changed_at, excluded.changed_at),
  cancelled = excluded.cancelled OR $3 AND o.cancelled,
  by_seller = excluded.by_seller, warehouse = excluded.warehouse
WHERE o.changed_at < excluded.changed_at OR excluded.cancelled AND $3 AND NOT o.cancelled
  OR (o.by_seller, o.warehouse) <> (excluded.by_seller, excluded.warehouse)
    AND ($3 OR o.changed_at = excluded.changed_at AND o.cancelled = excluded.cancelled)
"""
# So once the orders themselves can be read again, they are read from as far back as at first.
_ANEW = "DELETE FROM bookmarks WHERE tenant_id = $1 AND shop_id = $2 AND source = 'orders'"


async def keep_orders(database: Database, shop: ShopKey, page: OrderPage, now: datetime) -> None:
    """Upsert a page and move its bookmarks, in one transaction."""
    key, fed = (shop.tenant, shop.shop), page.fed
    latest = {o.srid: o for o in sorted(page.orders, key=lambda o: o.changed_at)}
    rows = [
        (o.srid, o.nm_id, o.ordered_at, o.changed_at, o.cancelled, o.by_seller, o.warehouse)
        for o in latest.values()
    ]
    marks = [ORDERS_FED if fed else "orders"]
    if page.last:
        marks += ["all_orders", *((ALL_FED, Flow.FEED) if fed else ())]
    async with database.writing() as driver:
        if rows:
            columns = (list(column) for column in zip(*rows, strict=True))
            await driver.execute(_KEEP, *key, fed is not None, *columns)
        if fed:
            await keep_states(driver, shop, fed, now)
            await driver.execute(_ANEW, *key)
        for mark in marks:
            await driver.execute(MARK, *key, mark, page.cursor, now)
