"""A company's stream as of a moment: what it had come to, and when each part was recorded."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Integer, Text, Uuid, column, select, table

from app.graphql.context import Context
from domain.access import TenantScope
from domain.decider import Decider
from domain.events import Moment, Stream

S = TypeVar("S")

_entries = table(
    "audit_entries",
    column("position", BigInteger),
    column("at", DateTime(timezone=True)),
    column("name", Text),
    column("target_id", Uuid),
)
_events = table(
    "events",
    column("kind", Text),
    column("stream_id", Uuid),
    column("version", Integer),
    column("position", BigInteger),
)


async def state_then(
    context: Context, decider: Decider[Any, Any, S], until: Moment
) -> tuple[S, int]:
    """(state, version) of the caller's own company. Raises TooNew."""
    stream = _own(decider.kind, context.scope)
    state, head = await context.ports.history.state(decider, stream, until)
    return state, head.version


async def recorded_at(
    context: Context, kind: str, version: int, names: Collection[str]
) -> Mapping[UUID, datetime]:
    """When the last fact of these names was recorded about each target, up to this version: times
    stand in envelopes, so no state has them."""
    stream = _own(kind, context.scope)
    last = select(_events.c.position).where(
        _events.c.kind == kind, _events.c.stream_id == stream.id, _events.c.version == version
    )
    query = (
        select(_entries.c.target_id, _entries.c.at)
        .where(_entries.c.name.in_(names), _entries.c.position <= last.scalar_subquery())
        .order_by(_entries.c.position)
    )
    async with context.ports.database.reading(context.scope) as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


def _own(kind: str, scope: TenantScope) -> Stream:
    return Stream(kind=kind, tenant=scope.tenant, id=scope.tenant)
