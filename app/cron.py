"""Cron arithmetic by cronsim: five fields, in the shop's own zone.

Daylight saving as in Debian's cron: a time that is skipped in spring runs right after the gap, one
that repeats in autumn runs once.
"""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from domain.errors import Invalid


def following(cron: str, zone: str, after: datetime) -> datetime:
    """The next time after `after`, aware."""
    return next(CronSim(cron, after.astimezone(ZoneInfo(zone))))


def check(cron: str, zone: str, now: datetime) -> None:
    """Raise Invalid, naming the field and the cure, unless there is a next time."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        message = f"Unknown time zone {zone!r}. Use an IANA name such as Europe/Moscow."
        raise Invalid(message, field="zone") from unknown
    try:
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
