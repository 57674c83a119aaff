"""A time as callers name it, and a moment in the past: an argument of the fields that can go back
to it."""

from datetime import UTC, datetime

import strawberry

from app.graphql.scalars import BigInt
from domain.errors import Invalid
from domain.events import NOW, Moment


@strawberry.input(
    description="A moment in the past, itself included: exactly one of `at` and `position`."
)
class AsOf:
    at: datetime | None = strawberry.field(
        default=None,
        description="A time with its offset. Where clocks went back, what stands before the first "
        "fact that is later.",
    )
    position: BigInt | None = strawberry.field(
        default=None,
        description="The position of a fact, as `auditLog` shows it. One after the last fact is "
        "the same as now.",
    )


def moment_of(as_of: AsOf | None, now: datetime) -> Moment:
    """NOW for none. Raises Invalid for what is no moment of the past."""
    if as_of is None:
        return NOW
    if (as_of.at is None) == (as_of.position is None):
        message = "`asOf` needs exactly one of `at` and `position`."
        raise Invalid(message, field="asOf")
    if as_of.at is not None:
        return Moment(at=past(as_of.at, now))
    if as_of.position is not None and as_of.position < 0:
        message = "`asOf.position` must be 0 or more: take the `position` of an auditLog entry."
        raise Invalid(message, field="asOf.position")
    return Moment(position=as_of.position)


def past(at: datetime, now: datetime) -> datetime:
    """`asOf.at`, in UTC. Raises Invalid for what is no moment of the past."""
    if at.tzinfo is None:
        message = "`asOf.at` needs its offset: 2026-11-23T07:40:00+03:00, or Z at the end for UTC."
        raise Invalid(message, field="asOf.at")
    try:
        moment = at.astimezone(UTC)
    except OverflowError as never:
        message = "`asOf.at` is outside the years 1 to 9999 in UTC. Name a time of the past."
        raise Invalid(message, field="asOf.at") from never
    if moment > now:
        message = "`asOf.at` is in the future. Name a time of the past, or leave `asOf` out."
        raise Invalid(message, field="asOf.at")
    return moment


def instant(at: datetime, field: str) -> datetime:
    """A time in UTC. Raises Invalid for one without an offset, and for one that UTC has not."""
    if at.tzinfo is None:
        message = f"`{field}` needs its offset: 2026-11-23T07:40:00+03:00, or Z at the end for UTC."
        raise Invalid(message, field=field)
    return in_utc(at, field)


def in_utc(at: datetime, field: str) -> datetime:
    """Raises Invalid."""
    try:
        return at.astimezone(UTC)
    except OverflowError as never:
        message = f"`{field}` is outside the years 1 to 9999 in UTC. Name a time in between."
        raise Invalid(message, field=field) from never
