"""A subscription's life in the sandbox's Stripe, as the real SDK sees it."""

import msgspec
import pytest

from sandbox.stripe import Settings
from tests.sandbox.stripe_visit import DAY, HOUR, visiting


@pytest.fixture
async def stripe():
    async with visiting() as visit:
        yield visit


def told(visit, kind):
    """What an event of this type said last, of its object."""
    events = [each for each in visit.book.events.values() if each.type == kind]
    return msgspec.json.decode(events[-1].body)["data"]


async def test_a_trial_becomes_active_and_renews_by_the_calendar(stripe):
    made = await stripe.subscribed(trial_period_days=69)
    stripe.book.advance(69 * DAY)
    active = await stripe.again(made)
    stripe.book.advance(28 * DAY)
    renewed = await stripe.again(made)

    assert (made.status, active.status, renewed.status) == ("trialing", "active", "active")
    ends = [each["items"].data[0].current_period_end for each in (made, active, renewed)]
    assert [stripe.day(each) for each in ends] == ["2027-01-31", "2027-02-28", "2027-03-31"]


async def test_a_trial_is_announced_three_days_before_its_end_and_a_shorter_one_at_once(stripe):
    await stripe.subscribed(trial_period_days=2)
    at_once = stripe.count()["customer.subscription.trial_will_end"]
    await stripe.subscribed(trial_period_days=10)
    stripe.book.advance(7 * DAY - 1)
    before = stripe.count()["customer.subscription.trial_will_end"]
    stripe.book.advance(1)

    assert (at_once, before) == (1, 1)
    assert stripe.count()["customer.subscription.trial_will_end"] == 2


async def test_the_first_payment_tells_its_story_in_stripes_events(stripe):
    made = await stripe.subscribed()

    assert stripe.types()[-10:] == [
        "invoice.created",
        "customer.subscription.created",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice_payment.paid",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
    ]
    assert (told(stripe, "customer.subscription.created")["object"]["status"]) == "incomplete"
    assert told(stripe, "customer.subscription.updated")["previous_attributes"] == {
        "status": "incomplete"
    }
    assert made.status == "active"


async def test_a_renewal_is_announced_drafted_and_charged_an_hour_later(stripe):
    made = await stripe.subscribed(metadata={"tenant_id": "t1"})
    stripe.book.advance(27 * DAY)
    ahead = told(stripe, "invoice.upcoming")["object"]
    stripe.book.advance(3 * DAY)
    draft = await stripe.invoice(await stripe.again(made))
    stripe.book.advance(HOUR)
    paid = await stripe.invoice(await stripe.again(made))

    assert "id" not in ahead
    assert ahead["amount_due"] == 1_000
    assert (draft.status, paid.status, draft.id) == ("draft", "paid", paid.id)
    details = paid.parent.subscription_details
    assert (details.subscription, details.metadata["tenant_id"]) == (made.id, "t1")
    assert paid.billing_reason == "subscription_cycle"


async def test_a_card_that_fails_is_tried_on_days_3_8_and_15_and_then_all_is_over(stripe):
    made = await stripe.subscribed()
    stripe.book.card(made.customer, "decline")
    stripe.book.advance(30 * DAY + HOUR)
    first = await stripe.again(made)
    again_at = (await stripe.invoice(first)).next_payment_attempt
    stripe.book.advance(15 * DAY - 1)
    before = stripe.count()["invoice.payment_failed"], (await stripe.again(made)).status
    stripe.book.advance(1)
    last = await stripe.again(made)

    assert (first.status, again_at - stripe.book.now) == ("past_due", -12 * DAY)
    assert before == (3, "past_due")
    assert (last.status, last.cancellation_details.reason) == ("canceled", "payment_failed")
    assert stripe.count()["invoice.payment_failed"] == 4
    assert (await stripe.invoice(last)).status == "open"


async def test_a_better_card_recovers_at_the_next_try(stripe):
    made = await stripe.subscribed()
    stripe.book.card(made.customer, "decline")
    stripe.book.advance(31 * DAY)
    late = await stripe.again(made)
    stripe.book.card(made.customer, "ok")
    stripe.book.advance(3 * DAY)
    well = await stripe.again(made)

    assert (late.status, well.status) == ("past_due", "active")
    assert (await stripe.invoice(well)).attempt_count == 2


async def test_a_subscription_may_become_unpaid_and_its_renewals_stay_drafts_until_it_pays():
    async with visiting(Settings(when_unpaid="unpaid")) as stripe:
        made = await stripe.subscribed()
        stripe.book.card(made.customer, "decline")
        stripe.book.advance(80 * DAY)
        unpaid = await stripe.again(made)
        draft = await stripe.invoice(unpaid)
        stripe.book.card(made.customer, "ok")
        await stripe.v1.invoices.finalize_invoice_async(draft.id)
        await stripe.v1.invoices.pay_async(draft.id)

        assert (unpaid.status, draft.status) == ("unpaid", "draft")
        assert (await stripe.again(made)).status == "active"


