"""The plans as cards: what each costs and allows, and the one thing that can be done about it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.web.money import money
from domain.billed import ENDED, Billed, Status
from domain.entitlement import Held, InForce
from domain.fact import fact
from domain.lending import ON_TRIAL
from domain.payments_port import Price
from domain.plan import LIMITS, Limits, Plan


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


NO_PRICES = _("Stripe does not tell the prices at the moment. All else is up to date.")
CHANGEABLE = frozenset({Status.ACTIVE, Status.TRIALING, Status.PAST_DUE})
"""Statuses in which another plan can be had; out of the others one pays, or goes on, first."""


class Act(StrEnum):
    """What makes sense. NOTHING: it is had, agreed, or comes by itself."""

    NOTHING = "nothing"
    TRY = "try"
    BUY = "buy"
    CHANGE = "change"
    CANCEL = "cancel"
    ASK = "ask"


@fact
class Offer:
    """One card. `monthly` as people read it; None: free, not sold here, or not known just now."""

    plan: Plan
    limits: Limits
    monthly: str | None
    here: bool
    act: Act


def live(held: Held) -> Billed | None:
    """The subscription that goes on, whatever stands in its way; None to buy one."""
    billed = held.standing.billed
    return billed if billed is not None and billed.status not in ENDED else None


def offers(
    held: Held, force: InForce, prices: Mapping[Plan, Price] | None, language: str
) -> Sequence[Offer]:
    """From the free plan upwards. Without `prices` it is not known what is sold."""
    return [
        Offer(
            plan=plan,
            limits=LIMITS[plan],
            monthly=_monthly(prices, plan, language),
            here=plan is force.plan,
            act=_act(held, force, plan, sold=prices is None or plan in prices),
        )
        for plan in Plan
    ]


def _monthly(prices: Mapping[Plan, Price] | None, plan: Plan, language: str) -> str | None:
    price = (prices or {}).get(plan)
    return money(price.amount, price.currency, language) if price else None


def _act(held: Held, force: InForce, plan: Plan, *, sold: bool) -> Act:
    billed, plans = live(held), list(Plan)
    if plan is Plan.FREE:
        return Act.CANCEL if billed is not None and billed.cancel_at is None else Act.NOTHING
    lower = plans.index(force.plan) < plans.index(plan)
    if billed is None and plan is ON_TRIAL and held.trial is None and lower:
        return Act.TRY
    if not sold:
        return Act.ASK
    if billed is None:
        return Act.BUY
    agreed = billed.ahead is not None and billed.ahead.plan is plan
    fixed = billed.cancel_at is not None or billed.status not in CHANGEABLE
    return Act.NOTHING if agreed or fixed or plan is billed.plan else Act.CHANGE
