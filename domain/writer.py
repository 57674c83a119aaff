"""Who writes a shop's sheet at Google: an account of our pool, a service account of hers, or she.

A part of the shop, as the shop is one of the tenant. A service account's address is no person's;
of her own Google account nothing stands in a fact, and no key of anybody.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.errors import Refused
from domain.fact import fact

# What can happen


@fact
class RobotAssigned:
    """The account of our pool at `address` writes, for good: the sheet is shared with it."""

    shop_id: UUID
    address: str


@fact
class KeyGiven:
    """A service account of hers writes. Its key lies in the vault."""

    shop_id: UUID
    address: str
    key_id: UUID


@fact
class GoogleSignedIn:
    """We may make files in her Drive; what lets us lies in the vault. The sheet is written by whom
    it was, until one is made there."""

    shop_id: UUID
    consent_id: UUID
    user_id: UUID


@fact
class GoogleSignedOut:
    """Who had signed in has left the company, and her consent with her."""

    shop_id: UUID


@fact
class SheetMade:
    """A file in her own Drive, made by us and written in her name from now on."""

    shop_id: UUID
    spreadsheet_id: str


Event: TypeAlias = RobotAssigned | KeyGiven | GoogleSignedIn | GoogleSignedOut | SheetMade


# What we remember


@fact
class Key:
    """A service account of hers; its key in the vault is called `key_id`."""

    address: str
    key_id: UUID


@fact
class Writer:
    """`robot`: the address of our pool that her sheet is shared with, or would be; None before
    there was a pool. Without a `key` it writes, unless she does so `herself`, by her consent; None:
    nobody has said so, and she does not."""

    robot: str | None = None
    key: Key | None = None
    consent_id: UUID | None = None
    signed_by: UUID | None = None
    herself: bool | None = None

    @property
    def secrets(self) -> frozenset[UUID]:
        """What the vault has to keep for it."""
        held = (self.key and self.key.key_id, self.consent_id)
        return frozenset(each for each in held if each)

    def shared(self) -> "Writer":
        """When a file of hers is connected that was shared with an address."""
        return Writer(robot=self.robot, key=self.key)


def evolve(writer: Writer, event: Event) -> Writer:
    match event:
        case RobotAssigned(address=address):
            return Writer(robot=address)
        case KeyGiven(address=address, key_id=key_id):
            return Writer(robot=writer.robot, key=Key(address=address, key_id=key_id))
        case GoogleSignedIn(consent_id=consent_id, user_id=user_id):
            return replace(writer, consent_id=consent_id, signed_by=user_id)
        case GoogleSignedOut():
            return replace(writer, consent_id=None, signed_by=None)
        case SheetMade():
            return replace(writer, key=None, herself=True)
        case _:
            assert_never(event)


# What may be asked


@fact
class AssignRobot:
    """Back to our pool, whoever writes now."""

    shop_id: UUID
    address: str


@fact
class SettleRobot:
    """Put on record who of our pool writes, if one of it does."""

    shop_id: UUID
    address: str


@fact
class GiveKey:
    shop_id: UUID
    address: str
    key_id: UUID


@fact
class SignIn:
    shop_id: UUID
    consent_id: UUID
    user_id: UUID


@fact
class ConnectMade:
    """A file that was made in her Drive."""

    shop_id: UUID
    spreadsheet_id: str


Command: TypeAlias = AssignRobot | SettleRobot | GiveKey | SignIn | ConnectMade


def shows(writer: Writer, command: Command) -> bool:
    """Does the sheet become another one by it? One that was made asks for its sync itself."""
    match command:
        case AssignRobot() | GiveKey():
            return True
        case SignIn():
            return writer.herself is True
        case SettleRobot() | ConnectMade():
            return False
        case _:
            assert_never(command)


# How we answer


class GoogleSignInMissing(Refused):
    """Sign in with Google first, on the page Start: then a sheet can be made in your Drive."""


def decide(writer: Writer, command: Command) -> Iterator[Event]:
    match command:
        case AssignRobot(shop_id=shop_id, address=address):
            if writer != Writer(robot=address):
                yield RobotAssigned(shop_id=shop_id, address=address)
        case SettleRobot(shop_id=shop_id, address=address):
            if writer == Writer(robot=writer.robot) and writer.robot != address:
                yield RobotAssigned(shop_id=shop_id, address=address)
        case GiveKey(shop_id=shop_id, address=address, key_id=key_id):
            yield KeyGiven(shop_id=shop_id, address=address, key_id=key_id)
        case SignIn(shop_id=shop_id, consent_id=consent_id, user_id=user_id):
            yield GoogleSignedIn(shop_id=shop_id, consent_id=consent_id, user_id=user_id)
        case ConnectMade() if writer.consent_id is None:
            raise GoogleSignInMissing
        case ConnectMade(shop_id=shop_id, spreadsheet_id=spreadsheet_id):
            yield SheetMade(shop_id=shop_id, spreadsheet_id=spreadsheet_id)
        case _:
            assert_never(command)
