"""What the page of the plan shows, and the questions before a change."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from app.billing.desk import Desk
from app.billing.offers import NO_PRICES, live, offers
from app.billing.read import customer_of, invoices_of, subscription_of
from app.billing.trouble import trouble
from app.billing.usage import Bar, bars, usage_of
from app.billing.words import USES, days_left, meaning, pace, terms, used
from app.read_models import at_once
from app.web.console import Visitor
from app.web.money import money
from domain.access import Role
from domain.billed import ENDED, Status
from domain.entitlement import Held, access
from domain.errors import Malformed, Outside, Unavailable
from domain.fact import fact
from domain.lending import TRIAL
from domain.limits import tolerated
from domain.payments_port import Price
from domain.plan import LIMITS, Plan, limits
from domain.standing import LATE, Standing

SHOWN = 24
"""Invoices: two years of them. Stripe's own page has all."""
PATIENCE = 10.0
"""Seconds that a question waits to hear what it would cost."""
STARTED = frozenset({Status.ACTIVE, Status.TRIALING, Status.PAST_DUE})
"""Statuses in which a checkout that was done has come to its end."""
GOING_ON = frozenset({Status.ACTIVE, Status.TRIALING})
"""Those in which the next month is paid for by itself."""


@fact
class Line:
    """An invoice as people read it."""

    invoice: str
    paid_at: datetime
    sum: str
    tax: str


async def plan_values(desk: Desk, visitor: Visitor, checkout: str) -> Mapping[str, object]:
    """`checkout`: how she comes back from Stripe's page, done or left."""
    scope, language, sees = visitor.scope, visitor.language, visitor.may(Role.ADMIN)
    async with at_once(desk.reading.database, scope) as database:
        row = await subscription_of(database, scope)
        usage = await usage_of(database, scope, visitor.now)
        customer = await customer_of(database, scope)
        paid = await invoices_of(database, scope, SHOWN) if sees else ()
    held, kept = (row.held, row.kept) if row else (Held(), None)
    force, billed, prices = access(held, visitor.now), held.standing.billed, await _prices(desk)
    may, ends = limits(force.plan, kept), force.until or visitor.now
    return {
        "force": force,
        "next": access(_lasting(held, ends), ends),
        "days_left": days_left(ends - visitor.now),
        "billed": live(held),
        "ended": billed if billed is not None and billed.status in ENDED else None,
        "trial": held.trial,
        "trouble": trouble(held, may, usage.size, visitor.now),
        "size": usage.size,
        "may": may,
        "most": tolerated(may.products),
        "keeps": may != LIMITS[force.plan],
        "bars": _told(bars(usage, may), visitor),
        "offers": offers(held, force, prices, language),
        "terms": terms,
        "pace": pace,
        "trial_days": TRIAL.days,
        "away": visitor.say(NO_PRICES) if prices is None else "",
        "invoices": [
            Line(
                invoice=each.invoice,
                paid_at=each.paid_at,
                sum=money(each.amount, each.currency, language),
                tax=money(each.tax, each.currency, language),
            )
            for each in paid
        ],
        "customer": customer is not None,
        "sees": sees,
        "owns": visitor.may(Role.OWNER),
        "checkout": checkout,
        "bought": billed is not None and billed.status in STARTED,
    }


async def change_values(desk: Desk, visitor: Visitor, plan: Plan) -> Mapping[str, object]:
    """What it costs, and what would be over the limits then. Raises what a preview does, but for an
    outage."""
    asker = visitor.asker
    asker.demand(Role.OWNER)
    told = None
    with suppress(Unavailable, Malformed, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            told = await desk.preview(asker, plan)
    row = await desk.row(asker)
    force = access(row.held, visitor.now)
    usage = await usage_of(desk.reading.database, visitor.scope, visitor.now)
    return {
        "plan": plan,
        "force": force,
        "higher": _is_higher(plan, row.held),
        "preview": told,
        "now": money(abs(told.now), told.currency, visitor.language) if told else "",
        "then": money(told.then, told.currency, visitor.language) if told else "",
        "over": _over(bars(usage, limits(plan, row.kept)), visitor),
    }


async def cancel_values(desk: Desk, visitor: Visitor) -> Mapping[str, object]:
    """What is kept until when. Raises NotSubscribed."""
    visitor.asker.demand(Role.OWNER)
    billed = await desk.subscribed(visitor.asker)
    row = await desk.row(visitor.asker)
    usage = await usage_of(desk.reading.database, visitor.scope, visitor.now)
    without = replace(row.held, standing=Standing(rest=row.held.standing.rest))
    unpaid = access(without, billed.paid_until).plan
    return {
        "billed": billed,
        "plan": unpaid,
        "over": _over(bars(usage, limits(unpaid, row.kept)), visitor),
    }


async def _prices(desk: Desk) -> Mapping[Plan, Price] | None:
    """None while the provider does not tell them."""
    try:
        return {each.plan: each for each in await desk.reading.payments.prices()}
    except Outside:
        return None


def _lasting(held: Held, until: datetime) -> Held:
    """As it will be then: what is paid for each month goes on, unless its end is known."""
    billed = held.standing.billed
    if billed is None or billed.status not in GOING_ON or billed.cancel_at or not billed.collecting:
        return held
    paid = replace(billed, paid_until=max(billed.paid_until, until + LATE))
    return replace(held, standing=replace(held.standing, billed=paid))


def _is_higher(plan: Plan, held: Held) -> bool:
    billed, plans = held.standing.billed, list(Plan)
    return billed is None or billed.plan is None or plans.index(plan) > plans.index(billed.plan)


def _told(found: Sequence[Bar], visitor: Visitor) -> Sequence[tuple[Bar, str, str, str]]:
    """Each with its name, how much is used, and what it means that this is too much."""
    return [
        (each, visitor.say(USES[each.limit]), used(each, visitor), _meant(each, visitor))
        for each in found
    ]


def _over(found: Sequence[Bar], visitor: Visitor) -> Sequence[tuple[Bar, str, str, str]]:
    return _told([each for each in found if each.over], visitor)


def _meant(bar: Bar, visitor: Visitor) -> str:
    return meaning(bar, visitor) if bar.over else ""
