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
from domain.events import Origin, Rows, Stream
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


@fact
class _New:
    """Somebody and her company, about to be."""

    person: UUID
    company: UUID
    at: datetime
    newcomer: people.Newcomer
    password_hash: str


async def register(
    accounts: Accounts, door: Door, asked: Registration, begin: Begin = sessions.begin
) -> Session:
    """A person, her company and its free plan, or nothing of it.

    Raises Invalid naming every field that is wrong, AlreadyRegistered, TooMany, Unavailable.
    """
    newcomer = _checked(accounts, asked)
    await throttle.registration(accounts, door, accounts.keys.email_key(newcomer.email))
    new = await _new(accounts, newcomer, asked.password)
    session, rows = begin(new.person, new.company, new.at)
    every = [*rows, *sessions.origins(door, new.at, new.person, new.company)]
    await _found(accounts, new, sessions.origin_of(door, new.person), every)
    return session


async def enrol(accounts: Accounts, asked: Registration, origin: Origin) -> tuple[UUID, UUID]:
    """The same by who runs the servers: nobody is signed in by it. (person, company).

    Raises Invalid naming every field that is wrong, AlreadyRegistered, Unavailable.
    """
    newcomer = _checked(accounts, asked)
    new = await _new(accounts, newcomer, asked.password)
    await _found(accounts, new, origin, ())
    return new.person, new.company


def _checked(accounts: Accounts, asked: Registration) -> people.Newcomer:
    checked = people.checked(
        asked.email,
        asked.full_name,
        asked.company_name,
        lambda: accounts.passwords.check(asked.password.reveal()),
    )
    return replace(checked, language=asked.language)


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


async def _new(accounts: Accounts, newcomer: people.Newcomer, password: Secret) -> _New:
    hashed = await accounts.passwords.hash(password.reveal())
    now = accounts.clock()
    return _New(
        person=uuid7(now), company=uuid7(now), at=now, newcomer=newcomer, password_hash=hashed
    )


async def _found(accounts: Accounts, new: _New, origin: Origin, rows: Rows) -> None:
    email_key = accounts.keys.email_key(new.newcomer.email)
    trial = new.at + accounts.trial if accounts.trial else None
    try:
        await accounts.handle(
            _ask(new.person, user.Register()),
            *_founding(new.company, new.person, trial),
            origin=origin,
            rows=[
                *people.registering(new.person, new.newcomer, email_key, new.password_hash, new.at),
                (people.LABEL, (new.company, new.company, new.newcomer.company_name)),
                *rows,
            ],
        )
    except Taken as taken:
        raise user.AlreadyRegistered(field="email") from taken


def _founding(company: UUID, owner: UUID, trial: datetime | None) -> tuple[Ask, Ask]:
    return (
        Ask(
            decider=tenant.decider,
            stream=Stream(kind="tenant", tenant=company, id=company),
            command=tenant.Register(owner_id=owner),
        ),
        Ask(
            decider=subscription.decider,
            stream=Stream(kind="subscription", tenant=company, id=company),
            command=subscription.Start(plan=Plan.FREE, trial=trial),
        ),
    )


def _ask(person: UUID, command: user.Command) -> Ask:
    stream = Stream(kind="user", tenant=person, id=person)
    return Ask(decider=user.decider, stream=stream, command=command)
