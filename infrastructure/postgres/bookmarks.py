"""How far each source of a shop was read."""

from domain.stock import Bookmark, ShopKey
from infrastructure.postgres.database import Database

_BOOKMARK = """
SELECT cursor, read_at FROM bookmarks WHERE tenant_id = $1 AND shop_id = $2 AND source = $3
"""
MARK = """
INSERT INTO bookmarks (tenant_id, shop_id, source, cursor, read_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, shop_id, source) DO UPDATE SET cursor = excluded.cursor,
  read_at = excluded.read_at
"""


async def bookmark(database: Database, shop: ShopKey, source: str) -> Bookmark | None:
    """How far a source was read, whatever it is."""
    async with database.driver() as driver:
        row = await driver.fetchrow(_BOOKMARK, shop.tenant, shop.shop, source)
    return Bookmark(**row) if row else None
