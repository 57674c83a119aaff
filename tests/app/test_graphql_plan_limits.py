"""What a plan limits, over the API: a refusal names the limit, the plan, and the one that lifts it.
A company over its limit keeps what it has."""

import pytest

from domain.plan import Plan
from tests.app.graphql_world import World
from tests.fakes import account


@pytest.fixture
async def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    world.plans.on = True
    return await world.register()


async def connects(anna, token, seller, **given):
    """The errors of connecting this seller's shop."""
    known = anna.world.marketplace.accounts
    known.setdefault(token, account(seller))
    told = await anna.change(
        "connectShop", "shop { id }", marketplace="WILDBERRIES", token=token, **given
    )
    return told["userErrors"]


async def test_a_plan_has_room_for_so_many_shops(anna):
    await anna.connected_shop()

    (no,) = await connects(anna, "other", "200")

    assert (no["code"], no["path"]) == ("TOO_MANY_SHOPS", ["input"])
    assert no["message"] == (
        "Магазинов на тарифе FREE: не больше 1. На тарифе PRO: 3. Подключённые работают как прежде."
    )
    assert len((await anna.ask("{ shops { id } }"))["shops"]) == 1


async def test_another_token_for_a_shop_that_is_there_needs_no_room(anna):
    shop = await anna.connected_shop()

    assert await connects(anna, "newer", "100") == []
    assert await connects(anna, "newest", "100", shopId=shop) == []


async def test_a_company_over_its_limit_keeps_its_shops_and_their_tokens_may_be_replaced(anna):
    anna.world.plans.on = False
    await anna.connected_shop()
    await anna.connected_shop(token="two", seller="200")
    anna.world.plans.on = True

    assert await connects(anna, "two, newer", "200") == []
    assert [no["code"] for no in await connects(anna, "three", "300")] == ["TOO_MANY_SHOPS"]
    assert len((await anna.ask("{ shops { id } }"))["shops"]) == 2


async def test_a_dearer_plan_has_room_for_more(anna):
    await anna.connected_shop()
    await anna.world.plans.give(anna.scope.tenant, Plan.PRO)

    assert await connects(anna, "two", "200") == []
    assert await connects(anna, "three", "300") == []
    assert [no["code"] for no in await connects(anna, "four", "400")] == ["TOO_MANY_SHOPS"]


async def test_without_billing_there_is_room_for_all(anna):
    anna.world.plans.on = False
    await anna.connected_shop()

    assert await connects(anna, "two", "200") == []
