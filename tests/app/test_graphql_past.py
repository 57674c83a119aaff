"""Products and files as of a moment, over GraphQL: from the snapshots that are kept."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.access import Role
from domain.plan import Plan
from tests.app.graphql_world import NOW, World
from tests.app.report_world import keep, snapshot

PAGE = """
query($shop: UUID, $asOf: KeptAsOf, $first: Int! = 20, $after: String, $search: String) {
  products(shopId: $shop, asOf: $asOf, first: $first, after: $after, search: $search) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { nmId sku stock turnoverDays places { number name kind stock orders } } }
  }
}
"""
REPORT = """
query($shop: UUID!, $asOf: KeptAsOf, $format: ReportFormat! = CSV) {
  report(shopId: $shop, asOf: $asOf, format: $format, language: EN) {
    takenAt products format address
  }
}
"""
ONE = """
query($shop: UUID!, $nm: BigInt!, $asOf: KeptAsOf) {
  product(shopId: $shop, nmId: $nm, asOf: $asOf) { stock }
}
"""
MOVED = """
query($shop: UUID!, $asOf: KeptAsOf) {
  product(shopId: $shop, nmId: 11, asOf: $asOf) {
    replenishment { stock } demand { orders } places { replenishment { daysOnSale } }
  }
}
"""
MONDAY = NOW - timedelta(days=7)


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    anna = await world.register()
    anna.shop = await anna.connected_shop()
    world.clock = lambda: world.now
    taken = (snapshot(MONDAY), snapshot(NOW - timedelta(hours=1), stock=(30, 0, None)))
    await keep(world, anna.scope.tenant, anna.shop, *taken)
    return anna


async def test_products_of_a_day_are_those_of_its_last_snapshot(anna):
    day = {"day": f"{MONDAY:%Y-%m-%d}"}
    page = (await anna.ask(PAGE, shop=anna.shop, asOf=day))["products"]
    now = (await anna.ask(PAGE, shop=anna.shop))["products"]

    assert page["totalCount"] == 3
    assert page["edges"][0]["node"] == {
        "nmId": 11,
        "sku": "=LN+150",
        "stock": 10,
        "turnoverDays": 10.0,
        "places": [
            {"number": 1, "name": "Склад WB", "kind": "WB_TOTAL", "stock": 8, "orders": 7},
            {"number": 2, "name": "Склад на Садовой", "kind": "SELLER", "stock": 2, "orders": 0},
        ],
    }
    assert page["edges"][2]["node"]["stock"] is None
    assert now["edges"][0]["node"]["stock"] == 30


async def test_pages_of_the_past_go_on_where_the_one_before_ended(anna):
    asked = {"shop": anna.shop, "asOf": {"at": MONDAY.isoformat()}, "first": 2}
    first = (await anna.ask(PAGE, **asked))["products"]
    second = (await anna.ask(PAGE, **asked, after=first["pageInfo"]["endCursor"]))["products"]

    assert [each["node"]["nmId"] for each in first["edges"]] == [11, 12]
    assert [each["node"]["nmId"] for each in second["edges"]] == [13]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


@pytest.mark.parametrize(("nm", "stock"), [(11, {"stock": 10}), (12, {"stock": 0}), (14, None)])
async def test_one_product_as_it_was(anna, nm, stock):
    day = {"day": f"{MONDAY:%Y-%m-%d}"}

    assert (await anna.ask(ONE, shop=anna.shop, nm=nm, asOf=day))["product"] == stock


async def test_what_to_ship_is_told_of_today_alone(anna):
    day = {"day": f"{MONDAY:%Y-%m-%d}"}
    now = (await anna.ask(MOVED, shop=anna.shop))["product"]
    then = (await anna.ask(MOVED, shop=anna.shop, asOf=day))["product"]

    assert now["replenishment"] == {"stock": 30}
    assert all(each["replenishment"] for each in now["places"])
    assert (then["replenishment"], then["demand"]) == (None, None)
    assert then["places"] == [{"replenishment": None}] * 2


async def test_a_file_is_named_by_the_moment_of_its_figures(anna):
    asked = {"shop": anna.shop, "asOf": {"day": f"{NOW - timedelta(days=1):%Y-%m-%d}"}}
    found = (await anna.acting_as(Role.VIEWER).ask(REPORT, **asked))["report"]

    assert found == {
        "takenAt": MONDAY.isoformat(),
        "products": 3,
        "format": "CSV",
        "address": f"/reports/{anna.shop}?format=csv&at=2026-11-16T04%3A40%3A00%2B00%3A00"
        "&language=en",
    }


@pytest.mark.parametrize(
    ("as_of", "refused", "said"),
    [
        ({"day": "2026-11-15"}, ("NOT_KEPT", ["asOf"]), "самое раннее: 16.11.2026 (Мск)"),
        ({"day": "2026-11-24"}, ("IN_THE_FUTURE", ["asOf"]), "Будущих чисел не знает никто"),
        ({"at": "2026-11-23T04:41:00Z"}, ("INVALID", ["asOf", "at"]), ""),
        ({"at": "2026-11-23T04:41:00"}, ("INVALID", ["asOf", "at"]), ""),
        ({}, ("INVALID", ["asOf"]), ""),
        ({"day": "2026-11-16", "at": "2026-11-16T04:40:00Z"}, ("INVALID", ["asOf"]), ""),
    ],
)
@pytest.mark.parametrize("query", [PAGE, REPORT])
async def test_a_moment_without_figures_is_refused_with_its_argument(
    anna, query, as_of, refused, said
):
    (error,) = await anna.errors(query, shop=anna.shop, asOf=as_of)

    assert (error["extensions"]["code"], error["extensions"]["argument"]) == refused
    assert said in error["message"]


async def test_the_past_is_of_one_shop_and_by_article(anna):
    day = {"day": f"{MONDAY:%Y-%m-%d}"}
    for asked in ({"asOf": day}, {"shop": anna.shop, "asOf": day, "search": "LN"}):
        (error,) = await anna.errors(PAGE, **asked)

        assert error["extensions"]["argument"] == ["asOf"]


async def test_the_past_of_another_company_is_that_of_an_unknown_shop(world, anna):
    boris, day = await world.register("Борис"), {"day": f"{MONDAY:%Y-%m-%d}"}
    for client, shop in ((boris, anna.shop), (anna, uuid4())):
        page = (await client.ask(PAGE, shop=shop, asOf=day))["products"]

        assert (page["totalCount"], page["edges"]) == (0, [])
        assert (await client.ask(ONE, shop=shop, nm=11, asOf=day))["product"] is None
        assert (await client.ask(REPORT, shop=shop, asOf=day))["report"] is None


async def test_before_the_first_sync_there_is_nothing_to_take(anna):
    shop = await anna.connected_shop(token="another", seller="200")
    (error,) = await anna.errors(REPORT, shop=shop)

    assert error["extensions"]["code"] == "NOTHING_YET"


# What a plan shows of it

EXPLAIN = """
query($shop: UUID!, $asOf: KeptAsOf) {
  explain(shopId: $shop, nmId: 11, figure: STOCK, asOf: $asOf) { shown }
}
"""
LONG_AGO = NOW - timedelta(days=40)


@pytest.fixture
async def long_kept(world, anna):
    """Her history goes back further than that of her plan."""
    taken = [snapshot(LONG_AGO - timedelta(days=n), stock=(n, 0, None)) for n in (2, 1, 0)]
    await keep(world, anna.scope.tenant, anna.shop, *taken)
    world.plans.on = True
    return anna


@pytest.mark.parametrize("query", [PAGE, REPORT, EXPLAIN])
async def test_a_plan_shows_the_past_as_far_as_its_history_goes(long_kept, query):
    asked = {"day": f"{LONG_AGO - timedelta(days=1):%Y-%m-%d}"}
    (error,) = await long_kept.errors(query, shop=long_kept.shop, asOf=asked)
    await long_kept.world.plans.give(long_kept.scope.tenant, Plan.STARTER)

    assert error["extensions"]["code"] == "HISTORY_TOO_LONG"
    assert error["extensions"]["argument"] == ["asOf"]
    assert error["message"] == (
        "История на тарифе FREE, дней: 30. На тарифе STARTER: 90. Более давнее не удалено."
    )
    assert await long_kept.ask(query, shop=long_kept.shop, asOf=asked)


async def test_figures_that_answer_for_a_day_of_the_history_are_shown_however_old_they_are(
    long_kept,
):
    first = {"day": f"{NOW - timedelta(days=29):%Y-%m-%d}"}
    told = (await long_kept.ask(REPORT, shop=long_kept.shop, asOf=first))["report"]
    same = {"at": told["takenAt"]}

    assert told["takenAt"] == LONG_AGO.isoformat()
    assert (await long_kept.ask(REPORT, shop=long_kept.shop, asOf=same))["report"] == told


async def test_without_billing_all_of_the_past_is_shown(long_kept):
    long_kept.world.plans.on = False
    asked = {"day": f"{LONG_AGO - timedelta(days=2):%Y-%m-%d}"}

    assert (await long_kept.ask(REPORT, shop=long_kept.shop, asOf=asked))["report"]
