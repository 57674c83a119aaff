"""A company whose customer was deleted at Stripe buys again, as another customer."""

import asyncio

import pytest

from domain.plan import Plan
from tests.app.billing_world import buys, facts_of, plan_of
from tests.app.graphql_world import PASSWORD
from tests.infrastructure.inbox_world import EMPTY


@pytest.fixture
async def anna(paying, database):
    """The only customer of them all, who paid and was deleted."""
    async with database.driver() as driver:
        await driver.execute(EMPTY)
    anna = await paying.register()
    await buys(paying, anna)
    anna.former = present(paying)
    await delete(paying, anna.former)
    return anna


def present(paying):
    """The one customer that there is at Stripe."""
    (customer,) = paying.book.all("customer")
    return customer["id"]


async def delete(paying, customer):
    """In Stripe's dashboard."""
    await paying.payments._client.v1.customers.delete_async(customer)


async def asks(anna, plan="PRO"):
    """For a page where she pays."""
    return await anna.change("startCheckout", "url", plan=plan)


def about(customer, event):
    return customer.encode() in bytes(event.body)


async def test_whose_customer_was_deleted_buys_again_as_another_one(paying, anna):
    ended = await plan_of(anna)
    await buys(paying, anna, "STARTER")

    bought = await plan_of(anna)

    assert ended["paid"]["status"] == "ACTIVE", "nobody has told us yet"
    assert (bought["paid"]["plan"], bought["paid"]["status"]) == ("STARTER", "ACTIVE")
    assert bought["plan"] == "PRO", "it was paid for"
    assert present(paying) != anna.former
    assert (await facts_of(paying, anna)).count("CustomerLinked") == 2
    assert await paying.drift() == []


async def test_what_still_comes_about_the_former_one_does_not_end_what_was_bought(paying, anna):
    told = paying.told
    page = await asks(anna, "STARTER")
    paying.book.complete(page["url"].rpartition("/")[2])
    await paying.deliver(lambda events: [each for each in events if not about(anna.former, each)])
    await paying.work()
    bought = await plan_of(anna)
    paying.told = told
    await paying.deliver()

    await paying.work()

    assert bought["paid"]["status"] == "ACTIVE"
    assert await plan_of(anna) == bought
    assert (await facts_of(paying, anna))[-1] == "CustomerDeleted"
    assert (await paying.inbox.backlog()).waiting == 0


async def test_however_many_ask_at_once_she_gets_one_successor_and_one_page(paying, anna):
    asked = await asyncio.gather(*(asks(anna) for _ in range(5)))
    again = await asks(anna)

    assert {each["url"] for each in asked} == {again["url"]}
    assert present(paying) != anna.former
    assert (await facts_of(paying, anna)).count("CustomerLinked") == 2


async def test_whoever_is_deleted_again_has_a_successor_again(paying, anna):
    await buys(paying, anna)
    second = present(paying)
    await delete(paying, second)

    await buys(paying, anna, "STARTER")
    paying.told = 0
    await paying.deliver()
    await paying.work()

    assert present(paying) not in (anna.former, second)
    assert (await plan_of(anna))["paid"]["plan"] == "STARTER"
    assert await paying.drift() == []


async def test_the_page_for_cards_is_refused_with_what_helps_and_makes_nobody(paying, anna):
    fields = "openBillingPortal { userErrors { code message } }"
    (refused,) = (await anna.ask(f"mutation {{ {fields} }}"))["openBillingPortal"]["userErrors"]

    assert refused["code"] == "CUSTOMER_GONE"
    assert "Выберите тариф" in refused["message"]
    assert [*paying.book.all("customer")] == []


async def test_a_price_that_stripe_does_not_have_makes_nobody_another_customer(paying, anna):
    await asks(anna)
    successor = present(paying)
    paying.payments._catalogue.sold[Plan.PRO] = "price_of_before"

    refused = await asks(anna)

    assert refused["userErrors"][0]["code"] == "STRIPE_PRICE"
    assert present(paying) == successor
    assert (await facts_of(paying, anna)).count("CustomerLinked") == 2


async def test_a_key_of_another_account_makes_nobody_another_customer(paying, anna, database):
    async with database.driver() as driver:
        await driver.execute("UPDATE billing_customers SET customer = 'cus_elsewhere'")

    refused = await asks(anna)

    assert refused["userErrors"][0]["code"] == "STRIPE_MISSING"
    assert [*paying.book.all("customer")] == []


# What is known of her


COMPANIES = """query($search: String) { billingCustomers(search: $search, asStaff: "ticket 7") {
  totalCount edges { node { tenantId customer } } } }"""


async def test_staff_find_her_once_by_each_customer_that_she_was(paying, anna):
    await buys(paying, anna)
    vera = await paying.staff()
    now = present(paying)

    for search in (str(anna.scope.tenant), anna.former, now):
        found = (await vera.ask(COMPANIES, search=search))["billingCustomers"]
        hers = {"tenantId": str(anna.scope.tenant), "customer": now}
        assert found == {"totalCount": 1, "edges": [{"node": hers}]}


MESSAGES = """query($customer: String) {
  billingEvents(filter: {customer: $customer}, first: 100, asStaff: "ticket 7") {
    edges { node { state tenantId } } } }"""


async def test_what_was_said_of_the_former_one_is_still_hers(paying, anna):
    await buys(paying, anna)
    vera = await paying.staff()

    told = (await vera.ask(MESSAGES, customer=anna.former))["billingEvents"]["edges"]

    assert {each["node"]["tenantId"] for each in told} == {str(anna.scope.tenant)}
    assert "DONE" in {each["node"]["state"] for each in told}


# When the last person leaves


async def test_erasing_ends_what_she_has_and_takes_the_keys_of_all_that_she_was(
    paying, anna, database
):
    await buys(paying, anna)
    given = {"personId": anna.scope.person, "password": PASSWORD}

    erased = await anna.change("erasePerson", "personId", **given)

    customers = [anna.former, present(paying)]
    async with database.driver() as driver:
        kept = await driver.fetch(KEYS, customers)
    assert erased["userErrors"] == []
    assert {each["status"] for each in paying.book.all("subscription")} == {"canceled"}
    assert {each["subject"]: each["wrapped"] for each in kept} == dict.fromkeys(customers)


KEYS = "SELECT subject, wrapped FROM stripe_keys WHERE subject = ANY ($1)"
