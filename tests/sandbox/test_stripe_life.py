"""A subscription's life in the sandbox's Stripe, as the real SDK sees it."""

import pytest

from tests.sandbox.stripe_visit import DAY, HOUR, hooked, visiting


@pytest.fixture
async def stripe():
    async with visiting() as visit:
        yield visit


async def test_a_trial_becomes_active_and_renews_by_the_calendar(stripe):
    made = await stripe.subscribed(trial_period_days=14, metadata={"tenant_id": "t1"})
    stripe.book.advance(14 * DAY)
    active = await stripe.again(made)
    stripe.book.advance(31 * DAY)
    renewed = await stripe.again(made)

    assert (made.status, active.status, renewed.status) == ("trialing", "active", "active")
    period = active["items"].data[0]
    assert period.current_period_end - period.current_period_start == 31 * DAY
    assert renewed["items"].data[0].current_period_start == period.current_period_end
    assert "customer.subscription.trial_will_end" in stripe.types()


async def test_checkout_that_is_paid_gives_an_active_subscription_linked_to_the_caller(stripe):
    price = await stripe.price()
    session = await stripe.v1.checkout.sessions.create_async(
        {
            "mode": "subscription",
            "client_reference_id": "t1",
            "line_items": [{"price": price.id, "quantity": 2}],
            "subscription_data": {"metadata": {"tenant_id": "t1"}},
            "success_url": "http://x/{CHECKOUT_SESSION_ID}",
        }
    )
    paid = await stripe.control("complete", session=session.id)
    session = await stripe.v1.checkout.sessions.retrieve_async(
        session.id, {"expand": ["subscription.latest_invoice"]}
    )

    assert (session.status, session.payment_status) == ("complete", "paid")
    assert session.client_reference_id == "t1"
    assert session.subscription.id == paid["subscription"]
    assert session.subscription.status == "active"
    assert session.subscription.metadata["tenant_id"] == "t1"
    assert session.subscription.latest_invoice.amount_paid == 2_000


async def test_every_event_is_delivered_once_in_order_and_signed(stripe):
    async with hooked(stripe) as endpoint:
        await stripe.subscribed()
        stripe.book.advance(40 * DAY)
        await stripe.book.courier.drained()

        assert endpoint.types == stripe.types()
        assert endpoint.refused == 0


async def test_a_card_that_fails_is_tried_on_days_3_8_and_15_and_then_all_is_over(stripe):
    made = await stripe.subscribed()
    stripe.book.card(made.customer, "decline")
    stripe.book.advance(30 * DAY + HOUR)
    first = await stripe.again(made)
    tries = stripe.count()["invoice.payment_failed"]
    stripe.book.advance(15 * DAY - 1)
    before = stripe.count()["invoice.payment_failed"], (await stripe.again(made)).status
    stripe.book.advance(1)
    last = await stripe.again(made)

    assert (first.status, tries) == ("past_due", 1)
    assert before == (3, "past_due")
    assert (last.status, last.cancellation_details.reason) == ("canceled", "payment_failed")
    assert stripe.count()["invoice.payment_failed"] == 4
