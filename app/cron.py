"""Cron arithmetic by cronsim: five fields, in the shop's own zone.

Daylight saving as in Debian's cron: a time that is skipped in spring runs right after the gap, one
that repeats in autumn runs once. With `*` for the hour or the minute time just passes: nothing is
made up for in spring, and the repeated hour has its times twice.
"""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from domain.errors import Invalid

FIELDS = 5
NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})
"""In the zone database, but different on each machine, or nowhere at all."""


def following(cron: str, zone: str, after: datetime) -> datetime:
    """The next time after `after`, aware. Both words have passed `check`."""
    return next(CronSim(cron, after.astimezone(ZoneInfo(zone))))


def check(cron: str, zone: str, now: datetime) -> None:
    """Raise Invalid, naming the field and the cure, unless there is a next time."""
    if zone not in _zones():
        message = f"Unknown time zone {zone!r}. Use an IANA name such as Europe/Moscow."
        raise Invalid(message, field="zone")
    try:
        _ensure_five(cron)
        following(cron, zone, now)
    except CronSimError as wrong:
        message = (
            f"Not a cron expression: {cron!r} ({wrong}). Five fields: minute, hour, day, month, "
            "weekday; '0 7 * * *' is every day at seven."
        )
        raise Invalid(message, field="cron") from wrong
    except StopIteration as never:
        message = f"{cron!r} never comes: there is no such day. '0 7 * * *' is every day at seven."
        raise Invalid(message, field="cron") from never


def _ensure_five(cron: str) -> None:
    """cronsim takes six fields too, and reads the first as seconds."""
    if len(cron.split()) != FIELDS:
        raise CronSimError("Wrong number of fields")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - NO_PLACES)
