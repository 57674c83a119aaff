"""Products are read page by page, in any order, without missing or repeating one."""

import json

import pytest

from tests.app.graphql_world import World

PAGE = """
query($first: Int! = 2, $after: String, $shop: UUID, $search: String, $where: ProductWhere,
      $order: ProductOrder) {
  products(first: $first, after: $after, shopId: $shop, search: $search, where: $where,
           orderBy: $order) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { node { nmId sku stock turnoverDays places { name kind stock orders } } }
  }
}
"""
BIG = 4_000_000_000
ROWS = [  # nmId, brand, subject, sku, orders, stock, tenths of days, places
    (11, "Лён", "Платье", "a/1", 7, 10, 100, {"1": [10, 7]}),
    (12, "Лён", "Юбка", "б+2", None, None, None, {"1": [None, None]}),
    (13, "Ветер", "Платье", "100%_скидка", 0, 0, None, {"2": [0, 0], "1": [0, 0]}),
    (14, "Ветер", "Шарф", "d", 3, 10, 233, {}),
    (BIG, "Ветер", "Шарф", "e", 1, 55, 3850, {}),
]


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def stocked(world, anna):
    """A shop with five products in two places."""
    return await stock(anna)


async def stock(client, seller="900"):
    shop_id = await client.connected_shop(token=f"token {seller}".replace(" ", "-"), seller=seller)
    key = (client.scope.tenant, shop_id)
    places = [(*key, 1, "wb", "wb_total", "Склад WB"), (*key, 2, "seller:1", "seller", "Мой")]
    rows = [
        (*key, nm, brand, subject, sku, 1, 2, orders, pieces, days, json.dumps(places))
        for nm, brand, subject, sku, orders, pieces, days, places in ROWS
    ]
    async with client.world.database.driver() as driver:
        await driver.executemany("INSERT INTO places VALUES ($1, $2, $3, $4, $5, $6)", places)
        await driver.executemany(
            "INSERT INTO stock_current VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)", rows
        )
    return shop_id


async def walk(client, **given):
    """Article numbers of all pages, two at a time."""
    found, after = [], None
    while True:
        page = (await client.ask(PAGE, **given, after=after))["products"]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        found += [edge["node"]["nmId"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (None, [11, 12, 13, 14, BIG]),
        ({"field": "ARTICLE", "direction": "DESC"}, [BIG, 14, 13, 12, 11]),
        ({"field": "STOCK"}, [12, 13, 11, 14, BIG]),
        ({"field": "STOCK", "direction": "DESC"}, [BIG, 14, 11, 13, 12]),
        ({"field": "ORDERS", "direction": "DESC"}, [11, 14, BIG, 13, 12]),
        ({"field": "TURNOVER"}, [12, 13, 11, 14, BIG]),
    ],
)
async def test_every_product_is_shown_once_in_the_order_that_was_asked_for(
    anna, stocked, order, expected
):
    assert await walk(anna, order=order) == expected


async def test_text_is_sorted_by_the_database_and_pages_go_on_after_any_text(anna, stocked):
    up = await walk(anna, order={"field": "SKU"})
    down = await walk(anna, order={"field": "SKU", "direction": "DESC"})

    assert sorted(up) == [11, 12, 13, 14, BIG]
    assert down == up[::-1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"search": "плат"}, [11, 13]),
        ({"search": "%_"}, [13]),
        ({"search": "б+2"}, [12]),
        ({"search": "\\"}, []),
        ({"search": str(BIG)}, [BIG]),
        ({"search": "   "}, [11, 12, 13, 14, BIG]),
        ({"where": {"brand": "Ветер"}}, [13, 14, BIG]),
        ({"where": {"brand": "Ветер", "subject": "Платье"}}, [13]),
        ({"where": {"stockAtLeast": 10, "stockAtMost": 50}}, [11, 14]),
        ({"where": {"stockAtMost": 0}}, [13]),
    ],
)
async def test_products_are_found_by_words_and_numbers(anna, stocked, given, expected):
    page = (await anna.ask(PAGE, first=10, **given))["products"]

    assert [edge["node"]["nmId"] for edge in page["edges"]] == expected
    assert page["totalCount"] == len(expected)


async def test_a_number_that_is_not_known_is_null_and_never_zero(anna, stocked):
    query = "query($s: UUID!, $n: BigInt!) { product(shopId: $s, nmId: $n) { %s } }"
    fields = "sku stock turnoverDays places { number name kind stock orders }"

    unknown = (await anna.ask(query % fields, s=stocked, n=12))["product"]
    empty = (await anna.ask(query % fields, s=stocked, n=13))["product"]
    known = (await anna.ask(query % fields, s=stocked, n=11))["product"]

    wb = {"number": 1, "name": "Склад WB", "kind": "WB_TOTAL"}
    assert (unknown["stock"], unknown["turnoverDays"]) == (None, None)
    assert unknown["places"] == [{**wb, "stock": None, "orders": None}]
    assert [place["number"] for place in empty["places"]] == [1, 2]
    assert (empty["stock"], empty["turnoverDays"]) == (0, None)
    assert known["turnoverDays"] == 10.0


async def test_two_shops_stand_side_by_side_or_alone(world, anna):
    one, two = await stock(anna, "901"), await stock(anna, "902")

    assert len(await walk(anna)) == 10
    assert await walk(anna, shop=one) == await walk(anna, shop=two) == [row[0] for row in ROWS]


async def test_products_of_a_disconnected_shop_are_gone_and_do_not_come_back_twice(anna, stocked):
    product = "query($s: UUID!) { product(shopId: $s, nmId: 11) { sku } }"
    await anna.change("disconnectShop", "shopId", shopId=stocked)
    gone = (await anna.ask(PAGE))["products"]
    one = await anna.ask(product, s=stocked)
    await stock(anna)
    back = (await anna.ask(PAGE))["products"]

    assert (gone["totalCount"], gone["edges"]) == (0, [])
    assert one == {"product": None}
    assert back["totalCount"] == len(await walk(anna)) == 5


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"first": 0}, "first"),
        ({"first": 101}, "first"),
        ({"first": -1}, "first"),
        ({"after": "nonsense"}, "after"),
        ({"after": "рус"}, "after"),
        ({"after": ""}, "after"),
        ({"after": "WyJhIl0="}, "after"),
        ({"search": "x" * 300}, "search"),
        ({"search": "a\u0000b"}, "search"),
        ({"where": {"brand": "a\u0000b"}}, "brand"),
    ],
)
async def test_an_argument_that_cannot_be_is_named(anna, given, argument):
    (error,) = await anna.errors(PAGE, **given)

    assert error["extensions"]["code"] == "INVALID"
    assert error["extensions"]["argument"][-1] == argument
    assert error["path"] == ["products"]


async def test_a_cursor_of_one_order_does_not_go_on_in_another(anna, stocked):
    page = (await anna.ask(PAGE))["products"]
    (error,) = await anna.errors(
        PAGE, after=page["pageInfo"]["endCursor"], order={"field": "STOCK"}
    )

    assert error["extensions"]["argument"] == ["after"]
