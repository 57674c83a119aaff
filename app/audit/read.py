"""The audit log: the tenant's facts themselves, newest first, with the names behind their ids."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    column,
    func,
    select,
    table,
    union_all,
)

from app.read_models import Database, Projected, Projection, Written
from domain.access import TenantScope
from domain.fact import fact
from domain.ports import Recorded

ENTRIES = Projected(name="audit_entries", key=("tenant_id", "position"))

ENTER = ENTRIES.put("at", "name", "actor_id", "source", "correlation_id", "target_id")


def project(recorded: Recorded) -> Written:
    at, name, origin = recorded.at, recorded.name, recorded.origin
    signed = (origin.actor, origin.source, origin.correlation)
    yield ENTER, (recorded.tenant, recorded.position, at, name, *signed, target_of(recorded))


def target_of(recorded: Recorded) -> UUID:
    """What a fact is about: a shop, a person, or else its stream's own noun."""
    told = (getattr(recorded.event, name, None) for name in ("shop_id", "user_id"))
    return next((each for each in told if each is not None), recorded.stream.id)


PROJECTION = Projection(project=project, tables=(ENTRIES,))


@fact
class FactRow:
    """One fact as stored, in its envelope."""

    position: int
    event_id: UUID
    name: str
    at: datetime
    source: str
    actor_id: UUID | None
    correlation_id: UUID
    causation: str
    schema_version: int
    payload: bytes


_events = table(
    "events",
    column("position", BigInteger),
    *(column(name, Uuid) for name in ("event_id", "actor_id", "correlation_id")),
    *(column(name, Text) for name in ("name", "source", "causation")),
    column("at", DateTime(timezone=True)),
    column("schema_version", Integer),
    column("payload", LargeBinary),
)
_people = table("people", column("user_id", Uuid), column("full_name", Text))
_labels = table("labels", column("id", Uuid), column("name", Text))


async def page(
    database: Database, scope: TenantScope, before: int | None, limit: int
) -> Sequence[FactRow]:
    """Up to `limit` facts recorded before position `before`, the newest first."""
    query = select(_events).order_by(_events.c.position.desc()).limit(limit)
    if before is not None:
        query = query.where(_events.c.position < before)
    async with database.reading(scope) as connection:
        rows = await connection.execute(query)
    return [FactRow(**row) for row in rows.mappings()]


async def count(database: Database, scope: TenantScope, most: int) -> int:
    """How many there are; `most` + 1 means more than that."""
    some = select(_events.c.position).limit(most + 1).subquery()
    async with database.reading(scope) as connection:
        return (await connection.execute(select(func.count()).select_from(some))).scalar_one()


async def names_of(
    database: Database, scope: TenantScope, wanted: AbstractSet[UUID]
) -> Mapping[UUID, str]:
    """Names of people, shops and the company, in one statement; who was erased has none."""
    query = union_all(
        select(_people.c.user_id, _people.c.full_name).where(_people.c.user_id.in_(wanted)),
        select(_labels.c.id, _labels.c.name).where(_labels.c.id.in_(wanted)),
    )
    async with database.reading(scope) as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}
