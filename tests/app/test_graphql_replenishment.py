"""What to ship, where buyers are and how stock moved, over the API: figures, and why some are blank."""

import json

import pytest

from domain.flow import Flow, Stage
from tests.app.graphql_audit_world import statements
from tests.app.graphql_world import World
from tests.app.moving_world import SETTLED, Moving

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
PLACES = """
query($shop: UUID!, $nm: BigInt!) { product(shopId: $shop, nmId: $nm) {
  places { number replenishment { daysOnSale ordersPerDay daysOfCover runsOut } }
} }
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
    await moving.feed(*SETTLED, reach=31)

    told = (await figures(anna, moving))["buyout"]

    assert (told["first"], told["last"], told["percent"]) == ("2026-10-24", "2026-11-02", 69.2)


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


async def test_figures_beyond_thirty_two_bits_are_told_all_the_same(anna, moving):
    await moving.snapshot()
    await moving.product(stock=0, orders=2_000_000_000, on_sale=1, last=1, since=None)
    await moving.supply({7: 3_000_000_000})

    told = await figures(anna, moving)

    assert (told["onTheWay"], told["ship"]) == (3_000_000_000, 99_000_000_000)


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
