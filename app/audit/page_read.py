"""What the page of the audit log shows beside the facts: whom to choose from, and the last seal."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, LargeBinary, Text, Uuid, column, select, table

from app.audit.seal import said
from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact

MOST = 200
"""People to choose from."""


@fact
class Person:
    """A colleague, by her name."""

    id: UUID
    name: str


@fact
class Sealed:
    """Up to where a company's history was sealed: how many facts, and when."""

    number: int
    at: datetime
    facts: int


_members = table("members", column("tenant_id", Uuid), column("user_id", Uuid))
_people = table("people", column("tenant_id", Uuid), column("full_name", Text))
_seals = table(
    "seals", column("tenant_id", Uuid), column("number", Integer), column("body", LargeBinary)
)


async def colleagues(database: Database, scope: TenantScope) -> Sequence[Person]:
    """By name."""
    query = (
        select(_members.c.user_id, _people.c.full_name)
        .join(_people, _people.c.tenant_id == _members.c.user_id)
        .where(_members.c.tenant_id == scope.tenant)
        .order_by(_people.c.full_name)
        .limit(MOST)
    )
    async with database.reading(scope) as connection:
        return [Person(id=row[0], name=row[1]) for row in await connection.execute(query)]


async def last_seal(database: Database, scope: TenantScope) -> Sealed | None:
    """None before the first, or where somebody broke its body."""
    query = (
        select(_seals.c.number, _seals.c.body)
        .where(_seals.c.tenant_id == scope.tenant)
        .order_by(_seals.c.number.desc())
        .limit(1)
    )
    async with database.reading(scope) as connection:
        row = (await connection.execute(query)).first()
    told = said(row.body) if row else None
    return Sealed(number=row.number, at=told.at, facts=told.events) if row and told else None
