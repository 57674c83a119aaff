"""The subscription: what a company may use. One per company, on the company's own id."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never

from domain.decider import Decider
from domain.errors import Refused
from domain.fact import fact
from domain.plan import Plan

# What can happen


@fact
class Started:
    plan: Plan


Event: TypeAlias = Started


# What we remember


@fact
class Subscription:
    plan: Plan | None = None


def evolve(subscription: Subscription, event: Event) -> Subscription:
    match event:
        case Started(plan=plan):
            return replace(subscription, plan=plan)
        case _:
            assert_never(event)


# What may be asked


@fact
class Start:
    plan: Plan


Command: TypeAlias = Start


# How we answer


class AlreadyStarted(Refused):
    """This company already has a subscription."""


def decide(subscription: Subscription, command: Command) -> Iterator[Event]:
    match command:
        case Start() if subscription.plan is not None:
            raise AlreadyStarted
        case Start(plan=plan):
            yield Started(plan=plan)
        case _:
            assert_never(command)


decider = Decider("subscription", Subscription(), decide, evolve)
