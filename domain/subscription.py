"""The subscription: what a company may use. One per company, on the company's own id."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import reduce
from typing import TypeAlias

from domain import lending, payment, standing
from domain.billed import ENDED, Billed, Status, leading
from domain.decider import Decider
from domain.entitlement import Because, Held, InForce, access
from domain.errors import Refused
from domain.fact import fact
from domain.lending import ON_TRIAL
from domain.plan import Kept, Plan
from domain.standing import Standing

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
class CustomerLinked:
    """As what the payment provider knows this company."""

    customer: str


@fact
class PlanInForce:
    """What may be used has changed. `until`: when it ends unless something is paid; None: never."""

    plan: Plan
    because: Because
    until: datetime | None


OwnEvent: TypeAlias = Started | LimitsKept | CustomerLinked | PlanInForce
Event: TypeAlias = OwnEvent | lending.Event | standing.Event | payment.Event


# What we remember


@fact
class Subscription:
    """`former`: customers that this company was before, the first one first."""

    claims: Held = Held()
    kept: Kept | None = None
    customer: str | None = None
    former: tuple[str, ...] = ()
    heard: Mapping[str, int] = field(default_factory=dict)
    in_force: InForce | None = None


def evolve(subscription: Subscription, event: Event) -> Subscription:
    match event:
        case LimitsKept(products=products, interval=interval):
            return replace(subscription, kept=Kept(products=products, interval=interval))
        case CustomerLinked(customer=customer):
            return replace(subscription, customer=customer, former=_all_of(subscription))
        case PlanInForce(plan=plan, because=because, until=until):
            now = InForce(plan=plan, because=because, until=until)
            return replace(subscription, in_force=now)
        case _ if isinstance(event, payment.Event):
            return replace(subscription, heard=payment.evolve(subscription.heard, event))
        case _:
            return replace(subscription, claims=_holding(subscription.claims, event))


def _all_of(subscription: Subscription) -> tuple[str, ...]:
    """Customers that it ever was, the present one last."""
    now = subscription.customer
    return subscription.former if now is None else (*subscription.former, now)


def _holding(held: Held, event: Started | lending.Event | standing.Event) -> Held:
    match event:
        case Started(plan=plan):
            return replace(held, plan=plan)
        case _ if isinstance(event, lending.Event):
            return lending.evolve(held, event)
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
class LinkCustomer:
    """`instead_of`: the present one, if she is gone and this is her successor."""

    customer: str
    instead_of: str | None = None


@fact
class Observe:
    """All that the provider has for this customer, just read; she, and `basis`, are whom and what
    we knew before that was begun. Nobody has nothing."""

    customer: str | None
    basis: Standing
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


_Timed: TypeAlias = lending.Command | Observe | Hear | Look
Command: TypeAlias = Start | KeepLimits | LinkCustomer | _Timed


# How we answer


class NotStarted(Refused):
    """This company has no subscription yet."""


class AlreadyStarted(Refused):
    """This company already has a subscription."""


class Outdated(Refused):
    """More was learnt from the payment provider while this was read. Read it again."""


class AnotherCustomer(Refused):
    """This company is another customer at the payment provider."""


def decide(subscription: Subscription, command: Command) -> Iterator[Event]:
    match command:
        case Start() if subscription.claims.plan is not None:
            raise AlreadyStarted
        case Start(plan=plan, trial=trial):
            yield Started(plan=plan)
            if trial is not None:
                yield lending.TrialStarted(plan=ON_TRIAL, until=trial)
                yield PlanInForce(plan=ON_TRIAL, because=Because.TRIAL, until=trial)
        case _ if subscription.claims.plan is None:
            raise NotStarted
        case KeepLimits(kept=kept):
            if kept != subscription.kept:
                yield LimitsKept(products=kept.products, interval=kept.interval)
        case LinkCustomer():
            yield from _linked(subscription, command)
        case _:
            happened = list(_happens(subscription, command))
            yield from happened
            yield from _in_force(reduce(evolve, happened, subscription), command.at)


def _linked(subscription: Subscription, command: LinkCustomer) -> Iterator[CustomerLinked]:
    """A message about a former customer may come at any time, and makes her no other one."""
    if command.customer in _all_of(subscription):
        return
    if subscription.customer is not None:
        billed = subscription.claims.standing.billed
        goes_on = billed is not None and billed.status not in ENDED
        if goes_on or command.instead_of != subscription.customer:
            raise AnotherCustomer
    yield CustomerLinked(customer=command.customer)


def _happens(subscription: Subscription, command: _Timed) -> Iterator[Event]:
    match command:
        case Observe():
            yield from _observed(subscription, command)
        case Hear(told=told):
            yield from payment.news(subscription.heard, told)
        case Look():
            pass
        case _:
            yield from lending.decide(subscription.claims, command)


def _observed(subscription: Subscription, command: Observe) -> Iterator[Event]:
    known = subscription.claims.standing
    if (command.customer, command.basis) != (subscription.customer, known):
        raise Outdated
    if (counts := leading(command.seen)) is not None:
        beside = [each for each in _all(known, command) if each.subscription != counts.subscription]
        yield from standing.left(known, counts, beside, command.at)
        yield from standing.differences(known, counts)
    elif known.billed is not None:
        yield from _gone(known.billed)


def _all(known: Standing, command: Observe) -> Sequence[Billed]:
    """With what is known, where the provider has it no more: of a customer who was deleted."""
    had = known.billed
    if had is None or any(each.subscription == had.subscription for each in command.seen):
        return command.seen
    return [*command.seen, had]


def _gone(known: Billed) -> Iterator[Event]:
    """The provider has nothing of her any more: the customer was deleted there."""
    if known.status not in ENDED:
        yield standing.StatusChanged(status=Status.CANCELED, reason="customer_deleted")


def _in_force(subscription: Subscription, now: datetime) -> Iterator[PlanInForce]:
    current = access(subscription.claims, now)
    known = subscription.in_force or InForce(
        plan=subscription.claims.plan or Plan.FREE, because=Because.FREE, until=None
    )
    if current != known:
        yield PlanInForce(plan=current.plan, because=current.because, until=current.until)


decider = Decider("subscription", Subscription(), decide, evolve, edition=4)
