"""Arithmetic of schedules: their next times, by the clocks of a zone. Cron's own is cronsim's.

Daylight saving, for both forms: a time that is skipped in spring comes right after the gap, one
that repeats in autumn comes once, the first time. As in Debian's cron, with `*` for the hour or the
minute time just passes: nothing is made up for in spring, and the repeated hour has its times
twice.
"""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from domain.errors import Invalid
from domain.local_time import first_moment
from domain.schedule import Cron, ReadyBy, Schedule

FIELDS = 5
NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})
"""In the zone database, but different on each machine, or nowhere at all."""
LOOKED_AT = 50
"""Times of a schedule that tell how often it comes."""
A_WEEK_AND_MORE = range(-1, 9)
"""Days to look at: from the day before, which a gap may move into this one."""


def following(schedule: Schedule, after: datetime) -> datetime:
    """The next time after `after`, in the schedule's zone, which has passed `check`.

    The promised hour of one form, the minute of the other. Raises StopIteration when there is none
    in fifty years.
    """
    return _following(schedule, after.astimezone(UTC))


def upcoming(schedule: Schedule, after: datetime, count: int) -> list[datetime]:
    """The next times, in order; fewer where there are no more."""
    times: list[datetime] = []
    with suppress(StopIteration):
        while len(times) < count:
            times.append(following(schedule, times[-1] if times else after))
    return times


def shortest_pause(schedule: Schedule, after: datetime) -> timedelta | None:
    """Between two of its next times; None if it comes but once. Where clocks are put forward or
    back a pause is as long as they show, if that is longer than it is: it is meant to be so."""
    times = upcoming(schedule, after, LOOKED_AT)
    return min(map(_pause, times, times[1:]), default=None)


def _pause(sooner: datetime, later: datetime) -> timedelta:
    shown = later.replace(tzinfo=None) - sooner.replace(tzinfo=None)
    return max(shown, later.astimezone(UTC) - sooner.astimezone(UTC))


def check(schedule: Schedule, now: datetime) -> None:
    """Raise Invalid, naming the field and the cure, unless there is a next time."""
    check_zone(schedule.form.zone)
    if schedule.cron is None:
        return
    fields = schedule.cron.fields
    try:
        _ensure_five(fields)
        following(schedule, now)
    except CronSimError as wrong:
        message = (
            f"Not a cron expression: {fields!r} ({wrong}). Five fields: minute, hour, day, month, "
            "weekday; '0 7 * * *' is every day at seven."
        )
        raise Invalid(message, field="cron") from wrong
    except StopIteration as never:
        message = (
            f"{fields!r} never comes: there is no such day. '0 7 * * *' is every day at seven."
        )
        raise Invalid(message, field="cron") from never


def check_zone(zone: str) -> None:
    """Raise Invalid, with the cure, unless it names a place of the zone database."""
    if zone not in _zones():
        message = f"Unknown time zone {zone!r}. Use an IANA name such as Europe/Moscow."
        raise Invalid(message, field="zone")


@lru_cache(maxsize=4096)
def _following(schedule: Schedule, after: datetime) -> datetime:
    """Thousands of shops share an hour. By UTC: the two halves of a repeated hour equal each other,
    so they would be one entry here."""
    match schedule.form:
        case Cron(fields=fields, zone=zone):
            return _next_minute(fields, ZoneInfo(zone), after)
        case ReadyBy() as promise:
            return _next_promise(promise, after)


def _next_minute(fields: str, zone: ZoneInfo, after: datetime) -> datetime:
    """By way of UTC: two times of one zone are compared by what its clocks show, and cronsim's
    midnight may be one that the clocks leave out."""
    for found in CronSim(fields, after.astimezone(zone)):
        moment = found.astimezone(UTC)
        if moment > after:
            return moment.astimezone(zone)
    raise StopIteration


def _next_promise(promise: ReadyBy, after: datetime) -> datetime:
    zone = ZoneInfo(promise.zone)
    today = after.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in A_WEEK_AND_MORE)
    wanted = (day for day in days if day.isoweekday() in promise.weekdays)
    moments = (_promised(promise.at, datetime.combine(day, time()), zone) for day in wanted)
    return next(each for each in moments if each > after).astimezone(zone)


def _promised(at: time, day: datetime, zone: ZoneInfo) -> datetime:
    return first_moment(datetime.combine(day, at), zone)


def _ensure_five(cron: str) -> None:
    """cronsim takes six fields too, and reads the first as seconds."""
    if len(cron.split()) != FIELDS:
        raise CronSimError("Wrong number of fields")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - NO_PLACES)
