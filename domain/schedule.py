"""When a shop's sheet is promised or its sync begun, as her people say it: never as arithmetic.

"Ready by 08:00" is the usual form: the hour is a promise, and the run begins before it. Five cron
fields are the other one: a run begins at its minutes, and nothing is promised.
"""

from datetime import time
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from domain.fact import fact

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
"""Days of the week as ISO 8601 numbers them: 1 is Monday."""


class CatchUp(StrEnum):
    """What becomes of a slot that nobody could run in time."""

    SKIP = "skip"
    ONCE = "once"


class Overlap(StrEnum):
    """What becomes of a slot that finds the shop's run before it still under way."""

    SKIP = "skip"
    RERUN = "rerun"


@fact
class ReadyBy:
    """The sheet is written by this hour of the zone, on these days."""

    at: time
    zone: str
    weekdays: tuple[int, ...] = EVERY_DAY


@fact
class Cron:
    """Minute, hour, day, month, weekday, by the clocks of the zone."""

    fields: str
    zone: str


Form: TypeAlias = ReadyBy | Cron


class Told(NamedTuple):
    """A schedule in plain values, as tables keep it. Without `ready_hour` it is a cron schedule;
    with it `cron` says the same hour, for whoever knows nothing else."""

    cron: str
    zone: str
    ready_hour: time | None
    weekdays: str | None
    catch_up: str
    overlap: str


@fact
class Schedule:
    """Exactly one of the two forms, and what to do when it does not go smoothly."""

    ready_by: ReadyBy | None = None
    cron: Cron | None = None
    catch_up: CatchUp = CatchUp.ONCE
    overlap: Overlap = Overlap.SKIP

    def __post_init__(self) -> None:
        if (self.ready_by is None) == (self.cron is None):
            message = "A schedule is either ready by an hour or cron"
            raise ValueError(message)

    @property
    def form(self) -> Form:
        """The one of the two that it has."""
        form = self.ready_by or self.cron
        assert form is not None  # noqa: S101 - for the type checker: __post_init__ has seen to it
        return form

    def told(self) -> Told:
        """In plain values; `kept` is the way back."""
        match self.form:
            case ReadyBy(at=at, zone=zone, weekdays=weekdays):
                days = "".join(map(str, weekdays))
                return Told(_as_cron(at, weekdays), zone, at, days, self.catch_up, self.overlap)
            case Cron(fields=fields, zone=zone):
                return Told(fields, zone, None, None, self.catch_up, self.overlap)


def ready_by(hour: str, zone: str, weekdays: tuple[int, ...] = EVERY_DAY) -> Schedule:
    """`hour` as HH:MM. Raises ValueError for another text."""
    at = time.fromisoformat(hour)
    return Schedule(ready_by=ReadyBy(at=at, zone=zone, weekdays=weekdays))


def by_cron(fields: str, zone: str) -> Schedule:
    """With the usual policies."""
    return Schedule(cron=Cron(fields=fields, zone=zone))


def kept(told: Told) -> Schedule:
    """A schedule of its plain values. Raises ValueError for values that `told` never gives."""
    catch_up, overlap = CatchUp(told.catch_up), Overlap(told.overlap)
    if told.ready_hour is None:
        form = Cron(fields=told.cron, zone=told.zone)
        return Schedule(cron=form, catch_up=catch_up, overlap=overlap)
    days = tuple(map(int, told.weekdays or ""))
    promise = ReadyBy(at=told.ready_hour, zone=told.zone, weekdays=days)
    return Schedule(ready_by=promise, catch_up=catch_up, overlap=overlap)


def _as_cron(at: time, weekdays: tuple[int, ...]) -> str:
    days = "*" if weekdays == EVERY_DAY else ",".join(map(str, weekdays))
    return f"{at.minute} {at.hour} * * {days}"


EVERY_MORNING = ready_by("08:00", "Europe/Moscow")
"""What a new shop gets until its owner says otherwise."""
