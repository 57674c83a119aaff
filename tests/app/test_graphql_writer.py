"""Who writes a shop's sheet: addresses of our pool that stay, keys of hers, and what a sync does."""

from uuid import UUID

import pytest

from app.stock.writers import CONSENT
from domain import tenant, writer
from domain.access import Role
from domain.ids import uuid7
from tests.app.graphql_world import World, told
from tests.fakes import ADDRESS, KEY

SECOND = "second@stock-tracker.iam.gserviceaccount.com"
HERS = "hers@project.iam.gserviceaccount.com"
SHOP = "query($id: UUID!) { shop(id: $id) { writer { kind address signedIn } sheet { url } } }"
OF_SHOP = "query($id: UUID) { sheetAddress(shopId: $id) }"
FORGET_ROBOT = "UPDATE shops SET robot = NULL WHERE shop_id = $1"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def shop(anna):
    return await anna.connected_shop()


async def written_by(client, shop):
    return (await client.ask(SHOP, id=shop))["shop"]["writer"]


async def address(client, shop=None):
    return (await client.ask(OF_SHOP, id=shop))["sheetAddress"]


async def facts(client):
    found = await client.ask("{ auditLog(first: 100) { edges { node { action } } } }")
    return [edge["node"]["action"] for edge in found["auditLog"]["edges"]]


async def change(world, query, shop):
    async with world.database.driver() as driver:
        await driver.execute(query, UUID(shop))


async def consented(world, anna, shop):
    """She has signed in with Google."""
    consent_id, company = uuid7(world.now), anna.scope.tenant
    sealed = await world.vault.seal(company, consent_id, CONSENT, b"hers")
    ask = told(
        tenant.decider,
        company,
        company,
        writer.SignIn(shop_id=UUID(shop), consent_id=consent_id, user_id=anna.scope.person),
    )
    await world.handle(
        ask, origin=world.callers[anna.headers["authorization"]].origin, rows=[sealed]
    )


# The pool


async def test_an_address_that_was_shared_with_stays_whatever_the_pool_gains(world, anna, shop):
    world.principals.robots = ("0@new.example", SECOND, ADDRESS, "~@new.example")

    assert await written_by(anna, shop) == {
        "kind": "SERVICE",
        "address": ADDRESS,
        "signedIn": False,
    }
    assert await address(anna, shop) == await address(anna) == ADDRESS


async def test_a_company_shares_all_its_sheets_with_one_address(world, anna, shop):
    world.principals.robots = (*(f"{n}@new.example" for n in range(9)), ADDRESS)

    second = await anna.connected_shop(token="second", seller="200")

    assert await address(anna, second) == ADDRESS


async def test_the_address_is_known_before_there_is_a_shop_and_is_the_same_afterwards(world):
    world.principals.robots = tuple(f"{n}@pool.example" for n in range(9))
    clients = [await world.register() for _ in range(6)]
    before = [await address(each) for each in clients]

    shops = [
        await each.connected_shop(token=f"t{n}", seller=f"{n}") for n, each in enumerate(clients)
    ]

    assert [await address(*pair) for pair in zip(clients, shops, strict=True)] == before
    assert len(set(before)) > 1


async def test_a_shop_from_before_there_was_a_pool_was_shared_with_its_first(world, anna, shop):
    await change(world, FORGET_ROBOT, shop)
    world.principals.robots = (ADDRESS, SECOND)

    assert await address(anna, shop) == ADDRESS


async def test_who_left_the_pool_is_stood_in_for_and_the_new_address_is_shown(world, anna, shop):
    world.principals.robots = (SECOND,)

    assert await address(anna, shop) == SECOND
    assert (await written_by(anna, shop))["address"] == SECOND


async def test_connecting_a_sheet_puts_the_new_address_on_record(world, anna, shop):
    world.principals.robots = (SECOND,)
    world.sheet.share("another-sheet-of-hers")
    url = "https://docs.google.com/spreadsheets/d/another-sheet-of-hers/edit"

    await anna.change("connectSheet", "title", shopId=shop, url=url)
    world.principals.robots = (ADDRESS, SECOND)

    assert await address(anna, shop) == SECOND


# Her key


async def test_a_key_of_hers_writes_and_goes_back(world, anna, shop):
    given = await anna.change("setSheetWriter", "shop { id }", shopId=shop, key=KEY)
    hers = await written_by(anna, shop)
    back = await anna.change("setSheetWriter", "shop { id }", shopId=shop)

    assert given["userErrors"] == back["userErrors"] == []
    assert hers == {"kind": "OWN_KEY", "address": HERS, "signedIn": False}
    assert (await written_by(anna, shop))["address"] == ADDRESS


async def test_what_is_no_key_is_refused_at_its_argument_and_not_repeated(anna, shop):
    refused = await anna.change("setSheetWriter", "shop { id }", shopId=shop, key="canary")

    (error,) = refused["userErrors"]
    assert (error["code"], error["path"]) == ("INVALID", ["input", "key"])
    assert "canary" not in str(refused)


async def test_a_sheet_is_made_for_who_signed_in(world, anna, shop):
    missing = await anna.change("makeSheet", "title", shopId=shop)
    await consented(world, anna, shop)
    made = await anna.change("makeSheet", "title shop { sheet { url } }", shopId=shop)

    assert missing["userErrors"][0]["code"] == "GOOGLE_SIGN_IN_MISSING"
    assert made["title"] == "Stock Tracker · Рыжий кот"
    assert await written_by(anna, shop) == {
        "kind": "OWN_ACCOUNT",
        "address": ADDRESS,
        "signedIn": True,
    }


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_only_admins_say_who_writes(anna, shop, role):
    for mutation in ("setSheetWriter", "makeSheet"):
        refused = await anna.acting_as(role).change(mutation, "shop { id }", shopId=shop)
        assert refused["userErrors"][0]["code"] == "FORBIDDEN"


async def test_another_companys_shop_is_none(world, shop):
    boris = await world.register()

    for mutation in ("setSheetWriter", "makeSheet"):
        refused = await boris.change(mutation, "shop { id }", shopId=shop)
        assert refused["userErrors"][0]["code"] == "UNKNOWN_SHOP"
    (error,) = await boris.errors(OF_SHOP, id=shop)
    assert error["extensions"]["code"] == "UNKNOWN_SHOP"
