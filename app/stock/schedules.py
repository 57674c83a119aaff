"""Schedules of a company's shops, whose run is next comes first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.graphql.connection import (
    COUNTED,
    Connection,
    Edge,
    connection,
    cursor,
    key_of,
    page_size,
)
from app.graphql.context import Context
from app.stock import read
from app.stock.read import ShopRow
from app.stock.schedules_shown import Schedule, schedule_of


async def planned(context: Context, first: int, after: str | None) -> Connection[Schedule]:
    """A page of them. Raises Invalid for a size or a cursor that cannot be."""
    size, database, scope = page_size(first), context.ports.database, context.scope
    last = key_of(after, tuple[datetime, UUID]) if after is not None else None
    rows: Sequence[ShopRow] = await read.planned(database, scope, last, size + 1)

    async def count() -> int:
        return await read.count_planned(database, scope, COUNTED)

    return connection(rows, size, after, _edge_of, count)


def _edge_of(row: ShopRow) -> Edge[Schedule]:
    return Edge(cursor=cursor(row.next_run_at, row.shop_id), node=schedule_of(row))
