"""The subscription: what a company may use. One per company, on the company's own id."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import TypeAlias

from domain import payment, standing
from domain.billed import ENDED, Billed, Status, leading
from domain.decider import Decider
from domain.entitlement import Because, Held, InForce, Lent, access
from domain.errors import Invalid, Refused
from domain.fact import fact
from domain.plan import Kept, Plan

TRIAL = timedelta(days=14)
ON_TRIAL = Plan.PRO


# What can happen


@fact
class Started:
    plan: Plan


@fact
class LimitsKept:
    """The company had more before it came to us, and keeps it. `interval` in minutes."""

    products: int
    interval: int


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


@fact
class CustomerLinked:
    """As what the payment provider knows this company."""

    customer: str


@fact
class PlanInForce:
    """What may be used has changed. `until`: when it ends unless something is paid; None: never."""

    plan: Plan
    because: Because
    until: datetime | None


OwnEvent: TypeAlias = (
    Started
    | LimitsKept
    | TrialStarted
    | AccessGranted
    | AccessWithdrawn
    | CustomerLinked
    | PlanInForce
)
Event: TypeAlias = OwnEvent | standing.Event | payment.Event


# What we remember


@fact
class Subscription:
    held: Held = Held()
    kept: Kept | None = None
    customer: str | None = None
    heard: Mapping[str, int] = field(default_factory=dict)
    in_force: InForce | None = None


def evolve(subscription: Subscription, event: Event) -> Subscription:
    match event:
        case LimitsKept(products=products, interval=interval):
            return replace(subscription, kept=Kept(products=products, interval=interval))
        case CustomerLinked(customer=customer):
            return replace(subscription, customer=customer)
        case PlanInForce(plan=plan, because=because, until=until):
            now = InForce(plan=plan, because=because, until=until)
            return replace(subscription, in_force=now)
        case _ if isinstance(event, payment.Event):
            return replace(subscription, heard=payment.evolve(subscription.heard, event))
        case _:
            return replace(subscription, held=_holding(subscription.held, event))


_Holding: TypeAlias = Started | TrialStarted | AccessGranted | AccessWithdrawn | standing.Event


def _holding(held: Held, event: _Holding) -> Held:
    match event:
        case Started(plan=plan):
            return replace(held, plan=plan)
        case TrialStarted(plan=plan, until=until):
            return replace(held, trial=Lent(plan=plan, until=until))
        case AccessGranted(plan=plan, until=until):
            return replace(held, grant=Lent(plan=plan, until=until))
        case AccessWithdrawn():
            return replace(held, grant=None)
        case _:
            return replace(held, standing=standing.evolve(held.standing, event))


# What may be asked


@fact
class Start:
    """`trial`: until when the company tries the larger plan; None where nothing is paid for."""

    plan: Plan
    trial: datetime | None = None


@fact
class KeepLimits:
    """For who comes over with more than the plan allows."""

    kept: Kept


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


@fact
class LinkCustomer:
    customer: str


@fact
class Observe:
    """All that the provider has for this customer, just read."""

    seen: Sequence[Billed]
    at: datetime


@fact
class Hear:
    """What a message says of an object."""

    told: payment.Event
    at: datetime


@fact
class Look:
    """Time has passed."""

    at: datetime


_Timed: TypeAlias = StartTrial | GrantAccess | WithdrawAccess | Observe | Hear | Look
Command: TypeAlias = Start | KeepLimits | LinkCustomer | _Timed


# How we answer


class NotStarted(Refused):
    """This company has no subscription yet."""


class AlreadyStarted(Refused):
    """This company already has a subscription."""


class TrialUsed(Refused):
    """The trial is over: a company has one. Choose a plan to go on."""


class NothingGranted(Refused):
    """Nothing was granted to this company."""


class AnotherCustomer(Refused):
    """This company is another customer at the payment provider."""


def decide(subscription: Subscription, command: Command) -> Iterator[Event]:
    match command:
        case Start() if subscription.held.plan is not None:
            raise AlreadyStarted
        case Start(plan=plan, trial=trial):
            yield Started(plan=plan)
            if trial is not None:
                yield TrialStarted(plan=ON_TRIAL, until=trial)
                yield PlanInForce(plan=ON_TRIAL, because=Because.TRIAL, until=trial)
        case _ if subscription.held.plan is None:
            raise NotStarted
        case KeepLimits(kept=kept):
            if kept != subscription.kept:
                yield LimitsKept(products=kept.products, interval=kept.interval)
        case LinkCustomer(customer=customer):
            if subscription.customer not in (None, customer):
                raise AnotherCustomer
            if subscription.customer is None:
                yield CustomerLinked(customer=customer)
        case _:
            happened = list(_happens(subscription, command))
            yield from happened
            yield from _in_force(reduce(evolve, happened, subscription), command.at)


def _happens(subscription: Subscription, command: _Timed) -> Iterator[Event]:
    match command:
        case StartTrial() if subscription.held.trial is not None:
            raise TrialUsed
        case StartTrial(at=at):
            yield TrialStarted(plan=ON_TRIAL, until=at + TRIAL)
        case GrantAccess(plan=plan, until=until, reason=reason, at=at):
            if until <= at:
                message = "The end must lie ahead."
                raise Invalid(message, field="until")
            if subscription.held.grant != Lent(plan=plan, until=until):
                yield AccessGranted(plan=plan, until=until, reason=reason)
        case WithdrawAccess(reason=reason):
            if subscription.held.grant is None:
                raise NothingGranted
            yield AccessWithdrawn(reason=reason)
        case Observe(seen=seen):
            if (counts := leading(seen)) is not None:
                yield from standing.differences(subscription.held.standing, counts)
            elif subscription.held.standing.billed is not None:
                yield from _gone(subscription.held.standing.billed)
        case Hear(told=told):
            yield from payment.news(subscription.heard, told)
        case Look():
            pass


def _gone(known: Billed) -> Iterator[Event]:
    """The provider has nothing of her any more: the customer was deleted there."""
    if known.status not in ENDED:
        yield standing.StatusChanged(status=Status.CANCELED, reason="customer_deleted")


def _in_force(subscription: Subscription, now: datetime) -> Iterator[PlanInForce]:
    current = access(subscription.held, now)
    known = subscription.in_force or InForce(
        plan=subscription.held.plan or Plan.FREE, because=Because.FREE, until=None
    )
    if current != known:
        yield PlanInForce(plan=current.plan, because=current.because, until=current.until)


decider = Decider("subscription", Subscription(), decide, evolve, edition=3)