async def test_an_unpaid_beginning_expires_after_23_hours(stripe):
    made = await stripe.subscribed(card="decline")
    stripe.book.advance(23 * HOUR - 1)
    before = await stripe.again(made)
    stripe.book.advance(1)
    after = await stripe.again(made)

    assert (before.status, after.status) == ("incomplete", "incomplete_expired")
    assert (await stripe.invoice(after)).status == "void"
    assert stripe.types()[-2:] == ["invoice.voided", "customer.subscription.updated"]


async def test_a_card_that_wants_its_owner_says_so_and_where(stripe):
    made = await stripe.subscribed(card="needs_action")

    assert made.status == "incomplete"
    asked = told(stripe, "invoice.payment_action_required")["object"]
    assert asked["hosted_invoice_url"] == f"{stripe.book.url}/invoice/{made.latest_invoice}"


@pytest.mark.parametrize(
    ("behaviour", "status", "event"),
    [
        ("pause", "paused", "customer.subscription.paused"),
        ("cancel", "canceled", "customer.subscription.deleted"),
        ("create_invoice", "past_due", "invoice.payment_failed"),
    ],
)
async def test_a_trial_without_a_card_ends_as_it_was_set(stripe, behaviour, status, event):
    settings = {"end_behavior": {"missing_payment_method": behaviour}}
    made = await stripe.subscribed(card=None, trial_period_days=7, trial_settings=settings)
    stripe.book.advance(7 * DAY + HOUR)

    assert (await stripe.again(made)).status == status
    assert event in stripe.types()


async def test_an_end_at_the_periods_end_can_be_taken_back_until_then(stripe):
    made = await stripe.subscribed()
    update = stripe.v1.subscriptions.update_async
    ending = await update(made.id, {"cancel_at_period_end": True})
    kept = await update(made.id, {"cancel_at_period_end": False})
    await update(made.id, {"cancel_at_period_end": True})
    stripe.book.advance(30 * DAY)
    over = await stripe.again(made)

    assert (ending.status, ending.cancel_at) == (
        "active",
        made["items"].data[0].current_period_end,
    )
    assert (kept.cancel_at, kept.canceled_at) == (None, None)
    assert (over.status, over.ended_at) == ("canceled", ending.cancel_at)
    assert stripe.types()[-1] == "customer.subscription.deleted"
    assert "invoice.upcoming" not in stripe.types()


async def test_a_day_of_the_end_may_be_chosen(stripe):
    made = await stripe.subscribed()
    await stripe.v1.subscriptions.update_async(made.id, {"cancel_at": stripe.book.now + DAY})
    stripe.book.advance(DAY)

    assert (await stripe.again(made)).status == "canceled"


async def test_canceling_ends_at_once_and_says_why(stripe):
    made = await stripe.subscribed()
    said = {"comment": "too dear", "feedback": "too_expensive"}
    over = await stripe.v1.subscriptions.cancel_async(made.id, {"cancellation_details": said})

    assert (over.status, over.cancellation_details.comment) == ("canceled", "too dear")
    assert over.cancellation_details.reason == "cancellation_requested"


async def test_a_customer_who_is_deleted_takes_her_subscriptions_along(stripe):
    made = await stripe.subscribed()
    await stripe.v1.customers.delete_async(made.customer)
    gone = await stripe.v1.customers.retrieve_async(made.customer)

    assert gone.deleted
    assert (await stripe.again(made)).status == "canceled"
    assert stripe.types()[-2:] == ["customer.subscription.deleted", "customer.deleted"]


async def test_what_is_long_unpaid_is_overdue_and_what_cannot_be_finalized_stays_unbilled():
    async with visiting(Settings(overdue_days=2)) as stripe:
        made = await stripe.subscribed()
        stripe.book.card(made.customer, "decline")
        stripe.book.advance(33 * DAY)
        late = stripe.types()
        stripe.book.settings = Settings(finalization_fails=True)
        other = await stripe.subscribed()
        stripe.book.advance(32 * DAY)
        unbilled = await stripe.again(other)

        assert "invoice.overdue" in late
        assert (
            told(stripe, "invoice.finalization_failed")["object"]["id"] == unbilled.latest_invoice
        )
        assert unbilled.status == "active"


async def test_money_from_a_bank_comes_days_later_or_does_not(stripe):
    good, bad = [await stripe.subscribed(card=c) for c in ("delayed", "delayed_decline")]
    stripe.book.advance(3 * DAY)
    paid, unpaid = await stripe.again(good), await stripe.again(bad)

    assert [good.status, bad.status] == ["active", "active"]
    assert [paid.status, unpaid.status] == ["active", "past_due"]
    assert [(await stripe.invoice(each)).status for each in (paid, unpaid)] == ["paid", "open"]
