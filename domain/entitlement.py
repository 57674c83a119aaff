"""What a company may use at a moment, and what speaks for it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from domain.billed import TROUBLED
from domain.fact import fact
from domain.plan import Plan
from domain.standing import Standing, paid


class Because(StrEnum):
    """Why a plan is in force, the strongest reason first."""

    PAID = "paid"
    GRANT = "grant"
    GRACE = "grace"
    TRIAL = "trial"
    FREE = "free"


@fact
class Lent:
    """A plan for a time, unpaid through the provider."""

    plan: Plan
    until: datetime


@fact
class InForce:
    """What may be used at one moment, why, and until when that holds by itself."""

    plan: Plan
    because: Because
    until: datetime | None


@fact
class Held:
    """All that may speak for a plan. `plan`: what is had without paying."""

    plan: Plan | None = None
    trial: Lent | None = None
    grant: Lent | None = None
    standing: Standing = Standing()


def access(held: Held, now: datetime) -> InForce:
    """What a company may use at this moment: the highest plan that something speaks for; of several
    reasons the strongest, of equal ones the longest. Time alone ends each of them, so no message is
    needed for an end."""
    free = InForce(plan=held.plan or Plan.FREE, because=Because.FREE, until=None)
    spoken = [each for each in _claims(held) if each.until is None or now < each.until]
    plans, reasons = list(Plan), list(Because)

    def rank(each: InForce) -> tuple[int, int, bool, datetime]:
        forever = each.until is None
        return plans.index(each.plan), -reasons.index(each.because), forever, each.until or now

    return max((free, *spoken), key=rank)


def _claims(held: Held) -> Iterator[InForce]:
    if lent := held.trial:
        yield InForce(plan=lent.plan, because=Because.TRIAL, until=lent.until)
    if lent := held.grant:
        yield InForce(plan=lent.plan, because=Because.GRANT, until=lent.until)
    for plan, ends in held.standing.rest.items():
        yield InForce(plan=plan, because=Because.PAID, until=ends)
    known, until = held.standing.billed, paid(held.standing)
    if known is not None and known.plan is not None:
        troubled = known.status in TROUBLED
        because = Because.GRACE if troubled else Because.PAID
        yield InForce(plan=known.plan, because=because, until=until)
