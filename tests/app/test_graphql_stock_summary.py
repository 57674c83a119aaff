"""Where buyers are, how stock moved day by day, and a shop in a few numbers, over the API."""

import pytest

from domain.plan import Plan
from tests.app.graphql_world import World
from tests.app.moving_world import Moving

ONE = """
query($shop: UUID!, $nm: BigInt!) {
  product(shopId: $shop, nmId: $nm) { replenishment { daysOfCover deadStock } }
}
"""
DEMAND = """
query($shop: UUID!, $nm: BigInt!) {
  product(shopId: $shop, nmId: $nm) { demand { district orders } }
}
"""
HISTORY = """
query($shop: UUID!, $nm: BigInt!, $days: Int! = 30) {
  product(shopId: $shop, nmId: $nm) {
    history(days: $days) { day stock orders onSale places { number stock inStock } }
  }
}
"""
SUMMARY = """
query($shop: UUID!, $terms: ReplenishmentTerms) {
  stockSummary(shopId: $shop, terms: $terms) {
    asOf products stock unknown orders onTheWay out low dead deadStock
    soonest { nmId sku daysOfCover ship shipBy } idlest { nmId stock idleDays }
    blanks { source cause }
  }
}
"""


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def moving(anna):
    shop_id = await anna.connected_shop()
    return Moving(anna.world.database, anna.scope.tenant, shop_id)


@pytest.fixture
async def filled(moving):
    """The example of the specification."""
    await moving.example()
    return moving


async def figures(anna, moving, nm):
    told = await anna.ask(ONE, shop=moving.key.shop, nm=nm)
    return told["product"]["replenishment"]


# Demand


async def test_buyers_are_told_by_district_most_orders_first_without_what_was_cancelled(
    anna, filled
):
    await filled.feed(
        (3, "created", 2, "Сибирский"),
        (5, "buyout", 6, "Центральный"),
        (4, "cancel", 3, "Центральный"),
        (2, "created", 0, "Сибирский"),
        (1, "return", 8, "Беларусь"),
    )

    told = await anna.ask(DEMAND, shop=filled.key.shop, nm=7)

    assert told["product"]["demand"] == [
        {"district": "Центральный", "orders": 5},
        {"district": "Сибирский", "orders": 3},
    ]


async def test_demand_that_was_not_read_is_null_not_empty(anna, moving):
    await moving.product()
    before = await anna.ask(DEMAND, shop=moving.key.shop, nm=7)
    await moving.feed()

    after = await anna.ask(DEMAND, shop=moving.key.shop, nm=7)

    assert (before["product"]["demand"], after["product"]["demand"]) == (None, [])


# History


async def test_each_day_tells_what_lay_where_and_what_was_ordered(anna, moving):
    await moving.product()
    await moving.day(2, 10, [0, 1, 2], {"1": [8, 0], "2": [2, 0]})
    await moving.day(1, 0, [], {"1": [0, 0]})
    await moving.day(0, 0, [0, 1], {"1": [0, 0]})
    await moving.order(1)
    await moving.order(1, cancelled=True)
    await moving.order(2, cancelled=True)

    told = (await anna.ask(HISTORY, shop=moving.key.shop, nm=7))["product"]["history"]

    assert [(d["day"], d["stock"], d["orders"], d["onSale"]) for d in told] == [
        ("2026-11-21", 10, 0, True),
        ("2026-11-22", 0, 1, True),
        ("2026-11-23", 0, 0, True),
    ]
    assert told[0]["places"] == [
        {"number": 1, "stock": 8, "inStock": True},
        {"number": 2, "stock": 2, "inStock": True},
    ]
    assert told[2]["places"] == [{"number": 1, "stock": 0, "inStock": True}]


async def test_a_plan_looks_back_as_far_as_it_does_and_says_so(world, anna, moving):
    world.plans.on = True
    await moving.product()

    [error] = await anna.errors(HISTORY, shop=moving.key.shop, nm=7, days=31)

    assert error["extensions"]["code"] == "HISTORY_TOO_LONG"
    assert error["extensions"]["argument"] == ["days"]
    assert error["message"] == (
        "История на тарифе FREE, дней: 30. На тарифе STARTER: 90. Более давнее не удалено."
    )


