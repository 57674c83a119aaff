"""How runs end: to history, or back to waiting; many in one transaction, with figures and lanes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec

from domain.ids import uuid7
from domain.ports import Clock
from domain.run import TRIES, Cancel, Done, Fail, Outcome, Task, Wait, backoff, fingerprint
from infrastructure.postgres.database import Database
from infrastructure.postgres.lanes import LOCK, SETTLE, wake
from infrastructure.postgres.minutes import count

End: TypeAlias = tuple[Task, Outcome, str]

# Whoever asks how long a run took counts from `started_at`: what was cancelled while it waited for
# another try took nothing, and its former tries keep their times themselves.
# A promise whose row somebody else holds is being taken away: with lanes in hand nobody waits for
# it here.
_TO_HISTORY = """
WITH ended AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                       $7::text[], $8::bool[])
    AS t (tenant_id, run_id, fence, state, why, result, fingerprint, begun)
), gone AS (
  DELETE FROM job_runs r USING ended e
  WHERE (r.tenant_id, r.run_id, r.fence) = (e.tenant_id, e.run_id, e.fence)
    AND r.state = 'running'
  RETURNING r.*, e.state AS ending, e.why AS ended_why, e.result, e.fingerprint, e.begun
), kept AS (
  INSERT INTO job_history (tenant_id, run_id, kind, shop_id, key, args, priority, source,
    correlation_id, causation, state, why, attempt, progress, result, waited_ms, fingerprint,
    created_at, started_at, finished_at)
  SELECT tenant_id, run_id, kind, shop_id, key, args, priority, source, correlation_id, causation,
    ending, ended_why, attempt, progress, result::jsonb, waited_ms, fingerprint,
    created_at, CASE WHEN begun THEN started_at END, $9 FROM gone
), mine AS (
  SELECT p.tenant_id, p.shop_id FROM promises p
  JOIN gone g ON (p.tenant_id, p.shop_id) = (g.tenant_id, g.shop_id)
  WHERE g.kind = 'sync' AND g.ending = 'succeeded' FOR NO KEY UPDATE OF p SKIP LOCKED
), kept_promises AS (
  UPDATE promises p SET fresh_at = $9, owed = NULL, kept_for = coalesce(p.owed, p.kept_for),
    kept_at = CASE WHEN p.owed IS NULL THEN p.kept_at ELSE $9 END
  FROM mine m WHERE (p.tenant_id, p.shop_id) = (m.tenant_id, m.shop_id)
)
SELECT tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id, causation, args,
  priority, again, ending, CASE WHEN begun THEN waited_ms END AS waited_ms,
  CASE WHEN begun THEN least(extract(epoch FROM $9 - started_at) * 1000, 2147483647)::int END
    AS ran_ms
FROM gone
"""

_BACK = """
UPDATE job_runs r SET state = 'waiting', handed_at = NULL, worker = NULL, heartbeat_at = NULL,
  due_at = CASE WHEN r.cancelling IS NULL THEN b.due_at ELSE least(b.due_at, $7) END,
  why = b.why, attempt = r.attempt - b.burnt_not
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[], $6::int[])
  AS b (tenant_id, run_id, fence, due_at, why, burnt_not)
WHERE (r.tenant_id, r.run_id, r.fence) = (b.tenant_id, b.run_id, b.fence) AND r.state = 'running'
RETURNING r.run_id
"""

# Waits for one and the same thing become one row, the newest, since the last take-up that ended
# otherwise: whoever waits all day for two neighbours in turn leaves two rows.
_CLOSE_ATTEMPTS = """
WITH e AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                       $7::text[], $8::text[])
    AS t (tenant_id, run_id, attempt, outcome, error_type, message, traceback, log)
), alike AS (
  SELECT e.tenant_id, e.run_id, e.attempt, b.attempt AS earlier, b.times, b.started_at
  FROM e CROSS JOIN LATERAL (
    SELECT * FROM job_attempts b
    WHERE (b.tenant_id, b.run_id) = (e.tenant_id, e.run_id) AND b.attempt < e.attempt
      AND b.outcome = 'wait'
      AND coalesce(b.error_type, b.message) = coalesce(e.error_type, e.message)
      AND NOT EXISTS (
        SELECT FROM job_attempts o WHERE (o.tenant_id, o.run_id) = (e.tenant_id, e.run_id)
          AND o.attempt > b.attempt AND o.attempt < e.attempt AND o.outcome <> 'wait')
    ORDER BY b.attempt DESC LIMIT 1) b
  WHERE e.outcome = 'wait'
), folded AS (
  DELETE FROM job_attempts a USING alike
  WHERE (a.tenant_id, a.run_id, a.attempt) = (alike.tenant_id, alike.run_id, alike.earlier)
)
UPDATE job_attempts a SET ended_at = $9, outcome = e.outcome, error_type = e.error_type,
  message = e.message, traceback = e.traceback, log = e.log,
  times = coalesce(alike.times, 0) + 1, started_at = coalesce(alike.started_at, a.started_at)
FROM e LEFT JOIN alike USING (tenant_id, run_id, attempt)
WHERE (a.tenant_id, a.run_id, a.attempt) = (e.tenant_id, e.run_id, e.attempt)
"""

_AGAIN = """
INSERT INTO job_runs (tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id,
                      causation, args, priority, due_at, why, created_at)
