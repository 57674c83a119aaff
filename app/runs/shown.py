"""Runs as GraphQL shows them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from app.graphql.fields import resolved, said
from app.graphql.scalars import Json
from app.runs.read import AttemptRow, RunRow


@strawberry.enum(description="Where a run stands.")
class RunState(Enum):
    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.type(description="How far a run is.")
class RunProgress:
    step: str = said("A stable word: cards, wb_stock, orders, snapshot, sheet …")
    done: int = said("How many so far.")
    total: int | None = said("Of how many, if that is known.")


@strawberry.type(description="One try of a run.")
class RunAttempt:
    attempt: int = said("The first is 1.")
    started_at: datetime = said("When a worker took it.")
    ended_at: datetime | None = said("When it ended; null while it goes on.")
    outcome: str | None = said("done, wait, fail, cancel or lost.")
    error_type: str | None = said("A stable word for what went wrong.")
    message: str | None = said("The same in a sentence.")


class Attempts:
    """The tries of all runs of one page, read once, and only if one of them is asked for."""

    def __init__(self, read: Callable[[], Awaitable[Mapping[UUID, Sequence[AttemptRow]]]]) -> None:
        self._read = read
        self._lock = asyncio.Lock()
        self._found: Mapping[UUID, Sequence[AttemptRow]] | None = None

    async def of(self, run_id: UUID) -> list[RunAttempt]:
        """Those of one run, in order."""
        async with self._lock:
            if self._found is None:
                self._found = await self._read()
        return [_attempt_of(row) for row in self._found[run_id]]


@strawberry.type(description="A piece of work: asked for by a fact, a schedule or a person.")
class Run:
    id: UUID = said("Its id; newer ones are larger.")
    kind: str = said("What it does: sync.")
    shop_id: UUID | None = said("For which shop.")
    state: RunState = said("Where it stands.")
    why: str = said("Why it waits, failed or was cancelled, in a sentence.")
    waiting_until: datetime | None = said("Until when it waits.")
    source: str = said("Who asked: user, schedule, run …")
    correlation_id: UUID = said("Joins it with the request that led to it.")
    causation: str = said("The one thing that led to it.")
    attempt: int = said("How many tries it has had.")
    progress: RunProgress | None = said("How far it is, or came.")
    result: Json | None = said("What came of it, in names and counts.")
    created_at: datetime = said("When it was asked for.")
    started_at: datetime | None = said("When its last try began.")
    finished_at: datetime | None = said("When it ended.")
    tries: strawberry.Private[Attempts]

    @resolved("Its tries, in order.", size=5)
    async def attempts(self) -> list[RunAttempt]:
        return await self.tries.of(self.id)


def run_of(row: RunRow, tries: Attempts) -> Run:
    """A row of the ledger as its owner sees it."""
    state = RunState(row.state)
    return Run(
        id=row.run_id,
        kind=row.kind,
        shop_id=row.shop_id,
        state=state,
        why=row.why,
        waiting_until=row.due_at if state is RunState.WAITING else None,
        source=row.source,
        correlation_id=row.correlation_id,
        causation=row.causation,
        attempt=row.attempt,
        progress=_progress_of(row.progress),
        result=None if row.result is None else Json(row.result),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        tries=tries,
    )


def _progress_of(said: Mapping[str, object] | None) -> RunProgress | None:
    match said:
        case {"step": str(step), "done": int(done), **rest}:
            total = rest.get("total")
            return RunProgress(
                step=step, done=done, total=total if isinstance(total, int) else None
            )
        case _:
            return None


def _attempt_of(row: AttemptRow) -> RunAttempt:
    return RunAttempt(
        attempt=row.attempt,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        error_type=row.error_type,
        message=row.message,
    )
