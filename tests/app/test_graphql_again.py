"""A change may be sent again, or by many at the same moment: it is carried out once, and told."""

import asyncio
from uuid import uuid4

import pytest

from tests.app.graphql_world import TOKEN, World
from tests.fakes import account

CONNECT = {"marketplace": "WILDBERRIES", "token": TOKEN}
REQUEST = "mutation($s: UUID!) { same: requestSync(input: {shopId: $s}) { run { id } } }"
DISCONNECT = "mutation($s: UUID!) { same: disconnectShop(input: {shopId: $s}) { shopId } }"
BOTH = """mutation($one: UUID!, $two: UUID!) {
  one: disconnectShop(input: {shopId: $one}) { userErrors { code } }
  two: disconnectShop(input: {shopId: $two}) { userErrors { code } } }"""


@pytest.fixture
def world(database):
    world = World(database)
    world.marketplace.accounts[TOKEN] = account("700")
    return world


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
def key():
    return {"idempotency_key": str(uuid4())}


async def actions(client):
    log = await client.ask("{ auditLog(first: 100) { edges { node { action } } } }")
    return [edge["node"]["action"] for edge in log["auditLog"]["edges"]]


async def kept(client, table):
    async with client.world.database.driver() as driver:
        count = f"SELECT count(*) FROM {table} WHERE tenant_id = $1"
        return await driver.fetchval(count, client.scope.tenant)


async def end_runs(client):
    async with client.world.database.driver() as driver:
        await driver.execute("DELETE FROM job_runs WHERE tenant_id = $1", client.scope.tenant)


async def test_a_key_answers_for_no_other_command(anna, key):
    shop_id = await anna.connected_shop()
    await end_runs(anna)

    await anna.ask(REQUEST, key, s=shop_id)
    await anna.ask(DISCONNECT, key, s=shop_id)

    assert (await actions(anna)).count("tenant.sync_requested") == 1
    assert (await anna.ask("{ shops { id } }"))["shops"] == []


async def test_a_key_answers_for_no_other_content(anna, key):
    shop_id = await anna.connected_shop()

    for cron in ("0 8 * * *", "0 9 * * *"):
        made = await anna.change("setSchedule", "schedule { cron }", key, shopId=shop_id, cron=cron)
        assert made["schedule"]["cron"] == cron


async def test_every_change_of_a_document_with_a_key_is_carried_out_once(world, anna, key):
    one = await anna.connected_shop()
    two = await anna.connected_shop(token="two", seller="2")

    first = await anna.ask(BOTH, key, one=one, two=two)
    again = await anna.ask(BOTH, key, one=one, two=two)

    assert first == again == {"one": {"userErrors": []}, "two": {"userErrors": []}}
    assert (await actions(anna)).count("tenant.shop_disconnected") == 2


@pytest.mark.parametrize("same", [True, False], ids=["one key", "no key"])
async def test_a_seller_connected_by_many_at_once_is_one_shop_and_all_are_told_so(anna, key, same):
    made = await asyncio.gather(
        *(
            anna.change("connectShop", "shop { id name }", key if same else None, **CONNECT)
            for _ in range(6)
        )
    )
    (shop,) = (await anna.ask("{ shops { id name } }"))["shops"]

    assert made == [{"shop": shop, "userErrors": []}] * 6
    assert (await actions(anna)).count("tenant.token_replaced") == (0 if same else 5)
    assert await kept(anna, "secrets") == 1
    assert await kept(anna, "labels") == 2, "the company's and the shop's"


async def test_a_change_that_was_undone_since_is_not_told_as_a_success(anna, key):
    made = await anna.change("connectShop", "shop { id }", key, **CONNECT)
    await anna.change("disconnectShop", "shopId", shopId=made["shop"]["id"])

    again = await anna.change("connectShop", "shop { id }", key, **CONNECT)

    assert again["shop"] is None
    assert again["userErrors"][0]["code"] == "UNKNOWN_SHOP"


async def test_many_who_ask_for_a_sync_at_once_find_one_run_and_one_wish_is_recorded(anna):
    shop_id = await anna.connected_shop()
    await end_runs(anna)

    asked = [
        await asyncio.gather(
            *(anna.change("requestSync", "run { id }", shopId=shop_id) for _ in range(20))
        )
        for _ in range(2)
    ]

    found = [each for wave in asked for each in wave]
    assert found == [{"run": {"id": found[0]["run"]["id"]}, "userErrors": []}] * 40
    assert (await actions(anna)).count("tenant.sync_requested") == 1


async def test_different_changes_at_the_same_moment_wait_for_each_other(anna):
    known = anna.world.marketplace.accounts
    known |= {f"token-{n}": account(str(n)) for n in range(10)}

    made = await asyncio.gather(
        *(
            anna.change("connectShop", "shop { sellerId }", **CONNECT | {"token": f"token-{n}"})
            for n in range(10)
        )
    )

    sellers = [{"shop": {"sellerId": str(n)}, "userErrors": []} for n in range(10)]
    assert made == sellers
    assert await kept(anna, "secrets") == 10


async def test_the_same_sheet_connected_again_is_looked_at_and_synced(world, anna):
    shop_id = await anna.connected_shop()
    await end_runs(anna)
    url = f"https://docs.google.com/spreadsheets/d/sheet-{shop_id}/edit"
    given = {"shopId": shop_id, "url": url}

    again = [await anna.change("connectSheet", "title", **given) for _ in range(2)]
    runs = (await anna.ask("{ runs { totalCount } }"))["runs"]["totalCount"]
    world.sheet.files.clear()
    lost = await anna.change("connectSheet", "title", **given)

    assert [each["userErrors"] for each in again] == [[], []]
    assert runs == 1
    assert (await actions(anna)).count("tenant.sync_requested") == 1
    assert lost["userErrors"][0]["code"] == "SHEET_UNSHARED"


async def test_a_flood_of_changes_of_one_company_is_stopped_and_no_other_company_feels_it(
    database, limiter
):
    world = World(database, limiter=limiter)
    anna, boris = await world.register(), await world.register()
    nobody = str(uuid4())
    four = " ".join(
        f"a{n}: disconnectShop(input: {{shopId: $s}}) {{ userErrors {{ code path message }} }}"
        for n in range(4)
    )

    waves = [await anna.ask(f"mutation($s: UUID!) {{ {four} }}", s=nobody) for _ in range(20)]
    told = [each["userErrors"][0] for wave in waves for each in wave.values()]
    calm = await boris.change("disconnectShop", "shopId", shopId=nobody)

    codes = [each["code"] for each in told]
    assert set(codes) == {"UNKNOWN_SHOP", "TOO_MANY"}
    assert codes.index("TOO_MANY") >= 60
    assert "Try again in 1 seconds" in told[codes.index("TOO_MANY")]["message"]
    assert calm["userErrors"][0]["code"] == "UNKNOWN_SHOP"
    assert (await anna.ask("{ shops { id } }"))["shops"] == []
