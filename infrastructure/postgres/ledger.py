"""The ledger of runs: the truth; the queue in Redis only carries ids and may vanish."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domain.events import Recorded
from domain.ids import uuid7
from domain.ports import Clock
from domain.run import TRIES, Cancel, Done, Fail, Outcome, Run, Task, Wait, backoff
from infrastructure.postgres.database import Database

LOST_AFTER = timedelta(seconds=30)
"""Without a heartbeat for this long a worker is lost; likewise a hand-over nobody took up."""

_NEW = """
INSERT INTO job_runs (tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id,
                      causation, due_at, why, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10)
"""
# While the same work is alive, or where the same cause was answered before, a slot adds nothing.
ASK = f"{_NEW} ON CONFLICT DO NOTHING"
# A fact that comes while the work is under way may have come too late for it: once more, then.
# Work that waits is tried at once: the fact may be the cure.
ASK_FOR_FACT = f"""{_NEW}
ON CONFLICT (tenant_id, key) DO UPDATE SET again = job_runs.state = 'running',
  due_at = least(job_runs.due_at, excluded.due_at)
"""

_ADMIT = """
UPDATE job_runs SET handed_at = $1, fence = fence + 1
WHERE (tenant_id, run_id) IN (
  SELECT tenant_id, run_id FROM job_runs
  WHERE state = 'waiting' AND due_at <= $1 AND handed_at IS NULL
  ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING tenant_id, run_id, fence
"""

_START = """
WITH taken AS (
  UPDATE job_runs SET state = 'running', attempt = attempt + 1, worker = $4, started_at = $5,
                      heartbeat_at = $5, why = '', progress = NULL, again = false
  WHERE tenant_id = $1 AND run_id = $2 AND fence = $3 AND state = 'waiting'
  RETURNING *
), tried AS (
  INSERT INTO job_attempts (tenant_id, run_id, attempt, worker, started_at)
  SELECT tenant_id, run_id, attempt, $4, $5 FROM taken
  ON CONFLICT (tenant_id, run_id, attempt)
  DO UPDATE SET worker = $4, started_at = $5, ended_at = NULL, outcome = NULL
)
SELECT kind, shop_id, attempt, source, correlation_id FROM taken
"""

_BEAT = """
UPDATE job_runs SET heartbeat_at = $4, progress = $5
WHERE tenant_id = $1 AND run_id = $2 AND fence = $3 AND state = 'running' RETURNING 1
"""

_CLOSE_ATTEMPT = """
UPDATE job_attempts SET ended_at = $4, outcome = $5, error_type = $6, message = $7, traceback = $8
WHERE tenant_id = $1 AND run_id = $2 AND attempt = $3
"""

_BACK = """
UPDATE job_runs SET state = 'waiting', handed_at = NULL, worker = NULL, heartbeat_at = NULL,
                    due_at = $4, why = $5, attempt = attempt - $6
WHERE tenant_id = $1 AND run_id = $2 AND fence = $3 AND state = 'running' RETURNING 1
"""

_TO_HISTORY = """
WITH gone AS (
  DELETE FROM job_runs WHERE tenant_id = $1 AND run_id = $2 AND fence = $3 AND state = 'running'
  RETURNING *
), kept AS (
  INSERT INTO job_history (tenant_id, run_id, kind, shop_id, source, correlation_id, causation,
    state, why, attempt, progress, result, created_at, started_at, finished_at)
  SELECT tenant_id, run_id, kind, shop_id, source, correlation_id, causation,
         $4, $5, attempt, progress, $6, created_at, started_at, $7 FROM gone
)
SELECT again, kind, shop_id, key, cause_key, source, correlation_id, causation FROM gone
"""

_SWEEP = """
WITH lost AS (
  SELECT tenant_id, run_id, state, attempt FROM job_runs
  WHERE (state = 'running' AND heartbeat_at < $1) OR (state = 'waiting' AND handed_at < $1)
  FOR UPDATE SKIP LOCKED
), closed AS (
  UPDATE job_attempts a SET ended_at = $2, outcome = 'lost', message = 'the worker was lost'
  FROM lost l WHERE l.state = 'running' AND a.tenant_id = l.tenant_id AND a.run_id = l.run_id
    AND a.attempt = l.attempt
)
UPDATE job_runs r SET state = 'waiting', handed_at = NULL, worker = NULL, heartbeat_at = NULL,
  fence = fence + 1, due_at = $2,
  why = CASE l.state WHEN 'running' THEN 'The worker was lost; another one goes on.' ELSE r.why END
FROM lost l WHERE r.tenant_id = l.tenant_id AND r.run_id = l.run_id RETURNING 1
"""

_encode = msgspec.json.encode


def ask(run: Run, cause: Recorded) -> tuple[str, Sequence[Any]]:
    """The statement and row that ask for a run because of a fact."""
    return ASK_FOR_FACT, (
        cause.tenant,
        uuid7(cause.at),
        run.kind,
        run.shop_id,
        run.key,
        f"{cause.event_id}:{run.kind}",
        cause.origin.source,
        cause.origin.correlation,
        f"event:{cause.event_id}",
        cause.at,
        "",
    )


class PostgresLedger:
    """`domain.run.Ledger` in PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def admit(self, limit: int) -> list[tuple[UUID, UUID, int]]:
        """Hand out due runs: (tenant, run, fence). Several dispatchers never hand one out twice."""
        async with self._database.driver() as driver:
            return [tuple(row) for row in await driver.fetch(_ADMIT, self._clock(), limit)]

    async def start(self, tenant: UUID, run_id: UUID, fence: int, worker: str) -> Task | None:
        """Take a handed run; None when it is not ours any more."""
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_START, tenant, run_id, fence, worker, self._clock())
        if row is None:
            return None
        return Task(
            tenant=tenant,
            run_id=run_id,
            kind=row["kind"],
            shop_id=row["shop_id"],
            attempt=row["attempt"],
            source=row["source"],
            correlation=row["correlation_id"],
        )

    async def beat(self, task: Task, fence: int, progress: Mapping[str, object]) -> bool:
        """Still alive, and this far. False: it was given to another."""
        body = _encode(progress).decode()
        now = self._clock()
        async with self._database.driver() as driver:
            alive = await driver.fetchval(_BEAT, task.tenant, task.run_id, fence, now, body)
        return alive is not None

    async def finish(self, task: Task, fence: int, outcome: Outcome) -> bool:
        """Write the outcome: to history, or back to waiting. False: it was given to another."""
        now = self._clock()
        async with self._database.writing() as driver:
            if not await self._settle(driver, task, fence, outcome, now):
                return False
            error = outcome.error_type if isinstance(outcome, Fail) else None
            traceback = outcome.traceback if isinstance(outcome, Fail) else None
            word = type(outcome).__name__.lower()
            key = (task.tenant, task.run_id, task.attempt)
            await driver.execute(_CLOSE_ATTEMPT, *key, now, word, error, outcome.why, traceback)
        return True

    async def sweep(self) -> int:
        """Take back what lost workers and a lost queue held: O(live runs)."""
        now = self._clock()
        async with self._database.driver() as driver:
            return len(await driver.fetch(_SWEEP, now - LOST_AFTER, now))

    async def _settle(
        self,
        driver: asyncpg.Connection,
        task: Task,
        fence: int,
        outcome: Outcome,
        now: datetime,
    ) -> bool:
        key = (task.tenant, task.run_id, fence)
        match outcome:
            case Wait(until=until, why=why):
                row: tuple[Any, ...] | None = (until, why, 1)
            case Fail(final=False, why=why) if task.attempt < TRIES:
                row = (now + backoff(task.attempt), why, 0)
            case _:
                row = None
        if row is not None:
            return await driver.fetchval(_BACK, *key, *row) is not None
        result = _encode(outcome.result).decode() if isinstance(outcome, Done) else None
        state = _FINAL[type(outcome)]
        gone = await driver.fetchrow(_TO_HISTORY, *key, state, outcome.why, result, now)
        if gone is not None and gone["again"]:
            _, kind, shop_id, run_key, cause, *origin = gone
            again = (kind, shop_id, run_key, f"{cause}:again", *origin)
            await driver.execute(ASK, task.tenant, uuid7(now), *again, now, "")
        return gone is not None


_FINAL: Mapping[type, str] = {Done: "succeeded", Fail: "failed", Cancel: "cancelled"}
