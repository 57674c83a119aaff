"""What nobody is known for yet: it is looked for again and again, and let go in the end.

Orphans may be many for as long as they wait, where the account sells other things too: a look reads
those alone whose time has come.
"""

from collections.abc import Collection
from datetime import datetime

from domain.inbox_port import DAILY, PAUSES, SOUGHT, Linked
from infrastructure.postgres.database import Database

ORPHAN = "orphan"
"""The cause of their waiting."""

BY_INDEX = ("enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off")
"""Few are due, whatever the planner expects: else it reads whole tables for those it fears."""

# The latest first: what has just come waits behind nothing that is looked for once more. What is in
# somebody else's hands is not waited for. The limit is no argument, so that every plan knows it.
# What is found out is kept with the key: what has none of its own is not asked for.
_LINK = f"""
WITH come AS (
  SELECT account, livemode, event_id FROM stripe_pending
  WHERE tenant_id IS NULL AND due_at <= $1
  ORDER BY due_at DESC LIMIT {SOUGHT} FOR UPDATE SKIP LOCKED
), sought AS (
  SELECT i.account, i.livemode, i.event_id, i.about, coalesce(b.tenant_id, t.tenant_id) AS tenant,
    i.customer = '' AND k.subject IS NOT NULL AND k.customer IS NULL
      AND EXISTS (SELECT FROM unnest($5::text[]) a WHERE starts_with(i.about, a)) AS unknown
  FROM come
  JOIN stripe_inbox i USING (account, livemode, event_id)
  LEFT JOIN stripe_keys k ON k.subject = i.about
  LEFT JOIN billing_customers b ON b.customer = coalesce(nullif(i.customer, ''), k.customer)
  LEFT JOIN tenants t ON t.tenant_id = i.tenant_hint
), found AS (
  UPDATE stripe_pending p
  SET tenant_id = tenant, due_at = $1, tries = 0, cause = '', why = ''
  FROM sought s WHERE tenant IS NOT NULL
    AND (p.account, p.livemode, p.event_id) = (s.account, s.livemode, s.event_id)
), paused AS (
  UPDATE stripe_pending p
  SET due_at = $1 + coalesce(($2::interval[])[tries + 1], $3), tries = tries + 1,
    cause = '{ORPHAN}', why = $4
  FROM sought s WHERE tenant IS NULL AND NOT unknown
    AND (p.account, p.livemode, p.event_id) = (s.account, s.livemode, s.event_id)
)
SELECT count(tenant)::int AS found,
  coalesce(array_agg(DISTINCT about) FILTER (WHERE tenant IS NULL AND unknown), '{{}}') AS unknown
FROM sought
"""  # noqa: S608 - constants only
# A customer who was erased before it was known that this is hers too.
_BELONGS = """
WITH known AS (
  UPDATE stripe_keys SET customer = $2, wrapped = CASE WHEN NOT EXISTS (
    SELECT FROM stripe_keys WHERE subject = $2 AND wrapped IS NULL) THEN wrapped END
  WHERE subject = $1 AND subject <> $2
)
UPDATE stripe_pending SET due_at = $3, tries = 0, cause = '', why = ''
WHERE about = $1 AND tenant_id IS NULL
"""
_LET_GO = """
WITH gone AS (
  DELETE FROM stripe_pending WHERE tenant_id IS NULL AND tries > 0 AND since < $1
  RETURNING account, livemode, event_id
), unclaimed AS (
  INSERT INTO stripe_unclaimed (account, livemode, event_id) SELECT * FROM gone
  ON CONFLICT DO NOTHING
)
SELECT count(*)::int FROM gone
"""


async def link(database: Database, now: datetime, why: str, ask: Collection[str]) -> Linked:
    """See the port."""
    async with database.writing(*BY_INDEX) as driver:
        row = await driver.fetchrow(_LINK, now, PAUSES, DAILY, why, ask)
    return Linked(**row)


async def belongs(database: Database, now: datetime, about: str, customer: str) -> None:
    """See the port."""
    async with database.driver() as driver:
        await driver.execute(_BELONGS, about, customer, now)


async def let_go(database: Database, before: datetime) -> int:
    """See the port."""
    async with database.driver() as driver:
        number: int = await driver.fetchval(_LET_GO, before)
    return number
