"""One subscription follows another, and one customer another."""

from dataclasses import replace

from domain import standing, subscription
from domain.billed import Status
from domain.entitlement import Because
from domain.plan import Plan
from domain.standing import LATE, Standing
from domain.subscription import PlanInForce
from tests.domain.one_subscription import (
    DAY,
    MONTH_END,
    NOW,
    billing,
    in_force,
    observe,
    paying,
    subscribed,
)

cut_short = replace(paying, status=Status.CANCELED)
smaller = replace(paying, subscription="sub_2", plan=Plan.STARTER, since=NOW + DAY)
left = standing.PaidTimeLeft(plan=Plan.PRO, until=MONTH_END)


def test_what_was_paid_for_is_had_to_its_end_although_another_subscription_follows():
    cancelled = standing.StatusChanged(status=Status.CANCELED)
    of_rest = replace(in_force, until=MONTH_END)
    had = (subscribed, in_force, cancelled, of_rest)

    billing(*had).when(observe(cut_short, smaller, at=NOW + DAY)).then(
        left, standing.Subscribed(billed=smaller)
    )
    billing(*had, left, standing.Subscribed(billed=smaller)).when(
        subscription.Look(at=MONTH_END)
    ).then(PlanInForce(plan=Plan.STARTER, because=Because.PAID, until=MONTH_END + LATE))


def test_what_is_paid_beside_the_one_that_counts_is_had_although_it_never_counted():
    billing().when(observe(cut_short, smaller, at=NOW + DAY)).then(
        left, standing.Subscribed(billed=smaller), replace(in_force, until=MONTH_END)
    )
    beside = replace(smaller, paid_until=MONTH_END)
    billing().when(observe(paying, beside, at=NOW + DAY)).then(subscribed, in_force)
    longer = replace(beside, paid_until=MONTH_END + DAY)
    billing(subscribed, in_force).when(observe(paying, longer, at=NOW + DAY)).then(
        standing.PaidTimeLeft(plan=Plan.STARTER, until=longer.paid_until)
    )


def test_of_several_that_were_cut_short_each_plan_is_had_as_long_as_it_was_paid():
    had = (subscribed, in_force, left, standing.Subscribed(billed=smaller))
    longer = replace(smaller, status=Status.CANCELED, paid_until=MONTH_END + 60 * DAY)
    third = replace(smaller, subscription="sub_3", since=NOW + 2 * DAY, paid_until=NOW + 3 * DAY)
    renewed = standing.PeriodRenewed(paid_until=longer.paid_until)
    of_pro = replace(in_force, until=MONTH_END)

    billing(*had, renewed).when(observe(longer, third)).then(
        standing.PaidTimeLeft(plan=Plan.STARTER, until=longer.paid_until),
        standing.Subscribed(billed=third),
        of_pro,
    )
    billing(
        *had,
        renewed,
        standing.PaidTimeLeft(plan=Plan.STARTER, until=longer.paid_until),
        standing.Subscribed(billed=third),
        of_pro,
    ).when(subscription.Look(at=MONTH_END)).then(
        PlanInForce(plan=Plan.STARTER, because=Because.PAID, until=longer.paid_until)
    )


def test_when_the_newest_has_ended_too_that_is_what_happened_and_nothing_of_the_older_one():
    had = (subscribed, in_force, left, standing.Subscribed(billed=smaller))
    over = replace(smaller, status=Status.CANCELED, reason="cancellation_requested")

    billing(*had).when(observe(cut_short, over)).then(
        standing.StatusChanged(status=Status.CANCELED, reason="cancellation_requested"),
        replace(in_force, until=MONTH_END),
    )


def test_a_customer_who_is_gone_there_has_no_subscription_any_more():
    billing(subscribed, in_force).when(observe()).then(
        standing.StatusChanged(status=Status.CANCELED, reason="customer_deleted"),
        replace(in_force, until=MONTH_END),
    )
    billing().when(observe()).then_nothing_happens()


link = subscription.LinkCustomer(customer="cus_1")
linked = subscription.CustomerLinked(customer="cus_1")
follow = subscription.LinkCustomer(customer="cus_2", instead_of="cus_1")
followed = subscription.CustomerLinked(customer="cus_2")
ended = standing.StatusChanged(status=Status.CANCELED, reason="customer_deleted")


def test_a_company_is_one_customer():
    billing().when(link).then(linked)
    billing(linked).when(link).then_nothing_happens()
    billing(linked).when(replace(link, customer="cus_2")).then_refused(subscription.AnotherCustomer)


def test_a_customer_who_is_gone_has_a_successor_once_nothing_of_hers_goes_on():
    billing(linked).when(follow).then(followed)
    billing(linked, subscribed, ended).when(follow).then(followed)
    billing(linked, subscribed).when(follow).then_refused(subscription.AnotherCustomer)


def test_one_successor_is_made_however_often_it_is_asked_for():
    late = replace(follow, customer="cus_3")
    third = replace(late, instead_of="cus_2")

    billing(linked, followed).when(follow).then_nothing_happens()
    billing(linked, followed).when(late).then_refused(subscription.AnotherCustomer)
    billing(linked, followed).when(third).then(subscription.CustomerLinked(customer="cus_3"))


def test_whoever_was_the_customer_once_is_no_other_one_and_not_the_present_one_again():
    again = replace(link, instead_of="cus_2")

    billing(linked, followed).when(link).then_nothing_happens()
    billing(linked, followed).when(again).then_nothing_happens()


def test_what_was_read_of_a_customer_before_she_had_a_successor_is_read_again():
    of_before = subscription.Observe(customer="cus_1", basis=Standing(), seen=[], at=NOW)

    billing(linked, followed).when(of_before).then_refused(subscription.Outdated)
    billing(linked, followed).when(observe(paying)).then(subscribed, in_force)
