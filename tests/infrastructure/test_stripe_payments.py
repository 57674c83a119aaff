"""How Stripe is called, what it is told of a company, and what is for sale there."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.billed import Ahead
from domain.errors import Rejected, Unavailable
from domain.payments_port import OWNED, Checkout
from domain.plan import Plan
from infrastructure.stripe import client, payments
from sandbox.stripe import Fault
from tests.infrastructure.stripe_desk import open_desk

HOUR = timedelta(hours=1)


@pytest.fixture
async def desk():
    async with open_desk() as desk:
        yield desk


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


async def test_whose_each_kind_of_thing_is_costs_one_call(desk):
    customer = await desk.subscribed()
    await desk.payments.change(await desk.hers(customer), Plan.STARTER, "key")
    (charge,) = desk.book.all("charge")
    desk.book.refund(charge["id"], 100)
    desk.book.dispute(charge["id"])
    hers = [
        each["id"]
        for kind in (*DIRECT, "refund", "dispute", "payment_intent")
        for each in desk.book.all(kind)
    ]
    before = desk.book.calls.total()

    assert {await desk.payments.customer_of(each) for each in hers} == {customer}
    assert desk.book.calls.total() - before == len(hers)
    assert {begins for begins in OWNED if any(each.startswith(begins) for each in hers)} >= {
        *("ch_", "pi_", "in_", "sub_", "pm_", "re_"),
    }


@pytest.mark.parametrize("begins", OWNED)
async def test_whose_a_thing_is_that_is_not_there_is_asked_for_each_kind(desk, begins):
    before = desk.book.calls.total()

    assert await desk.payments.customer_of(f"{begins}none") is None
    assert desk.book.calls.total() - before == 1


DIRECT = ("charge", "invoice", "subscription", "subscription_schedule", "payment_method")


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


async def test_a_cancellation_is_taken_back_whatever_is_ahead_beside_it(desk):
    customer = await desk.subscribed(Plan.PRO)
    before = await desk.hers(customer)
    await desk.payments.cancel(before, "one")
    await desk.v1.subscription_schedules.create_async({"from_subscription": before.subscription})

    await desk.payments.resume(await desk.hers(customer), "two")

    assert await desk.hers(customer) == before


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
    assert session["metadata"]["tenant_id"] == str(tenant)
    assert paid["metadata"] == {"tenant_id": str(tenant)}
    assert (await desk.hers(customer)).plan is Plan.PRO


async def test_of_several_checkouts_only_the_newest_can_be_paid(desk):
    customer = await desk.customer(None)
    pro, starter = await opened(desk, customer, Plan.PRO, Plan.STARTER)
    again, *_ = await opened(desk, customer, Plan.PRO)

    open_ones = [each for each in desk.book.all("checkout.session") if each["status"] == "open"]
    assert [each["url"] for each in open_ones] == [again]
    assert len({pro, starter, again}) == 3


async def opened(desk, customer, *plans):
    return [
        await desk.payments.checkout(
            Checkout(
                tenant=uuid4(),
                customer=customer,
                plan=plan,
                back="https://stock.example.com/plan",
                language="ru",
                key=f"checkout:{plan}",
            )
        )
        for plan in plans
    ]


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


async def test_all_that_happens_in_a_life_can_be_read(desk):
    customer = await desk.subscribed(Plan.PRO)
    await desk.payments.change(await desk.hers(customer), Plan.STARTER, "one")
    desk.pass_days(32)
    charge = next(each["id"] for each in desk.book.all("charge"))
    desk.book.decide(desk.book.dispute(charge)["id"], won=False)
    desk.book.bounce(desk.book.refund(charge, 100)["id"])
    desk.book.card(customer, "decline")
    await desk.payments.change(await desk.hers(customer), Plan.ENTERPRISE, "two")
    desk.pass_days(60)

    told = [desk.payments.read(bytes(each.body)).told for each in desk.book.events.values()]

    names = {type(each).__name__ for each in told if each}
    assert names >= {
        "DisputeClosed",
        "DisputeOpened",
        "InvoiceEnded",
        "InvoicePaid",
        "InvoicePaymentFailed",
        "PendingChangeEnded",
        "RefundFailed",
        "Refunded",
        "RenewalUpcoming",
    }
