"""The ledger of runs: the truth; the queue in Redis only carries ids and may vanish."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.events import Recorded
from domain.ids import uuid7
from domain.ports import Clock
from domain.run import URGENT, Beat, Handed, Outcome, Quiet, Run, Task, Wanted
from infrastructure.gather import Gather
from infrastructure.postgres import taking_back
from infrastructure.postgres.database import Database
from infrastructure.postgres.ending import Ending
from infrastructure.postgres.lanes import WAKE, hand_out

_NEW = """
INSERT INTO job_runs (tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id,
                      causation, due_at, why, args, priority, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $10)
"""
# While the same work is alive, or where the same cause was answered before, a slot adds nothing.
ASK = f"{_NEW} ON CONFLICT DO NOTHING"
# A fact that comes while the work is under way may have come too late for it: once more, then.
# Work that waits is tried at once: the fact may be the cure. What is being cancelled is not done.
# And it is done as the fact wants it: what was asked for before may be less.
ASK_FOR_FACT = f"""{_NEW}
ON CONFLICT (tenant_id, key) DO UPDATE SET
  again = job_runs.state = 'running' OR job_runs.cancelling IS NOT NULL,
  due_at = least(job_runs.due_at, excluded.due_at), args = excluded.args,
  priority = least(job_runs.priority, excluded.priority)
"""

# What was cancelled while it waited is taken to be ended: that is no try, and it never began.
_START = """
WITH taken AS (
  UPDATE job_runs r SET state = 'running', worker = $4, heartbeat_at = $5, why = '',
    progress = NULL, again = again AND cancelling IS NOT NULL,
    attempt = attempt + (cancelling IS NULL)::int,
    started_at = CASE WHEN cancelling IS NULL THEN $5 ELSE r.started_at END,
    waited_ms = CASE WHEN cancelling IS NULL THEN
      least(greatest(0, extract(epoch FROM $5 - r.due_at) * 1000), 2147483647)::int
      ELSE r.waited_ms END
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS h (tenant_id, run_id, fence)
  WHERE (r.tenant_id, r.run_id, r.fence) = (h.tenant_id, h.run_id, h.fence) AND state = 'waiting'
  RETURNING r.*
), tried AS (
  INSERT INTO job_attempts (tenant_id, run_id, attempt, number, worker, started_at)
  SELECT tenant_id, run_id, fence, attempt, $4, $5 FROM taken WHERE cancelling IS NULL
)
SELECT run_id, kind, shop_id, attempt, source, correlation_id, args, cancelling
FROM taken
"""

_BEAT = """
UPDATE job_runs r SET heartbeat_at = $5, progress = b.progress::jsonb
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[])
  AS b (tenant_id, run_id, fence, progress)
