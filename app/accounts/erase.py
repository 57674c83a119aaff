"""Erasing a person: all that says who she is goes; what she did stays, without a name.

She leaves her companies, her rows go and the facts are appended in one transaction.
"""

from collections.abc import Sequence
from uuid import UUID

from asyncpg.exceptions import DeadlockDetectedError

from app.accounts import read, throttle, traces
from app.accounts.accounts import Accounts
from app.asker import Asker
from app.forgetting import forgetting
from app.handle import Ask, RowsOf
from domain import fleet, tenant, user
from domain.access import Role
from domain.errors import Conflict, Refused, Taken, Unknown
from domain.events import Origin, Rows, Stream
from domain.fact import fact
from domain.ids import id_in
from domain.secrecy import Secret

_PLAN = """
SELECT m.tenant_id,
  NOT EXISTS (SELECT FROM members o WHERE o.tenant_id = m.tenant_id AND o.user_id <> $1) AS alone,
  (SELECT count(*) FROM shops s WHERE s.tenant_id = m.tenant_id) AS shops
FROM members m WHERE m.user_id = $1 ORDER BY m.joined_at, m.tenant_id
"""


class UnknownPerson(Unknown):
    """There is no such person."""


class WrongPassword(Refused):
    """This is not your password."""


class BelongsElsewhere(Refused):
    """This person belongs to another company too, so only she can have herself erased. To part with
    her, take her out of your company instead: that erases nothing of hers."""


@fact
class Leaving:
    """A company that a person leaves with her erasure; the last one there disconnects its shops."""

    company: UUID
    alone: bool
    shops: int


async def confirmed(accounts: Accounts, asker: Asker, person: UUID, password: Secret) -> None:
    """Herself, or as an owner somebody who belongs to no other company; never without the asker's
    own password. Sent again it finds nobody, so it needs no id of its own: one would be a hash of
    that password, and stay with the facts.

    Raises Forbidden, WrongPassword, TooMany, UnknownPerson, BelongsElsewhere, LastOwner, Conflict,
    and what parting with a company raises.
    """
    if person != asker.scope.person:
        asker.demand(Role.OWNER)
    await _confirm(accounts, asker.scope.person, password)
    companies = await read.companies_of(accounts.people, person)
    if person != asker.scope.person:
        if asker.scope.tenant not in companies:
            raise UnknownPerson(field="personId")
        if len(companies) > 1:
            raise BelongsElsewhere(field="personId")
    await _erase(accounts, person, companies, asker.origin)


async def erase(accounts: Accounts, person: UUID, origin: Origin) -> None:
    """Raises UnknownPerson, LastOwner, Conflict when somebody changed her companies meanwhile, and
    what parting with a company raises. Where the request came from is not kept: it would be a new
    trace of her."""
    await _erase(accounts, person, await read.companies_of(accounts.people, person), origin)


async def plan(accounts: Accounts, person: UUID) -> Sequence[Leaving]:
    """What her erasure would end."""
    async with accounts.people.driver() as driver:
        rows = await driver.fetch(_PLAN, person)
    return [Leaving(company=row[0], alone=row[1], shops=row[2]) for row in rows]


async def person_of(accounts: Accounts, who: str) -> UUID:
    """By e-mail address or id. Raises UnknownPerson."""
    if not who.isprintable():  # bytes of a shell that are no text
        raise UnknownPerson
    person = id_in(who)
    if person is None:
        login = await read.by_login(accounts.people, accounts.keys.email_key(who))
        if login is None:
            raise UnknownPerson
        return login.person
    if not await read.is_person(accounts.people, person):
        raise UnknownPerson
    return person


async def _erase(
    accounts: Accounts, person: UUID, companies: Sequence[UUID], origin: Origin
) -> None:
    """All in one transaction; not if she belongs to yet another company by then. What her company
    has elsewhere ends first, once nothing here stands against it."""
    only_there = (traces.ONLY_THERE, (person, companies))
    leaving: list[Ask] = [
        Ask(
            decider=tenant.decider,
            stream=Stream(kind="tenant", tenant=company, id=company),
            command=tenant.Leave(user_id=person),
            rows=_left(company, person),
        )
        for company in companies
    ]
    erasing = Ask(
        decider=user.decider,
        stream=Stream(kind="user", tenant=person, id=person),
        command=user.Erase(),
        rows=lambda _before, _events: traces.of_person(person),
    )
    if await read.is_staff(accounts.people, person):
        dismissing = fleet.DismissStaff(user_id=person)
        leaving.append(Ask(decider=fleet.decider, stream=fleet.STREAM, command=dismissing))
    try:
        await accounts.handle.ensure(*leaving, erasing)
        await _part(accounts, person, origin)
        await accounts.handle(*leaving, erasing, origin=origin, rows=[only_there])
    except user.UnknownUser as unknown:
        raise UnknownPerson(field="personId") from unknown
    except (Taken, tenant.UnknownMember, fleet.NotStaff, DeadlockDetectedError) as moved:
        raise Conflict from moved


async def _part(accounts: Accounts, person: UUID, origin: Origin) -> None:
    if accounts.part is None:
        return
    for each in await plan(accounts, person):
        if each.alone:
            await accounts.part(each.company, origin)


async def _confirm(accounts: Accounts, asking: UUID, password: Secret) -> None:
    """As often as one may try to sign in from one place: an access token may be in wrong hands."""
    await throttle.confirmation(accounts, asking)
    hashed = await read.password_of(accounts.people, asking)
    if not await accounts.passwords.verify(password.reveal(), hashed):
        raise WrongPassword(field="password")
    await throttle.confirmed(accounts, asking)


def _left(company: UUID, person: UUID) -> RowsOf:
    def rows(before: tenant.Tenant, events: Sequence[tenant.Event]) -> Rows:
        if set(before.members) == {person}:
            return traces.of_company(company)
        return [(traces.NAMESAKES, (company, person)), *forgetting(company)(before, events)]

    return rows
