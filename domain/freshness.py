"""Whether a shop's sheet is fresh by its hour: what was promised, and what has been kept of it.

A slot is owed from the moment its run was to begin until a sync has succeeded: that success covers
all slots whose runs were to begin before it ended. A shop is

    late       while the hour of a slot that it is owed has passed;
    fresh      once a slot was covered, and it is not late;
    unjudged   as long as no slot of it was either.

Slots are moments, so clocks that are put forward or back change nothing here.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.fact import fact
from domain.start import MARGIN


class Freshness(StrEnum):
    """Of one shop, at one moment."""

    FRESH = "fresh"
    LATE = "late"
    UNJUDGED = "unjudged"


@fact
class Promise:
    """What is kept of one shop. `owed`: the hour of the first slot that no success has covered;
    `kept_for` and `kept_at`: the last one that was, and when; `fresh_at`: the last success;
    `coming`: the hour of the next slot, and `starts`: when its run is to begin."""

    owed: datetime | None = None
    kept_for: datetime | None = None
    kept_at: datetime | None = None
    fresh_at: datetime | None = None
    coming: datetime | None = None
    starts: datetime | None = None


@fact
class Standing:
    """`since`: the hour that was missed first; `late_by`: how long after its hour the last slot
    was covered, nothing if in time."""

    freshness: Freshness
    since: datetime | None = None
    late_by: timedelta = timedelta(0)


def hour_of(slot: datetime, *, promised: bool) -> datetime:
    """By when a slot's success is expected: the promised hour itself; of a cron schedule, whose
    minute is when a run begins, so much later as a promise allows for a run."""
    return slot if promised else slot + MARGIN


def standing(promise: Promise, now: datetime) -> Standing:
    """The one definition. A slot whose run should have begun, and that nobody asked for, is owed
    like any other."""
    unasked = promise.coming if promise.starts and promise.starts <= now else None
    missed = [each for each in (promise.owed, unasked) if each and each <= now]
    if missed:
        return Standing(freshness=Freshness.LATE, since=min(missed))
    if promise.kept_for is None or promise.kept_at is None:
        return Standing(freshness=Freshness.UNJUDGED)
    late_by = max(promise.kept_at - promise.kept_for, timedelta(0))
    return Standing(freshness=Freshness.FRESH, late_by=late_by)