WHERE (r.tenant_id, r.run_id, r.fence) = (b.tenant_id, b.run_id, b.fence) AND state = 'running'
RETURNING r.run_id, r.cancelling
"""
_CANCELLING = "SELECT run_id FROM job_runs WHERE worker = $1 AND cancelling IS NOT NULL"

AT_LEISURE = "synchronous_commit = off"
"""For beginnings and heartbeats. One that a crash of the server takes back is as if the worker had
been lost; an end flushes what came before it."""

encode = msgspec.json.encode
PEOPLE = frozenset({"user", "api", "staff", "cli"})
"""Sources behind which somebody looks on."""


def asked(run: Run, source: str, at: datetime) -> tuple[Any, ...]:
    """The last columns of a row of ASK: why, args, priority."""
    priority = URGENT if source in PEOPLE else run.priority
    return at, "", encode(run.args).decode(), priority


def ask(run: Run, cause: Recorded) -> Sequence[tuple[str, Sequence[Any]]]:
    """The statements and rows that ask for a run because of a fact."""
    row = (
        cause.tenant,
        run.run_id or uuid7(cause.at),
        run.kind,
        run.shop_id,
        run.key,
        f"{cause.event_id}:{run.kind}",
        cause.origin.source,
        cause.origin.correlation,
        f"event:{cause.event_id}",
        *asked(run, cause.origin.source, cause.at),
    )
    return (WAKE, (cause.tenant,)), (ASK_FOR_FACT, row)


class PostgresLedger:
    """`domain.run.Ledger` in PostgreSQL. What many slots do at once becomes few statements."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._starts: dict[str, Gather[Handed, Task | None]] = {}
        self._beats = Gather(self._beat)
        self._ends = Gather(Ending(database, clock))

    async def admit(self, limit: int) -> Sequence[Handed]:
        """See the port."""
        async with self._database.writing() as driver:
            return await hand_out(driver, limit, self._clock())

    async def start(self, handed: Handed, worker: str) -> Task | None:
        """See the port."""
        if worker not in self._starts:

            async def carry(many: Sequence[Handed]) -> Sequence[Task | None]:
                return await self._start(many, worker)

            self._starts[worker] = Gather(carry)
        return await self._starts[worker](handed)

    async def beat(self, task: Task, progress: Mapping[str, object]) -> Beat:
        """See the port."""
        return await self._beats((task, encode(progress).decode()))

    async def cancelling(self, worker: str) -> Sequence[UUID]:
        """See the port."""
        async with self._database.driver() as driver:
            return [run_id for (run_id,) in await driver.fetch(_CANCELLING, worker)]

    async def finish(self, task: Task, outcome: Outcome, log: str = "") -> bool:
        """See the port."""
        return await self._ends((task, outcome, log))

    async def follow(self, task: Task, run: Run) -> None:
        """Ask for what a run makes due, in the name of whoever asked for that one. While the same
        work is alive, or where this run has asked before, it adds nothing."""
        now, source = self._clock(), "run"
        row = (
            task.tenant,
            uuid7(now),
            run.kind,
            run.shop_id,
            run.key,
            f"run:{task.run_id}:{run.kind}",
            source,
            task.correlation,
            f"run:{task.run_id}",
            *asked(run, source, now),
        )
        async with self._database.writing() as driver:
            await driver.execute(WAKE, task.tenant)
            await driver.execute(ASK, *row)

    async def wish(self, those: Sequence[Wanted]) -> None:
        """Ask for runs that no fact asks for; one that is alive, or was asked for by the same
        cause, is not asked for again."""
        now = self._clock()
        rows = [
            (
                each.tenant,
                uuid7(now),
                each.run.kind,
                each.run.shop_id,
                each.run.key,
                each.cause,
                each.source,
                uuid7(now),
                each.causation,
                *asked(each.run, each.source, now),
            )
            for each in sorted(those, key=lambda wanted: wanted.tenant)
        ]
        async with self._database.writing() as driver:
            await driver.executemany(WAKE, [(row[0],) for row in rows])
            await driver.executemany(ASK, rows)

    async def quiet(self) -> Quiet:
        """See the port."""
        async with self._database.driver() as driver:
            return await taking_back.quiet(driver, self._clock())

    async def in_hands(self) -> Sequence[Handed]:
        """See the port."""
        async with self._database.driver() as driver:
            return await taking_back.in_hands(driver)

    async def take_back(self, lost: Sequence[Handed]) -> int:
        """See the port."""
        async with self._database.writing() as driver:
            return await taking_back.take_back(driver, lost, self._clock())

    async def renew_epoch(self, seen: UUID | None) -> UUID:
        """See the port."""
        async with self._database.writing() as driver:
            return await taking_back.renew_epoch(driver, seen, self._clock())

    async def _start(self, many: Sequence[Handed], worker: str) -> Sequence[Task | None]:
        ids = zip(*((each.tenant, each.run_id, each.fence) for each in many), strict=True)
        async with self._database.writing(AT_LEISURE) as driver:
            rows = await driver.fetch(_START, *ids, worker, self._clock())
        taken = {row["run_id"]: row for row in rows}
        return [_task(each, taken.get(each.run_id)) for each in many]

    async def _beat(self, many: Sequence[tuple[Task, str]]) -> Sequence[Beat]:
        rows = ((task.tenant, task.run_id, task.fence, body) for task, body in many)
        async with self._database.writing(AT_LEISURE) as driver:
            alive = dict(await driver.fetch(_BEAT, *zip(*rows, strict=True), self._clock()))
        return [
            Beat(ours=task.run_id in alive, cancelling=alive.get(task.run_id)) for task, _ in many
        ]


def _task(handed: Handed, row: Mapping[str, Any] | None) -> Task | None:
    if row is None:
        return None
    return Task(
        tenant=handed.tenant,
        run_id=handed.run_id,
        fence=handed.fence,
        kind=row["kind"],
        shop_id=row["shop_id"],
        attempt=row["attempt"],
        source=row["source"],
        correlation=row["correlation_id"],
        args=row["args"],
        cancelling=row["cancelling"],
    )
