"""The check against the cabinet over the API: its counts, its lines, what may be asked of them."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.flow import Flow
from domain.stock import ShopKey
from infrastructure.postgres.flows import PostgresFlows
from tests.app.graphql_world import World
from tests.app.kept_checks import CANCELLED, FOLLOWS, GONE, UNKNOWN, keep_check

COUNTS = "at takenAt products compared equal explained unexplained"
LINE = "nmId sku figure name ours cabinet difference reasons reason cure"
SHOP = f"""
query($id: UUID!, $first: Int!, $after: String, $where: DiscrepancyWhere) {{ shop(id: $id) {{
  reconciliation {{ {COUNTS} refused
    days {{ day equal explained unexplained }}
    lines(first: $first, after: $after, where: $where) {{
      totalCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {LINE} }} }} }} }} }} }}
"""


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def shop(anna):
    return await anna.connected_shop()


@pytest.fixture
def keep(anna, shop, world):
    key = anna.scope.tenant, UUID(shop)
    return lambda *lines, at=world.now: keep_check(world.database, key, at, *lines)


async def asked(anna, shop, *, first=20, after=None, language="en", **where):
    told = {"id": shop, "first": first, "after": after, "where": where}
    answer = await anna.ask(SHOP, {"accept_language": language}, **told)
    return answer["shop"]["reconciliation"]


def nodes(found):
    return [edge["node"] for edge in found["lines"]["edges"]]


async def test_before_the_first_check_there_is_none(anna, shop):
    assert await asked(anna, shop) is None


async def test_it_counts_what_is_the_same_and_lists_what_is_not(anna, shop, keep, world):
    await keep(CANCELLED, FOLLOWS, UNKNOWN)

    found = await asked(anna, shop)

    counts = {"products": 10, "compared": 60, "equal": 57, "explained": 2, "unexplained": 1}
    assert counts.items() <= found.items()
    assert (found["at"][:16], found["refused"]) == (world.now.isoformat()[:16], None)
    assert [(each["nmId"], each["figure"]) for each in nodes(found)] == [
        (12, "STOCK"),
        (11, "ORDERS"),
        (11, "TURNOVER"),
    ]
    assert nodes(found)[1] == {
        "nmId": 11,
        "sku": "LN-1",
        "figure": "ORDERS",
        "name": "Orders (total)",
        "ours": 11,
        "cabinet": 13,
        "difference": -2,
        "reasons": ["CANCELLED"],
        "reason": "The cabinet counts cancelled orders, Orders do not",
        "cure": "Nothing",
    }


async def test_it_is_told_in_the_language_of_the_caller(anna, shop, keep):
    await keep(CANCELLED, GONE)

    [orders, stock] = nodes(await asked(anna, shop, language="ru"))

    assert (orders["name"], orders["cure"]) == ("Заказы (всего)", "Ничего")
    assert (stock["ours"], stock["cabinet"], stock["difference"]) == (None, 3, None)


async def test_pages_go_on_where_the_last_one_ended(anna, shop, keep):
    await keep(CANCELLED, FOLLOWS, GONE, UNKNOWN)

    first = await asked(anna, shop, first=3)
    info = first["lines"]["pageInfo"]
    rest = await asked(anna, shop, first=3, after=info["endCursor"])

    assert (info["hasNextPage"], first["lines"]["totalCount"]) == (True, 4)
    assert [each["nmId"] for each in nodes(first) + nodes(rest)] == [12, 11, 11, 99]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"reason": "FOLLOWS"}, [(11, "TURNOVER")]),
        ({"figure": "STOCK"}, [(12, "STOCK"), (99, "STOCK")]),
        ({"nmId": 11}, [(11, "ORDERS"), (11, "TURNOVER")]),
        ({"explained": False}, [(12, "STOCK")]),
        ({"explained": True, "figure": "STOCK"}, [(99, "STOCK")]),
        ({"reason": "LAG"}, []),
    ],
)
async def test_lines_may_be_asked_for_by_reason_figure_and_product(
    anna, shop, keep, where, expected
):
    await keep(CANCELLED, FOLLOWS, GONE, UNKNOWN)

    found = await asked(anna, shop, **where)

    assert [(each["nmId"], each["figure"]) for each in nodes(found)] == expected
    assert found["lines"]["totalCount"] == len(expected)


async def test_earlier_days_are_kept_by_their_counts(anna, shop, keep, world):
    await keep(UNKNOWN, at=world.now - timedelta(days=1))
    await keep(CANCELLED, FOLLOWS)

    days = (await asked(anna, shop))["days"]

    assert [(each["equal"], each["unexplained"]) for each in days] == [(58, 0), (59, 1)]


async def test_why_the_report_may_not_be_read_is_told_beside_the_last_check(
    anna, shop, keep, world
):
    await keep()
    flows = PostgresFlows(world.database, lambda: world.now)
    key = ShopKey(tenant=anna.scope.tenant, shop=UUID(shop))
    await flows.stands(key, Flow.CABINET, "no_scope")

    found = await asked(anna, shop)

    assert found["refused"].startswith("The token lacks the category “Analytics”.")
    assert found["lines"]["edges"] == []


async def test_a_cursor_of_another_list_is_refused(anna, shop, keep):
    await keep(CANCELLED)

    [wrong] = await anna.errors(SHOP, id=shop, first=2, after="eA==", where={})

    assert "`after` is not a cursor of this list" in wrong["message"]


async def test_another_company_sees_nothing_of_it(world, shop, keep):
    await keep(CANCELLED)
    boris = await world.register("Борис")

    assert (await boris.ask(SHOP, id=shop, first=2, after=None, where={}))["shop"] is None


async def test_a_plan_tells_of_as_many_days_as_its_history_has(world, anna, shop, keep):
    await keep(CANCELLED)
    world.plans.on = True
    query = """query($id: UUID!, $days: Int!) {
      shop(id: $id) { reconciliation { days(days: $days) { day } } } }"""

    [error] = await anna.errors(query, id=shop, days=31)

    assert error["extensions"]["code"] == "HISTORY_TOO_LONG"
    assert error["extensions"]["argument"] == ["days"]
    assert await anna.ask(query, id=shop, days=30)
