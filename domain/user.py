"""The user: a person who signs in. Who she is lives in a row that can be deleted."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.decider import Decider
from domain.errors import Refused, Unknown
from domain.fact import fact

# What can happen


@fact
class Registered:
    pass


@fact
class SignedIn:
    session_id: UUID


@fact
class SignedOut:
    session_id: UUID


@fact
class SessionStolen:
    """A refresh token was used twice: one of the two holders is a thief, so both are out."""

    session_id: UUID


@fact
class Erased:
    """Everything that said who she was is deleted; what she did stays, without a name."""


Event: TypeAlias = Registered | SignedIn | SignedOut | SessionStolen | Erased


# What we remember


@fact
class User:
    exists: bool = False


def evolve(user: User, event: Event) -> User:
    match event:
        case Registered():
            return replace(user, exists=True)
        case Erased():
            return replace(user, exists=False)
        case SignedIn() | SignedOut() | SessionStolen():
            return user
        case _:
            assert_never(event)


# What may be asked


@fact
class Register:
    pass


@fact
class SignIn:
    session_id: UUID


@fact
class SignOut:
    session_id: UUID


@fact
class ReportTheft:
    session_id: UUID


@fact
class Erase:
    pass


Command: TypeAlias = Register | SignIn | SignOut | ReportTheft | Erase


# How we answer


class AlreadyRegistered(Refused):
    """This e-mail address is already registered. Sign in instead."""


class UnknownUser(Unknown):
    """There is no such user."""


def decide(user: User, command: Command) -> Iterator[Event]:
    match command:
        case Register() if user.exists:
            raise AlreadyRegistered(field="email")
        case Register():
            yield Registered()
        case _ if not user.exists:
            raise UnknownUser
        case SignIn(session_id=session_id):
            yield SignedIn(session_id=session_id)
        case SignOut(session_id=session_id):
            yield SignedOut(session_id=session_id)
        case ReportTheft(session_id=session_id):
            yield SessionStolen(session_id=session_id)
        case Erase():
            yield Erased()
        case _:
            assert_never(command)


decider = Decider("user", User(), decide, evolve)
