"""Plans and quantities that change: at once, for money, at the period's end, or not at all."""

import pytest
from stripe import CardError, InvalidRequestError

from tests.sandbox.stripe_visit import DAY, HOUR, visiting

HALF = 15 * DAY


@pytest.fixture
async def stripe():
    async with visiting() as visit:
        yield visit


@pytest.fixture
async def sold(stripe):
    """A subscription of 10.00 a month, half of its month passed, and a dearer price."""
    made, dear = await stripe.subscribed(), await stripe.price(3_000)
    stripe.book.advance(HALF)
    return made, dear


def to(made, price, **more):
    return {"items": [{"id": made["items"].data[0].id, "price": price.id}], **more}


async def test_an_upgrade_now_is_charged_for_what_is_left_of_the_period(stripe, sold):
    made, dear = sold
    wish = to(made, dear, proration_behavior="always_invoice")
    after = await stripe.v1.subscriptions.update_async(made.id, wish)
    invoice = await stripe.invoice(after)

    assert after["items"].data[0].price.id == dear.id
    assert [line.amount for line in invoice.lines.data] == [-500, 1_500]
    assert all(e.parent.subscription_item_details.proration for e in invoice.lines.data)
    assert (invoice.amount_paid, invoice.billing_reason) == (1_000, "subscription_update")


async def test_prorations_wait_for_the_next_invoice_unless_told_otherwise(stripe, sold):
    made, dear = sold
    await stripe.v1.subscriptions.update_async(made.id, to(made, dear))
    stripe.book.advance(HALF + HOUR)
    invoice = await stripe.invoice(await stripe.again(made))

    assert [line.amount for line in invoice.lines.data] == [-500, 1_500, 3_000]


async def test_without_prorations_nothing_is_charged_before_the_renewal(stripe, sold):
    made, dear = sold
    wish = to(made, dear, proration_behavior="none")
    await stripe.v1.subscriptions.update_async(made.id, wish)
    stripe.book.advance(HALF + HOUR)

    assert (await stripe.invoice(await stripe.again(made))).total == 3_000


async def test_a_downgrade_now_leaves_a_credit_that_later_invoices_use_up(stripe, sold):
    made, dear = sold
    await stripe.v1.subscriptions.update_async(made.id, to(made, dear, proration_behavior="none"))
    cheap = await stripe.price(1_000)
    again = to(made, cheap, proration_behavior="always_invoice")
    await stripe.v1.subscriptions.update_async(made.id, again)
    credit = (await stripe.v1.customers.retrieve_async(made.customer)).balance
    stripe.book.advance(HALF + HOUR)
    invoice = await stripe.invoice(await stripe.again(made))

    assert credit == -1_000
    assert (invoice.total, invoice.amount_due, invoice.status) == (1_000, 0, "paid")


async def test_a_preview_tells_what_a_change_would_cost_and_changes_nothing(stripe, sold):
    made, dear = sold
    details = to(made, dear, proration_behavior="always_invoice")
    ask = {"subscription": made.id, "subscription_details": details}
    now = await stripe.v1.invoices.create_preview_async(ask)
    details["proration_behavior"] = "create_prorations"
    renewal = await stripe.v1.invoices.create_preview_async(ask)

    assert (now.total, renewal.total) == (1_000, 4_000)
    assert (await stripe.again(made))["items"].data[0].price.id != dear.id


async def test_another_quantity_is_prorated_too(stripe, sold):
    made, _ = sold
    item = {"id": made["items"].data[0].id, "quantity": 3}
    wish = {"items": [item], "proration_behavior": "always_invoice"}
    after = await stripe.v1.subscriptions.update_async(made.id, wish)

    assert (after["items"].data[0].quantity, (await stripe.invoice(after)).total) == (3, 1_000)


async def test_a_yearly_price_begins_a_year_now(stripe, sold):
    made, _ = sold
    yearly = await stripe.price(10_000, interval="year")
    after = await stripe.v1.subscriptions.update_async(made.id, to(made, yearly))

    item = after["items"].data[0]
    assert item.current_period_end - item.current_period_start == 365 * DAY
    assert (await stripe.invoice(after)).total == 9_500