VALUES ($1, $2, $3, $4, $5, $6 || ':again', $7, $8, $9, $10, $11, $12, '', $12)
ON CONFLICT DO NOTHING
"""

_FAILED = """
INSERT INTO run_failures AS f
  (tenant_id, fingerprint, kind, error_type, why, count, first_at, last_at, last_run, shops)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)
ON CONFLICT (tenant_id, fingerprint) DO UPDATE SET count = f.count + excluded.count,
  why = excluded.why, last_at = excluded.last_at, last_run = excluded.last_run,
  shops = ARRAY(SELECT unnest(f.shops) UNION SELECT unnest(excluded.shops))
"""

encode = msgspec.json.encode


class Ending:
    """Carries the ends of many runs out; answers which of them were ours to end."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def __call__(self, ends: Sequence[End]) -> Sequence[bool]:
        """In one transaction."""
        now = self._clock()
        back = {each[0].run_id: row for each in ends if (row := _back(each, now))}
        final = [each for each in ends if each[0].run_id not in back]
        tenants = sorted({task.tenant for task, *_ in ends})
        async with self._database.writing() as driver:
            await driver.execute(LOCK, tenants)
            ours = await self._end(driver, final, now) if final else set()
            if back:
                rows = await driver.fetch(_BACK, *zip(*back.values(), strict=True), now)
                ours |= {run_id for (run_id,) in rows}
            closed = [_attempt(each) for each in ends if each[0].run_id in ours and _begun(each[0])]
            if closed:
                await driver.execute(_CLOSE_ATTEMPTS, *zip(*closed, strict=True), now)
            await driver.execute(SETTLE, tenants, now)
        return [task.run_id in ours for task, *_ in ends]

    async def _end(
        self, driver: asyncpg.Connection, final: Sequence[End], now: datetime
    ) -> set[UUID]:
        rows = [_final(each) for each in final]
        gone = await driver.fetch(_TO_HISTORY, *zip(*rows, strict=True), now)
        again = [_asked_again(row, now) for row in gone if row["again"]]
        if again:
            await driver.executemany(_AGAIN, again)
            await wake(driver, sorted({row[0] for row in again}))
        await count(driver, gone, now)
        if failed := _failures(final, {row["run_id"] for row in gone}, now):
            await driver.executemany(_FAILED, failed)
        return {row["run_id"] for row in gone}


def _begun(task: Task) -> bool:
    """Not where it was to stop before."""
    return task.cancelling is None


def _back(end: End, now: datetime) -> tuple[Any, ...] | None:
    """A row of _BACK for a run that goes on later; None for one that is finished."""
    task, outcome, _ = end
    match outcome:
        case Wait(until=until, why=why):
            row: tuple[Any, ...] = (until, why, int(_begun(task)))
        case Fail(final=False, why=why) if task.attempt < TRIES:
            row = (now + backoff(task.attempt), why, 0)
        case _:
            return None
    return task.tenant, task.run_id, task.fence, *row


def _final(end: End) -> tuple[Any, ...]:
    task, outcome, _ = end
    told = None if isinstance(outcome, Wait) else outcome.result
    result = encode(told).decode() if told or isinstance(outcome, Done) else None
    failed = fingerprint(task.kind, outcome) if isinstance(outcome, Fail) else None
    key = (task.tenant, task.run_id, task.fence)
    return *key, _FINAL[type(outcome)], outcome.why, result, failed, _begun(task)


def _attempt(end: End) -> tuple[Any, ...]:
    task, outcome, log = end
    failed = outcome if isinstance(outcome, Fail) else None
    word = type(outcome).__name__.lower()
    error, traceback = (failed.error_type, failed.traceback) if failed else (None, None)
    if isinstance(outcome, Wait):
        error = outcome.cause
    said = (word, error, outcome.why, traceback, log or None)
    return task.tenant, task.run_id, task.fence, *said


def _asked_again(row: asyncpg.Record, now: datetime) -> tuple[Any, ...]:
    """A row of _AGAIN: a fact came while the run was under way, perhaps too late for it."""
    args = encode(row["args"]).decode()
    return row["tenant_id"], uuid7(now), *row[2:9], args, row["priority"], now


def _failures(final: Sequence[End], gone: set[UUID], now: datetime) -> list[tuple[Any, ...]]:
    """One row per cause and company: the last of its runs stands for all."""
    found: dict[tuple[UUID, str], tuple[Any, ...]] = {}
    for task, outcome, _ in final:
        if isinstance(outcome, Fail) and task.run_id in gone:
            key = (task.tenant, fingerprint(task.kind, outcome))
            before, shops = (found[key][5], found[key][8]) if key in found else (0, set[UUID]())
            said = (task.kind, outcome.error_type, outcome.why, before + 1, now, task.run_id)
            found[key] = (*key, *said, shops | ({task.shop_id} if task.shop_id else set()))
    return [found[key] for key in sorted(found)]


_FINAL: Mapping[type, str] = {Done: "succeeded", Fail: "failed", Cancel: "cancelled"}
