"""The fleet: all companies together, and those who run the servers for them.

It is one stream of its own, so what staff does to everybody is on record like all else.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, get_args
from uuid import UUID

from domain import run_acts
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


@fact
class AuditExported:
    """Somebody took facts of the fleet with her; the fields are those of `tenant.AuditExported`."""

    format: str
    since: datetime | None
    until: datetime | None
    filter: str | None


@fact
class RunsHeld:
    """Runs of all companies that are not under way wait: of one kind, or all."""

    kind: str | None


@fact
class RunsReleased:
    kind: str | None


@fact
class WorkerDrained:
    """A worker was asked to take no more runs, to end those it has, and to go."""

    worker: str


OwnEvent: TypeAlias = (
    StaffAppointed
    | StaffDismissed
    | ReadByStaff
    | AuditExported
    | RunsHeld
    | RunsReleased
    | WorkerDrained
)
Event: TypeAlias = OwnEvent | run_acts.RunEvent


# What we remember


@fact
class Fleet:
    staff: frozenset[UUID] = frozenset()
    held: tuple[str | None, ...] = ()


def evolve(fleet: Fleet, event: Event) -> Fleet:
    match event:
        case StaffAppointed(user_id=user_id):
            return replace(fleet, staff=fleet.staff | {user_id})
        case StaffDismissed(user_id=user_id):
            return replace(fleet, staff=fleet.staff - {user_id})
        case RunsHeld(kind=kind):
            return replace(fleet, held=(*fleet.held, kind))
        case RunsReleased(kind=kind):
            return replace(fleet, held=tuple(each for each in fleet.held if each != kind))
        case _:
            return fleet


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


@fact
class ExportAudit:
    format: str
    since: datetime | None
    until: datetime | None
    filter: str | None


@fact
class HoldRuns:
    kind: str | None


@fact
class ReleaseRuns:
    kind: str | None


@fact
class DrainWorker:
    worker: str


OwnCommand: TypeAlias = (
    AppointStaff | DismissStaff | ReadAsStaff | ExportAudit | HoldRuns | ReleaseRuns | DrainWorker
)
Command: TypeAlias = OwnCommand | run_acts.RunCommand


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
        case ExportAudit(format=form, since=since, until=until, filter=chosen):
            yield AuditExported(format=form, since=since, until=until, filter=chosen)
        case HoldRuns(kind=kind):
            run_acts.ensure_kind(kind)
            if kind not in fleet.held:
                yield RunsHeld(kind=kind)
        case ReleaseRuns(kind=kind):
            if kind in fleet.held:
                yield RunsReleased(kind=kind)
        case DrainWorker(worker=worker):
            yield WorkerDrained(worker=worker)
        case _:
            yield from run_acts.decide(command)


# In a rolling deploy older processes go on to show things to the staff, and to do what it asks for.
BLIND = (ReadAsStaff, ExportAudit, DrainWorker, *get_args(run_acts.RunCommand))

decider = Decider("fleet", Fleet(), decide, evolve, edition=2, blind=BLIND)
