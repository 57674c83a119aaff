"""A subscription's life at Stripe as the adapter sees it, in an account whose clock can be moved."""

from datetime import timedelta

import pytest

from domain.billed import Ahead, Status
from domain.plan import Plan
from sandbox.stripe import Settings
from tests.infrastructure.stripe_desk import open_desk

HOUR = timedelta(hours=1)


@pytest.fixture
async def desk():
    async with open_desk() as desk:
        yield desk


async def test_a_period_is_paid_once_its_invoice_is_and_not_when_it_begins(desk):
    customer = await desk.subscribed()
    first = (await desk.hers(customer)).paid_until

    desk.book.advance(int((first - desk.now() + HOUR / 2).total_seconds()))
    drafted = await desk.hers(customer)
    desk.book.advance(3_600)
    paid = await desk.hers(customer)

    assert (drafted.status, drafted.paid_until) == (Status.ACTIVE, first)
    assert paid.paid_until > first
    assert (drafted.owing_since, paid.owing_since) == (None, None)


async def test_a_renewal_that_fails_leaves_her_owing_until_it_is_paid(desk):
    customer = await desk.subscribed()
    first = (await desk.hers(customer)).paid_until
    desk.book.card(customer, "decline")

    desk.pass_days(31)
    owing = await desk.hers(customer)
    desk.book.card(customer, "ok")
    desk.pass_days(4)
    recovered = await desk.hers(customer)

    assert (owing.status, owing.paid_until) == (Status.PAST_DUE, first)
    assert owing.owing_since == first + HOUR
    assert (recovered.status, recovered.owing_since) == (Status.ACTIVE, None)
    assert recovered.paid_until > first


async def test_months_that_nobody_pays_move_nothing():
    async with open_desk(Settings(when_unpaid="unpaid")) as desk:
        customer = await desk.subscribed()
        first = (await desk.hers(customer)).paid_until
        desk.book.card(customer, "decline")

        desk.pass_days(100)

        seen = await desk.hers(customer)
        assert (seen.status, seen.paid_until) == (Status.UNPAID, first)
        assert seen.owing_since == first + HOUR


async def test_what_ends_unpaid_says_why(desk):
    customer = await desk.subscribed()
    first = (await desk.hers(customer)).paid_until
    desk.book.card(customer, "decline")

    desk.pass_days(60)

    seen = await desk.hers(customer)
    assert (seen.status, seen.reason) == (Status.CANCELED, "payment_failed")
    assert seen.paid_until == first


async def test_what_was_never_paid_gives_nothing(desk):
    customer = await desk.subscribed(card="decline")
    begun = await desk.hers(customer)

    desk.pass_days(2)

    late = await desk.hers(customer)
    assert (begun.status, late.status) == (Status.INCOMPLETE, Status.INCOMPLETE_EXPIRED)
    assert begun.paid_until == late.paid_until == begun.since


async def test_a_trial_without_a_card_pauses_and_goes_on_when_it_is_paid(desk):
    ending = {"end_behavior": {"missing_payment_method": "pause"}}
    customer = await desk.subscribed(card=None, trial_period_days=14, trial_settings=ending)
    trial = await desk.hers(customer)
    desk.pass_days(15)
    paused = await desk.hers(customer)
    desk.book.card(customer, "ok")

    await desk.payments.resume(paused, "key")

    seen = await desk.hers(customer)
    assert (trial.status, trial.paid_until) == (Status.TRIALING, trial.trial_until)
    assert (paused.status, paused.paid_until) == (Status.PAUSED, trial.paid_until)
    assert (seen.status, seen.paid_until > desk.now()) == (Status.ACTIVE, True)


async def test_a_cancellation_comes_true_at_the_end_of_what_is_paid(desk):
    customer = await desk.subscribed()
    before = await desk.hers(customer)
    await desk.payments.cancel(before, "key")

    desk.pass_days(32)

    seen = await desk.hers(customer)
    assert (seen.status, seen.reason) == (Status.CANCELED, "cancellation_requested")
    assert seen.paid_until == before.paid_until


