"""Money that goes back, in the sandbox's Stripe: refunds, disputes, and invoices that end."""

import pytest
import stripe as sdk

from tests.sandbox.stripe_visit import DAY, visiting


@pytest.fixture
async def stripe():
    async with visiting() as visit:
        yield visit


@pytest.fixture
async def charge(stripe):
    """A payment of 10.00."""
    await stripe.subscribed()
    return (await stripe.v1.charges.list_async()).data[0]


async def test_a_refund_gives_a_part_back_and_then_the_rest_but_no_more(stripe, charge):
    refund = stripe.v1.refunds.create_async
    with pytest.raises(sdk.InvalidRequestError) as much:
        await refund({"charge": charge.id, "amount": 1_001})
    part = await refund({"charge": charge.id, "amount": 300})
    rest = await refund({"payment_intent": charge.payment_intent})
    after = await stripe.v1.charges.retrieve_async(charge.id)

    assert much.value.param == "amount"
    assert (part.amount, rest.amount, part.status) == (300, 700, "succeeded")
    assert (after.amount_refunded, after.refunded) == (1_000, True)
    assert stripe.types()[-3:] == ["refund.created", "charge.refunded", "refund.updated"]
    with pytest.raises(sdk.InvalidRequestError) as again:
        await refund({"charge": charge.id})
    assert again.value.code == "charge_already_refunded"


async def test_a_refund_may_come_back(stripe, charge):
    made = await stripe.control("refund", charge=charge.id, amount=300)
    failed = await stripe.control("refund", fails=made["id"])
    after = await stripe.v1.charges.retrieve_async(charge.id)

    assert (failed["status"], after.amount_refunded) == ("failed", 0)
    assert stripe.types()[-1] == "refund.failed"


@pytest.mark.parametrize("won", [True, False])
async def test_a_dispute_is_opened_and_decided_by_the_bank(stripe, charge, won):
    made = await stripe.control("dispute", charge=charge.id, reason="fraudulent")
    await stripe.control("decide", dispute=made["id"], won=won)
    found = await stripe.v1.disputes.retrieve_async(made["id"])
    listed = await stripe.v1.disputes.list_async({"charge": charge.id})

    assert (found.status, found.reason) == ("won" if won else "lost", "fraudulent")
    assert [each.id for each in listed.data] == [found.id]
    assert (await stripe.v1.charges.retrieve_async(charge.id)).disputed
    kinds = [each for each in stripe.types() if each.startswith("charge.dispute.")]
    assert kinds[0] == "charge.dispute.created"
    assert kinds[-1] == "charge.dispute.closed"
    assert ("charge.dispute.funds_reinstated" in kinds) is won


async def test_an_open_invoice_can_be_paid_past_stripe_voided_or_given_up(stripe):
    invoices = stripe.v1.invoices
    ended = []
    for end in (
        lambda i: invoices.pay_async(i, {"paid_out_of_band": True}),
        invoices.void_invoice_async,
        invoices.mark_uncollectible_async,
    ):
        made = await stripe.subscribed()
        stripe.book.card(made.customer, "decline")
        stripe.book.advance(32 * DAY)
        late = await stripe.again(made)
        ended.append(((await end(late.latest_invoice)).status, (await stripe.again(made)).status))

    assert ended == [("paid", "active"), ("void", "past_due"), ("uncollectible", "past_due")]


async def test_paying_with_a_bad_card_is_a_card_error_and_moves_no_retry(stripe):
    made = await stripe.subscribed()
    stripe.book.card(made.customer, "decline")
    stripe.book.advance(32 * DAY)
    before = await stripe.invoice(await stripe.again(made))
    with pytest.raises(sdk.CardError) as no:
        await stripe.v1.invoices.pay_async(before.id)
    after = await stripe.invoice(await stripe.again(made))

    assert no.value.code == "card_declined"
    assert (after.attempt_count, after.next_payment_attempt) == (1, before.next_payment_attempt)


async def test_invoices_are_listed_by_subscription_and_what_paid_them_by_invoice(stripe, charge):
    made = next(iter(stripe.book.all("subscription")))
    stripe.book.advance(32 * DAY)
    listed = await stripe.v1.invoices.list_async({"subscription": made["id"], "status": "paid"})
    payments = await stripe.v1.invoice_payments.list_async({"invoice": listed.data[-1].id})

    assert [each.billing_reason for each in listed.data] == [
        "subscription_cycle",
        "subscription_create",
    ]
    assert payments.data[0].payment.payment_intent == charge.payment_intent