async def upgrade_pending(stripe, sold, card):
    made, dear = sold
    stripe.book.card(made.customer, card)
    more = {"proration_behavior": "always_invoice", "payment_behavior": "pending_if_incomplete"}
    return await stripe.v1.subscriptions.update_async(made.id, to(made, dear, **more))


async def test_an_upgrade_that_is_not_paid_waits_and_holds_once_it_is(stripe, sold):
    waiting = await upgrade_pending(stripe, sold, "decline")
    stripe.book.card(waiting.customer, "ok")
    await stripe.v1.invoices.pay_async(waiting.latest_invoice)
    after = await stripe.again(waiting)

    assert waiting.pending_update.expires_at == stripe.book.now + 23 * HOUR
    assert waiting["items"].data[0].price.unit_amount == 1_000
    assert (waiting.status, after.pending_update) == ("active", None)
    assert after["items"].data[0].price.unit_amount == 3_000
    assert stripe.types()[-1] == "customer.subscription.pending_update_applied"


async def test_an_upgrade_that_is_never_paid_is_forgotten_after_23_hours(stripe, sold):
    waiting = await upgrade_pending(stripe, sold, "needs_action")
    stripe.book.advance(23 * HOUR)
    after = await stripe.again(waiting)

    assert (after.status, after.pending_update) == ("active", None)
    assert after["items"].data[0].price.unit_amount == 1_000
    assert (await stripe.invoice(after)).status == "void"
    assert stripe.types()[-1] == "customer.subscription.pending_update_expired"


async def test_an_upgrade_waits_no_longer_than_its_period_and_takes_no_other_invoice_along(
    stripe, sold
):
    stripe.book.advance(HALF - 2 * HOUR)
    waiting = await upgrade_pending(stripe, sold, "decline")
    stripe.book.advance(23 * HOUR)
    after = await stripe.again(waiting)

    assert waiting.pending_update.expires_at == waiting["items"].data[0].current_period_end
    assert after.pending_update is None
    assert (await stripe.invoice(waiting)).status == "void"
    assert (await stripe.invoice(after)).status == "open"


async def test_a_pending_upgrade_that_is_paid_at_once_never_waits(stripe, sold):
    after = await upgrade_pending(stripe, sold, "ok")

    assert after.pending_update is None
    assert after["items"].data[0].price.unit_amount == 3_000
    assert "customer.subscription.pending_update_applied" not in stripe.types()


async def test_a_change_may_be_refused_rather_than_left_unpaid(stripe, sold):
    made, dear = sold
    stripe.book.card(made.customer, "decline")
    more = {"proration_behavior": "always_invoice", "payment_behavior": "error_if_incomplete"}

    with pytest.raises(CardError):
        await stripe.v1.subscriptions.update_async(made.id, to(made, dear, **more))
    assert (await stripe.again(made))["items"].data[0].price.unit_amount == 1_000


async def scheduled(stripe, made, price, **more):
    """At the period's end another price, for a period at least."""
    create = stripe.v1.subscription_schedules.create_async
    schedule = await create({"from_subscription": made.id})
    now = schedule.phases[0]
    current = {
        "items": [{"price": now["items"][0].price, "quantity": 1}],
        "start_date": now.start_date,
        "end_date": now.end_date,
    }
    wish = {"phases": [current, {"items": [{"price": price.id}]}], **more}
    return await stripe.v1.subscription_schedules.update_async(schedule.id, wish)


async def test_a_schedule_changes_the_plan_at_the_periods_end_and_then_lets_go(stripe, sold):
    made, _ = sold
    schedule = await scheduled(stripe, made, await stripe.price(500))
    stripe.book.advance(HALF - 1)
    before = await stripe.again(made)
    stripe.book.advance(1 + HOUR)
    after = await stripe.again(made)
    invoice = await stripe.invoice(after)
    stripe.book.advance(31 * DAY)
    done = await stripe.v1.subscription_schedules.retrieve_async(schedule.id)

    assert before["items"].data[0].price.unit_amount == 1_000
    assert before.schedule == schedule.id
    assert (after["items"].data[0].price.unit_amount, invoice.total) == (500, 500)
    assert (done.status, done.released_subscription) == ("released", made.id)
    assert (await stripe.again(made)).schedule is None
    told = [each for each in stripe.types() if "schedule" in each]
    assert [each.split(".")[1] for each in told] == ["created", "updated", "updated", "released"]


