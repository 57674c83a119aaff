"""When a run begins, so that a promise is kept and not all shops begin in the same second."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TypeAlias
from uuid import UUID

from domain.fact import fact
from domain.schedule import CatchUp, Schedule
from domain.snapshot import MOSCOW

Following: TypeAlias = Callable[[Schedule, datetime], datetime]
"""The schedule's next time after a moment. Raises StopIteration when there is none."""

MARGIN = timedelta(minutes=15)
"""A typical run of five minutes, and ten in reserve."""
APART = timedelta(seconds=1.25)
"""Between two starts for one hour: a run writes once to Google, and a service account may do so 48
times a minute for ever, its burst of 12 apart (Sheets API, usage limits; see the bucket there)."""
EARLIEST = timedelta(hours=6)
"""A sheet that was ready longer than this before its hour would not be fresh at it."""
AN_HOUR, A_MINUTE = timedelta(hours=1), timedelta(minutes=1)
MOST_JITTER = 10
"""A cron schedule is spread over at most this part of its period."""


@fact
class Slot:
    """`at` is what the schedule says: the promised hour, or cron's minute; `start` is ours."""

    at: datetime
    start: datetime


def slot_after(schedule: Schedule, shop_id: UUID, after: datetime, following: Following) -> Slot:
    """The next one, in UTC. That of a promise stands at its latest start until it has a turn.

    Raises StopIteration when there is none.
    """
    at = following(schedule, after).astimezone(UTC)
    if schedule.ready_by is not None:
        return Slot(at=at, start=start_of(at, 0))
    return Slot(at=at, start=at + jitter(shop_id, _period(schedule, at, following)))


def start_of(deadline: datetime, turn: int, apart: timedelta = APART) -> datetime:
    """Planned backwards: the run with turn 0 begins last, MARGIN before the hour, each other one
    `apart` before the one before it. When no room is left the turns begin anew from the last one:
    then two begin at once, which costs both less than it costs anybody to be stale by hours.

    Never before the Moscow midnight that precedes the hour: the numbers of a sheet end at the last
    one (`domain.snapshot.Period`), and those of the day before would be stale at the hour.
    """
    latest = deadline - MARGIN
    earliest = max(deadline - EARLIEST, _midnight_before(deadline))
    room = max(latest - earliest, timedelta(0)) // apart + 1
    return max(latest, earliest) - turn % room * apart


def jitter(shop_id: UUID, period: timedelta) -> timedelta:
    """The same for a shop every time: up to a minute and a tenth of its period, never negative."""
    share = int.from_bytes(blake2b(shop_id.bytes, digest_size=4).digest()) / 2**32
    return timedelta(seconds=int(share * min(A_MINUTE, period / MOST_JITTER).total_seconds()))


def missed(schedule: Schedule, at: datetime, now: datetime, following: Following) -> bool:
    """Is a slot too late to be run at all? Only where catching up is not wished for: when it is
    older than the period, for then the next one is there, or than an hour."""
    if schedule.catch_up is CatchUp.ONCE or now <= at:
        return False
    return now - at > min(AN_HOUR, _period(schedule, at, following))


def _period(schedule: Schedule, at: datetime, following: Following) -> timedelta:
    """How long until the next slot; an hour is as good as anything for one that is the last."""
    try:
        return following(schedule, at).astimezone(UTC) - at
    except StopIteration:
        return AN_HOUR


def _midnight_before(moment: datetime) -> datetime:
    there = moment.astimezone(MOSCOW) - timedelta.resolution
    return there.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
