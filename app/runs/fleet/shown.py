"""Lanes, workers, failures and holds as GraphQL shows them."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from app.graphql.context import Info
from app.graphql.fields import resolved, said
from app.runs import words
from app.runs.along import Once
from app.runs.fleet.failures import FailureRow
from app.runs.fleet.lanes import LaneRow, LaneState
from app.runs.fleet.novelties import NoveltyRow
from app.runs.fleet.workers import WorkerRow
from app.runs.holds import HoldRow
from app.runs.waiting import Reason
from app.web.languages import translated
from domain.novelty import Kind

strawberry.enum(
    Kind, name="NoveltyKind", description="What nobody has heard of: a field, a value or a place."
)
strawberry.enum(
    LaneState,
    description="Why a company's lane moves, or does not. PAUSED: what it could begin is on hold.",
)


@strawberry.enum(description="What may be expected of a worker.")
class WorkerState(Enum):
    WORKING = "working"
    DRAINING = "draining"
    SILENT = "silent"
    LOST = "lost"


@strawberry.type(description="A company's lane: its runs leave in turn with those of the others.")
class Lane:
    tenant_id: UUID = said("Whose it is.")
    company_name: str = said("What the company is called.")
    state: LaneState = said("Why it moves, or does not.")
    weight: int = said("How many of its runs leave for one of a lane with weight 1.")
    cap: int = said("How many of its runs may be in hand at once.")
    handed: int = said("How many have left the lane and not ended.")
    running: int = said("How many of these are running.")
    waiting: int = said("How many wait in it; exact up to 999, 1000 means more.")
    due_at: datetime | None = said("When the first of them is, or was, due.")
    waits: strawberry.Private[Once[Mapping[UUID, Reason]]]

    @resolved("Why that one waits, in a sentence.")
    async def why(self, info: Info) -> str:
        reason = (await self.waits()).get(self.tenant_id)
        return words.plainly(reason, info.context.language) if reason else ""


@strawberry.type(description="A process that runs what is due.")
class Worker:
    name: str = said("The name of its machine, and its number there.")
    state: WorkerState = said("What may be expected of it.")
    version: str = said("Of the product.")
    slots: int = said("How many runs it takes at once.")
    busy: int = said("How many it has.")
    started_at: datetime = said("Since when it works.")
    heartbeat_at: datetime = said("When it last said that it lives.")


@strawberry.type(description="What failed for good, by its cause.")
class Failure:
    fingerprint: str = said("The same for all runs that failed by this cause.")
    kind: str = said("Of which kind these runs are.")
    error_type: str = said("A stable word for what went wrong.")
    why: str = said("The same in a sentence, of the last run.")
    count: int = said("How many runs.")
    companies: int = said("Of how many companies.")
    shops: int = said("For how many shops.")
    at_least: bool = said("There are more companies than were counted: these are the newest 500.")
    first_at: datetime = said("When it was first seen.")
    last_at: datetime = said("When it was last seen.")
    last_run_id: UUID = said("The last of these runs.")


@strawberry.type(description="Runs that do not begin until they are released.")
class Hold:
    tenant_id: UUID | None = said("Of which company; null for all.")
    kind: str | None = said("Of which kind; null for all.")
    shop_id: UUID | None = said("Of which shop; null for all.")
    since: datetime = said("Since when.")


def lane_of(row: LaneRow, now: datetime, waits: Once[Mapping[UUID, Reason]]) -> Lane:
    """A lane as it is at this moment; `waits` says by company why its first run does."""
    return Lane(
        tenant_id=row.tenant_id,
        company_name=row.company,
        state=row.state(now),
        weight=row.weight,
        cap=row.cap,
        handed=row.handed,
        running=row.running,
        waiting=row.waiting,
        due_at=row.due_at,
        waits=waits,
    )


def worker_of(row: WorkerRow, now: datetime) -> Worker:
    """A worker as it is at this moment."""
    return Worker(
        name=row.worker,
        state=WorkerState(row.state(now)),
        version=row.version,
        slots=row.slots,
        busy=row.busy,
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
    )


def failure_of(row: FailureRow, language: str) -> Failure:
    """A cause."""
    return Failure(
        fingerprint=row.fingerprint,
        kind=row.kind,
        error_type=row.error_type,
        why=translated(row.why, language),
        count=min(row.count, 2**31 - 1),
        companies=row.companies,
        shops=min(row.shops, 2**31 - 1),
        at_least=row.more,
        first_at=row.first_at,
        last_at=row.last_at,
        last_run_id=row.last_run,
    )


def hold_of(row: HoldRow) -> Hold:
    """What stands still."""
    tenant = None if row.fleet else row.tenant_id
    return Hold(tenant_id=tenant, kind=row.kind, shop_id=row.shop_id, since=row.since)


@strawberry.type(description="Something a marketplace says beyond the description of its API.")
class Novelty:
    endpoint: str = said("Of which method's answers.")
    path: str = said("Where in the answer, such as `[].warehouseType`.")
    kind: Kind = said("What it is.")
    thing: str = said("The field's name, the value, or the place.")
    example: str = said("Of a field: the shape of what it holds; letters are x, figures are 0.")
    first_at: datetime = said("When it was first heard.")
    last_at: datetime = said("When it was heard last, to the day.")


def novelty_of(row: NoveltyRow) -> Novelty:
    """A row as the API shows it."""
    return Novelty(
        endpoint=row.endpoint,
        path=row.path,
        kind=Kind(row.kind),
        thing=row.thing,
        example=row.example,
        first_at=row.first_at,
        last_at=row.last_at,
    )
