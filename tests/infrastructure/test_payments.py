"""What the port of payments promises, kept by the fake of the tests and by Stripe's adapter alike."""

import json
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from domain.billed import ENDED, Ahead, Status, leading
from domain.errors import Rejected, Unavailable
from domain.payments_port import Checkout, Invoice, NotForSale
from domain.plan import Plan
from infrastructure.stripe import client
from sandbox.stripe import Fault
from sandbox.stripe.life import people
from tests.fake_payments import FakePayments
from tests.infrastructure.stripe_desk import open_desk

BACK = "https://stock.example.com/plan"


@asynccontextmanager
async def fake_office():
    payments = FakePayments()

    async def subscribed(plan=Plan.STARTER):
        customer = await payments.new_customer(uuid4(), uuid4().hex)
        payments.subscribe(customer, plan)
        payments.charges[f"ch_{customer}"] = customer
        payments.invoices[f"in_{customer}"] = Invoice(page=f"{BACK}/in", file=None)
        said = {"object": "event", "id": "evt_1", "type": "customer.subscription.created"}
        payments.sent.append((payments.now, json.dumps(said).encode()))
        return customer

    def breaks():
        payments.down = Unavailable("away", cause="stripe_away")

    yield SimpleNamespace(
        payments=payments,
        subscribed=subscribed,
        declines=payments.declined.add,
        deletes=payments.delete,
        charge_of=lambda customer: f"ch_{customer}",
        invoice_of=lambda customer: f"in_{customer}",
        sells_nothing=payments.sells.clear,
        breaks=breaks,
        now=payments.now,
    )


@asynccontextmanager
async def stripe_office():
    async with open_desk() as desk:
        book = desk.book

        def of(kind, customer):
            return next(each["id"] for each in book.all(kind) if each["customer"] == customer)

        def deletes(customer):
            people.deleted(book, book.find("customer", customer))

        def sells_nothing():
            office.payments = desk.adapter(prices={})

        office = SimpleNamespace(
            payments=desk.payments,
            subscribed=lambda plan=Plan.STARTER: desk.subscribed(plan),
            declines=lambda customer: book.card(customer, "decline"),
            deletes=deletes,
            charge_of=lambda customer: of("charge", customer),
            invoice_of=lambda customer: of("invoice", customer),
            sells_nothing=sells_nothing,
            breaks=lambda: book.faults.ordered.append(Fault(status=503, times=100)),
            now=desk.now(),
        )
        yield office


@pytest.fixture(params=[fake_office, stripe_office], ids=["fake", "stripe"])
async def office(request, monkeypatch):
    """The SDK's own second try, half a second later, is no promise of the port's."""
    monkeypatch.setattr(client, "_RETRIES", 0)
    async with request.param() as office:
        yield office


async def hers(office, customer):
    return leading(await office.payments.subscriptions_of(customer))


# What she has


async def test_a_new_customer_has_nothing(office):
    customer = await office.payments.new_customer(uuid4(), "key")

    assert list(await office.payments.subscriptions_of(customer)) == []


async def test_the_same_key_makes_one_customer(office):
    tenant = uuid4()
    first = await office.payments.new_customer(tenant, "one")

    assert await office.payments.new_customer(tenant, "one") == first
    assert await office.payments.new_customer(uuid4(), "two") != first


async def test_who_subscribed_has_her_plan_for_a_month(office):
    seen = await hers(office, await office.subscribed(Plan.PRO))

    assert (seen.plan, seen.status) == (Plan.PRO, Status.ACTIVE)
    assert timedelta(27) < seen.paid_until - office.now < timedelta(32)
    assert seen.since == office.now
    assert seen.collecting
    assert (seen.ahead, seen.cancel_at, seen.owing_since, seen.reason) == (None,) * 4


async def test_a_customer_that_is_deleted_has_nothing_that_goes_on(office):
    customer = await office.subscribed()

    office.deletes(customer)

    assert {each.status for each in await office.payments.subscriptions_of(customer)} <= ENDED


async def test_everybody_is_found_with_all_that_she_has(office):
    one, other = await office.subscribed(Plan.STARTER), await office.subscribed(Plan.PRO)

    found = {customer: several async for customer, several in office.payments.everything()}

    assert {name: [each.plan for each in found[name]] for name in (one, other)} == {
        one: [Plan.STARTER],
        other: [Plan.PRO],
    }


