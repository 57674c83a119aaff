"""A plan for a time without a payment through the provider: a trial, or what our staff grants.

A part of the subscription: its facts stand in that stream, and `domain.subscription` asks here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from domain.entitlement import Held, Lent
from domain.errors import Invalid, Refused
from domain.fact import fact
from domain.plan import Plan

TRIAL = timedelta(days=14)
ON_TRIAL = Plan.PRO
LONGEST_GRANT = timedelta(days=3_660)
"""A day that no clock of a page could show would be one that nobody meant."""

# What can happen


@fact
class TrialStarted:
    """Ours, without a card."""

    plan: Plan
    until: datetime


@fact
class AccessGranted:
    """By one of us, for what is paid otherwise: an invoice, a bank transfer. `reason` is that
    invoice's number, never a name."""

    plan: Plan
    until: datetime
    reason: str


@fact
class AccessWithdrawn:
    reason: str


Event: TypeAlias = TrialStarted | AccessGranted | AccessWithdrawn


def evolve(held: Held, event: Event) -> Held:
    match event:
        case TrialStarted(plan=plan, until=until):
            return replace(held, trial=Lent(plan=plan, until=until))
        case AccessGranted(plan=plan, until=until):
            return replace(held, grant=Lent(plan=plan, until=until))
        case AccessWithdrawn():
            return replace(held, grant=None)


# What may be asked


@fact
class StartTrial:
    at: datetime


@fact
class GrantAccess:
    plan: Plan
    until: datetime
    reason: str
    at: datetime


@fact
class WithdrawAccess:
    reason: str
    at: datetime


Command: TypeAlias = StartTrial | GrantAccess | WithdrawAccess


# How we answer


class TrialUsed(Refused):
    """The trial is over: a company has one. Choose a plan to go on."""


class GrantTooFar(Invalid):
    """The end must lie ahead, and by ten years at most."""


class NothingToGrant(Invalid):
    """Everybody has the free plan. Choose a higher one."""


class NothingGranted(Refused):
    """Nothing was granted to this company."""


def decide(held: Held, command: Command) -> Iterator[Event]:
    match command:
        case StartTrial() if held.trial is not None:
            raise TrialUsed
        case StartTrial(at=at):
            yield TrialStarted(plan=ON_TRIAL, until=at + TRIAL)
        case GrantAccess(plan=plan, until=until, reason=reason, at=at):
            if plan is Plan.FREE:
                raise NothingToGrant(field="plan")
            if not at < until <= at + LONGEST_GRANT:
                raise GrantTooFar(field="until")
            if held.grant != Lent(plan=plan, until=until):
                yield AccessGranted(plan=plan, until=until, reason=reason)
        case WithdrawAccess(reason=reason):
            if held.grant is None:
                raise NothingGranted
            yield AccessWithdrawn(reason=reason)
