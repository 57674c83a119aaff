"""The company as its people see it: who they are, and what they may do."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, column, func, select, table

from app.accounts.accounts import People
from app.read_models import Database
from domain.access import Role, TenantScope
from domain.fact import fact

# Of one person, in all her companies; hence as the owner of the database, and by her id alone.
_COMPANIES = """
SELECT m.tenant_id, m.role, coalesce(l.name, '') AS name FROM members m
LEFT JOIN labels l ON l.tenant_id = m.tenant_id AND l.id = m.tenant_id
WHERE m.user_id = $1 ORDER BY m.joined_at, m.tenant_id
"""


@fact
class MemberRow:
    """A colleague. Name and address are gone when the person was erased."""

    user_id: UUID
    role: Role
    joined_at: datetime
    full_name: str | None
    email: str | None


@fact
class CompanyRow:
    """The company itself."""

    tenant_id: UUID
    name: str
    registered_at: datetime


_members = table(
    "members",
    column("user_id", Uuid),
    column("role", Text),
    column("joined_at", DateTime(timezone=True)),
)
_people = table("people", column("user_id", Uuid), column("full_name", Text), column("email", Text))
_tenants = table(
    "tenants", column("tenant_id", Uuid), column("registered_at", DateTime(timezone=True))
)
_labels = table("labels", column("id", Uuid), column("name", Text))


async def members(database: Database, scope: TenantScope) -> Sequence[MemberRow]:
    """All of them, in the order they came."""
    query = (
        select(*_members.c, _people.c.full_name, _people.c.email)
        .outerjoin(_people, _people.c.user_id == _members.c.user_id)
        .order_by(_members.c.joined_at, _members.c.user_id)
    )
    async with database.reading(scope) as connection:
        rows = await connection.execute(query)
    return [MemberRow(**row | {"role": Role(row["role"])}) for row in map(dict, rows.mappings())]


async def company(database: Database, scope: TenantScope) -> CompanyRow:
    """The one that the scope is about."""
    query = select(*_tenants.c, func.coalesce(_labels.c.name, "").label("name")).outerjoin(
        _labels, _labels.c.id == _tenants.c.tenant_id
    )
    async with database.reading(scope) as connection:
        row = (await connection.execute(query)).mappings().one()
    return CompanyRow(**row)


async def companies_of(people: People, person: UUID) -> Sequence[tuple[UUID, str, Role]]:
    """(id, name, role) of each company a person belongs to, the oldest membership first."""
    async with people.driver() as driver:
        rows = await driver.fetch(_COMPANIES, person)
    return [(row["tenant_id"], row["name"], Role(row["role"])) for row in rows]
