"""A fleet with a long past: companies with a shop each, and finished runs by the million, with the
figures, the failures and the attempts that such runs leave behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from benchmarks import histories
from benchmarks.figures import tell
from benchmarks.histories import Company
from domain.histogram import BUCKETS
from domain.ids import uuid7
from domain.schedule import Told, ready_by
from infrastructure.clock import system_clock

COMPANIES = 2_000
DAYS = 30
CHARTED = timedelta(days=3)
"""So far back go the minutes of each company; the fleet's go back to the first run."""
STEP = 500_000
LIVE = 200

_PAST = "CREATE TABLE past (number int PRIMARY KEY, tenant_id uuid, shop_id uuid)"
_COMPANIES = """
INSERT INTO past SELECT number - 1 AS number, tenant_id, shop_id
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS t (tenant_id, shop_id, number)
"""
_OF_EACH = (
    "INSERT INTO tenants SELECT tenant_id, now() FROM past",
    "INSERT INTO lanes (tenant_id) SELECT tenant_id FROM past",
    """
INSERT INTO labels SELECT tenant_id, unnest(ARRAY[tenant_id, shop_id]),
  unnest(ARRAY['Company ', 'Shop ']) || number FROM past
""",
    """
INSERT INTO sheet_tabs
SELECT tenant_id, shop_id, 'sheet', shop_id, '', now() - number * interval '40 s' FROM past
""",
)
_SCHEDULES = """
UPDATE shops SET spreadsheet_id = 'sheet', cron = $1, zone = $2, ready_hour = $3, weekdays = $4,
  catch_up = $5, overlap = $6
"""
_PLANNED = """
INSERT INTO schedules (tenant_id, shop_id, cron, zone, ready_hour, weekdays, catch_up, overlap,
                       slot, next_run_at)
SELECT tenant_id, shop_id, cron, zone, ready_hour, weekdays, catch_up, overlap, $1, $1 FROM shops
"""
# Ids as uuid7 makes them, from a number: by time, and otherwise anything.
_HISTORY = """
INSERT INTO job_history (tenant_id, run_id, kind, shop_id, key, args, priority, source,
  correlation_id, causation, state, why, attempt, result, waited_ms, fingerprint, created_at,
  started_at, finished_at)
SELECT tenant_id, run_id, 'sync', shop_id, 'sync:' || shop_id, '{}', 5, 'schedule', run_id,
  'schedule:' || shop_id, state,
  CASE state WHEN 'failed' THEN 'A fault on our side; it is tried again by itself.' ELSE '' END,
  1, CASE state WHEN 'succeeded' THEN '{"products": 1200}'::jsonb END, 300 + n % 5000,
  CASE state WHEN 'failed' THEN lpad(to_hex(n / 50 % 60), 16, '0') END,
  at, at + interval '1 s', at + interval '1 s' * (5 + n % 60)
FROM (
  SELECT n, $3::timestamptz - n * $4::interval AS at, md5(n::text) AS noise,
    CASE WHEN n % 50 = 0 THEN 'failed' WHEN n % 97 = 0 THEN 'cancelled' ELSE 'succeeded' END
      AS state
  FROM generate_series($1::bigint, $2::bigint) AS n
) AS drawn, LATERAL (
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
    || substr(noise, 1, 3) || '8' || substr(noise, 4, 15))::uuid AS run_id
) AS named, past
WHERE past.number = (n * 7919) % (SELECT count(*) FROM past)
"""
_INDEXES = """
SELECT indexrelid::regclass::text AS name,
  replace(pg_get_indexdef(indexrelid), 'ON ONLY', 'ON') AS statement
FROM pg_index WHERE indrelid = 'job_history'::regclass AND NOT indisprimary
"""
_ATTEMPTS = """
INSERT INTO job_attempts (tenant_id, run_id, attempt, worker, started_at, ended_at, outcome,
  error_type, message, log)
SELECT tenant_id, run_id, 1, 'worker-1', started_at, finished_at, state, fingerprint, why, 'a line'
FROM job_history WHERE finished_at > $1
"""
_MINUTES = f"""
INSERT INTO run_minutes
SELECT tenant_id, minute, 'sync', count(*) FILTER (WHERE state = 'succeeded'),
  count(*) FILTER (WHERE state = 'failed'), count(*) FILTER (WHERE state = 'cancelled'),
  array_fill(0, ARRAY[20]) || count(*)::int || array_fill(0, ARRAY[{BUCKETS - 21}]),
  array_fill(0, ARRAY[28]) || count(*)::int || array_fill(0, ARRAY[{BUCKETS - 29}])
FROM (SELECT *, date_trunc('minute', finished_at) AS minute FROM job_history
      WHERE finished_at > $1) AS ended
GROUP BY tenant_id, minute
"""  # noqa: S608 - a number of ours
_FLEET = _MINUTES.replace("run_minutes", "fleet_minutes").replace("tenant_id, minute", "minute")
_FAILURES = """
INSERT INTO run_failures
SELECT tenant_id, fingerprint, 'sync', 'KeyError', max(why), count(*), min(finished_at),
  max(finished_at), (array_agg(run_id ORDER BY run_id DESC))[1]
FROM job_history WHERE state = 'failed' GROUP BY tenant_id, fingerprint
"""
_WORKERS = """
INSERT INTO workers SELECT 'worker-' || n, '1', 10, 7, $1, $1 FROM generate_series(1, 5) AS n
"""
_LIVE = """
INSERT INTO job_runs (tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id,
  causation, state, due_at, why, attempt, worker, started_at, heartbeat_at, progress, created_at)
SELECT tenant_id, run_id, 'sync', shop_id, 'sync:' || shop_id, run_id::text, 'schedule', run_id,
  'schedule', 'running', $3, '', 1, 'worker-1', $3, $3, '{"step": "orders", "done": 0}', $3
FROM past JOIN unnest($1::int[], $2::uuid[]) AS t (number, run_id) USING (number)
"""


