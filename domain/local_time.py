"""Hours of the day in a zone whose clocks are put forward and back: which moment is meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

A_SECOND = timedelta(seconds=1)


def first_moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the zone's clocks first show this or have passed over it.

    An hour that autumn repeats is meant where it comes first; for one that spring skips it is the
    moment right after the gap, also where the gap is a day (Pacific/Apia, 30 December 2011).
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    return _end_of_gap(second, first, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """In a gap the two readings change places, and the clocks jump between them."""
    jumped = after.astimezone(zone).utcoffset()
    while after - before > A_SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == jumped:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
