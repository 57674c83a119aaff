"""The subscription: what a company may use. One per company, on the company's own id."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never

from domain.decider import Decider
from domain.errors import Refused
from domain.fact import fact
from domain.plan import Kept, Plan

# What can happen


@fact
class Started:
    plan: Plan


@fact
class LimitsKept:
    """The company had more before it came to us, and keeps it. `interval` in minutes."""

    products: int
    interval: int


Event: TypeAlias = Started | LimitsKept


# What we remember


@fact
class Subscription:
    plan: Plan | None = None
    kept: Kept | None = None


def evolve(subscription: Subscription, event: Event) -> Subscription:
    match event:
        case Started(plan=plan):
            return replace(subscription, plan=plan)
        case LimitsKept(products=products, interval=interval):
            return replace(subscription, kept=Kept(products=products, interval=interval))
        case _:
            assert_never(event)


# What may be asked


@fact
class Start:
    plan: Plan


@fact
class KeepLimits:
    """For who comes over with more than the plan allows."""

    kept: Kept


Command: TypeAlias = Start | KeepLimits


# How we answer


class NotStarted(Refused):
    """This company has no subscription yet."""


class AlreadyStarted(Refused):
    """This company already has a subscription."""


def decide(subscription: Subscription, command: Command) -> Iterator[Event]:
    match command:
        case Start() if subscription.plan is not None:
            raise AlreadyStarted
        case Start(plan=plan):
            yield Started(plan=plan)
        case KeepLimits() if subscription.plan is None:
            raise NotStarted
        case KeepLimits(kept=kept):
            if kept != subscription.kept:
                yield LimitsKept(products=kept.products, interval=kept.interval)
        case _:
            assert_never(command)


decider = Decider("subscription", Subscription(), decide, evolve, edition=2)