async def test_without_billing_all_that_is_kept_may_be_looked_at(anna, moving):
    await moving.product()
    await moving.day(1_000, 3, [0])

    told = await anna.ask(HISTORY, shop=moving.key.shop, nm=7, days=1_095)
    [error] = await anna.errors(HISTORY, shop=moving.key.shop, nm=7, days=1_096)

    assert [day["stock"] for day in told["product"]["history"]] == [3]
    assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("INVALID", ["days"])


async def test_a_larger_plan_looks_back_further(world, anna, moving):
    world.plans.on = True
    await world.plans.give(anna.scope.tenant, Plan.STARTER)
    await moving.product()
    await moving.day(80, 3, [0])

    told = await anna.ask(HISTORY, shop=moving.key.shop, nm=7, days=90)

    assert [day["stock"] for day in told["product"]["history"]] == [3]


async def test_a_thousand_days_of_a_hundred_products_cost_too_much(anna):
    query = "{ products(first: 100) { edges { node { history(days: 1000) { day stock } } } } }"

    [error] = await anna.errors(query)

    assert error["extensions"]["code"] == "TOO_EXPENSIVE"


# Summary


async def test_a_summary_tells_what_runs_out_and_what_lies_there_for_nothing(anna, filled):
    await filled.product(8, stock=20, orders=14, on_sale=7, last=1)
    await filled.product(9, stock=10, orders=14, on_sale=7, last=1)
    await filled.product(10, stock=0, orders=7, on_sale=7, last=1, since=None)
    await filled.product(11, stock=500, orders=0, on_sale=7, last=None, since=50)
    await filled.product(12, stock=None, orders=3, on_sale=7, last=1)

    told = (await anna.ask(SUMMARY, shop=filled.key.shop))["stockSummary"]

    assert {
        name: told[name] for name in ("products", "stock", "unknown", "orders", "onTheWay")
    } == {
        "products": 6,
        "stock": 626,
        "unknown": 1,
        "orders": 49,
        "onTheWay": 10,
    }
    assert (told["out"], told["low"], told["dead"], told["deadStock"]) == (1, 2, 2, 596)
    assert [(each["nmId"], each["daysOfCover"]) for each in told["soonest"]] == [
        (9, 5.0),
        (8, 10.0),
    ]
    assert [(each["nmId"], each["idleDays"]) for each in told["idlest"]] == [(11, 49), (7, 41)]


async def test_a_summary_agrees_with_the_figures_of_each_product_at_the_edges(anna, filled):
    for nm, told in enumerate(
        (
            {"stock": 28, "orders": 14, "on_sale": 7},
            {"stock": 27, "orders": 14, "on_sale": 7},
            {"stock": 1, "orders": 0, "last": 31},
            {"stock": 1, "orders": 0, "last": 30},
        ),
        20,
    ):
        await filled.product(nm, **{"last": 1, **told})
    summed = (await anna.ask(SUMMARY, shop=filled.key.shop))["stockSummary"]
    each = {nm: await figures(anna, filled, nm) for nm in (7, 20, 21, 22, 23)}

    assert {p["nmId"] for p in summed["soonest"]} == {
        nm for nm, one in each.items() if one["daysOfCover"] is not None and one["daysOfCover"] < 14
    }
    assert {p["nmId"] for p in summed["idlest"]} == {
        nm for nm, one in each.items() if one["deadStock"]
    }


async def test_nobody_sums_up_another_companys_shop(world, anna, filled):
    boris = await world.register(name="Борис", company="Чужая")

    assert (await boris.ask(SUMMARY, shop=filled.key.shop))["stockSummary"] is None
    assert (await anna.ask(SUMMARY, shop=anna.scope.tenant))["stockSummary"] is None
