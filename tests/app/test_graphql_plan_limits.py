"""What a plan limits, over the API: a refusal names the limit, the plan, and the one that lifts it.
A company over its limit keeps what it has."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.limits import PRESSES
from domain.plan import Plan
from domain.run import Wait
from tests.app.acts_world import DONE, FAILED, begun, end, live, row
from tests.app.graphql_world import NOW, World
from tests.fakes import account

HOUR = timedelta(hours=1)


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


async def plans_sync(anna, shop, **schedule):
    """The errors of setting this schedule."""
    told = await anna.change("setSchedule", "schedule { words }", shopId=shop, **schedule)
    return [(no["code"], no["path"]) for no in told["userErrors"]]


async def test_a_schedule_is_no_faster_than_the_plan(anna):
    shop = await anna.connected_shop()
    told = await anna.change("setSchedule", "schedule { words }", shopId=shop, cron="*/15 * * * *")

    (no,) = told["userErrors"]

    assert (no["code"], no["path"]) == ("TOO_OFTEN", ["input", "cron"])
    assert no["message"] == (
        "Тариф FREE: обновление не чаще раза в 6 ч, а по этому расписанию раз в 15 мин. "
        "На тарифе PRO: раз в 15 мин."
    )
    assert await plans_sync(anna, shop, cron="0 */6 * * *") == []
    assert await plans_sync(anna, shop, readyBy="08:00") == []
    await anna.world.plans.give(anna.scope.tenant, Plan.PRO)
    assert await plans_sync(anna, shop, cron="*/15 * * * *") == []
    assert await plans_sync(anna, shop, cron="*/5 * * * *") == [("TOO_OFTEN", ["input", "cron"])]


async def test_without_billing_a_schedule_is_as_fast_as_she_wishes(anna):
    anna.world.plans.on = False
    shop = await anna.connected_shop()

    assert await plans_sync(anna, shop, cron="* * * * *") == []


@pytest.fixture
async def synced(anna):
    """A shop that she has synced so often by hand, an hour ago, as her plan allows at once."""
    shop = anna.shop = await anna.connected_shop()
    await end(anna, DONE)
    for _ in range(PRESSES - 1):
        assert await asks(anna, shop) == ([], 1)
        await end(anna, DONE)
    anna.world.now = NOW + HOUR
    return shop


async def asks(anna, shop, _headers=None):
    """The codes of what is wrong with asking for a sync of this shop, and how many runs live."""
    told = await anna.change("requestSync", "run { id }", _headers, shopId=shop)
    return [no["code"] for no in told["userErrors"]], len(await live(anna))


async def test_a_person_may_ask_for_five_syncs_within_the_interval_of_her_plan(anna, synced):
    told = await anna.change("requestSync", "run { id }", shopId=synced)
    refused = await asks(anna, synced)
    anna.world.now = NOW + 6 * HOUR

    (no,) = told["userErrors"]
    assert no["message"] == (
        "Тариф FREE: вручную не больше 5 обновлений магазина за 6 ч, следующее возможно "
        "23.11.2026 13:40 (Мск), а по расписанию всё идёт как прежде. На тарифе STARTER: "
        "5 обновлений за час."
    )
    assert refused == (["TOO_OFTEN"], 0)
    assert await asks(anna, synced) == ([], 1)


async def test_a_dearer_plan_lets_her_ask_at_once(anna, synced):
    await anna.world.plans.give(anna.scope.tenant, Plan.STARTER)

    assert await asks(anna, synced) == ([], 1)


async def test_without_billing_she_asks_as_often_as_she_likes(anna, synced):
    anna.world.plans.on = False

    assert await asks(anna, synced) == ([], 1)


async def test_the_same_request_sent_again_is_no_other_one(anna, synced):
    anna.world.now, key = NOW + 6 * HOUR, {"idempotency_key": str(uuid4())}
    first = await asks(anna, synced, key)
    await end(anna, DONE)  # at NOW, as all that ends there
    anna.world.now = NOW + HOUR
    again, another = await asks(anna, synced, key), await asks(anna, synced)

    assert (first, again) == (([], 1), ([], 0))
    assert another == (["TOO_OFTEN"], 0)


async def test_asking_for_a_run_that_there_is_finds_it(anna, synced):
    anna.world.plans.on = False
    await asks(anna, synced)
    anna.world.plans.on = True

    assert await asks(anna, synced) == ([], 1)


async def test_after_a_sync_that_failed_there_is_nothing_to_wait_for(anna, synced):
    anna.world.plans.on = False
    await asks(anna, synced)
    failed = await end(anna, FAILED)
    anna.world.plans.on = True

    again = await anna.change("retryRun", "run { id }", runId=failed)

    assert again["userErrors"] == []
    await end(anna, FAILED)
    assert await asks(anna, synced) == ([], 1)


async def test_doing_a_good_sync_again_is_asking_for_one(anna, synced):
    good = (await anna.ask("{ runs(first: 1) { edges { node { id } } } }"))["runs"]["edges"]

    told = await anna.change("retryRun", "run { id }", runId=good[0]["node"]["id"])

    assert [no["code"] for no in told["userErrors"]] == ["TOO_OFTEN"]
    assert await live(anna) == []


async def test_what_she_changes_is_shown_at_once(anna, synced):
    anna.world.marketplace.accounts["newer"] = account("100")
    await connects(anna, "newer", "100")
    after_token = await live(anna)
    await end(anna, DONE)
    file = "another"
    anna.world.sheet.share(file)
    url = f"https://docs.google.com/spreadsheets/d/{file}/edit"
    told = await anna.change("connectSheet", "title", shopId=synced, url=url)

    assert len(after_token) == 1
    assert (told["userErrors"], len(await live(anna))) == ([], 1)


async def test_a_sync_that_waits_for_the_plan_is_not_hastened_by_asking_but_by_a_change(
    anna, synced
):
    anna.world.plans.on = False
    run = (await anna.change("requestSync", "run { id }", shopId=synced))["run"]["id"]
    ledger, task = await begun(anna, run)
    until = NOW + 6 * HOUR
    await ledger.finish(task, Wait(until=until, why="…", cause="plan_interval"))
    anna.world.plans.on = True

    hastened = await anna.change("retryRun", "run { id }", runId=run)
    asked_for = await asks(anna, synced)
    before = await row(anna, run)
    await connects(anna, "newer", "100")
    after = await row(anna, run)

    assert [no["code"] for no in hastened["userErrors"]] == ["TOO_OFTEN"]
    assert asked_for == (["TOO_OFTEN"], 1)
    assert before["due_at"] == until
    assert after["due_at"] < until
