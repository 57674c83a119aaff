"""What a company may use while it pays, tries, owes and leaves."""

from dataclasses import replace

import pytest

from domain import lending, standing, subscription
from domain.billed import Ahead, Status
from domain.entitlement import Because
from domain.plan import Plan
from domain.standing import GRACE, LATE, Standing
from domain.subscription import PlanInForce
from tests.domain.one_subscription import (
    DAY,
    MONTH_END,
    NOW,
    billing,
    free,
    in_force,
    observe,
    paying,
    started,
    subscribed,
)
from tests.given import given


def test_a_new_company_tries_the_larger_plan_for_a_while_where_plans_are_paid_for():
    until = NOW + lending.TRIAL
    tried = lending.TrialStarted(plan=Plan.PRO, until=until)
    of_trial = PlanInForce(plan=Plan.PRO, because=Because.TRIAL, until=until)
    start = subscription.Start(plan=Plan.FREE, trial=until)

    given(subscription.decider).when(start).then(started, tried, of_trial)
    billing(tried, of_trial).when(lending.StartTrial(at=NOW)).then_refused(lending.TrialUsed)
    billing().when(lending.StartTrial(at=NOW)).then(tried, of_trial)
    billing(tried, of_trial).when(subscription.Look(at=until)).then(free)
    billing(tried, of_trial).when(subscription.Look(at=until - DAY)).then_nothing_happens()


def test_what_the_provider_has_is_a_fact_once_however_often_it_is_read():
    billing().when(observe(paying)).then(subscribed, in_force)
    billing(subscribed, in_force).when(observe(paying)).then_nothing_happens()


def test_what_was_read_before_more_was_learnt_is_read_again():
    begun_before = subscription.Observe(customer=None, basis=Standing(), seen=[paying], at=NOW)

    billing(subscribed, in_force).when(begun_before).then_refused(subscription.Outdated)


def test_a_renewal_moves_the_end_and_nothing_else():
    later = replace(paying, paid_until=MONTH_END + 30 * DAY)

    billing(subscribed, in_force).when(observe(later, at=MONTH_END)).then(
        standing.PeriodRenewed(paid_until=later.paid_until),
        replace(in_force, until=later.paid_until + LATE),
    )


def test_a_change_of_plan_names_the_former_one():
    smaller = replace(paying, plan=Plan.STARTER)

    billing(subscribed, in_force).when(observe(smaller)).then(
        standing.PlanChanged(plan=Plan.STARTER, former=Plan.PRO),
        replace(in_force, plan=Plan.STARTER),
    )


owing = replace(paying, status=Status.PAST_DUE, paid_until=MONTH_END, owing_since=MONTH_END)
past_due = standing.StatusChanged(status=Status.PAST_DUE)
grace = standing.GraceStarted(until=MONTH_END + GRACE)
in_grace = PlanInForce(plan=Plan.PRO, because=Because.GRACE, until=MONTH_END + GRACE)


def test_the_first_failed_payment_gives_a_week_and_no_later_one_gives_more():
    seen_late = MONTH_END + 2 * DAY
    again = replace(owing, owing_since=MONTH_END + 5 * DAY)

    billing(subscribed, in_force).when(observe(owing, at=seen_late)).then(past_due, grace, in_grace)
    billing(subscribed, in_force, past_due, grace, in_grace).when(
        observe(again, at=MONTH_END + 5 * DAY)
    ).then_nothing_happens()
    billing(subscribed, in_force, past_due, grace, in_grace).when(
        subscription.Look(at=MONTH_END + GRACE)
    ).then(free)


def test_who_fails_again_after_a_recovery_that_we_never_heard_of_has_a_week_anew():
    after = MONTH_END + 30 * DAY
    again = replace(owing, paid_until=after, owing_since=after)

    billing(subscribed, in_force, past_due, grace, in_grace).when(observe(again, at=after)).then(
        standing.PeriodRenewed(paid_until=after),
        standing.GraceEnded(recovered=True),
        standing.GraceStarted(until=after + GRACE),
        replace(in_grace, until=after + GRACE),
    )


def test_who_pays_in_time_has_all_of_it_again_and_not_before_nothing_is_open():
    renewed = replace(paying, paid_until=MONTH_END + 30 * DAY)
    still_open = replace(renewed, owing_since=MONTH_END)
    history = (subscribed, in_force, past_due, grace, in_grace)
    back = standing.StatusChanged(status=Status.ACTIVE)
    moved = standing.PeriodRenewed(paid_until=renewed.paid_until)

    billing(*history).when(observe(renewed, at=MONTH_END)).then(
        back,
        moved,
        standing.GraceEnded(recovered=True),
        replace(in_force, until=renewed.paid_until + LATE),
    )
    billing(*history).when(observe(still_open, at=MONTH_END)).then(
        back, moved, replace(in_force, until=renewed.paid_until + LATE)
    )