async def test_a_lower_plan_comes_true_and_stays_and_can_be_changed_again(desk):
    customer = await desk.subscribed(Plan.PRO)
    await desk.payments.change(await desk.hers(customer), Plan.STARTER, "one")

    desk.pass_days(31)
    lower = await desk.hers(customer)
    await desk.payments.cancel(lower, "two")
    await desk.payments.resume(await desk.hers(customer), "three")
    await desk.payments.change(await desk.hers(customer), Plan.ENTERPRISE, "four")
    desk.pass_days(62)
    later = await desk.hers(customer)

    assert (lower.plan, lower.ahead, lower.cancel_at) == (Plan.STARTER, None, None)
    assert (later.plan, later.status, later.ahead) == (Plan.ENTERPRISE, Status.ACTIVE, None)


async def test_a_change_that_nobody_pays_is_forgotten_after_a_day(desk):
    customer = await desk.subscribed(Plan.STARTER)
    before = await desk.hers(customer)
    desk.book.card(customer, "decline")
    await desk.payments.change(before, Plan.PRO, "key")

    desk.pass_days(1)

    assert await desk.hers(customer) == before


async def test_a_change_that_waits_for_its_payment_is_dropped_with_its_invoice(desk):
    """Which is how Stripe wants it (Pending updates, Cancel or change)."""
    customer = await desk.subscribed(Plan.STARTER)
    desk.book.card(customer, "decline")
    await desk.payments.change(await desk.hers(customer), Plan.PRO, "one")

    await desk.payments.change(await desk.hers(customer), Plan.STARTER, "two")

    statuses = {each["billing_reason"]: each["status"] for each in desk.book.all("invoice")}
    assert statuses == {"subscription_create": "paid", "subscription_update": "void"}


async def test_what_somebody_set_at_stripe_itself_is_seen_and_taken_back(desk):
    customer = await desk.subscribed()
    day = int(desk.now().timestamp()) + 5 * 86_400

    await desk.set(customer, pause_collection={"behavior": "void"}, cancel_at=day)
    seen = await desk.hers(customer)
    await desk.payments.resume(seen, "key")

    assert (seen.collecting, seen.cancel_at) == (False, desk.now() + timedelta(days=5))
    after = await desk.hers(customer)
    assert (after.collecting, after.cancel_at) == (True, None)


async def test_of_two_changes_that_nobody_pays_the_first_is_not_asked_for_any_more(desk):
    customer = await desk.subscribed(Plan.STARTER)
    before = await desk.hers(customer)
    desk.book.card(customer, "decline")
    await desk.payments.change(before, Plan.PRO, "one")

    await desk.payments.change(await desk.hers(customer), Plan.ENTERPRISE, "two")
    await desk.payments.change(await desk.hers(customer), Plan.ENTERPRISE, "two")
    waits = await desk.hers(customer)
    desk.pass_days(8)

    assert waits.ahead == Ahead(plan=Plan.ENTERPRISE, at=None)
    assert await desk.hers(customer) == before


async def test_a_change_that_waits_is_made_when_it_is_asked_for_again_with_a_better_card(desk):
    customer = await desk.subscribed(Plan.STARTER)
    desk.book.card(customer, "decline")
    await desk.payments.change(await desk.hers(customer), Plan.PRO, "one")
    await desk.payments.change(await desk.hers(customer), Plan.PRO, "two")
    waits = await desk.hers(customer)
    desk.book.card(customer, "ok")

    await desk.payments.change(waits, Plan.PRO, "three")

    assert waits.ahead == Ahead(plan=Plan.PRO, at=None)
    assert (await desk.hers(customer)).plan is Plan.PRO


@pytest.mark.parametrize("wait", [0, 1])
async def test_what_ends_at_once_is_kept_to_the_end_of_what_is_paid_whatever_change_was_not(
    desk, wait
):
    customer = await desk.subscribed(Plan.STARTER)
    before = await desk.hers(customer)
    desk.book.card(customer, "decline")
    await desk.payments.change(before, Plan.PRO, "one")
    desk.pass_days(wait)

    await desk.payments.cancel(before, "two", at_once=True)

    assert (await desk.hers(customer)).paid_until == before.paid_until
