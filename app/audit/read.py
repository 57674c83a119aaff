"""The index of the audit log: one row per fact, and the names behind the ids in it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table, union_all

from app.read_models import Database, Projected, Projection, Written
from domain.access import Scope, TenantScope
from domain.events import Recorded
from domain.fleet import FLEET

ENTRIES = Projected(name="audit_entries", key=("tenant_id", "position"))

NOUNS = {"tenant": "company", "user": "person"}
"""What the public calls a kind of stream, where that is another word."""

ENTER = ENTRIES.put("at", "name", "actor_id", "source", "correlation_id", "target_id")


def project(recorded: Recorded) -> Written:
    at, name, origin = recorded.at, recorded.name, recorded.origin
    signed = (origin.actor, origin.source, origin.correlation)
    _, target = target_of(recorded.event, recorded.stream.kind, recorded.stream.id)
    yield ENTER, (recorded.tenant, recorded.position, at, name, *signed, target)


def target_of(event: object, kind: str, stream_id: UUID) -> tuple[str, UUID]:
    """(noun, id) of what a fact is about: a shop, a person, or else what its stream is of."""
    for noun, field in (("shop", "shop_id"), ("person", "user_id")):
        told = getattr(event, field, None)
        if isinstance(told, UUID):
            return noun, told
    return NOUNS.get(kind, kind), stream_id


PROJECTION = Projection(project=project, tables=(ENTRIES,))

_people = table(
    "people", column("tenant_id", Uuid), column("user_id", Uuid), column("full_name", Text)
)
_labels = table("labels", column("tenant_id", Uuid), column("id", Uuid), column("name", Text))


async def names_of(
    database: Database, scope: TenantScope, wanted: Collection[UUID]
) -> Mapping[UUID, str]:
    """Names of people, shops and the company, in one statement; who was erased has none."""
    mine = _labels.c.tenant_id == scope.tenant
    query = union_all(
        # A person's tenant is she herself, and the key of her row begins with it.
        select(_people.c.user_id, _people.c.full_name).where(_people.c.tenant_id.in_(wanted)),
        select(_labels.c.id, _labels.c.name).where(mine, _labels.c.id.in_(wanted)),
    )
    async with database.reading(sight(scope)) as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


def sight(scope: TenantScope) -> Scope:
    """Nobody is a colleague in the fleet: whom its facts name may belong to any company."""
    if scope.tenant == FLEET:
        return TenantScope.everyone(scope.person, "names in the log of the fleet")
    return scope