async def fill(driver: asyncpg.Connection, runs: int) -> Sequence[Company]:
    """All of it, and its statistics; the newest run has ended just now."""
    those = histories.companies(COMPANIES)
    await histories.load(driver, histories.of_ten(those))
    await histories.connect(driver, those)
    now = system_clock()
    tenants, shops = [each.stream.tenant for each in those], [each.shop_id for each in those]
    await driver.execute(_PAST)
    await driver.execute(_COMPANIES, tenants, shops)
    for statement in _OF_EACH:
        await driver.execute(statement)
    await driver.execute(_SCHEDULES, *Told(*ready_by("08:00", "Europe/Moscow").told()))
    await driver.execute(_PLANNED, now + timedelta(hours=8))
    await _past(driver, runs, now)
    ids = [uuid7(now) for _ in range(LIVE)]
    await driver.execute(_LIVE, list(range(LIVE)), ids, now)
    await driver.execute(_WORKERS, now)
    await driver.execute("VACUUM (ANALYZE)", timeout=None)
    return those


async def _past(driver: asyncpg.Connection, runs: int, now: datetime) -> None:
    indexes = await driver.fetch(_INDEXES)
    for index in indexes:
        await driver.execute(f"DROP INDEX {index['name']}")
    each = timedelta(days=DAYS) / runs
    for first in range(1, runs + 1, STEP):
        tell(f"dashboard: finished runs, {first - 1:,} of {runs:,}")
        last = min(first + STEP - 1, runs)
        await driver.execute(_HISTORY, first, last, now, each, timeout=None)
    tell("dashboard: what those runs left behind")
    for index in indexes:
        await driver.execute(index["statement"], timeout=None)
    await driver.execute(_ATTEMPTS, now - CHARTED, timeout=None)
    await driver.execute(_MINUTES, now - CHARTED, timeout=None)
    await driver.execute(_FLEET, now - timedelta(days=DAYS), timeout=None)
    await driver.execute(_FAILURES, timeout=None)


async def people(driver: asyncpg.Connection, company: UUID, count: int) -> Sequence[UUID]:
    """So many owners of a company, the last of them one of those who run the servers."""
    made = [uuid4() for _ in range(count)]
    await driver.executemany(
        "INSERT INTO members VALUES ($1, $2, 'owner', now())", [(company, each) for each in made]
    )
    await driver.executemany(
        """INSERT INTO people (tenant_id, user_id, email, full_name, password_hash, registered_at,
             staff) VALUES ($1, $1, $2, 'Somebody', '', now(), $3)""",
        [(each, f"{each}@example.com", each == made[-1]) for each in made],
    )
    return made
