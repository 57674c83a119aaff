"""What a plan limits, one rule each: how much there is of it, and which plan has more.

A limit slows or pauses. Nothing is deleted for it and no sheet is cut, so what a company has beyond
its plan goes on, and only more of it is refused. Where billing is off there is no `Allowed` at all.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain import limit_words as say
from domain.access import TenantScope
from domain.both import Both
from domain.errors import Invalid, Refused, Rejected
from domain.fact import fact
from domain.plan import LIMITS, Limits, Plan
from domain.table.words import Words

OVER_PLAN = "over_plan"
"""The cause by which a sync stops, until there are fewer products or another plan."""
PRESSES = 5
"""So many syncs within the plan's interval may be asked for by hand: she sees at once what she has
changed, and no program makes a faster plan of it."""
PLAN_INTERVAL = "plan_interval"
"""The cause by which a scheduled sync waits."""
A_MINUTE = timedelta(minutes=1)


class Limit(StrEnum):
    """Each is a field of `domain.plan.Limits`."""

    PRODUCTS = "products"
    INTERVAL = "interval"
    SHOPS = "shops"
    SEATS = "seats"
    HISTORY = "history"
    WEBHOOKS = "webhooks"


@fact
class Allowed:
    """What a company may use: the plan in force, and its limits, or wider ones that it keeps."""

    plan: Plan
    limits: Limits


class Plans(Protocol):
    """Which plan is in force."""

    async def allowed(self, scope: TenantScope) -> Allowed | None:
        """Of the scope's company; None: billing is off, and nothing is limited."""


class OverPlan(Refused):
    """Your plan does not allow this."""


class TooManyShops(OverPlan):
    """Your plan has no room for another shop."""


class TooManySeats(OverPlan):
    """Your plan has no room for another person."""


class TooManyWebhooks(OverPlan):
    """Your plan has no room for another webhook endpoint."""


class TooOften(OverPlan):
    """Your plan does not sync a shop so often."""


class HistoryTooLong(Invalid):
    """Your plan does not look back so far."""


class TooManyProducts(Rejected):
    """More than the plan holds and tolerates: the sync stops. `may`: what it holds."""

    def __init__(self, products: int, allowed: Allowed) -> None:
        self.products, self.may = products, allowed.limits.products
        words = _of_products(say.STOPPED, products, allowed)
        super().__init__(str(words), cause=OVER_PLAN)


def lifted_by(limit: Limit, wanted: int) -> Plan | None:
    """The cheapest plan that allows so much; of the interval, in minutes, so little."""
    return next((plan for plan in Plan if holds(LIMITS[plan], limit, wanted)), None)


def holds(limits: Limits, limit: Limit, wanted: int) -> bool:
    """Is so much allowed? Of the interval, in minutes: so little."""
    there: int = getattr(limits, limit)
    return there <= wanted if limit is Limit.INTERVAL else there >= wanted


def tolerated(products: int) -> int:
    """A fifth may be added before the sync stops."""
    return products * 6 // 5


def ensure_shop(allowed: Allowed | None, there: int) -> None:
    """May one be added to those there are? Raises TooManyShops."""
    _ensure_room(allowed, Limit.SHOPS, there, TooManyShops)


def ensure_seat(allowed: Allowed | None, there: int) -> None:
    """The same of the company's people. Raises TooManySeats."""
    _ensure_room(allowed, Limit.SEATS, there, TooManySeats)


def ensure_webhook(allowed: Allowed | None, there: int) -> None:
    """The same of its endpoints. Raises TooManyWebhooks."""
    _ensure_room(allowed, Limit.WEBHOOKS, there, TooManyWebhooks)


def ensure_history(allowed: Allowed | None, days: int, field: str) -> None:
    """May so many days be looked at, today included? Raises HistoryTooLong."""
    if allowed is None or holds(allowed.limits, Limit.HISTORY, days):
        return
    raise HistoryTooLong(str(_of(say.HISTORY, Limit.HISTORY, days, allowed)), field=field)


