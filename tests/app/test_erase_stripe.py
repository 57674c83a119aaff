"""A company that nobody is left in: nobody reads any more what Stripe sent about it."""

import pytest

from app.accounts.traces import sweep
from tests.app.graphql_world import PASSWORD, World
from tests.app.stripe_world import CUSTOMER, event, name


@pytest.fixture
async def anna(database):
    return await World(database).register()


async def pays(database, anna):
    """As whom Stripe knows her company."""
    customer = name("cus")
    async with database.driver() as driver:
        await driver.execute(CUSTOMER, anna.scope.tenant, customer)
    return customer


async def erase(anna):
    given = {"personId": anna.scope.person, "password": PASSWORD}
    assert (await anna.change("erasePerson", "personId", **given))["userErrors"] == []


def of(customer, type_="invoice.paid"):
    return event(type_, {"id": name("in"), "customer": customer, "customer_name": "Анна Котова"})


async def test_what_came_and_what_still_comes_about_an_erased_company_is_unreadable(
    database, stripe_door, anna
):
    customer = await pays(database, anna)
    dispute = event("charge.dispute.created", {"id": name("du"), "charge": name("ch")})
    hint = {"id": name("cs"), "metadata": {"tenant_id": str(anna.scope.tenant)}}
    session = event("checkout.session.expired", hint)
    before = [of(customer), dispute, session]
    for each in before:
        await stripe_door.send(each)
    await stripe_door.inbox.belongs(dispute["data"]["object"]["charge"], customer)
    assert all([await stripe_door.body(each) for each in before])

    await erase(anna)
    after = [of(customer), event("checkout.session.expired", hint)]
    for each in after:
        assert (await stripe_door.send(each)).status_code == 200

    for each in (*before, *after):
        assert await stripe_door.body(each) is None
        assert (await stripe_door.message(each)).sha256


async def test_what_is_found_out_to_be_of_an_erased_company_becomes_unreadable(
    database, stripe_door, anna
):
    customer = await pays(database, anna)
    dispute = event("charge.dispute.created", {"id": name("du"), "charge": name("ch")})
    await stripe_door.send(dispute)
    await erase(anna)

    await stripe_door.inbox.belongs(dispute["data"]["object"]["charge"], customer)

    assert await stripe_door.body(dispute) is None


async def test_others_keep_theirs(database, stripe_door, anna):
    olga = await World(database).register()
    hers = of(await pays(database, olga))
    await pays(database, anna)
    await stripe_door.send(hers)

    await erase(anna)

    assert await stripe_door.body(hers)


async def test_a_customer_who_is_linked_while_a_company_is_erased_is_swept_away(
    database, stripe_door, anna
):
    await erase(anna)
    said = of(await pays(database, anna))
    await stripe_door.send(said)

    await sweep(database)

    assert await stripe_door.body(said) is None


async def test_nothing_is_looked_at_any_more_for_an_erased_company(database, stripe_door, anna):
    customer = await pays(database, anna)
    await stripe_door.send(of(customer))
    await stripe_door.inbox.link("Nobody.", ())

    await erase(anna)

    assert await stripe_door.inbox.pending(customer) == []
