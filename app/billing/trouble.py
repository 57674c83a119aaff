"""What of a company's plan its people have to hear of wherever they are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from app.billing.usage import Size
from domain.billed import TROUBLED, Status
from domain.entitlement import Because, Held, access
from domain.fact import fact
from domain.plan import Limits
from domain.standing import paid

SOON = timedelta(days=3)
OWED = TROUBLED | {Status.UNPAID, Status.INCOMPLETE}
"""Statuses in which something is to be paid."""


class Kind(StrEnum):
    """The worst first."""

    UNPAID = "unpaid"
    OWING = "owing"
    STOPPED = "stopped"
    TRIAL = "trial"
    OVER = "over"


@fact
class Trouble:
    """`until`: when that ends, or what is had ends; None where time alone ends nothing."""

    kind: Kind
    until: datetime | None = None


def trouble(held: Held, limits: Limits, size: Size, now: datetime) -> Trouble | None:
    """The worst, if there is any."""
    kinds = list(Kind)
    found = _troubles(held, limits, size, now)
    return min(found, key=lambda each: kinds.index(each.kind), default=None)


def _troubles(held: Held, limits: Limits, size: Size, now: datetime) -> Iterator[Trouble]:
    billed, until = held.standing.billed, paid(held.standing)
    if billed is not None and billed.status in OWED:
        going_on = until is not None and now < until and billed.status in TROUBLED
        yield Trouble(kind=Kind.OWING, until=until) if going_on else Trouble(kind=Kind.UNPAID)
    force = access(held, now)
    if force.because is Because.TRIAL and force.until is not None and force.until - now <= SOON:
        yield Trouble(kind=Kind.TRIAL, until=force.until)
    if size.stopped:
        yield Trouble(kind=Kind.STOPPED)
    elif size.products > limits.products:
        yield Trouble(kind=Kind.OVER)
