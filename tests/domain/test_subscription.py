"""What a company may use."""

from domain import subscription
from domain.plan import LIMITS, Plan
from tests.given import given

started = subscription.Started(plan=Plan.FREE)


def test_a_subscription_starts_once():
    start = subscription.Start(plan=Plan.FREE)

    given(subscription.decider).when(start).then(started)
    given(subscription.decider, started).when(start).then_refused(subscription.AlreadyStarted)


def test_a_dearer_plan_never_allows_less():
    free, *dearer = [LIMITS[plan] for plan in Plan]

    for better in dearer:
        assert better.products > free.products
        assert better.interval < free.interval
        free = better
