"""Any cell over the API: the rows it comes from, its formula, and the value that the sheet shows."""

from uuid import UUID

import pytest

from domain.place import Kind
from domain.stock import ShopKey
from domain.table.cells import Cells
from sandbox.sellers import AddOrder, CancelOrder, SetStock, Spec
from tests.app.checks_world import Checking
from tests.app.flows_world import Reading
from tests.app.graphql_world import World
from tests.app.moving_world import Moving
from tests.infrastructure.wildberries_shop import open_shop

TAGS = {
    "STOCK": ("stock", "s"),
    "ORDERS": ("orders", "o"),
    "TURNOVER": ("cover", "c"),
    "TO_CLIENT": ("to_client", ""),
    "RETURNS": ("returns", ""),
}
TOLD = """
  figure name place takenAt first last number day shown source formula filled
  terms { name number day shown counted }
"""
ONE = f"""
query($shop: UUID!, $nm: BigInt!, $figure: ExplainedFigure!, $place: Int, $at: KeptAsOf) {{
  explain(shopId: $shop, nmId: $nm, figure: $figure, place: $place, asOf: $at) {{ {TOLD}
    orders(first: 50) {{ totalCount edges {{ node {{ srid counted changedSince warehouse }} }} }} }} }}
"""


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def shop(anna, world):
    """A shop of hers that the stand-in's world is synced into."""
    key = ShopKey(tenant=anna.scope.tenant, shop=UUID(await anna.connected_shop()))
    async with open_shop(Spec(products=4, places=6, daily_orders=14)) as market:
        world.now = market.moment()
        yield Checking(Reading(market, world.database, key), world.database)


async def explain(anna, shop, nm, figure, *, language="en", **more):
    told = {"shop": str(shop.shop.key.shop), "nm": nm, "figure": figure, **more}
    return (await anna.ask(ONE, {"accept_language": language}, **told))["explain"]


async def everything(anna, shop, snapshot, **more):
    """Every figure of every product, and of every place of it, in a few documents."""
    found = {}
    places = [None, *(each.place.number for each in snapshot.places)]
    for nm in snapshot.nm_ids:
        asked = {
            f"f{'' if place is None else place}{figure}": (figure, place)
            for figure in TAGS
            for place in places
            if place is None or TAGS[figure][1]
        }
        parts = " ".join(
            f'{alias}: explain(shopId: "{shop.shop.key.shop}", nmId: {nm}, figure: {figure}'
            f"{'' if place is None else f', place: {place}'}{more.get('as_of', '')})"
            "{ number filled terms { number counted } }"
            for alias, (figure, place) in asked.items()
        )
        answer = await anna.ask(f"{{ {parts} }}")
        found |= {(nm, *asked[alias]): told for alias, told in answer.items()}
    return found


def shown(snapshot, nm, figure, place):
    """What the sheet's cell holds, as a person reads it."""
    whole, letter = TAGS[figure]
    tag = whole if place is None else f"p{place}.{letter}"
    [number] = Cells(snapshot).numbers(tag, [snapshot.nm_ids.index(nm)])
    return number / 10 if number is not None and figure == "TURNOVER" else number


async def test_every_cell_of_a_snapshot_is_explained_with_the_value_that_the_sheet_shows(
    anna, shop
):
    snapshot = await shop.sync()

    found = await everything(anna, shop, snapshot)

    cells = len(snapshot.nm_ids) * (5 + 3 * len(snapshot.places))
    assert len(found) == cells
    assert {Kind.WB_TOTAL, Kind.WB_NAMED, Kind.SELLER} <= {p.place.kind for p in snapshot.places}
    wrong = [key for key, told in found.items() if told["number"] != shown(snapshot, *key)]
    assert wrong == []
    for (_, figure, _), told in found.items():
        if figure == "ORDERS" and told["number"] is not None:
            made, cancelled = (each["number"] for each in told["terms"])
            assert made - cancelled == told["number"]


async def test_a_past_snapshot_is_explained_with_its_own_values(anna, shop, world):
    before = await shop.sync()
    shop.market.moment.seconds += 86_400
    nm = before.nm_ids[0]
    shop.market.change(SetStock(nm=nm, place="Склад WB", quantity=777), AddOrder(nm=nm, days_ago=1))
    world.now = shop.market.moment()
    await shop.sync()

    found = await everything(anna, shop, before, as_of=', asOf: { day: "2026-11-23" }')

    assert [key for key, told in found.items() if told["number"] != shown(before, *key)] == []


async def test_stock_is_the_sum_of_places_and_named_ones_are_told_beside_it(anna, shop):
    snapshot = await shop.sync()
    nm = snapshot.nm_ids[0]

    told = await explain(anna, shop, nm, "STOCK")

    named = {p.place.name for p in snapshot.places if p.place.kind is Kind.WB_NAMED}
    assert {each["name"] for each in told["terms"] if not each["counted"]} == named
    assert sum(each["number"] for each in told["terms"] if each["counted"]) == told["number"]
    assert told["formula"].startswith("WB warehouses + ")
    assert told["filled"].endswith(f"= {told['shown']}")
    assert (told["first"], told["last"]) == ("2026-11-16", "2026-11-22")


