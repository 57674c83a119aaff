"""A lane per company: whose run is next, so that nobody waits behind another one's thousands.

Start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queueing", SIGCOMM 1996, section 2):
every run taken from a lane moves the lane's virtual time on by 1 / weight; the lane with the
smallest one is served next; one that had nothing to do begins at the time of who is served now.

Whoever changes what a lane has to do locks the lane first, many lanes in the order of their
companies, and only then the runs: so what the dispatcher finds in a lane it holds is all there is.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from domain.run import Handed

COST = 1000
"""What one run of a lane with weight 1 moves its virtual time on by."""
MOST_WOKEN = 1000

WAKE = """
INSERT INTO lanes AS l (tenant_id, ready, vtime) SELECT $1, true, last_value FROM lane_clock
ON CONFLICT (tenant_id) DO UPDATE SET ready = true,
  vtime = CASE WHEN l.ready THEN l.vtime ELSE greatest(l.vtime, excluded.vtime) END
"""
_WAKE_MANY = """
INSERT INTO lanes AS l (tenant_id, ready, vtime)
SELECT DISTINCT tenant_id, true, last_value FROM unnest($1::uuid[]) AS t (tenant_id), lane_clock
ORDER BY tenant_id
ON CONFLICT (tenant_id) DO UPDATE SET ready = true,
  vtime = CASE WHEN l.ready THEN l.vtime ELSE greatest(l.vtime, excluded.vtime) END
"""
# Of all companies that have something to do.
WAKE_DUE = """
INSERT INTO lanes AS l (tenant_id, ready, vtime)
SELECT DISTINCT tenant_id, true, last_value FROM job_runs, lane_clock
WHERE state = 'waiting' AND handed_at IS NULL AND due_at <= $1 ORDER BY tenant_id
ON CONFLICT (tenant_id) DO UPDATE SET ready = true,
  vtime = CASE WHEN l.ready THEN l.vtime ELSE greatest(l.vtime, excluded.vtime) END
"""
_RIPEN = """
WITH due AS (
  SELECT tenant_id FROM lanes WHERE NOT ready AND wake_at <= $1
  ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED)
UPDATE lanes l SET ready = true, wake_at = NULL,
  vtime = greatest(l.vtime, (SELECT last_value FROM lane_clock))
FROM due WHERE l.tenant_id = due.tenant_id
"""
# A lane that another dispatcher has just served is found where it was, and locked as it is now. The
# bound is asked of it again (PostgreSQL, "Read Committed Isolation Level"): so nobody is served
# twice before others once.
_LOCK_READY = """
SELECT tenant_id FROM lanes WHERE ready AND vtime <= (
  SELECT max(vtime) FROM (SELECT vtime FROM lanes WHERE ready ORDER BY vtime LIMIT $1) AS first)
ORDER BY vtime LIMIT $1 FOR UPDATE SKIP LOCKED
"""

# What somebody cancelled is not held: it goes to a worker that ends it.
_FREE = """
(j.cancelling IS NOT NULL OR NOT EXISTS (
  SELECT FROM holds h WHERE (h.fleet OR h.tenant_id = j.tenant_id)
    AND (h.kind IS NULL OR h.kind = j.kind) AND (h.shop_id IS NULL OR h.shop_id = j.shop_id)))