def too_fast(allowed: Allowed | None, pause: timedelta | None) -> bool:
    """Does a schedule with this shortest pause want more than the plan gives?"""
    return (
        allowed is not None
        and pause is not None
        and not holds(allowed.limits, Limit.INTERVAL, pause // A_MINUTE)
    )


def ensure_pause(allowed: Allowed | None, pause: timedelta | None, field: str) -> None:
    """May a schedule have this shortest pause? None: it comes once. Raises TooOften."""
    if allowed is not None and pause is not None and too_fast(allowed, pause):
        minutes = pause // A_MINUTE
        words = _of(say.SCHEDULE, Limit.INTERVAL, minutes, allowed, this=say.every(minutes))
        raise TooOften(str(words), field=field)


def possible_at(allowed: Allowed | None, last: datetime | None) -> datetime | None:
    """From when on another sync may follow the last good one; None: from ever."""
    if allowed is None or last is None:
        return None
    return last + allowed.limits.interval * A_MINUTE


def ensure_now(allowed: Allowed | None, asked: datetime | None, now: datetime) -> None:
    """May a person have a sync at once? `asked`: when the last but PRESSES - 1 of those that people
    asked for was, None if there were fewer. Raises TooOften."""
    at = possible_at(allowed, asked)
    if allowed is None or asked is None or at is None or at <= now:
        return
    # After so many at a stroke no plan has room at once: the fastest has it soonest.
    fastest = min(each.interval for each in LIMITS.values())
    faster = min(fastest, allowed.limits.interval - 1)
    wanted = max((now - asked) // A_MINUTE, faster)
    told = {"at": say.at(at), "presses": PRESSES}
    words = _of(say.REQUEST, Limit.INTERVAL, wanted, allowed, say.BY_HAND, **told)
    raise TooOften(str(words))


def slowed(allowed: Allowed, pause: timedelta) -> Both:
    """Why a sync of a schedule with this pause waits."""
    return _of(say.SLOWED, Limit.INTERVAL, pause // A_MINUTE, allowed)


def ensure_products(allowed: Allowed | None, products: int) -> None:
    """May a sync go on with so many? Raises TooManyProducts."""
    if allowed is not None and products > tolerated(allowed.limits.products):
        raise TooManyProducts(products, allowed)


def grown(allowed: Allowed | None, products: int) -> Both | None:
    """What is said to who is over the plan and tolerated; nothing to others."""
    if allowed is None or holds(allowed.limits, Limit.PRODUCTS, products):
        return None
    return _of_products(say.GROWN, products, allowed)


def _of_products(words: Words, products: int, allowed: Allowed) -> Both:
    most = say.number(tolerated(allowed.limits.products))
    return _of(words, Limit.PRODUCTS, products, allowed, have=say.number(products), most=most)


def _ensure_room(
    allowed: Allowed | None, limit: Limit, there: int, refusal: type[OverPlan]
) -> None:
    if allowed is not None and not holds(allowed.limits, limit, there + 1):
        raise refusal(str(_of(say.ROOM[limit], limit, there + 1, allowed)))


def _of(
    words: Words,
    limit: Limit,
    wanted: int,
    allowed: Allowed,
    lifts: Words | None = None,
    **values: object,
) -> Both:
    """A sentence with the plan, what it has of this limit, and which one has more, said as `lifts`
    if not as of all limits."""
    paced = limit is Limit.INTERVAL
    shown = say.every if paced else say.number
    lifting = lifted_by(limit, wanted)
    if lifting is None:
        more = say.NO_MORE[paced].both()
    else:
        may = shown(getattr(LIMITS[lifting], limit))
        more = (lifts or say.MORE[paced]).both(plan=lifting.name, may=may, **values)
    may = shown(getattr(allowed.limits, limit))
    return words.both(plan=allowed.plan.name, may=may, more=more, **values)
