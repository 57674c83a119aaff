"""What to ship, where buyers are and how stock moved, over the API: figures, and why some are blank."""

import json

import pytest

from domain.flow import Flow, Stage
from domain.plan import Plan
from tests.app.graphql_audit_world import statements
from tests.app.graphql_world import World
from tests.app.moving_world import Moving

FIGURES = """
  asOf stock onTheWay orders daysOnSale ordersPerDay daysOfCover runsOut leadTimeDemand safetyStock
  ship shipBy lostSales idleDays deadStock lastShipped { at warehouse }
  buyout { first last bought refused unsettled percent vague } blanks { source cause reason }
"""
ONE = f"""
query($shop: UUID!, $nm: BigInt!, $terms: ReplenishmentTerms) {{
  product(shopId: $shop, nmId: $nm) {{ replenishment(terms: $terms) {{ {FIGURES} }} }}
}}
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
PLACES = """
query($shop: UUID!, $nm: BigInt!) { product(shopId: $shop, nmId: $nm) {
  places { number replenishment { daysOnSale ordersPerDay daysOfCover runsOut } }
} }
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
BOUGHT = [(27, "buyout", 30, ""), (8, "cancel", 30, ""), (3, "return", 30, "")]
DEFECTIVE = (1, "returnDefective", 30, "")


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
    await moving.snapshot()
    await moving.product()
    await moving.supply({7: 10})
    await moving.feed(*BOUGHT, DEFECTIVE)
    return moving


async def figures(anna, moving, nm=7, **terms):
    told = await anna.ask(ONE, shop=moving.key.shop, nm=nm, terms=terms or None)
    return told["product"]["replenishment"]


async def test_the_example_of_the_specification(anna, filled):
    assert await figures(anna, filled, pack=6) == {
        "asOf": "2026-11-23",
        "stock": 96,
        "onTheWay": 10,
        "orders": 11,
        "daysOnSale": 5,
        "ordersPerDay": 2.2,
        "daysOfCover": 43.6,
        "runsOut": "2027-01-05",
        "leadTimeDemand": 30.8,
        "safetyStock": 16,
        "ship": 12,
        "shipBy": "2026-12-15",
        "lostSales": 4,
        "idleDays": 41,
        "deadStock": True,
        "lastShipped": {"at": "2026-11-20T04:40:00+00:00", "warehouse": "Коледино"},
        "buyout": {
            "first": "2026-10-06",
            "last": "2026-11-02",
            "bought": 27,
            "refused": 12,
            "unsettled": 0,
            "percent": 69.2,
            "vague": False,
        },
        "blanks": [],
    }


async def test_her_own_terms_are_reckoned_with(anna, filled):
    told = await figures(anna, filled, leadDays=7, coverDays=60, safetyDays=0)

    assert (told["safetyStock"], told["leadTimeDemand"], told["ship"]) == (0, 15.4, 42)


@pytest.mark.parametrize(
    "terms", [{"leadDays": -1}, {"coverDays": 366}, {"pack": 0}, {"safetyDays": 1_000}]
)
async def test_terms_beyond_reason_are_named(anna, filled, terms):
    [error] = await anna.errors(ONE, shop=filled.key.shop, nm=7, terms=terms)

    assert error["extensions"]["code"] == "INVALID"
    assert f"terms.{next(iter(terms))}" in error["message"]


async def test_what_is_not_read_yet_is_blank_with_the_reason(anna, moving):
    await moving.snapshot()
    await moving.product()

    told = await figures(anna, moving)

    assert (told["onTheWay"], told["buyout"], told["ship"]) == (None, None, 17)
    assert [(each["source"], each["cause"]) for each in told["blanks"]] == [
        ("supplies", "unread"),
        ("order_feed", "unread"),
    ]


async def test_a_source_that_the_token_does_not_open_says_which_category_it_needs(anna, filled):
    await filled.book.stands(filled.key, Flow.SUPPLIES, "no_scope")

    told = await figures(anna, filled)

    assert (told["onTheWay"], told["lastShipped"]) == (None, None)
    [blank] = told["blanks"]
    assert (blank["source"], blank["cause"]) == ("supplies", "no_scope")
    assert "Supplies" in blank["reason"] or "Поставки" in blank["reason"]


