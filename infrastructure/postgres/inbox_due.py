"""What of the inbox is to be looked at now: at once, or in a storm once for all that comes."""

from collections.abc import Sequence
from datetime import datetime

from domain.inbox_port import EACH, FEW, LONGEST, Due
from infrastructure.postgres.database import Database

_DUE = """
WITH waiting AS (
  SELECT tenant_id, about, due_at FROM stripe_pending
  WHERE tenant_id IS NOT NULL AND due_at <= $1
)
SELECT tenant_id, about, event_id, number FROM (
  SELECT tenant_id, about, min(due_at) AS overdue FROM waiting GROUP BY tenant_id, about
  HAVING min(due_at) <= $1
    - least($4::interval * greatest((SELECT count(*) FROM waiting) - $3, 0), $5::interval)
  ORDER BY overdue, about LIMIT $2
) d CROSS JOIN LATERAL (
  SELECT count(*)::int AS number, (array_agg(event_id ORDER BY seq DESC))[1] AS event_id
  FROM stripe_pending p
  WHERE p.about = d.about AND p.tenant_id = d.tenant_id
) of_it ORDER BY overdue, about
"""


async def due(database: Database, now: datetime, limit: int) -> Sequence[Due]:
    """See the port."""
    async with database.driver() as driver:
        rows = await driver.fetch(_DUE, now, limit, FEW, EACH, LONGEST)
    return [Due(tenant=row[0], about=row[1], newest=row[2], count=row[3]) for row in rows]