async def test_turnover_is_told_in_names_and_with_the_numbers_put_in(anna, shop):
    snapshot = await shop.sync()
    i = next(i for i, n in enumerate(snapshot.orders) if n and snapshot.stock[i])

    told = await explain(anna, shop, snapshot.nm_ids[i], "TURNOVER")
    russian = await explain(anna, shop, snapshot.nm_ids[i], "TURNOVER", language="ru")

    filled = f"{snapshot.stock[i]:,} × 7 ÷ {snapshot.orders[i]} = {told['number']:,.1f}"
    assert told["formula"] == "stock × days of the period ÷ orders"
    assert told["filled"] == filled
    assert russian["formula"] == "остатки × дни периода ÷ заказы"
    assert russian["shown"] == told["shown"].replace(",", "\u202f").replace(".", ",")


async def test_orders_are_listed_by_their_numbers_counted_or_cancelled(anna, shop):
    before = await shop.sync()
    nm = before.nm_ids[before.orders.index(min(before.orders))]
    shop.market.change(AddOrder(nm=nm, days_ago=2, count=2))
    shop.market.moment.seconds += 60
    shop.market.change(CancelOrder(nm=nm))
    await shop.sync()

    told = await explain(anna, shop, nm, "ORDERS")

    rows = [edge["node"] for edge in told["orders"]["edges"]]
    assert sum(each["counted"] for each in rows) == told["number"]
    assert len(rows) == told["orders"]["totalCount"] == told["terms"][0]["number"]
    assert len({each["srid"] for each in rows}) == len(rows)


async def test_orders_of_a_place_are_those_that_count_there(anna, shop):
    snapshot = await shop.sync()
    own = next(p for p in snapshot.places if p.place.kind is Kind.SELLER and any(p.orders))
    i = next(i for i, n in enumerate(own.orders) if n)

    told = await explain(anna, shop, snapshot.nm_ids[i], "ORDERS", place=own.place.number)

    rows = [edge["node"] for edge in told["orders"]["edges"]]
    assert {each["warehouse"] for each in rows} == {own.place.name}
    assert sum(each["counted"] for each in rows) == own.orders[i] == told["number"]
    assert told["place"] == own.place.name


async def test_a_change_after_the_figures_is_told_apart(anna, shop):
    snapshot = await shop.sync()
    nm = shop.nm_ids[0]
    shop.market.moment.seconds += 86_400
    shop.market.change(AddOrder(nm=nm, days_ago=2))
    await shop.sync()

    told = await explain(anna, shop, nm, "ORDERS", at={"day": "2026-11-23"})

    assert told["number"] == snapshot.orders[snapshot.nm_ids.index(nm)]
    assert told["terms"][-1] == {
        "name": "changed after these figures",
        "number": -1,
        "day": None,
        "shown": "−1",
        "counted": True,
    }
    assert [e["node"]["changedSince"] for e in told["orders"]["edges"]].count(True) == 1


async def test_what_to_ship_is_explained_down_to_its_supplies(anna, world):
    shop_id = await anna.connected_shop()
    moving = Moving(world.database, anna.scope.tenant, shop_id)
    await moving.example()
    shop = type("Shop", (), {"shop": moving})

    ship = await explain(anna, shop, 7, "SHIP")
    coming = await explain(anna, shop, 7, "ON_THE_WAY")
    by = await explain(anna, shop, 7, "SHIP_BY")

    product = await anna.ask(
        "query($shop: UUID!) { product(shopId: $shop, nmId: 7) { replenishment "
        "{ ship shipBy onTheWay } } }",
        shop=shop_id,
    )
    assert product["product"]["replenishment"] == {
        "ship": ship["number"],
        "shipBy": by["day"],
        "onTheWay": coming["number"],
    }
    assert ship["filled"].startswith("⌈max(0, 11 ÷ 5 × (14 + 30) + 16 − 96 − 10)")
    assert sum(each["number"] for each in coming["terms"]) == coming["number"] == 10


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"figure": "SHIP", "place": 1}, "`place` goes with STOCK"),
        ({"figure": "SHIP", "at": {"day": "2026-11-22"}}, "`asOf` goes with what the table has"),
        ({"figure": "STOCK", "at": {}}, "`asOf` needs exactly one of `at` and `day`."),
    ],
)
async def test_what_cannot_be_asked_is_said(anna, shop, asked, said):
    await shop.sync()
    told = {"shop": str(shop.shop.key.shop), "nm": shop.nm_ids[0], **asked}

    [wrong] = await anna.errors(ONE, **told)

    assert said in wrong["message"]


async def test_what_is_unknown_is_nothing(world, anna, shop):
    await shop.sync()
    nm, boris = shop.nm_ids[0], await world.register("Борис")

    assert await explain(anna, shop, 1, "STOCK") is None
    assert await explain(anna, shop, nm, "STOCK", place=99) is None
    assert await explain(boris, shop, nm, "STOCK") is None
