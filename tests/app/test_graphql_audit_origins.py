"""Where a change came from: kept with the request, shown to those who answer for the company."""

import logging
from uuid import uuid4

import pytest

from domain.access import Role
from tests.app.graphql_audit_world import entries
from tests.app.graphql_world import TOKEN, Caller, World
from tests.fakes import account

HERE = {"x_forwarded_for": "203.0.113.9", "user_agent": "my-script/1.0"}
ROWS = "SELECT host(ip) AS ip, agent, correlation_id FROM origins WHERE tenant_id = $1"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    anna = await world.register()
    world.marketplace.accounts[TOKEN] = account("100")
    signed_anew(anna)
    return anna


def signed_anew(client):
    """The next request is another one than the last."""
    client.world.callers[client.headers["authorization"]] = Caller(client.scope)


async def connect(client, **headers):
    return await client.change(
        "connectShop", "shop { id }", HERE | headers, marketplace="WILDBERRIES", token=TOKEN
    )


async def kept(client):
    async with client.world.database.driver() as driver:
        return [dict(row) for row in await driver.fetch(ROWS, client.scope.tenant)]


async def test_a_change_keeps_the_address_and_the_program_of_its_request_once(anna):
    await connect(anna)
    (row,) = await kept(anna)

    assert (row["ip"], row["agent"]) == ("203.0.113.9", "my-script/1.0")
    assert {
        (each["ip"], each["agent"], each["correlationId"])
        for each in await entries(anna, filter={"target": "Рыжий кот", "source": "user"})
        if each["target"]["kind"] == "shop"
    } == {("203.0.113.9", "my-script/1.0", str(row["correlation_id"]))}


async def test_a_request_that_changes_nothing_leaves_nothing(anna):
    await anna.ask("{ shops { id } }", HERE)
    await anna.change("disconnectShop", "__typename", HERE, shopId=uuid4())
    await anna.ask("mutation { __typename }", HERE)

    assert await kept(anna) == []


async def test_the_same_request_sent_again_is_the_same_origin(anna):
    await connect(anna)
    await connect(anna, x_forwarded_for="203.0.113.10")

    assert [row["ip"] for row in await kept(anna)] == ["203.0.113.9"]


@pytest.mark.parametrize("role", Role)
async def test_only_owners_and_admins_see_it(anna, role):
    await connect(anna)
    newest = (await entries(anna.acting_as(role)))[0]
    shown = (newest["ip"], newest["agent"])

    may = role in {Role.OWNER, Role.ADMIN}
    assert shown == (("203.0.113.9", "my-script/1.0") if may else (None, None))


async def test_when_it_is_deleted_the_facts_stay_without_it(anna, database):
    await connect(anna)
    async with database.driver() as driver:
        await driver.execute("DELETE FROM origins WHERE tenant_id = $1", anna.scope.tenant)
    newest = (await entries(anna))[0]

    assert newest["action"] == "tenant.schedule_set"
    assert (newest["ip"], newest["agent"]) == (None, None)


async def test_another_companys_origin_of_the_same_id_is_not_shown(world, anna):
    boris = await world.register(name="Борис")
    await connect(anna)
    signed_anew(boris)
    theirs = world.callers[anna.headers["authorization"]].origin
    mine = theirs._replace(actor=boris.scope.person)
    world.callers[boris.headers["authorization"]].origin = mine
    world.marketplace.accounts["other"] = account("7")
    await boris.change("connectShop", "shop { id }", marketplace="WILDBERRIES", token="other")
    newest = (await entries(boris))[0]

    assert newest["correlationId"] == (await entries(anna))[0]["correlationId"]
    assert newest["ip"] == "127.0.0.1"


async def test_whoever_was_erased_by_the_request_leaves_no_new_trace(anna, database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM people WHERE user_id = $1", anna.scope.person)
    await connect(anna)

    assert await kept(anna) == []


async def test_a_change_is_made_though_its_origin_cannot_be_kept(anna, database, caplog):
    async with database.driver() as driver:
        await driver.execute("ALTER TABLE origins RENAME TO away")
    try:
        with caplog.at_level(logging.WARNING, "app.graphql.handler"):
            made = await connect(anna)
    finally:
        async with database.driver() as driver:
            await driver.execute("ALTER TABLE away RENAME TO origins")

    assert made["shop"]["id"]
    (warned,) = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert "its origin is not kept" in warned
    assert "203.0.113.9" not in warned
