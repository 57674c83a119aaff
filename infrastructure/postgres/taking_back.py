"""What lost workers and a lost queue held, given to others: O(runs in hand), not O(history)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from domain.ids import uuid7
from domain.run import LOST_AFTER, Handed, Quiet
from infrastructure.postgres.lanes import wake, wake_forgotten

TAKEN_UP_WITHIN = timedelta(seconds=10)
"""A hand-over that nobody took up for this long is looked for in the queue."""

_QUIET = """
SELECT tenant_id, run_id, fence, state FROM job_runs WHERE handed_at IS NOT NULL
  AND CASE state WHEN 'running' THEN heartbeat_at < $1 ELSE handed_at < $2 END
"""
_IN_HANDS = "SELECT tenant_id, run_id, fence FROM job_runs WHERE handed_at IS NOT NULL"
# Whoever was lost soon after a heartbeat had runs that it never told of.
_TAKE_BACK = """
WITH lost AS (
  SELECT r.tenant_id, r.run_id, r.state, r.worker FROM job_runs r
  JOIN unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS h (tenant_id, run_id, fence)
    USING (tenant_id, run_id, fence)
  WHERE r.handed_at IS NOT NULL AND (r.state = 'waiting' OR r.heartbeat_at < $5) FOR UPDATE OF r
), closed AS (
  UPDATE job_attempts a SET ended_at = $4, outcome = 'lost', message = 'the worker was lost'
  FROM lost l WHERE l.state = 'running' AND a.ended_at IS NULL
    AND (a.tenant_id, a.run_id) = (l.tenant_id, l.run_id)
), told AS (
  UPDATE workers w SET busy = greatest(w.busy, h.runs) FROM (
    SELECT worker, count(*)::int AS runs FROM lost WHERE state = 'running' GROUP BY worker
  ) h WHERE w.worker = h.worker
)
UPDATE job_runs r SET state = 'waiting', handed_at = NULL, worker = NULL, heartbeat_at = NULL,
  fence = fence + 1, due_at = CASE l.state WHEN 'running' THEN $4 ELSE r.due_at END,
  why = CASE l.state WHEN 'running' THEN 'The worker was lost; another one goes on.' ELSE r.why END
FROM lost l WHERE (r.tenant_id, r.run_id) = (l.tenant_id, l.run_id) RETURNING r.run_id
"""

_EPOCH = "SELECT epoch FROM queue_epoch FOR UPDATE"
_FIRST_EPOCH = "INSERT INTO queue_epoch (epoch) VALUES ($1) ON CONFLICT DO NOTHING"
_NEW_EPOCH = "UPDATE queue_epoch SET epoch = $1"
_ALL_HANDED = """
SELECT tenant_id, run_id, fence FROM job_runs WHERE handed_at IS NOT NULL AND state = 'waiting'
"""


async def quiet(driver: asyncpg.Connection, now: datetime) -> Quiet:
    """See `domain.run.Ledger`."""
    rows = await driver.fetch(_QUIET, now - LOST_AFTER, now - TAKEN_UP_WITHIN)
    taken = [_handed(row) for row in rows if row["state"] == "running"]
    return Quiet(taken=taken, handed=[_handed(row) for row in rows if row["state"] == "waiting"])


async def in_hands(driver: asyncpg.Connection) -> Sequence[Handed]:
    """See `domain.run.Ledger`."""
    return [_handed(row) for row in await driver.fetch(_IN_HANDS)]


async def take_back(driver: asyncpg.Connection, lost: Sequence[Handed], now: datetime) -> int:
    """In a transaction. Due runs that no lane tells of are found here as well."""
    await wake_forgotten(driver, now)
    if not lost:
        return 0
    await wake(driver, [each.tenant for each in lost])
    ids = zip(*((each.tenant, each.run_id, each.fence) for each in lost), strict=True)
    return len(await driver.fetch(_TAKE_BACK, *ids, now, now - LOST_AFTER))


async def renew_epoch(driver: asyncpg.Connection, seen: UUID | None, now: datetime) -> UUID:
    """In a transaction. See `domain.run.Ledger`."""
    await driver.execute(_FIRST_EPOCH, uuid7(now))
    current: UUID = await driver.fetchval(_EPOCH)
    if current == seen:
        return current
    await take_back(driver, [_handed(row) for row in await driver.fetch(_ALL_HANDED)], now)
    renewed = uuid7(now)
    await driver.execute(_NEW_EPOCH, renewed)
    return renewed


def _handed(row: asyncpg.Record) -> Handed:
    return Handed(tenant=row["tenant_id"], run_id=row["run_id"], fence=row["fence"])
