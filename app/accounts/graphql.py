"""Who asks, and the company she asks for."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.accounts.company import MemberRow, company, members
from app.graphql.context import Info
from app.graphql.fields import query, resolved, said
from domain.access import Role

strawberry.enum(
    Role,
    name="Role",
    description="What a person is in a company; each may what the next may.",
)


@strawberry.type(description="Somebody who signs in.")
class Person:
    id: UUID = said("Her id, for ever.")
    full_name: str | None = said("Null when the person was erased.")
    email: str | None = said("Null when the person was erased.")


@strawberry.type(description="A company that a person belongs to.")
class Membership:
    tenant_id: UUID = said("The company's id.")
    name: str = said("The company's name.")
    role: Role = said("What the person is there.")


@strawberry.type(description="Who asks.")
class Viewer:
    person: Person = said("Herself.")
    role: Role = said("What she is in the company that she is signed in to.")
    tenant_id: UUID = said("That company.")

    @resolved("All companies that she belongs to.", size=10)
    async def companies(self, info: Info) -> list[Membership]:
        found = await info.context.ports.companies_of(self.person.id)
        return [Membership(tenant_id=each, name=name, role=role) for each, name, role in found]


@strawberry.type(description="Somebody of the company.")
class Member:
    person: Person = said("Who.")
    role: Role = said("What she is here.")
    joined_at: datetime = said("Since when.")


@strawberry.type(description="A company.")
class Tenant:
    id: UUID = said("Its id, for ever.")
    name: str = said("Its name.")
    registered_at: datetime = said("When it registered.")

    @resolved("Its people, in the order they came.", size=20)
    async def members(self, info: Info) -> list[Member]:
        rows = await members(info.context.ports.database, info.context.scope)
        return [Member(person=_person(row), role=row.role, joined_at=row.joined_at) for row in rows]


@strawberry.type
class Query:
    @query(Role.VIEWER, "Who asks, and what she may.")
    async def viewer(self, info: Info) -> Viewer:
        scope = info.context.scope
        rows = await members(info.context.ports.database, scope)
        mine = next((row for row in rows if row.user_id == scope.person), None)
        person = _person(mine) if mine else Person(id=scope.person, full_name=None, email=None)
        return Viewer(person=person, role=scope.role, tenant_id=scope.tenant)

    @query(Role.VIEWER, "The company that the caller is signed in to.")
    async def tenant(self, info: Info) -> Tenant:
        row = await company(info.context.ports.database, info.context.scope)
        return Tenant(id=row.tenant_id, name=row.name, registered_at=row.registered_at)


def _person(row: MemberRow) -> Person:
    return Person(id=row.user_id, full_name=row.full_name, email=row.email)