@pytest.mark.parametrize("status", [Status.UNPAID, Status.CANCELED])
def test_when_nothing_more_is_tried_the_week_ends(status):
    over = replace(owing, status=status)

    billing(subscribed, in_force, past_due, grace, in_grace).when(
        observe(over, at=MONTH_END + DAY)
    ).then(standing.StatusChanged(status=status), standing.GraceEnded(recovered=False), free)


def test_cancelling_keeps_what_was_paid_to_its_end():
    ending = replace(paying, cancel_at=MONTH_END)
    until_then = replace(in_force, until=MONTH_END)

    billing(subscribed, in_force).when(observe(ending)).then(
        standing.CancellationScheduled(at=MONTH_END), until_then
    )
    billing(subscribed, in_force, standing.CancellationScheduled(at=MONTH_END), until_then).when(
        observe(paying)
    ).then(standing.CancellationRevoked(), in_force)


def test_cancelling_at_once_takes_nothing_that_was_paid():
    over = replace(paying, status=Status.CANCELED, reason="cancellation_requested")

    billing(subscribed, in_force).when(observe(over)).then(
        standing.StatusChanged(status=Status.CANCELED, reason="cancellation_requested"),
        replace(in_force, until=MONTH_END),
    )


def test_a_subscription_after_another_begins_with_a_clean_sheet():
    over = standing.StatusChanged(status=Status.CANCELED)
    second = replace(paying, subscription="sub_2", plan=Plan.STARTER, since=MONTH_END)

    billing(subscribed, in_force, past_due, grace, in_grace, over).when(
        observe(replace(owing, status=Status.CANCELED), second, at=MONTH_END)
    ).then(
        standing.GraceEnded(recovered=False),
        standing.Subscribed(billed=second),
        replace(in_force, plan=Plan.STARTER),
    )


def test_every_other_difference_is_a_fact_of_its_own():
    ahead = Ahead(plan=Plan.STARTER, at=MONTH_END)
    for change, fact in (
        ({"ahead": ahead}, standing.PlanChangeAgreed(plan=Plan.STARTER, at=MONTH_END)),
        ({"payment_method": "pm_2"}, standing.PaymentMethodChanged(method="pm_2")),
        ({"trial_until": MONTH_END}, standing.TrialMoved(trial_until=MONTH_END)),
    ):
        billing(subscribed, in_force).when(observe(replace(paying, **change))).then(fact)
        billing(subscribed, fact, in_force).when(
            observe(replace(paying, **change))
        ).then_nothing_happens()
    agreed = standing.PlanChangeAgreed(plan=Plan.STARTER, at=MONTH_END)
    billing(subscribed, agreed, in_force).when(observe(paying)).then(standing.PlanChangeDropped())


def test_whoever_is_not_charged_keeps_what_was_paid_and_no_more():
    paused = replace(paying, collecting=False)

    billing(subscribed, in_force).when(observe(paused)).then(
        standing.CollectionPaused(), replace(in_force, until=MONTH_END)
    )
    billing(subscribed, standing.CollectionPaused(), replace(in_force, until=MONTH_END)).when(
        observe(paying)
    ).then(standing.CollectionResumed(), in_force)


def test_staff_give_access_for_what_is_paid_otherwise_and_take_it_back():
    until = NOW + 365 * DAY
    give = lending.GrantAccess(plan=Plan.ENTERPRISE, until=until, reason="INV-7", at=NOW)
    given_ = lending.AccessGranted(plan=Plan.ENTERPRISE, until=until, reason="INV-7")
    held = PlanInForce(plan=Plan.ENTERPRISE, because=Because.GRANT, until=until)
    take = lending.WithdrawAccess(reason="not paid", at=NOW)

    billing().when(give).then(given_, held)
    billing(given_, held).when(give).then_nothing_happens()
    billing(given_, held).when(take).then(lending.AccessWithdrawn(reason="not paid"), free)
    billing().when(take).then_refused(lending.NothingGranted)
    billing().when(replace(give, until=NOW)).then_refused(lending.GrantTooFar)
    billing().when(replace(give, until=NOW + 3_661 * DAY)).then_refused(lending.GrantTooFar)
    billing().when(replace(give, plan=Plan.FREE)).then_refused(lending.NothingToGrant)