async def test_a_charge_is_somebodys(office):
    customer = await office.subscribed()

    assert await office.payments.customer_of(office.charge_of(customer)) == customer
    assert await office.payments.customer_of("ch_none") is None
    assert await office.payments.customer_of("pi_none") is None


async def test_an_invoice_is_to_be_seen_somewhere(office):
    customer = await office.subscribed()

    assert (await office.payments.invoice(office.invoice_of(customer))).page.startswith("http")
    with pytest.raises(Rejected):
        await office.payments.invoice("in_none")


async def test_messages_of_the_past_are_had_again_and_can_be_read(office):
    await office.subscribed()

    since = office.now - timedelta(hours=1)
    told = [office.payments.read(body) async for body in office.payments.messages(since)]
    later = [body async for body in office.payments.messages(office.now + timedelta(hours=1))]

    assert any(each.refetch for each in told)
    assert later == []


# What is for sale


async def test_prices_are_of_a_month_and_in_one_currency(office):
    prices = await office.payments.prices()

    assert [(each.plan, each.amount, each.currency) for each in prices] == [
        (Plan.STARTER, 99_000, "rub"),
        (Plan.PRO, 299_000, "rub"),
        (Plan.ENTERPRISE, 990_000, "rub"),
    ]


def ask(customer, plan=Plan.PRO, key="key", back=BACK):
    return Checkout(
        tenant=UUID_OF_HERS, customer=customer, plan=plan, back=back, language="ru", key=key
    )


UUID_OF_HERS = uuid4()


async def test_the_same_key_is_the_same_checkout(office):
    customer = await office.payments.new_customer(uuid4(), "key-of-hers")
    page = await office.payments.checkout(ask(customer))

    assert page.startswith("http")
    assert await office.payments.checkout(ask(customer)) == page
    assert await office.payments.checkout(ask(customer, key="another")) != page


async def test_cards_and_invoices_have_a_page(office):
    customer = await office.payments.new_customer(uuid4(), "key")

    assert (await office.payments.portal(customer, BACK, "en")).startswith("http")


async def test_a_plan_without_a_price_is_not_for_sale(office):
    customer = await office.subscribed()
    seen = await hers(office, customer)
    office.sells_nothing()

    for asked in (
        office.payments.checkout(ask(customer)),
        office.payments.change(seen, Plan.PRO, "key"),
        office.payments.preview(seen, Plan.PRO),
    ):
        with pytest.raises(NotForSale):
            await asked
    assert list(await office.payments.prices()) == []


# Changes


async def test_a_higher_plan_costs_the_difference_now_and_its_price_from_the_next_month_on(office):
    seen = await hers(office, await office.subscribed(Plan.STARTER))

    told = await office.payments.preview(seen, Plan.PRO)

    assert (told.now, told.then, told.currency) == (200_000, 299_000, "rub")
    assert told.at == seen.paid_until


async def test_a_lower_plan_costs_nothing_now(office):
    seen = await hers(office, await office.subscribed(Plan.PRO))

    told = await office.payments.preview(seen, Plan.STARTER)

    assert (told.now, told.then, told.at) == (0, 99_000, seen.paid_until)


async def test_a_higher_plan_is_had_at_once(office):
    customer = await office.subscribed(Plan.STARTER)
    before = await hers(office, customer)

    await office.payments.change(before, Plan.ENTERPRISE, "key")

    seen = await hers(office, customer)
    assert (seen.plan, seen.ahead) == (Plan.ENTERPRISE, None)
    assert seen.paid_until == before.paid_until


async def test_a_higher_plan_waits_until_it_is_paid(office):
    customer = await office.subscribed(Plan.STARTER)
    before = await hers(office, customer)
    office.declines(customer)

    await office.payments.change(before, Plan.PRO, "key")

    seen = await hers(office, customer)
    assert (seen.plan, seen.ahead) == (Plan.STARTER, Ahead(plan=Plan.PRO, at=None))
    assert (seen.paid_until, seen.status) == (before.paid_until, Status.ACTIVE)


