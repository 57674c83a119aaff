"""The newest syncs of a shop, in one line each: what a page about the shop says of its runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import (
    ColumnElement,
    DateTime,
    TableClause,
    Text,
    Uuid,
    column,
    null,
    select,
    table,
    union_all,
)

from app.read_models import Database, Remarked
from app.web.console import Visitor
from domain.access import TenantScope
from domain.fact import fact

Remarks: TypeAlias = Callable[
    [TenantScope, Sequence[Remarked], Visitor], Awaitable[Mapping[UUID, Markup | str]]
]
"""By run of this company: why it waits, or how it ended, in a sentence."""


@fact
class Ran:
    """One run, live or finished."""

    run_id: UUID
    state: str
    why: str
    source: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


_TIME = DateTime(timezone=True)
_SHARED = ("run_id", "state", "why", "source", "created_at", "started_at")


def _runs(name: str, *own: str) -> TableClause:
    return table(
        name,
        *(column(each, Uuid) for each in ("run_id", "shop_id")),
        *(column(each, Text) for each in ("kind", "state", "why", "source")),
        *(column(each, _TIME) for each in ("created_at", "started_at", *own)),
    )


_LIVE, _FINISHED = _runs("job_runs"), _runs("job_history", "finished_at")


async def last_runs(
    database: Database, scope: TenantScope, shop_id: UUID, limit: int
) -> Sequence[Ran]:
    """The newest first. Ids grow with time."""
    nothing: ColumnElement[datetime] = null().cast(_TIME)
    parts = [
        select(
            *(each.c[name] for name in _SHARED),
            (_FINISHED.c.finished_at if each is _FINISHED else nothing).label("finished_at"),
        )
        .where(each.c.shop_id == shop_id, each.c.kind == "sync")
        .order_by(each.c.run_id.desc())
        .limit(limit)
        .subquery()
        .select()
        for each in (_LIVE, _FINISHED)
    ]
    both = union_all(*parts).subquery()
    query = both.select().order_by(both.c.run_id.desc()).limit(limit)
    async with database.reading(scope) as connection:
        return [Ran(**row) for row in (await connection.execute(query)).mappings()]
