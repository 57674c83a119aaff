"""Freshness over GraphQL: of one's own company, and for a reason of all."""

import pytest

from tests.app.graphql_world import World
from tests.app.overview_world import DAY, EIGHT, MINUTE, NOW, Fleet

QUERY = """query($why: String) {
  freshness(asStaff: $why) { fresh due late { move cause count since } } }"""


@pytest.fixture
async def fleet(database):
    fleet = Fleet(database)
    await fleet.empty()
    yield fleet
    await fleet.empty()


@pytest.fixture
async def anna(database, fleet):
    return await World(database, now=NOW).register()


async def test_a_company_hears_of_its_own_shops_by_incident(fleet, anna):
    mine = anna.scope.tenant
    await fleet.shop(company=mine)
    for n in range(2):
        await fleet.waits(*await fleet.shop(company=mine, owed=EIGHT + n * MINUTE), "outage")
    await fleet.shop(company=mine, owed=EIGHT, broken="token_dead")
    await fleet.shop(owed=EIGHT)

    found = (await anna.ask(QUERY))["freshness"]

    assert (found["fresh"], found["due"]) == (1, 4)
    since = EIGHT.isoformat()
    assert found["late"] == [
        {"move": "SELLER", "cause": "token_dead", "count": 1, "since": since},
        {"move": "MARKETPLACE", "cause": "outage", "count": 2, "since": since},
    ]


async def test_who_runs_the_servers_hears_of_all_and_whether_anybody_works(fleet, anna):
    async with fleet.database.driver() as driver:
        await driver.execute("UPDATE people SET staff = true WHERE user_id = $1", anna.scope.person)
    await fleet.waits(*await fleet.shop(owed=EIGHT - DAY), "outage")

    found = (await anna.ask(QUERY, why="ticket 7"))["freshness"]

    assert [each["cause"] for each in found["late"]] == ["no_worker"]


async def test_nobody_else_hears_of_all(fleet, anna):
    (refused,) = await anna.errors(QUERY, why="curious")

    assert refused["extensions"]["code"] == "FORBIDDEN"
