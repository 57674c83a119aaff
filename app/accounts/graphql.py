"""Who asks, and the company she asks for."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.accounts.company import MemberRow, company, members
from app.accounts.past import CompanyShop, CompanyThen, company_then, members_then, shops_then
from app.graphql.context import Info
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, query, resolved, said
from app.graphql.moment import AsOf, moment_of
from app.past import state_then
from domain import tenant
from domain.access import Role
from domain.events import NOW
from domain.secrecy import Secret

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
    then: strawberry.Private[CompanyThen | None] = None

    @resolved(
        "Its people, in the order they came. Names and addresses are as of today, for they are "
        "no facts: null for who has left since.",
        size=20,
    )
    async def members(self, info: Info) -> list[Member]:
        if self.then is None:
            rows = await members(info.context.ports.database, info.context.scope)
        else:
            rows = await members_then(info.context, self.then)
        return [Member(person=_person(row), role=row.role, joined_at=row.joined_at) for row in rows]

    @resolved("Its shops, in the order they were connected; `shops` says more of today's.", size=10)
    async def shops(self, info: Info) -> list[CompanyShop]:
        if self.then is not None:
            return await shops_then(info.context, self.then.state)
        state, _ = await state_then(info.context, tenant.decider, NOW)
        return await shops_then(info.context, state)


@strawberry.type
class Query:
    @query(Role.VIEWER, "Who asks, and what she may.")
    async def viewer(self, info: Info) -> Viewer:
        scope = info.context.scope
        rows = await members(info.context.ports.database, scope)
        mine = next((row for row in rows if row.user_id == scope.person), None)
        person = _person(mine) if mine else Person(id=scope.person, full_name=None, email=None)
        return Viewer(person=person, role=scope.role, tenant_id=scope.tenant)

    @query(
        Role.VIEWER,
        "The company that the caller is signed in to; as of a moment before it registered: null. "
        "Its name is today's: names are no facts.",
    )
    async def tenant(self, info: Info, as_of: AsOf | None = None) -> Tenant | None:
        until = moment_of(as_of, info.context.ports.clock())
        then = None
        if until != NOW:
            then = await company_then(info.context, until)
            if then is None:
                return None
        row = await company(info.context.ports.database, info.context.scope)
        return Tenant(id=row.tenant_id, name=row.name, registered_at=row.registered_at, then=then)


@strawberry.input(description="A person to erase, for ever.")
class ErasePersonInput:
    person_id: UUID = said(
        "Yourself, or, for an owner, a member who belongs to no other company. The last one to "
        "leave a company disconnects its shops, and all but its history is deleted."
    )
    password: str | None = strawberry.field(
        default=None, description="Your own password once more, whoever is erased."
    )


@strawberry.type(description="What came of erasing a person.")
class ErasePersonPayload:
    person_id: UUID | None = strawberry.field(
        default=None, description="Who is gone. What she did stays, as done by an erased person."
    )
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(Role.VIEWER, "Delete all that says who a person is. There is no way back.")
    async def erase_person(self, info: Info, input: ErasePersonInput) -> ErasePersonPayload:  # noqa: A002 - its name in the API
        password = Secret(input.password or "")
        await info.context.ports.erase(info.context.who, input.person_id, password)
        return ErasePersonPayload(person_id=input.person_id)


def _person(row: MemberRow) -> Person:
    return Person(id=row.user_id, full_name=row.full_name, email=row.email)
