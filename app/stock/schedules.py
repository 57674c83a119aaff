"""Schedules of a company's shops, or of all: whose run is next comes first."""

from app.graphql.connection import (
    COUNTED,
    Connection,
    Edge,
    connection,
    cursor,
    key_of,
    page_size,
)
from app.graphql.context import Info, scope_of
from app.stock import planned
from app.stock.planned import Key, Planned, Which
from app.stock.schedules_shown import Schedule, schedule_of


async def schedules(
    info: Info, first: int, after: str | None, as_staff: str | None
) -> Connection[Schedule]:
    """A page of them. Raises Invalid for a size or a cursor that cannot be."""
    size, ports, scope = page_size(first), info.context.ports, await scope_of(info, as_staff)
    last = key_of(after, Key) if after is not None else None
    now = ports.clock()
    rows = await planned.planned(ports.database, scope, Which.ALL, now, last, size + 1)

    async def count() -> int:
        return await planned.count_planned(ports.database, scope, COUNTED)

    return connection(rows, size, after, _edge_of, count)


def _edge_of(row: Planned) -> Edge[Schedule]:
    return Edge(cursor=cursor(*row.key), node=schedule_of(row.shop))
