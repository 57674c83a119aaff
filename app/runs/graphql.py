"""What callers may ask about runs, and how they ask for one."""

from collections.abc import Mapping, Sequence
from uuid import UUID

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
from app.graphql.context import Info, asker_of
from app.graphql.errors import UserError
from app.graphql.fields import mutation, query, said
from app.runs import read
from app.runs.read import AttemptRow, RunRow, Wanted
from app.runs.shown import Attempts, Run, RunState, run_of
from domain.access import Role


@strawberry.type
class Query:
    @query(Role.VIEWER, "Runs, live and finished, the newest first; 1 to 100 a page.")
    async def runs(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        shop_id: UUID | None = None,
        state: RunState | None = None,
    ) -> Connection[Run]:
        size, database, scope = page_size(first), info.context.ports.database, info.context.scope
        last = key_of(after, tuple[UUID])[0] if after is not None else None
        wanted = Wanted(shop_id=shop_id, state=state and state.value, after=last)
        rows = await read.runs(database, scope, wanted, size + 1)
        tries = _tries(info, rows)

        async def count() -> int:
            every = Wanted(shop_id=shop_id, state=wanted.state)
            return await read.count(database, scope, every, COUNTED)

        def edge_of(row: RunRow) -> Edge[Run]:
            return Edge(cursor=cursor(row.run_id), node=run_of(row, tries))

        return connection(rows, size, after, edge_of, count)

    @query(Role.VIEWER, "One run; null for an id that is none of the company's.")
    async def run(self, info: Info, id: UUID) -> Run | None:  # noqa: A002 - its name in the API
        row = await read.run_by_id(info.context.ports.database, info.context.scope, id)
        return run_of(row, _tries(info, [row])) if row else None


@strawberry.input(description="A sync to ask for.")
class RequestSyncInput:
    shop_id: UUID = said("Of which shop.")


@strawberry.type(description="What came of asking for a sync.")
class RequestSyncPayload:
    run: Run | None = strawberry.field(
        default=None, description="The shop's live run; one that is under way already is it."
    )
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Empty when it worked."
    )


@strawberry.type
class Mutation:
    @mutation(Role.MEMBER, "Sync a shop now. A shop has one live sync: asking again finds it.")
    async def request_sync(self, info: Info, input: RequestSyncInput) -> RequestSyncPayload:  # noqa: A002 - its name in the API
        database, scope = info.context.ports.database, info.context.scope
        await asker_of(info, input).ask_for_sync(info.context.ports.handle, input.shop_id)
        row = await read.live_run(database, scope, f"sync:{input.shop_id}")
        if row is None:
            newest = await read.runs(database, scope, Wanted(shop_id=input.shop_id), 1)
            row = next(iter(newest), None)
        return RequestSyncPayload(run=run_of(row, _tries(info, [row])) if row else None)


def _tries(info: Info, rows: Sequence[RunRow]) -> Attempts:
    database, scope = info.context.ports.database, info.context.scope

    async def load() -> Mapping[UUID, Sequence[AttemptRow]]:
        return await read.attempts(database, scope, [row.run_id for row in rows])

    return Attempts(load)