"""

# `found` is one run more of each lane than may leave it: so it is known what stays behind. A
# cancelled one leaves a full lane as well: its company may have nothing but long runs in hand.
_HAND_OUT = f"""
WITH lane AS MATERIALIZED (
  SELECT l.tenant_id, l.vtime, $3::int / l.weight AS cost,
    l.cap - (SELECT count(*) FROM job_runs h
             WHERE h.tenant_id = l.tenant_id AND h.handed_at IS NOT NULL) AS free
  FROM lanes l WHERE l.tenant_id = ANY ($1)
), found AS MATERIALIZED (
  SELECT lane.tenant_id, lane.free, r.run_id, r.n, r.cancelling,
    lane.vtime + (r.n - 1) * lane.cost AS turn
  FROM lane CROSS JOIN LATERAL (
    SELECT q.*, row_number() OVER (ORDER BY q.priority, q.due_at, q.run_id) AS n FROM (
      SELECT j.run_id, j.priority, j.due_at, j.cancelling FROM job_runs j
      WHERE j.tenant_id = lane.tenant_id AND j.state = 'waiting' AND j.handed_at IS NULL
        AND j.due_at <= $2 AND {_FREE}
      ORDER BY j.priority, j.due_at, j.run_id LIMIT greatest(lane.free, 0) + 1) q) r
), taken AS MATERIALIZED (
  SELECT tenant_id, run_id, turn FROM found WHERE n <= free OR cancelling IS NOT NULL
  ORDER BY turn, run_id LIMIT $4
), handed AS (
  UPDATE job_runs r SET handed_at = $2, fence = fence + 1
  FROM taken t WHERE (r.tenant_id, r.run_id) = (t.tenant_id, t.run_id)
  RETURNING r.tenant_id, r.run_id, r.fence, t.turn
), tally AS (
  SELECT lane.tenant_id, lane.cost, lane.free, count(t.run_id) AS taken,
    (SELECT count(*) FROM found f WHERE f.tenant_id = lane.tenant_id) AS found
  FROM lane LEFT JOIN taken t USING (tenant_id) GROUP BY lane.tenant_id, lane.cost, lane.free
), settled AS (
  UPDATE lanes l SET vtime = l.vtime + t.taken * t.cost,
    ready = t.found > t.taken AND t.free > t.taken,
    wake_at = CASE WHEN t.found = t.taken THEN (
      SELECT min(j.due_at) FROM job_runs j WHERE j.tenant_id = l.tenant_id
        AND j.state = 'waiting' AND j.handed_at IS NULL AND j.due_at > $2) END
  FROM tally t WHERE l.tenant_id = t.tenant_id
)
SELECT h.*, setval('lane_clock', greatest(c.last_value, (SELECT min(turn) FROM taken)))
FROM handed h, lane_clock c ORDER BY turn, run_id
"""  # noqa: S608 - constants only

LOCK = "SELECT FROM lanes WHERE tenant_id = ANY ($1) ORDER BY tenant_id FOR UPDATE"
# What is ready without need is settled by whoever looks for work there.
SETTLE = """
UPDATE lanes l SET ready = coalesce(n.due_at <= $2, false),
  wake_at = CASE WHEN n.due_at > $2 THEN n.due_at END,
  vtime = CASE WHEN n.due_at <= $2 THEN greatest(l.vtime, (SELECT last_value FROM lane_clock))
    ELSE l.vtime END
FROM unnest($1::uuid[]) AS t (tenant_id), LATERAL (
  SELECT min(j.due_at) AS due_at FROM job_runs j
  WHERE j.tenant_id = t.tenant_id AND j.state = 'waiting' AND j.handed_at IS NULL) n
WHERE l.tenant_id = t.tenant_id AND NOT l.ready
"""
# Due, and nobody woke the lane: asked for by a version that knows no lanes, in a rolling deploy.
# Lanes of what is held would only be in the way of the others.
_FORGOTTEN = f"""
WITH asleep AS MATERIALIZED (
  SELECT DISTINCT r.tenant_id FROM job_runs r LEFT JOIN lanes l USING (tenant_id)
  WHERE r.state = 'waiting' AND r.handed_at IS NULL AND r.due_at <= $1 AND l.ready IS NOT true)
SELECT tenant_id FROM asleep CROSS JOIN LATERAL (
  SELECT FROM job_runs j WHERE j.tenant_id = asleep.tenant_id AND j.state = 'waiting'
    AND j.handed_at IS NULL AND j.due_at <= $1 AND {_FREE} LIMIT 1) AS free
"""  # noqa: S608 - constants only


async def hand_out(driver: asyncpg.Connection, limit: int, now: datetime) -> Sequence[Handed]:
    """In a transaction: up to `limit` due runs, marked as handed out. Several dispatchers pass over
    each other's lanes."""
    await driver.execute(_RIPEN, now, MOST_WOKEN)
    lanes = [tenant for (tenant,) in await driver.fetch(_LOCK_READY, limit)]
    if not lanes:
        return []
    rows = await driver.fetch(_HAND_OUT, lanes, now, COST, limit)
    return [Handed(tenant=row[0], run_id=row[1], fence=row[2], turn=row[3]) for row in rows]


async def wake(driver: asyncpg.Connection, tenants: Sequence[UUID]) -> None:
    """Lock these lanes; their work is looked at again."""
    await driver.execute(_WAKE_MANY, tenants)


async def wake_forgotten(driver: asyncpg.Connection, now: datetime) -> None:
    """Look at lanes that have due runs and are not looked at."""
    await wake(driver, [tenant for (tenant,) in await driver.fetch(_FORGOTTEN, now)])
