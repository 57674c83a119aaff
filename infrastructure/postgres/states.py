"""What became of orders, as the feed tells it, in PostgreSQL."""

from datetime import datetime, timedelta

import asyncpg

from domain.flow import FeedPage, Flow
from domain.stock import ShopKey

KEPT = timedelta(days=63)
"""How long an order's fate is kept after it was made: a cohort is 49 days old at its oldest."""

_KEEP = """
INSERT INTO order_states AS o (tenant_id, shop_id, srid, nm_id, created_at, updated_at, became, how,
                               district, by_seller)
SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[], $5::timestamptz[], $6::timestamptz[],
                             $7::text[], $8::text[], $9::text[], $10::boolean[])
ON CONFLICT (tenant_id, shop_id, srid) DO UPDATE SET nm_id = excluded.nm_id,
  created_at = excluded.created_at, updated_at = excluded.updated_at, became = excluded.became,
  how = excluded.how, district = excluded.district, by_seller = excluded.by_seller
WHERE o.updated_at < excluded.updated_at
"""
_FORGET = """
DELETE FROM order_states WHERE tenant_id = $1 AND shop_id = $2 AND created_at < $3
"""
# Between two reads that do not touch something may have happened that nobody told.
STANDS = """
INSERT INTO flows AS f (tenant_id, shop_id, source, since, read_at, cause)
VALUES ($1, $2, $3, $4, $5, NULL)
ON CONFLICT (tenant_id, shop_id, source) DO UPDATE SET read_at = excluded.read_at, cause = NULL,
  since = CASE WHEN f.read_at >= excluded.since THEN f.since ELSE excluded.since END
"""


async def keep_states(
    driver: asyncpg.Connection, shop: ShopKey, page: FeedPage, now: datetime
) -> None:
    """Upsert a page, within a transaction. The last page of a read says from when to when all is
    known; what was ordered too long ago to matter is forgotten."""
    key = (shop.tenant, shop.shop)
    latest = {each.srid: each for each in sorted(page.states, key=lambda o: o.updated_at)}
    # In one order always: a sync and the run beside it may both be reading the feed.
    rows = [
        (srid, o.nm_id, o.created_at, o.updated_at, o.became, o.how, o.district, o.by_seller)
        for srid, o in sorted(latest.items())
    ]
    if rows:
        columns = (list(column) for column in zip(*rows, strict=True))
        await driver.execute(_KEEP, *key, *columns)
    if page.last:
        await driver.execute(STANDS, *key, Flow.FEED, page.since, page.until)
        await driver.execute(_FORGET, *key, now - KEPT)
