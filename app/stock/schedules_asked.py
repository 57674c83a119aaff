"""A schedule as callers give it: ready by an hour, or cron; what is wrong is told with its cure."""

import re
from datetime import datetime, time
from uuid import UUID

import strawberry

from app.cron import check
from app.graphql.fields import said
from app.stock.schedules_shown import Weekday
from domain.errors import Invalid
from domain.schedule import EVERY_DAY, CatchUp, Cron, Overlap, ReadyBy, Schedule

LONGEST = 200
HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


@strawberry.input(description="When a shop is to be ready or synced: `readyBy` or `cron`.")
class SetScheduleInput:
    shop_id: UUID = said("Which shop.")
    ready_by: str | None = strawberry.field(
        default=None, description="HH:MM by which the sheet is to be ready: the usual way."
    )
    weekdays: list[Weekday] | None = strawberry.field(
        default=None, description="The days of `readyBy`; every day if left out."
    )
    cron: str | None = strawberry.field(
        default=None, description="Five fields: minute, hour, day, month, weekday."
    )
    zone: str = strawberry.field(default="Europe/Moscow", description="An IANA time zone.")
    catch_up: CatchUp = strawberry.field(
        default=CatchUp.ONCE, description="Whether a slot that could not be run in time is, late."
    )
    overlap: Overlap = strawberry.field(
        default=Overlap.SKIP, description="Whether a slot that meets a live run is run after it."
    )


def asked(given: SetScheduleInput, now: datetime) -> Schedule:
    """Raises Invalid, naming the field and the cure."""
    zone = _short(given.zone, "zone")
    schedule = Schedule(
        ready_by=_ready_by(given, zone),
        cron=_cron(given, zone),
        catch_up=given.catch_up,
        overlap=given.overlap,
    )
    check(schedule, now)
    return schedule


def _ready_by(given: SetScheduleInput, zone: str) -> ReadyBy | None:
    if given.ready_by is None:
        return None
    if given.cron is not None:
        message = "Give `readyBy` or `cron`, not both: each says when."
        raise Invalid(message, field="cron")
    return ReadyBy(at=_hour(given.ready_by), zone=zone, weekdays=_weekdays(given.weekdays))


def _cron(given: SetScheduleInput, zone: str) -> Cron | None:
    if given.ready_by is not None:
        return None
    if given.cron is None:
        message = "Say when: `readyBy` such as 08:00, or `cron`."
        raise Invalid(message, field="readyBy")
    if given.weekdays is not None:
        message = "`weekdays` go with `readyBy`; in `cron` they are the fifth field."
        raise Invalid(message, field="weekdays")
    return Cron(fields=_short(given.cron, "cron"), zone=zone)


def _hour(text: str) -> time:
    found = HOUR.fullmatch(text.strip())
    if found is None:
        message = "`readyBy` is an hour of the day, 00:00 to 23:59: 08:00, 17:30."
        raise Invalid(message, field="readyBy")
    return time(int(found[1]), int(found[2]))


def _weekdays(named: list[Weekday] | None) -> tuple[int, ...]:
    if named is None:
        return EVERY_DAY
    if not named:
        message = "Name at least one day, or leave `weekdays` out for every day."
        raise Invalid(message, field="weekdays")
    return tuple(sorted({day.value for day in named}))


def _short(value: str, field: str) -> str:
    if len(value) > LONGEST:
        raise Invalid(f"`{field}` must be at most {LONGEST} characters.", field=field)
    return " ".join(value.split())
