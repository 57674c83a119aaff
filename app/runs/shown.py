"""Runs as GraphQL shows them."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from app.graphql.fields import resolved, said
from app.graphql.scalars import Json
from app.runs import words
from app.runs.along import Along
from app.runs.read import AttemptRow, RunRow
from app.runs.waiting import Reason, Why
from app.web.languages import translated
from domain.run import KINDS

strawberry.enum(Why, name="WaitingFor", description="The one thing that a waiting run waits for.")


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
    attempt: int = said("The first is 1; one that ended in waiting is not counted by the next.")
    times: int = said("How often it was taken up, to wait for the same each time.")
    started_at: datetime = said("When a worker took it, the first time.")
    ended_at: datetime | None = said("When it ended, the last time; null while it goes on.")
    outcome: str | None = said("done, wait, fail, cancel or lost.")
    error_type: str | None = said("A stable word for what went wrong.")
    message: str | None = said("The same in a sentence.")
    worker: str | None = said("Who did it; for who runs the servers.")
    log: str | None = said("What it logged last, without secrets; for owners and admins.")
    traceback: str | None = said("Where in the code it broke; for who runs the servers.")


@strawberry.type(description="Why a run waits, as the dispatcher decides it.")
class WhyWaiting:
    reason: Why = said("The one thing that it waits for.")
    sentence: str = said("The same in words, with times in UTC.")
    until: datetime | None = said("When it goes on by itself, if that is known.")
    since: datetime | None = said("Since when it is held, or its turn came.")


@strawberry.type(description="A piece of work: asked for by a fact, a schedule or a person.")
class Run:
    id: UUID = said("Its id; newer ones are larger.")
    tenant_id: UUID = said("Of which company.")
    kind: str = said(f"What it does: {', '.join(KINDS)}.")
    shop_id: UUID | None = said("For which shop.")
    state: RunState = said("Where it stands.")
    waiting_until: datetime | None = said("Until when it waits.")
    source: str = said("Who asked: user, schedule, run …")
    correlation_id: UUID = said("Joins it with the request that led to it.")
    causation: str = said("The one thing that led to it.")
    attempt: int = said("How many tries it has had.")
    progress: RunProgress | None = said("How far it is, or came.")
    result: Json | None = said("What came of it, in names and counts.")
    created_at: datetime = said("When it was asked for.")
    started_at: datetime | None = said(
        "When its last try began; null for one that was cancelled while it waited."
    )
    finished_at: datetime | None = said("When it ended.")
    args: Json | None = said("What it was asked to do, beyond its kind.")
    fingerprint: str | None = said("Equal for failures of one cause.")
    cancelling: bool = said("Somebody wants it to stop.")
    told: strawberry.Private[str]
    along: strawberry.Private[Along]

    @resolved("Why it waits, failed or was cancelled, or how it ended: a sentence.")
    async def why(self) -> str:
        reason = await self.along.reason_of(self.id) if self.state is RunState.WAITING else None
        if reason is None:
            return words.told(self.told, self.along.language)
        return words.plainly(reason, self.along.language)

    @resolved("Its tries, in order.", size=5)
    async def attempts(self) -> list[RunAttempt]:
        return [_attempt_of(row, self.along) for row in await self.along.attempts_of(self.id)]

    @resolved("Why it waits; null when it does not.")
    async def why_waiting(self) -> WhyWaiting | None:
        reason = await self.along.reason_of(self.id)
        return _waiting_for(reason, self.along.language) if reason else None

    @resolved("What its company is called.")
    async def company_name(self) -> str | None:
        return await self.along.name_of(self.tenant_id)

    @resolved("What its shop is called.")
    async def shop_name(self) -> str | None:
        return await self.along.name_of(self.shop_id) if self.shop_id else None


def run_of(row: RunRow, along: Along) -> Run:
    """A row of the ledger as its owner sees it."""
    state = RunState(row.state)
    return Run(
        id=row.run_id,
        tenant_id=row.tenant_id,
        kind=row.kind,
        shop_id=row.shop_id,
        state=state,
        waiting_until=row.due_at if state is RunState.WAITING else None,
        source=row.source,
        correlation_id=row.correlation_id,
        causation=row.causation,
        attempt=row.attempt,
        progress=_progress_of(row.progress),
        result=None if row.result is None else Json(_result_of(row.result, along.language)),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        args=Json(row.args) if row.args else None,
        fingerprint=row.fingerprint,
        cancelling=row.cancelling is not None,
        told=row.why,
        along=along,
    )


def _result_of(result: Mapping[str, object], language: str) -> Mapping[str, object]:
    match result:
        case {"notices": [*notices]}:
            told = [translated(each, language) for each in notices if isinstance(each, str)]
            return {**result, "notices": told}
        case _:
            return result


def _progress_of(said: Mapping[str, object] | None) -> RunProgress | None:
    match said:
        case {"step": str(step), "done": int(done), **rest}:
            total = rest.get("total")
            return RunProgress(
                step=step, done=done, total=total if isinstance(total, int) else None
            )
        case _:
            return None


def _attempt_of(row: AttemptRow, along: Along) -> RunAttempt:
    return RunAttempt(
        attempt=row.attempt,
        times=row.times,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        error_type=row.error_type,
        message=None if row.message is None else words.told(row.message, along.language),
        worker=row.worker if along.staff else None,
        log=row.log if along.logs else None,
        traceback=row.traceback if along.staff else None,
    )


def _waiting_for(reason: Reason, language: str) -> WhyWaiting:
    sentence = words.plainly(reason, language)
    return WhyWaiting(reason=reason.why, sentence=sentence, until=reason.until, since=reason.since)
