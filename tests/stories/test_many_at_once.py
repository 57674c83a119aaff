"""Several people, several requests: one live run for each shop, and nobody sees another's."""

import asyncio

import pytest

from tests.stories.town import RUN, SHOP

SCHEDULE = "query ($id: UUID!) { shop(id: $id) { schedule { cron zone nextTimes } } }"
WRONG_SCHEDULES = [
    ("каждый день", "Europe/Moscow", "cron", "Five fields"),
    ("61 7 * * *", "Europe/Moscow", "cron", "Five fields"),
    ("* * * * * *", "Europe/Moscow", "cron", "Five fields"),
    ("", "Europe/Moscow", "cron", "Five fields"),
    ("0 7 30 2 *", "Europe/Moscow", "cron", "Five fields"),
    ("0 7 * * *", "Europe/Atlantis", "zone", "Use an IANA name such as Europe/Moscow"),
    ("0 7 * * *", "../../etc/passwd", "zone", "Use an IANA name such as Europe/Moscow"),
    ("0 7 * * *", "", "zone", "Use an IANA name such as Europe/Moscow"),
]


async def test_requests_at_the_same_moment_find_the_same_run(town):
    shop = await town.shop()
    await shop.seller.fault("orders", "slow", delay=1)
    asked = await asyncio.gather(*(shop.request() for _ in range(6)))
    late = await shop.request()
    run = await shop.ended(late)

    assert {*asked, late} == {run["id"]}
    assert run["state"] == "SUCCEEDED"
    assert [each["state"] for each in await shop.runs()] == ["SUCCEEDED", "SUCCEEDED"]


@pytest.mark.parametrize(("cron", "zone", "field", "cure"), WRONG_SCHEDULES)
async def test_a_wrong_schedule_is_refused_where_it_is_wrong_and_the_old_one_stays(
    town, cron, zone, field, cure
):
    person, seller = await town.person(), await town.seller(products=1)
    shop_id = (await person.connect_shop(seller.tokens["base"]))["shop"]["id"]
    old = (await person.ask(SCHEDULE, id=shop_id))["shop"]["schedule"]
    given = {"shopId": shop_id, "cron": cron, "zone": zone}
    told = await person.change("setSchedule", "schedule { cron }", **given)

    (error,) = told["userErrors"]
    assert (error["code"], error["path"]) == ("INVALID", ["input", field])
    assert cure in error["message"]
    assert (await person.ask(SCHEDULE, id=shop_id))["shop"]["schedule"] == old


async def test_a_schedule_is_shown_with_its_next_times_in_her_zone(town):
    person, seller = await town.person(), await town.seller(products=1)
    shop_id = (await person.connect_shop(seller.tokens["base"]))["shop"]["id"]
    fields = "schedule { cron zone nextRunAt nextTimes }"
    given = {"shopId": shop_id, "cron": "30 6 * * *", "zone": "Asia/Vladivostok"}
    schedule = (await person.change("setSchedule", fields, **given))["schedule"]

    assert (schedule["cron"], schedule["zone"]) == ("30 6 * * *", "Asia/Vladivostok")
    assert [each[11:] for each in schedule["nextTimes"]] == ["06:30:00+10:00"] * 5


async def test_what_belongs_to_another_company_is_as_if_it_were_not(town):
    shop, other = await town.shop(), await town.person()
    run_id = (await shop.runs())[0]["id"]
    nm = min(await shop.seller.truth())
    unknown = "018f0000-0000-7000-8000-000000000000"

    for shop_id, run in ((shop.id, run_id), (unknown, unknown)):
        product = f'{{ product(shopId: "{shop_id}", nmId: {nm}) {{ sku }} }}'
        assert (await other.ask(RUN, id=run))["run"] is None
        assert (await other.ask(SHOP, id=shop_id))["shop"] is None
        assert (await other.ask(product))["product"] is None
        assert await refusals(other, shop_id, shop.sheet.url) == {("UNKNOWN_SHOP", "shopId")}
    assert await names(other) == await names(await town.person())
    assert (await shop.look())["sheet"]["spreadsheetId"] == shop.sheet.id


async def refusals(person, shop_id, url):
    """Code and argument of everything she may try with a shop."""
    tried = [
        await person.change("requestSync", "run { id }", shopId=shop_id),
        await person.change("connectSheet", "title", shopId=shop_id, url=url),
        await person.change("setSchedule", "schedule { cron }", shopId=shop_id, cron="0 7 * * *"),
        await person.change("disconnectShop", "shopId", shopId=shop_id),
    ]
    return {(each["userErrors"][0]["code"], each["userErrors"][0]["path"][-1]) for each in tried}


async def names(person):
    """What her lists hold."""
    query = """{ shops { id } runs { edges { node { id } } } products { edges { node { sku } } }
      auditLog { edges { node { action } } } }"""
    return await person.ask(query)


async def test_the_same_seller_in_two_companies_is_two_shops(town):
    seller = await town.seller()
    one, two = await asyncio.gather(town.shop(seller), town.shop(seller))

    assert one.id != two.id
    assert await one.sheet.table() == await two.sheet.table()


async def test_a_disconnected_shop_keeps_its_sheet_and_is_synced_no_more(town):
    shop = await town.shop()
    before = await shop.sheet.cells()
    await shop.person.change("disconnectShop", "shopId", shopId=shop.id)
    told = await shop.person.change("requestSync", "run { id }", shopId=shop.id)

    assert await shop.look() is None
    assert told["userErrors"][0]["code"] == "UNKNOWN_SHOP"
    assert await shop.sheet.cells() == before
