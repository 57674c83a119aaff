"""Periods by the calendar: a month after the 31st of January is the last of February."""

from calendar import monthrange
from datetime import UTC, datetime
from itertools import count

from sandbox.stripe.errors import Json

INTERVALS = ("day", "week", "month", "year")
_SECONDS = {"day": 86_400, "week": 604_800}
_MONTHS = {"month": 1, "year": 12}


def later(anchor: int, steps: int, recurring: Json) -> int:
    """The moment `steps` periods after the anchor."""
    unit, steps = recurring["interval"], steps * recurring["interval_count"]
    if unit in _SECONDS:
        return anchor + steps * _SECONDS[unit]
    start = datetime.fromtimestamp(anchor, UTC)
    months = start.year * 12 + start.month - 1 + steps * _MONTHS[unit]
    year, month = months // 12, months % 12 + 1
    day = min(start.day, monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def next_end(anchor: int, moment: int, recurring: Json) -> int:
    """The first end of a period after this moment."""
    return next(end for n in count(1) if (end := later(anchor, n, recurring)) > moment)
