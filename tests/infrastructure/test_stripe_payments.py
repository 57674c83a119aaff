"""A subscription's life at Stripe as the adapter sees it, in an account whose clock can be moved."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.billed import Ahead, Status
from domain.errors import Rejected, Unavailable
from domain.payments_port import Checkout
from domain.plan import Plan
from infrastructure.stripe import client, payments
from sandbox.stripe import Fault, Settings
from tests.infrastructure.stripe_desk import open_desk

HOUR = timedelta(hours=1)


@pytest.fixture
async def desk():
    async with open_desk() as desk:
        yield desk


# As time passes


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


async def test_what_somebody_set_at_stripe_itself_is_seen(desk):
    customer = await desk.subscribed()
    day = int(desk.now().timestamp()) + 5 * 86_400

    await desk.set(customer, pause_collection={"behavior": "void"}, cancel_at=day)
    seen = await desk.hers(customer)
    await desk.payments.resume(seen, "key")

    assert (seen.collecting, seen.cancel_at) == (False, desk.now() + timedelta(days=5))
    assert (await desk.hers(customer)).cancel_at is None


# Calls


async def test_a_customer_costs_one_call_and_one_more_for_what_is_owing(desk):
    customer = await desk.subscribed()
    await desk.payments.change(await desk.hers(customer), Plan.STARTER, "key")

    assert await calls(desk, customer) == 1
    desk.book.card(customer, "decline")
    desk.pass_days(32)
    assert await calls(desk, customer) == 2


async def calls(desk, customer):
    before = desk.book.calls.total()
    await desk.payments.subscriptions_of(customer)
    return desk.book.calls.total() - before


async def test_lists_are_read_to_the_end(desk, monkeypatch):
    monkeypatch.setattr(payments, "MOST", 2)
    everybody = {await desk.subscribed() for _ in range(5)}

    found = [customer async for customer, _ in desk.payments.everything()]
    told = [body async for body in desk.payments.messages(desk.now() - HOUR)]

    assert sorted(found) == sorted(everybody)
    assert len(told) == len(set(told)) == len(desk.book.events)


LOST = [
    ("POST subscriptions/", Plan.ENTERPRISE),
    ("POST subscription_schedules/.*release", Plan.ENTERPRISE),
    ("POST subscription_schedules$", Plan.PRO),
    ("POST subscription_schedules/", Plan.PRO),
]


@pytest.mark.parametrize(("call", "plan"), LOST, ids=[call for call, _ in LOST])
async def test_a_change_whose_answer_was_lost_is_made_once(desk, monkeypatch, call, plan):
    monkeypatch.setattr(client, "_RETRIES", 0)
    desk.payments = desk.adapter()
    customer = await desk.subscribed(Plan.ENTERPRISE if plan is Plan.PRO else Plan.PRO)
    before = await desk.hers(customer)
    if "release" in call:
        await desk.payments.change(before, Plan.STARTER, "before")
    desk.book.faults.ordered.append(Fault(match=call, lost=True))

    with pytest.raises(Unavailable):
        await desk.payments.change(before, plan, "key")
    await desk.payments.change(before, plan, "key")

    seen = await desk.hers(customer)
    if plan is Plan.PRO:
        assert seen.ahead == Ahead(plan=plan, at=before.paid_until)
    else:
        assert (seen.plan, seen.ahead) == (plan, None)
    invoices = [each["billing_reason"] for each in desk.book.all("invoice")]
    assert invoices.count("subscription_update") == (plan is Plan.ENTERPRISE)


# Who she is, and what she is shown


async def test_stripe_knows_a_customer_by_the_companys_id_alone(desk):
    tenant = uuid4()

    made = desk.book.find("customer", await desk.payments.new_customer(tenant, "key"))

    assert made["metadata"] == {"tenant_id": str(tenant)}
    assert (made["email"], made["name"]) == (None, None)


async def test_a_checkout_leads_back_and_its_subscription_says_whose_it_is(desk):
    tenant, customer = uuid4(), await desk.customer(None)
    asked = Checkout(
        tenant=tenant,
        customer=customer,
        plan=Plan.PRO,
        back="https://stock.example.com/plan?shop=1",
        language="ru",
        key="key",
    )

    page = await desk.payments.checkout(asked)
    session = desk.book.find("checkout.session", page.rpartition("/")[2])
    paid = desk.book.complete(session["id"])

    assert session["success_url"] == "https://stock.example.com/plan?shop=1&checkout=done"
    assert session["cancel_url"] == "https://stock.example.com/plan?shop=1&checkout=left"
    assert (session["locale"], session["client_reference_id"]) == ("ru", str(tenant))
    assert session["metadata"] == paid["metadata"] == {"tenant_id": str(tenant)}
    assert (await desk.hers(customer)).plan is Plan.PRO


async def test_the_portal_leads_back_in_her_language(desk):
    customer = await desk.customer()

    page = await desk.payments.portal(customer, "https://stock.example.com/plan", "ru")

    made = desk.book.find("billing_portal.session", page.rpartition("/")[2])
    assert (made["return_url"], made["locale"]) == ("https://stock.example.com/plan", "ru")


async def test_a_price_that_was_sold_once_is_still_known(desk):
    customer = await desk.subscribed(Plan.PRO)
    sold, former = desk.prices[Plan.PRO]

    assert (await of(desk, {Plan.PRO: [former, sold]}, customer)).plan is Plan.PRO
    assert (await of(desk, {Plan.PRO: [former]}, customer)).plan is None


async def of(desk, prices, customer):
    return (await desk.adapter(prices).subscriptions_of(customer))[0]


async def test_a_price_that_is_taken_off_is_not_for_sale(desk):
    desk.book.find("price", desk.prices[Plan.PRO][0])["active"] = False

    plans = [each.plan for each in await desk.payments.prices()]

    assert plans == [Plan.STARTER, Plan.ENTERPRISE]


async def test_a_price_of_a_year_is_a_mistake_that_is_told(desk):
    desk.book.find("price", desk.prices[Plan.PRO][0])["recurring"]["interval"] = "year"

    with pytest.raises(Rejected, match="PRO"):
        await desk.payments.prices()


async def test_a_key_that_is_not_known_is_for_a_person(desk):
    with pytest.raises(Rejected) as told:
        await desk.adapter(key="sk_test_of_somebody").prices()

    assert told.value.cause == "stripe_key"