async def test_what_was_read_long_before_the_stock_says_nothing(anna, filled):
    await filled.snapshot(ago=-3)

    assert {each["cause"] for each in (await figures(anna, filled))["blanks"]} == {"stale"}


async def test_buyout_of_fewer_days_is_told_with_the_days(anna, moving):
    await moving.snapshot()
    await moving.product()
    await moving.feed(*BOUGHT, reach=31)

    told = (await figures(anna, moving))["buyout"]

    assert (told["first"], told["last"], told["percent"]) == ("2026-10-24", "2026-11-02", 71.1)


async def test_buyout_waits_until_there_is_a_day_whose_orders_are_settled(anna, moving):
    await moving.snapshot()
    await moving.product()
    await moving.feed(reach=20)

    told = await figures(anna, moving)

    assert told["buyout"] is None
    assert ("order_feed", "short_history") in [(b["source"], b["cause"]) for b in told["blanks"]]


async def test_goods_that_were_accepted_long_ago_are_not_waited_for(anna, filled):
    await filled.supply({7: 10}, stage=Stage.ACCEPTED, shipped=14)
    within = (await figures(anna, filled))["onTheWay"]
    await filled.supply({7: 10}, stage=Stage.ACCEPTED, shipped=15, n=2)

    assert (within, (await figures(anna, filled))["onTheWay"]) == (10, 0)


async def test_before_the_first_snapshot_there_is_nothing_to_tell(anna, moving):
    await moving.product()

    assert await figures(anna, moving) is None


async def test_many_products_are_read_together(world, anna, filled):
    page = (
        f"{{ products(first: 50) {{ edges {{ node {{ nmId replenishment {{ {FIGURES} }} }} }} }} }}"
    )
    with statements(world.database) as few:
        await anna.ask(page)
    for nm in range(10, 40):
        await filled.product(nm)

    with statements(world.database) as many:
        told = await anna.ask(page)

    assert len(told["products"]["edges"]) == 31
    assert len(many) == len(few)


async def test_a_place_lasts_by_the_days_on_which_something_lay_there(world, anna, moving):
    await moving.product()
    async with world.database.driver() as driver:
        for number, kind in ((1, "wb_total"), (2, "seller")):
            row = (*key_of(moving), number, f"p{number}", kind, f"Место {number}")
            await driver.execute("INSERT INTO places VALUES ($1, $2, $3, $4, $5, $6)", *row)
        places = json.dumps({"1": [20, 10], "2": [None, 3]})
        await driver.execute("UPDATE stock_current SET places = $1 WHERE nm_id = 7", places)
    for ago, stocked in ((0, [0, 1]), (1, [0, 1]), (2, [0]), (3, [0]), (5, [0, 1, 2])):
        await moving.snapshot(ago)
        await moving.day(ago, 20, stocked)

    told = (await anna.ask(PLACES, shop=moving.key.shop, nm=7))["product"]["places"]

    lasts = {"daysOnSale": 5, "ordersPerDay": 2.0, "daysOfCover": 10.0, "runsOut": "2026-12-03"}
    assert told == [
        {"number": 1, "replenishment": lasts},
        {"number": 2, "replenishment": dict.fromkeys(lasts)},
    ]


def key_of(moving):
    return moving.key.tenant, moving.key.shop


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


async def test_a_plan_looks_back_as_far_as_it_does_and_says_so(anna, moving):
    await moving.product()

    [error] = await anna.errors(HISTORY, shop=moving.key.shop, nm=7, days=31)

    assert error["extensions"]["code"] == "INVALID"
    assert "1 to 30" in error["message"]


async def test_a_larger_plan_looks_back_further(world, anna, moving):
    async with world.database.driver() as driver:
        statement = "UPDATE subscriptions SET plan = $2 WHERE tenant_id = $1"
        await driver.execute(statement, anna.scope.tenant, Plan.STARTER)
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
