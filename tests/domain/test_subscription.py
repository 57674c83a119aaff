"""What a company may use."""

from domain import subscription
from domain.plan import LIMITS, Kept, Plan, limits
from tests.given import given

started = subscription.Started(plan=Plan.FREE)


def test_a_subscription_starts_once():
    start = subscription.Start(plan=Plan.FREE)

    given(subscription.decider).when(start).then(started)
    given(subscription.decider, started).when(start).then_refused(subscription.AlreadyStarted)


def test_what_a_company_came_with_is_kept_once_and_its_plan_allows_no_less():
    had = Kept(products=1_200, interval=15)
    keep = subscription.KeepLimits(kept=had)
    kept = subscription.LimitsKept(products=1_200, interval=15)

    given(subscription.decider).when(keep).then_refused(subscription.NotStarted)
    given(subscription.decider, started).when(keep).then(kept)
    given(subscription.decider, started, kept).when(keep).then()
    assert (limits(Plan.FREE, had).products, limits(Plan.FREE, had).interval) == (1_200, 15)
    assert limits(Plan.ENTERPRISE, had) == LIMITS[Plan.ENTERPRISE]
    assert limits(Plan.FREE, None) == LIMITS[Plan.FREE]


def test_a_dearer_plan_never_allows_less():
    free, *dearer = [LIMITS[plan] for plan in Plan]

    for better in dearer:
        assert better.products > free.products
        assert better.interval < free.interval
        free = better
