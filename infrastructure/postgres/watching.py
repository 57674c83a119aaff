"""What the clock has brought: tokens whose end comes near, hours that were missed, sheets that have
been closed for an hour more, plans that are over. Each is one range of an index, however many shops
there are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.ports import Clock
from infrastructure.postgres.database import Database

_TOKENS = """
SELECT tenant_id, shop_id FROM shops WHERE token_look_at <= $1 AND token_dead IS NULL
ORDER BY token_look_at LIMIT $2
"""
# A sync that was just asked for, or is under way and not for long, may be about to succeed.
_MISSED = """
SELECT p.tenant_id, p.shop_id, p.owed FROM promises p JOIN shops s USING (tenant_id, shop_id)
WHERE p.owed <= $1 AND p.owed > coalesce($3::timestamptz, '-infinity')
  AND (s.missed IS NULL OR s.missed < p.owed) AND s.spreadsheet_id IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM job_runs r
    WHERE (r.tenant_id, r.key) = (p.tenant_id, 'sync:' || p.shop_id::text)
      AND (r.created_at > $1 - interval '15 minutes'
        OR (r.state = 'running' AND r.started_at > $1 - interval '1 hour')))
ORDER BY p.owed LIMIT $2
"""
# A closed sheet is tried at every full hour since it was found closed; so many shops of one cause
# do not come at once, and nothing has to be kept.
_SHUT = """
SELECT tenant_id, shop_id FROM shops
WHERE broken IN ('sheet_unshared', 'sheet_deleted') AND spreadsheet_id IS NOT NULL
  AND floor(extract(epoch FROM $1 - broken_since) / 3600)
    > floor(extract(epoch FROM greatest($2, broken_since) - broken_since) / 3600)
ORDER BY broken_since LIMIT $3
"""

# Each plan that has begun since is tried once: a sync that began after it has told.
_LIFTED = """
SELECT s.tenant_id, s.shop_id FROM shops s JOIN subscriptions b USING (tenant_id)
WHERE s.broken = 'over_plan' AND b.force_since > s.broken_since AND s.spreadsheet_id IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM job_history h WHERE h.tenant_id = s.tenant_id AND h.shop_id = s.shop_id
      AND h.kind = 'sync' AND h.created_at > b.force_since)
  AND NOT EXISTS (
    SELECT FROM job_runs r WHERE r.tenant_id = s.tenant_id AND r.shop_id = s.shop_id
      AND r.kind = 'sync' AND r.created_at > b.force_since)
ORDER BY b.force_since LIMIT $1
"""
_OVER = """
SELECT tenant_id FROM subscriptions WHERE force_until <= $1 ORDER BY force_until LIMIT $2
"""


class PostgresFound:
    """`app.stock.watch.Found` and `app.billing.sweep.Ends` in PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tokens(self, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """See the port."""
        async with self._database.driver() as driver:
            return [tuple(row) for row in await driver.fetch(_TOKENS, self._clock(), limit)]

    async def missed(
        self, limit: int, since: datetime | None
    ) -> Sequence[tuple[UUID, UUID, datetime]]:
        """See the port."""
        async with self._database.driver() as driver:
            rows = await driver.fetch(_MISSED, self._clock(), limit, since)
        return [tuple(row) for row in rows]

    async def shut(self, limit: int, since: datetime) -> Sequence[tuple[UUID, UUID]]:
        """See the port."""
        async with self._database.driver() as driver:
            rows = await driver.fetch(_SHUT, self._clock(), since, limit)
        return [tuple(row) for row in rows]

    async def lifted(self, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """See the port."""
        async with self._database.driver() as driver:
            return [tuple(row) for row in await driver.fetch(_LIFTED, limit)]

    async def over(self, limit: int) -> Sequence[UUID]:
        """See the port."""
        async with self._database.driver() as driver:
            return [row[0] for row in await driver.fetch(_OVER, self._clock(), limit)]
