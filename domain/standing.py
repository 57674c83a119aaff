"""How a company stands with the payment provider, and what a difference means.

The provider's newest word counts and not its messages about it, which come late, twice and in any
order: two readings of the same state are no fact.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from domain.billed import ENDED, TROUBLED, Ahead, Billed, Status
from domain.fact import fact
from domain.plan import Plan

GRACE = timedelta(days=7)
"""So long after the first failed payment all goes on; whatever is tried meanwhile moves it not."""
LATE = timedelta(days=3)
"""And so long after a paid period, while the provider has not said that the next one is paid: it
repeats its messages for three days (Stripe: Receive events in your webhook endpoint, Retries)."""

# What can happen


@fact
class Subscribed:
    """A subscription is there that was not: the first, or one after another had ended."""

    billed: Billed


@fact
class PaidTimeLeft:
    """Of a subscription that does not count, for another one does: what was paid for it is had."""

    plan: Plan
    until: datetime


@fact
class PlanChanged:
    plan: Plan | None
    former: Plan | None


@fact
class StatusChanged:
    status: Status
    reason: str | None = None


@fact
class PeriodRenewed:
    paid_until: datetime


@fact
class TrialMoved:
    trial_until: datetime | None


@fact
class CancellationScheduled:
    at: datetime


@fact
class CancellationRevoked:
    pass


@fact
class CollectionPaused:
    pass


@fact
class CollectionResumed:
    pass


@fact
class PlanChangeAgreed:
    """`at`: None as soon as it is paid."""

    plan: Plan
    at: datetime | None


@fact
class PlanChangeDropped:
    pass


@fact
class PaymentMethodChanged:
    method: str | None


@fact
class GraceStarted:
    """A payment failed first: paid work goes on until `until`, however often it is tried again."""

    until: datetime


@fact
class GraceEnded:
    """`recovered`: all that was open is paid."""

    recovered: bool


_OfOne: TypeAlias = (
    PlanChanged
    | StatusChanged
    | PeriodRenewed
    | TrialMoved
    | CancellationScheduled
    | CancellationRevoked
    | CollectionPaused
    | CollectionResumed
    | PlanChangeAgreed
    | PlanChangeDropped
    | PaymentMethodChanged
)
Event: TypeAlias = Subscribed | PaidTimeLeft | _OfOne | GraceStarted | GraceEnded


# What we remember


@fact
class Standing:
    """`grace_until`: set once, at the first failure; the end of it is no message of anybody's.
    `rest`: until when each plan is paid by subscriptions beside the one that counts."""

    billed: Billed | None = None
    grace_until: datetime | None = None
    rest: Mapping[Plan, datetime] = field(default_factory=dict)


def evolve(standing: Standing, event: Event) -> Standing:
    match event:
        case Subscribed(billed=billed):
            return replace(standing, billed=billed, grace_until=None)
        case PaidTimeLeft(plan=plan, until=until):
            return replace(standing, rest={**standing.rest, plan: until})
        case GraceStarted(until=until):
            return replace(standing, grace_until=until)
        case GraceEnded():
            return replace(standing, grace_until=None)
    if standing.billed is None:
        return standing
    return replace(standing, billed=_changed(standing.billed, event))


def _changed(billed: Billed, event: _OfOne) -> Billed:
    match event:
        case PlanChanged(plan=plan):
            return replace(billed, plan=plan)
        case StatusChanged(status=status, reason=reason):
            return replace(billed, status=status, reason=reason)
        case PeriodRenewed(paid_until=until):
            return replace(billed, paid_until=until)
        case TrialMoved(trial_until=until):
            return replace(billed, trial_until=until)
        case CancellationScheduled(at=at):
            return replace(billed, cancel_at=at)
        case CancellationRevoked():
            return replace(billed, cancel_at=None)
        case CollectionPaused() | CollectionResumed():
            return replace(billed, collecting=isinstance(event, CollectionResumed))
        case PlanChangeAgreed(plan=plan, at=at):
            return replace(billed, ahead=Ahead(plan=plan, at=at))
        case PlanChangeDropped():
            return replace(billed, ahead=None)
        case PaymentMethodChanged(method=method):
            return replace(billed, payment_method=method)
        case _:
            assert_never(event)


# What a difference means


def differences(standing: Standing, seen: Billed) -> Iterator[Event]:
    """What has happened between what we remember and what was just read."""
    known = standing.billed
    if known is None or known.subscription != seen.subscription:
        if standing.grace_until is not None:
            yield GraceEnded(recovered=False)
        yield Subscribed(billed=replace(seen, owing_since=None))
        yield from _grace(None, seen)
        return
    if known.plan != seen.plan:
        yield PlanChanged(plan=seen.plan, former=known.plan)
    if (known.status, known.reason) != (seen.status, seen.reason):
        yield StatusChanged(status=seen.status, reason=seen.reason)
    if known.paid_until != seen.paid_until:
        yield PeriodRenewed(paid_until=seen.paid_until)
    if known.trial_until != seen.trial_until:
        yield TrialMoved(trial_until=seen.trial_until)
    if known.cancel_at != seen.cancel_at:
        yield CancellationScheduled(at=seen.cancel_at) if seen.cancel_at else CancellationRevoked()
    if known.collecting != seen.collecting:
        yield CollectionResumed() if seen.collecting else CollectionPaused()
    if known.ahead != seen.ahead:
        yield _agreed(seen.ahead)
    if known.payment_method != seen.payment_method:
        yield PaymentMethodChanged(method=seen.payment_method)
    yield from _grace(standing.grace_until, seen)


def _agreed(ahead: Ahead | None) -> Event:
    return PlanChangeAgreed(plan=ahead.plan, at=ahead.at) if ahead else PlanChangeDropped()


def _grace(until: datetime | None, seen: Billed) -> Iterator[Event]:
    """It begins with the first failure, and ends when nothing is open or nothing more is tried. If
    a period has been paid since, it ended without our hearing of it."""
    ends = (seen.owing_since or seen.paid_until) + GRACE
    if until is None and seen.status in TROUBLED:
        yield GraceStarted(until=ends)
    elif until is None:
        return
    elif seen.status in TROUBLED:
        if until - GRACE < seen.paid_until and until < ends:
            yield GraceEnded(recovered=True)
            yield GraceStarted(until=ends)
    elif seen.owing_since is None:
        yield GraceEnded(recovered=seen.status is Status.ACTIVE)
    elif seen.status in ENDED | {Status.UNPAID}:
        yield GraceEnded(recovered=False)


def left(
    standing: Standing, counts: Billed, others: Sequence[Billed], now: datetime
) -> Iterator[PaidTimeLeft]:
    """What is paid beside the one that counts, and beyond what that gives: of each plan the longest
    time."""
    plans = list(Plan)
    ends = {plan: [each.paid_until for each in others if each.plan is plan] for plan in plans[1:]}
    for plan, those in ends.items():
        until = max(those, default=now)
        covered = counts.plan and plans.index(counts.plan) >= plans.index(plan)
        if until > standing.rest.get(plan, now) and not (covered and counts.paid_until >= until):
            yield PaidTimeLeft(plan=plan, until=until)


def paid(standing: Standing) -> datetime | None:
    """Until when the plan is to be had by what was paid; None without a subscription.

    Time alone ends it. What is cancelled is kept until the end of what was paid; what is unpaid,
    paused or incomplete gives nothing beyond it.
    """
    billed = standing.billed
    if billed is None:
        return None
    until = billed.paid_until
    match billed.status:
        case Status.ACTIVE | Status.TRIALING if billed.cancel_at is not None:
            return min(until + LATE, max(billed.cancel_at, until))
        case Status.ACTIVE | Status.TRIALING if billed.collecting:
            return until + LATE
        case Status.PAST_DUE | Status.OTHER:
            return max(until, standing.grace_until or until)
        case _:
            return until