async def test_a_schedule_that_is_released_changes_nothing(stripe, sold):
    made, _ = sold
    schedule = await scheduled(stripe, made, await stripe.price(500))
    await stripe.v1.subscription_schedules.release_async(schedule.id)
    stripe.book.advance(HALF)
    after = await stripe.again(made)

    assert after["items"].data[0].price.unit_amount == 1_000
    assert after.schedule is None


async def test_a_schedule_may_end_its_subscription(stripe, sold):
    made, _ = sold
    await scheduled(stripe, made, await stripe.price(500), end_behavior="cancel")
    stripe.book.advance(HALF + 31 * DAY)

    assert (await stripe.again(made)).status == "canceled"
    assert stripe.count()["subscription_schedule.completed"] == 1


async def test_a_schedule_ends_with_its_subscription(stripe, sold):
    made, cheap = sold
    schedule = await scheduled(stripe, made, cheap)
    await stripe.v1.subscription_schedules.cancel_async(schedule.id)
    other = await stripe.subscribed()
    await scheduled(stripe, other, cheap)
    stripe.book.card(other.customer, "decline")
    stripe.book.advance(60 * DAY)

    assert [(await stripe.again(each)).status for each in (made, other)] == ["canceled"] * 2
    ends = [each for each in stripe.types() if each.startswith("subscription_schedule.")][-2:]
    assert "subscription_schedule.canceled" in stripe.types()
    assert ends[-1] == "subscription_schedule.aborted"


async def test_the_end_of_a_scheduled_subscription_is_the_schedules_business(stripe, sold):
    made, cheap = sold
    await scheduled(stripe, made, cheap)

    with pytest.raises(InvalidRequestError, match="managed by the subscription schedule"):
        await stripe.v1.subscriptions.update_async(made.id, {"cancel_at_period_end": True})


async def test_a_paused_subscription_is_credited_and_begins_anew_when_it_resumes(stripe, sold):
    made, _ = sold
    paused = await stripe.v1.subscriptions.pause_async(made.id)
    stripe.book.advance(60 * DAY)
    still = await stripe.again(made)
    resumed = await stripe.v1.subscriptions.resume_async(made.id)
    invoice = await stripe.invoice(resumed)

    assert paused.status == still.status == "paused"
    assert paused.status_details.paused.subscription.type == "pause_requested"
    assert (resumed.status, invoice.total) == ("active", 500)
    assert resumed["items"].data[0].current_period_start == stripe.book.now
    assert {"customer.subscription.paused", "customer.subscription.resumed"} < {*stripe.types()}


async def test_a_resumption_may_wait_for_its_payment(stripe, sold):
    made, _ = sold
    await stripe.v1.subscriptions.pause_async(made.id)
    stripe.book.card(made.customer, "decline")
    wish = {"payment_behavior": "resume_on_payment_success"}
    waiting = await stripe.v1.subscriptions.resume_async(made.id, wish)
    stripe.book.card(made.customer, "ok")
    await stripe.v1.invoices.pay_async(waiting.latest_invoice)

    assert waiting.status == "paused"
    assert (await stripe.again(made)).status == "active"
    assert stripe.types()[-1] == "customer.subscription.resumed"


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")],
)
async def test_while_collection_is_paused_the_status_stays(stripe, sold, behaviour, status):
    made, _ = sold
    wish = {"pause_collection": {"behavior": behaviour}}
    await stripe.v1.subscriptions.update_async(made.id, wish)
    stripe.book.advance(16 * DAY)
    found = await stripe.again(made)
    collecting = await stripe.v1.subscriptions.update_async(made.id, {"pause_collection": ""})

    assert (found.status, (await stripe.invoice(found)).status) == ("active", status)
    assert collecting.pause_collection is None


async def test_a_trial_may_end_now_or_later(stripe):
    now, later = [await stripe.subscribed(trial_period_days=9) for _ in range(2)]
    update = stripe.v1.subscriptions.update_async
    begun = await update(now.id, {"trial_end": "now"})
    put_off = await update(later.id, {"trial_end": stripe.book.now + 20 * DAY})
    stripe.book.advance(15 * DAY)

    assert (begun.status, (await stripe.invoice(begun)).amount_paid) == ("active", 1_000)
    assert (put_off.status, (await stripe.again(later)).status) == ("trialing", "trialing")
