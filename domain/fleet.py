"""The fleet: all companies together, and those who run the servers for them.

It is one stream of its own, so what staff does to everybody is on record like all else.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.decider import Decider
from domain.errors import Refused, Unknown
from domain.events import Stream
from domain.fact import fact

FLEET = UUID(int=0)
"""Stands where a company's id stands; no company has it."""
STREAM = Stream(kind="fleet", tenant=FLEET, id=FLEET)

# What can happen


@fact
class StaffAppointed:
    user_id: UUID


@fact
class StaffDismissed:
    user_id: UUID


@fact
class ReadByStaff:
    """Somebody of the staff looked at what belongs to all companies. `reason` names no person."""

    reason: str


Event: TypeAlias = StaffAppointed | StaffDismissed | ReadByStaff


# What we remember


@fact
class Fleet:
    staff: frozenset[UUID] = frozenset()


def evolve(fleet: Fleet, event: Event) -> Fleet:
    match event:
        case StaffAppointed(user_id=user_id):
            return replace(fleet, staff=fleet.staff | {user_id})
        case StaffDismissed(user_id=user_id):
            return replace(fleet, staff=fleet.staff - {user_id})
        case ReadByStaff():
            return fleet
        case _:
            assert_never(event)


# What may be asked


@fact
class AppointStaff:
    user_id: UUID


@fact
class DismissStaff:
    user_id: UUID


@fact
class ReadAsStaff:
    reason: str


Command: TypeAlias = AppointStaff | DismissStaff | ReadAsStaff


# How we answer


class AlreadyStaff(Refused):
    """This person belongs to the staff already."""


class NotStaff(Unknown):
    """This person does not belong to the staff."""


def decide(fleet: Fleet, command: Command) -> Iterator[Event]:
    match command:
        case AppointStaff(user_id=user_id) if user_id in fleet.staff:
            raise AlreadyStaff
        case AppointStaff(user_id=user_id):
            yield StaffAppointed(user_id=user_id)
        case DismissStaff(user_id=user_id) if user_id not in fleet.staff:
            raise NotStaff
        case DismissStaff(user_id=user_id):
            yield StaffDismissed(user_id=user_id)
        case ReadAsStaff(reason=reason):
            yield ReadByStaff(reason=reason)
        case _:
            assert_never(command)


decider = Decider("fleet", Fleet(), decide, evolve)
