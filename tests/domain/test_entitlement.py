"""What speaks for a plan at a moment, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.billed import ENDED, HELD, Billed, Status, charged, leading
from domain.entitlement import Because, Held, InForce, Lent, access
from domain.plan import Plan
from domain.standing import LATE, Standing

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH_END = NOW + 30 * DAY
paying = Billed(
    subscription="sub_1", status=Status.ACTIVE, plan=Plan.PRO, since=NOW, paid_until=MONTH_END
)


def holding(billed, **more):
    return Held(plan=Plan.FREE, standing=Standing(billed=billed, **more))


@pytest.mark.parametrize(
    ("status", "until"),
    [
        (Status.ACTIVE, MONTH_END + LATE),
        (Status.TRIALING, MONTH_END + LATE),
        (Status.PAST_DUE, MONTH_END),
        (Status.OTHER, MONTH_END),
        (Status.UNPAID, MONTH_END),
        (Status.CANCELED, MONTH_END),
        (Status.PAUSED, MONTH_END),
        (Status.INCOMPLETE, MONTH_END),
        (Status.INCOMPLETE_EXPIRED, MONTH_END),
    ],
)
def test_each_status_gives_its_plan_until_a_moment_that_needs_no_message(status, until):
    held = holding(replace(paying, status=status))

    assert access(held, until - timedelta(seconds=1)).plan is Plan.PRO
    assert access(held, until) == InForce(plan=Plan.FREE, because=Because.FREE, until=None)


def test_nothing_is_had_for_a_first_payment_that_failed():
    held = holding(replace(paying, status=Status.INCOMPLETE, paid_until=NOW))

    assert access(held, NOW).plan is Plan.FREE


def test_of_several_reasons_the_highest_plan_counts_and_of_equal_plans_the_strongest():
    trial = Lent(plan=Plan.PRO, until=MONTH_END)
    grant = Lent(plan=Plan.ENTERPRISE, until=NOW + DAY)
    held = replace(holding(paying), trial=trial, grant=grant)

    assert access(held, NOW).because is Because.GRANT
    assert access(held, NOW + DAY).because is Because.PAID
    assert access(replace(held, standing=Standing()), NOW + DAY).because is Because.TRIAL


def test_a_price_that_is_none_of_ours_gives_no_plan():
    assert access(holding(replace(paying, plan=None)), NOW).plan is Plan.FREE


def test_of_several_subscriptions_the_paid_one_counts_then_the_higher_then_the_newer():
    ended = replace(paying, subscription="sub_0", status=Status.CANCELED, plan=Plan.ENTERPRISE)
    twice = replace(paying, subscription="sub_2", since=NOW + DAY)
    dear = replace(paying, subscription="sub_3", plan=Plan.ENTERPRISE)

    assert leading([]) is None
    assert leading([ended, paying]) == paying
    assert leading([twice, paying]) == twice
    assert leading([twice, dear, paying]) == dear


def test_whoever_has_several_that_are_charged_for_pays_more_than_once():
    late = replace(paying, subscription="sub_2", status=Status.PAST_DUE)
    tried = replace(paying, subscription="sub_3", status=Status.TRIALING)
    idle = [replace(paying, status=each) for each in ENDED | HELD]
    paused, other = replace(paying, collecting=False), replace(paying, plan=None)

    assert charged([late, *idle, paused, other, tried, paying]) == [paying, tried, late]
