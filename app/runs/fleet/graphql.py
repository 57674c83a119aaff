"""What callers may ask about the fleet: their own part of it, or with a reason all."""

import strawberry

from app.graphql.connection import (
    COUNTED,
    Connection,
    Edge,
    connection,
    cursor,
    key_of,
    page_size,
)
from app.graphql.context import AsStaff, Info, asker_of, everyone_of, scope_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, query, said
from app.runs import holds as held
from app.runs.along import Once
from app.runs.fleet import failures as causes
from app.runs.fleet import lanes as stored
from app.runs.fleet.failures import FailureRow
from app.runs.fleet.lanes import LaneRow
from app.runs.fleet.novelties import novelties
from app.runs.fleet.shown import (
    Failure,
    Hold,
    Lane,
    Novelty,
    Worker,
    failure_of,
    hold_of,
    lane_of,
    novelty_of,
    worker_of,
)
from app.runs.fleet.workers import drain, workers
from domain.access import Role


@strawberry.type
class Query:
    @query(
        Role.VIEWER,
        "The company's lane; with a reason all that have something to do, those with runs in hand "
        "first; 1 to 100 a page.",
    )
    async def lanes(
        self, info: Info, first: int = 20, after: str | None = None, as_staff: AsStaff = None
    ) -> Connection[Lane]:
        size, ports, scope = page_size(first), info.context.ports, await scope_of(info, as_staff)
        last = key_of(after, stored.Key) if after is not None else None
        rows = await stored.lanes(ports.database, scope, last, size + 1)
        now = ports.clock()
        waits = Once(lambda: stored.reasons_in(ports.database, scope, rows[:size], now))

        async def count() -> int:
            return await stored.count_lanes(ports.database, scope, COUNTED)

        def edge_of(row: LaneRow) -> Edge[Lane]:
            return Edge(cursor=cursor(*row.key), node=lane_of(row, now, waits))

        return connection(rows, size, after, edge_of, count)

    @query(Role.VIEWER, "What failed for good, by its cause, last seen first; 1 to 100 a page.")
    async def failures(
        self, info: Info, first: int = 20, after: str | None = None, as_staff: AsStaff = None
    ) -> Connection[Failure]:
        size, ports, scope = page_size(first), info.context.ports, await scope_of(info, as_staff)
        last = key_of(after, causes.Key) if after is not None else None
        rows = await causes.failures(ports.database, scope, last, size + 1)

        async def count() -> int:
            return await causes.count_failures(ports.database, scope, COUNTED)

        def edge_of(row: FailureRow) -> Edge[Failure]:
            return Edge(cursor=cursor(*row.key), node=failure_of(row, info.context.language))

        return connection(rows, size, after, edge_of, count)

    @query(Role.VIEWER, "What is on hold, for all companies or the caller's; the newest 100.")
    async def holds(self, info: Info, as_staff: AsStaff = None) -> list[Hold]:
        scope = await scope_of(info, as_staff)
        return [hold_of(row) for row in await held.holds(info.context.ports.database, scope)]

    @query(Role.VIEWER, "Who works, for those who run the servers: `asStaff` is needed.")
    async def workers(self, info: Info, as_staff: AsStaff = None) -> list[Worker]:
        ports, scope = info.context.ports, await everyone_of(info, as_staff)
        now = ports.clock()
        return [worker_of(row, now) for row in await workers(ports.database, scope)]

    @query(
        Role.VIEWER,
        "What a marketplace says beyond its description, for those who run the servers: the newest "
        "100 of the last 30 days. `asStaff` is needed.",
    )
    async def novelties(self, info: Info, as_staff: AsStaff = None) -> list[Novelty]:
        ports, scope = info.context.ports, await everyone_of(info, as_staff)
        return [novelty_of(row) for row in await novelties(ports.database, scope, ports.clock())]


@strawberry.input(description="A worker that is to go.")
class DrainWorkerInput:
    worker: str = said("Its name, as `workers` says it.")
    as_staff: str = said(
        "For which reason, which stays on record. A ticket's number, never a name."
    )


@strawberry.type(description="What came of asking a worker to go.")
class DrainWorkerPayload:
    worker: str | None = strawberry.field(default=None, description="The one that was asked.")
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(
        Role.VIEWER,
        "For those who run the servers: a worker takes no more runs, ends those it has, and goes.",
    )
    async def drain_worker(self, info: Info, input: DrainWorkerInput) -> DrainWorkerPayload:  # noqa: A002 - its name in the API
        ports, scope = info.context.ports, await everyone_of(info, input.as_staff)
        await drain(ports.database, ports.handle, scope, asker_of(info, input), input.worker)
        return DrainWorkerPayload(worker=input.worker)
