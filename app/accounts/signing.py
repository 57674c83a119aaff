"""Registering, signing in and out, and staying signed in."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from app.accounts import people, read, sessions, throttle
from app.accounts.accounts import Accounts
from app.accounts.guard import Caller
from app.accounts.sessions import Session
from app.handle import Ask
from app.web.door import Door
from domain import subscription, tenant, user
from domain.errors import Forbidden, Taken
from domain.events import Rows, Stream
from domain.fact import fact
from domain.ids import uuid7
from domain.plan import Plan
from domain.secrecy import NotSignedIn, Secret

log = logging.getLogger(__name__)

Begin: TypeAlias = Callable[[UUID, UUID, datetime], tuple[Session, Rows]]
"""Of what kind the new session is: a program's, unless a browser's is wanted."""


class WrongCredentials(NotSignedIn):
    """E-mail or password is wrong."""


@fact
class Registration:
    """As asked for, not yet checked. `language`: in which she registers, ru or en."""

    email: str
    password: Secret
    full_name: str
    company_name: str | None
    language: str = "ru"


async def register(
    accounts: Accounts, door: Door, asked: Registration, begin: Begin = sessions.begin
) -> Session:
    """A person, her company and its free plan, or nothing of it.

    Raises Invalid naming the field, AlreadyRegistered, TooMany, Unavailable.
    """
    checked = people.checked(asked.email, asked.full_name, asked.company_name)
    newcomer = replace(checked, language=asked.language)
    email_key = accounts.keys.email_key(newcomer.email)
    await throttle.registration(accounts, door, email_key)
    hashed = await accounts.passwords.hash(asked.password.reveal())
    now = accounts.clock()
    person, company = uuid7(now), uuid7(now)
    session, rows = begin(person, company, now)
    try:
        await accounts.handle(
            _ask(person, user.Register()),
            *_founding(company, person),
            origin=sessions.origin_of(door, person),
            rows=[
                *people.registering(person, newcomer, email_key, hashed, now),
                (people.LABEL, (company, company, newcomer.company_name)),
                *rows,
                *sessions.origins(door, now, person, company),
            ],
        )
    except Taken as taken:
        raise user.AlreadyRegistered(field="email") from taken
    return session


async def sign_in(
    accounts: Accounts,
    door: Door,
    email: str,
    password: Secret,
    begin: Begin = sessions.begin,
) -> Session:
    """Raises WrongCredentials after the same work whether the address is known or not."""
    email_key = accounts.keys.email_key(email)
    await throttle.sign_in(accounts, door, email_key)
    login = await read.by_login(accounts.people, email_key)
    hashed = login.password_hash if login else None
    right = await accounts.passwords.verify(password.reveal(), hashed)
    if login is None or not right:
        log.info("a sign-in was refused, request %s", door.correlation)
        raise WrongCredentials
    await throttle.signed_in(accounts, door, email_key)
    try:
        return await _begin(accounts, door, login.person, begin)
    except user.UnknownUser as erased:  # since she was looked up
        raise WrongCredentials from erased


async def _begin(accounts: Accounts, door: Door, person: UUID, begin: Begin) -> Session:
    """Raises Forbidden for who has no company, UnknownUser for who was erased."""
    companies = await read.companies_of(accounts.people, person)
    if not companies and not await read.is_person(accounts.people, person):
        raise user.UnknownUser
    if not companies:
        raise Forbidden("You belong to no company any more. Ask its owner to invite you.")
    now = accounts.clock()
    session, rows = begin(person, companies[0], now)
    await accounts.handle(
        _ask(person, user.SignIn(session_id=session.id)),
        origin=sessions.origin_of(door, person),
        rows=[*rows, *sessions.origins(door, now, person)],
    )
    return session


async def renew(accounts: Accounts, door: Door, token: str) -> Session:
    """The session goes on. A token that was used before ends it, for its owner and for the thief.

    Raises NotSignedIn, SessionEnded, TooMany.
    """
    await throttle.renewal(accounts, door)
    try:
        return await sessions.renew(accounts, token)
    except sessions.Stolen as stolen:
        person = UUID(token.split("_")[1])
        log.warning("session %s ended: its refresh token was used twice", stolen.session)
        # Somebody may have ended it since, or erased her: then there is nothing left to report.
        with suppress(Taken, user.UnknownUser):
            await _end(accounts, door, person, user.ReportTheft(session_id=stolen.session))
        raise sessions.SessionEnded from stolen


async def sign_out(accounts: Accounts, caller: Caller) -> None:
    """The session's tokens are worth nothing from the next request on."""
    with suppress(Taken, user.UnknownUser):
        command = user.SignOut(session_id=caller.session)
        await _end(accounts, caller.door, caller.scope.person, command)


async def _end(
    accounts: Accounts, door: Door, person: UUID, command: user.SignOut | user.ReportTheft
) -> None:
    now = accounts.clock()
    await accounts.handle(
        _ask(person, command),
        origin=sessions.origin_of(door, person),
        rows=[
            *sessions.end(person, command.session_id, now),
            *sessions.origins(door, now, person),
        ],
    )


def _founding(company: UUID, owner: UUID) -> tuple[Ask, Ask]:
    return (
        Ask(
            decider=tenant.decider,
            stream=Stream(kind="tenant", tenant=company, id=company),
            command=tenant.Register(owner_id=owner),
        ),
        Ask(
            decider=subscription.decider,
            stream=Stream(kind="subscription", tenant=company, id=company),
            command=subscription.Start(plan=Plan.FREE),
        ),
    )


def _ask(person: UUID, command: user.Command) -> Ask:
    stream = Stream(kind="user", tenant=person, id=person)
    return Ask(decider=user.decider, stream=stream, command=command)