async def test_a_lower_plan_begins_where_what_is_paid_ends(office):
    customer = await office.subscribed(Plan.PRO)
    before = await hers(office, customer)

    await office.payments.change(before, Plan.STARTER, "key")

    seen = await hers(office, customer)
    assert (seen.plan, seen.paid_until) == (Plan.PRO, before.paid_until)
    assert seen.ahead == Ahead(plan=Plan.STARTER, at=before.paid_until)


async def test_what_is_ahead_is_replaced(office):
    customer = await office.subscribed(Plan.ENTERPRISE)
    before = await hers(office, customer)

    await office.payments.change(before, Plan.STARTER, "one")
    await office.payments.change(before, Plan.PRO, "two")

    assert (await hers(office, customer)).ahead == Ahead(plan=Plan.PRO, at=before.paid_until)


async def test_the_plan_that_she_has_drops_what_is_ahead(office):
    customer = await office.subscribed(Plan.PRO)
    before = await hers(office, customer)
    await office.payments.change(before, Plan.STARTER, "one")

    await office.payments.change(await hers(office, customer), Plan.PRO, "two")

    assert await hers(office, customer) == before


async def test_the_plan_that_she_has_drops_what_waits_for_its_payment(office):
    customer = await office.subscribed(Plan.STARTER)
    before = await hers(office, customer)
    office.declines(customer)
    await office.payments.change(before, Plan.PRO, "one")

    await office.payments.change(await hers(office, customer), Plan.STARTER, "two")

    assert await hers(office, customer) == before


async def test_a_higher_plan_drops_the_lower_one_that_was_ahead(office):
    customer = await office.subscribed(Plan.PRO)
    await office.payments.change(await hers(office, customer), Plan.STARTER, "one")

    await office.payments.change(await hers(office, customer), Plan.ENTERPRISE, "two")

    seen = await hers(office, customer)
    assert (seen.plan, seen.ahead) == (Plan.ENTERPRISE, None)


async def test_the_same_change_twice_is_one(office):
    customer = await office.subscribed(Plan.PRO)
    before = await hers(office, customer)

    for _ in range(2):
        await office.payments.change(before, Plan.STARTER, "key")

    assert (await hers(office, customer)).ahead == Ahead(plan=Plan.STARTER, at=before.paid_until)


# The end


async def test_a_cancellation_keeps_what_is_paid_and_can_be_taken_back(office):
    customer = await office.subscribed()
    before = await hers(office, customer)

    await office.payments.cancel(before, "one")
    cancelled = await hers(office, customer)
    await office.payments.resume(cancelled, "two")

    assert (cancelled.cancel_at, cancelled.status) == (before.paid_until, Status.ACTIVE)
    assert await hers(office, customer) == before


async def test_a_cancellation_drops_a_lower_plan_that_was_ahead(office):
    customer = await office.subscribed(Plan.PRO)
    await office.payments.change(await hers(office, customer), Plan.STARTER, "one")

    await office.payments.cancel(await hers(office, customer), "two")

    seen = await hers(office, customer)
    assert (seen.cancel_at, seen.ahead) == (seen.paid_until, None)


async def test_an_end_at_once_is_one_however_often_it_is_asked_for(office):
    customer = await office.subscribed()
    before = await hers(office, customer)

    for _ in range(2):
        await office.payments.cancel(before, "key", at_once=True)

    assert (await hers(office, customer)).status is Status.CANCELED


# Trouble


async def test_who_does_not_answer_is_unavailable(office):
    customer = await office.subscribed()
    seen = await hers(office, customer)
    office.breaks()

    async def everything():
        return [each async for each in office.payments.everything()]

    async def messages():
        return [each async for each in office.payments.messages(office.now)]

    for asked in (
        office.payments.subscriptions_of(customer),
        office.payments.customer_of("ch_1"),
        office.payments.new_customer(uuid4(), "key"),
        office.payments.prices(),
        office.payments.change(seen, Plan.PRO, "key"),
        office.payments.cancel(seen, "key", at_once=True),
        office.payments.resume(seen, "key"),
        everything(),
        messages(),
    ):
        with pytest.raises(Unavailable):
            await asked
