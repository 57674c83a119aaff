"""What callers may ask about runs, and how they ask for one."""

from dataclasses import replace
from typing import Annotated, TypeAlias
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
from app.graphql.context import AsStaff, Info, asker_of, scope_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, query, said
from app.runs import read
from app.runs.along import along_of
from app.runs.read import RunRow
from app.runs.search import Search, found, parse
from app.runs.search.found import Wanted
from app.runs.search.meant import wanted_of
from app.runs.shown import Run, RunState, run_of
from app.staff import inside
from domain.access import Everyone, Role
from domain.errors import Invalid

Typed: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="What the list of runs in the console understands: kind: state: shop: error: "
        "args.x: since: (15m, 2h, 3d, a time of day in UTC, a day), with asStaff tenant: as well, "
        "and free words. Names by how they begin."
    ),
]


@strawberry.type
class Query:
    @query(Role.VIEWER, "Runs, live and finished, the newest first; 1 to 100 a page.")
    async def runs(  # noqa: PLR0913, PLR0917 - the arguments of the field
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        shop_id: UUID | None = None,
        state: RunState | None = None,
        query: Typed = None,
        as_staff: AsStaff = None,
    ) -> Connection[Run]:
        size, database = page_size(first), info.context.ports.database
        scope = await scope_of(info, as_staff)
        search = _search(info, query, shop_id, state)
        wanted = await wanted_of(database, scope, search)
        last = key_of(after, tuple[UUID])[0] if after is not None else None
        rows = await found.runs(database, scope, replace(wanted, before=last), size + 1)
        along = along_of(info, scope, rows[:size], staff=as_staff is not None)

        async def count() -> int:
            return await found.count(database, scope, wanted, COUNTED)

        def edge_of(row: RunRow) -> Edge[Run]:
            return Edge(cursor=cursor(row.run_id), node=run_of(row, along))

        return connection(rows, size, after, edge_of, count)

    @query(Role.VIEWER, "One run; null for an id that is none of the company's.")
    async def run(self, info: Info, id: UUID, as_staff: AsStaff = None) -> Run | None:  # noqa: A002 - its name in the API
        ports, scope = info.context.ports, await scope_of(info, as_staff)
        row = await read.run_by_id(ports.database, scope, id)
        if row is None:
            return None
        if isinstance(scope, Everyone):
            today = ports.clock().date()
            who = info.context.who
            scope = (await inside(ports.handle, who, today, row.tenant_id, scope.reason)).scope
        return run_of(row, along_of(info, scope, [row], staff=as_staff is not None))


@strawberry.input(description="A sync to ask for.")
class RequestSyncInput:
    shop_id: UUID = said("Of which shop.")


@strawberry.type(description="What came of asking for a sync.")
class RequestSyncPayload:
    run: Run | None = strawberry.field(
        default=None, description="The shop's live run; one that is under way already is it."
    )
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(Role.MEMBER, "Sync a shop now. A shop has one live sync: asking again finds it.")
    async def request_sync(self, info: Info, input: RequestSyncInput) -> RequestSyncPayload:  # noqa: A002 - its name in the API
        database, scope = info.context.ports.database, info.context.scope
        await info.context.ports.pace.ask_for_sync(asker_of(info, input), input.shop_id)
        row = await read.live_run(database, scope, f"sync:{input.shop_id}")
        if row is None:
            wanted = Wanted(shops=[(scope.tenant, input.shop_id)], kinds=["sync"])
            row = next(iter(await found.runs(database, scope, wanted, 1)), None)
        return RequestSyncPayload(
            run=run_of(row, along_of(info, scope, [row], staff=False)) if row else None
        )


def _search(info: Info, text: str | None, shop_id: UUID | None, state: RunState | None) -> Search:
    """What is typed and the other arguments together. Raises Invalid."""
    search = parse(text or "", info.context.ports.clock())
    if (state and search.states) or (shop_id and search.shops):
        message = "Name the state and the shop once: as arguments, or within `query`."
        raise Invalid(message, field="query")
    if state:
        search = replace(search, states=[state.value])
    return replace(search, shops=[str(shop_id)]) if shop_id else search
