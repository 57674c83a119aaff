"""What the port of payments promises, kept by the fake of the tests and by Stripe's adapter alike."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.billed import ENDED, Status
from domain.errors import Rejected, Unavailable
from domain.payments_port import MISSING, OWNED, Checkout, NotForSale
from domain.plan import Plan
from infrastructure.stripe import client
from tests.infrastructure.payments_office import BACK, OFFICES, hers


@pytest.fixture(params=OFFICES.values(), ids=OFFICES.keys())
async def office(request, monkeypatch):
    """The SDK's own second try, half a second later, is no promise of the port's."""
    monkeypatch.setattr(client, "_RETRIES", 0)
    async with request.param() as office:
        yield office


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


async def test_of_a_customer_that_was_never_there_nothing_is_said(office):
    with pytest.raises(Rejected) as told:
        await office.payments.subscriptions_of("cus_elsewhere")

    assert told.value.cause == MISSING


async def test_everybody_is_found_with_all_that_she_has(office):
    one, other = await office.subscribed(Plan.STARTER), await office.subscribed(Plan.PRO)

    found = {customer: several async for customer, several in office.payments.everything()}

    assert {name: [each.plan for each in found[name]] for name in (one, other)} == {
        one: [Plan.STARTER],
        other: [Plan.PRO],
    }


async def test_a_charge_is_somebodys_and_what_is_not_there_is_nobodys(office):
    customer = await office.subscribed()

    assert await office.payments.customer_of(office.charge_of(customer)) == customer
    for begins in OWNED:
        assert await office.payments.customer_of(f"{begins}none") is None


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


async def test_a_customer_that_is_deleted_gets_no_page(office):
    customer = await office.subscribed()
    office.deletes(customer)

    for asked in (
        office.payments.checkout(ask(customer)),
        office.payments.portal(customer, BACK, "en"),
    ):
        with pytest.raises(Rejected) as told:
            await asked
        assert told.value.cause == MISSING


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
