"""A company that nobody is left in is charged no more; while that is not sure, nobody is erased."""

from uuid import uuid4

import pytest

from app.accounts.erase import erase
from domain import tenant
from domain.access import Role, TenantScope
from domain.errors import Unavailable
from domain.events import Change, Origin, Stream
from tests.app.billing_world import buys, facts_of, plan_of
from tests.app.graphql_world import PASSWORD, Client
from tests.infrastructure.inbox_world import EMPTY

ORIGIN = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:erase-person")


@pytest.fixture
async def anna(paying, database):
    """The only customer of them all, who pays."""
    async with database.driver() as driver:
        await driver.execute(EMPTY)
    anna = await paying.register()
    await buys(paying, anna)
    return anna


def charged(paying):
    return [each["status"] for each in paying.book.all("subscription")]


async def erased(client):
    """What was refused; nothing when it worked."""
    given = {"personId": client.scope.person, "password": PASSWORD}
    return (await client.change("erasePerson", "personId", **given))["userErrors"]


async def is_there(paying, person):
    async with paying.world.database.driver() as driver:
        return await driver.fetchval("SELECT count(*) FROM people WHERE user_id = $1", person) == 1


async def joined(paying, company, client, role):
    """She belongs to this company too."""
    stream = Stream(kind="tenant", tenant=company, id=company)
    _, head = await paying.world.history.state(tenant.decider, stream)
    event = tenant.MemberJoined(user_id=client.scope.person, role=role)
    change = Change(stream=stream, head=head, events=[event])
    await paying.world.handle._store.append([change], ORIGIN)


async def test_with_the_last_person_the_subscription_ends_at_once(paying, anna):
    assert await erased(anna) == []

    assert charged(paying) == ["canceled"]
    assert not await is_there(paying, anna.scope.person)
    assert (await facts_of(paying, anna))[-2:] == ["StatusChanged", "PlanInForce"]
    assert await paying.drift() == []


async def test_from_the_command_line_too(paying, anna):
    await erase(paying.world.accounts, anna.scope.person, ORIGIN)

    assert charged(paying) == ["canceled"]
    assert not await is_there(paying, anna.scope.person)


async def test_what_we_never_heard_of_ends_as_well(paying, anna):
    page = await (olga := await paying.register()).change("startCheckout", "url", plan="PRO")
    paying.book.complete(page["url"].rpartition("/")[2])

    assert await erased(olga) == []
    assert sorted(charged(paying)) == ["active", "canceled"]
    assert (await plan_of(anna))["plan"] == "PRO"


async def test_while_stripe_is_away_nothing_is_erased_and_the_sentence_says_why(paying, anna):
    facts = await facts_of(paying, anna)
    await paying.control("faults", status=503, times=50)

    (refused,) = await erased(anna)
    with pytest.raises(Unavailable, match="nothing was erased"):
        await erase(paying.world.accounts, anna.scope.person, ORIGIN)

    assert "ничего не удалено" in refused["message"]
    assert await is_there(paying, anna.scope.person)
    assert await facts_of(paying, anna) == facts
    assert charged(paying) == ["active"]


async def test_what_was_refused_once_works_when_stripe_is_back(paying, anna):
    await paying.control("faults", status=503, times=50)
    await erased(anna)
    paying.book.faults.ordered.clear()

    assert await erased(anna) == []
    assert charged(paying) == ["canceled"]


async def test_with_the_wrong_password_nothing_ends(paying, anna):
    given = {"personId": anna.scope.person, "password": "wrong"}
    (refused,) = (await anna.change("erasePerson", "personId", **given))["userErrors"]

    assert refused["code"] == "WRONG_PASSWORD"
    assert charged(paying) == ["active"]


async def test_who_may_not_leave_one_company_ends_no_subscription_of_another(paying, anna):
    olga, boris = await paying.register(), await paying.register()
    await joined(paying, olga.scope.tenant, anna, Role.OWNER)
    await joined(paying, olga.scope.tenant, boris, Role.MEMBER)
    assert await erased(olga) == []

    (refused,) = await erased(anna)

    assert refused["code"] == "LAST_OWNER"
    assert charged(paying) == ["active"]


async def test_a_company_that_others_stay_in_goes_on_paying(paying, anna):
    olga = await paying.register()
    await joined(paying, anna.scope.tenant, olga, Role.OWNER)
    here = TenantScope(tenant=anna.scope.tenant, person=olga.scope.person, role=Role.OWNER)

    assert await erased(anna) == []
    assert charged(paying) == ["active"]
    assert (await plan_of(Client(paying.world, here)))["plan"] == "PRO"


async def test_a_customer_of_another_account_holds_nobody_up(paying, anna):
    async with paying.world.database.driver() as driver:
        await driver.execute("UPDATE billing_customers SET customer = 'cus_elsewhere'")

    assert await erased(anna) == []
    assert not await is_there(paying, anna.scope.person)


async def test_without_a_subscription_stripe_is_not_needed(paying):
    olga = await paying.register()
    await paying.control("faults", status=503, times=50)

    assert await erased(olga) == []
