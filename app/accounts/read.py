"""The tenants and members tables, and what signing in looks up."""

from typing import Any
from uuid import UUID

from app.accounts.accounts import People
from app.read_models import Projected, Projection, Written
from domain import tenant
from domain.access import Role
from domain.events import Recorded
from domain.fact import fact
from domain.secrecy import Grant

TENANTS = Projected(name="tenants", key=("tenant_id",))
MEMBERS = Projected(name="members", key=("tenant_id", "user_id"))

REGISTER = TENANTS.put("registered_at")
JOIN = MEMBERS.put("role", "joined_at")
LEAVE = MEMBERS.drop()

_BY_LOGIN = """
SELECT p.user_id, p.password_hash FROM logins l
JOIN people p ON p.tenant_id = l.user_id AND p.user_id = l.user_id WHERE l.email_key = $1
"""
_COMPANIES = "SELECT tenant_id FROM members WHERE user_id = $1 ORDER BY joined_at, tenant_id"
_KNOWN_PLACE = """
SELECT EXISTS (SELECT FROM logins l JOIN origins o ON o.tenant_id = l.user_id
               WHERE l.email_key = $1 AND o.ip = $2)
"""
_SESSION = """
SELECT expires_at FROM sessions
WHERE tenant_id = $1 AND session_id = $2 AND company_id = $3 AND ended_at IS NULL
"""
_HASH = "SELECT password_hash FROM people WHERE tenant_id = $1 AND user_id = $1"
_PERSON = "SELECT user_id FROM people WHERE tenant_id = $1 AND user_id = $1"
_STAFF = "SELECT staff FROM people WHERE tenant_id = $1 AND user_id = $1"
_ROLE = "SELECT role FROM members WHERE tenant_id = $1 AND user_id = $2"


def project(recorded: Recorded) -> Written:
    match recorded.event:
        case tenant.Registered():
            yield REGISTER, (recorded.tenant, recorded.at)
        case tenant.MemberJoined(user_id=user_id, role=role):
            yield JOIN, (recorded.tenant, user_id, role, recorded.at)
        case tenant.MemberLeft(user_id=user_id):
            yield LEAVE, (recorded.tenant, user_id)


PROJECTION = Projection(
    project=project,
    tables=(TENANTS, MEMBERS),
    reads=frozenset({tenant.Registered, tenant.MemberJoined, tenant.MemberLeft}),
)


@fact
class Login:
    """Whose an e-mail address is."""

    person: UUID
    password_hash: str

    def __repr__(self) -> str:
        return f"Login({self.person})"


async def by_login(people: People, email_key: bytes) -> Login | None:
    """Who signs in with this address, if anybody."""
    async with people.driver() as driver:
        row = await driver.fetchrow(_BY_LOGIN, email_key)
    return Login(person=row["user_id"], password_hash=row["password_hash"]) if row else None


async def password_of(people: People, person: UUID) -> str | None:
    """The hash of her password; None for who is not there."""
    async with people.driver() as driver:
        hashed: str | None = await driver.fetchval(_HASH, person)
    return hashed


async def is_person(people: People, person: UUID) -> bool:
    """Is she registered, and not erased?"""
    async with people.driver() as driver:
        return await driver.fetchval(_PERSON, person) is not None


async def companies_of(people: People, person: UUID) -> list[UUID]:
    """The companies a person belongs to, the oldest membership first."""
    async with people.driver() as driver:
        return [row["tenant_id"] for row in await driver.fetch(_COMPANIES, person)]


async def is_known_place(people: People, email_key: bytes, ip: str | None) -> bool:
    """Has the owner of this address signed in from here before?"""
    async with people.driver() as driver:
        known: bool = ip is not None and await driver.fetchval(_KNOWN_PLACE, email_key, ip)
    return known


async def is_staff(people: People, person: UUID) -> bool:
    """Does she run the servers, now?"""
    async with people.driver() as driver:
        return bool(await driver.fetchval(_STAFF, person))


async def session_of(people: People, grant: Grant) -> tuple[Any, Role] | None:
    """(end, role) of a session that was not ended, of somebody who still belongs to the company.

    Two point reads, not a join: a session stands with its person, a role with its company.
    """
    async with people.driver() as driver:
        expires_at = await driver.fetchval(_SESSION, grant.person, grant.session, grant.tenant)
        role = expires_at and await driver.fetchval(_ROLE, grant.tenant, grant.person)
    return (expires_at, Role(role)) if role else None
