"""What Wildberries says that is new stands where its operators look, and nowhere else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.staff import appoint
from domain.events import Origin
from domain.novelty import Kind, Novelty
from infrastructure.postgres.novelties import PostgresNovelties
from tests.app.graphql_world import World

FIELD = Novelty(
    endpoint="analytics POST /api/x",
    path="data.items[]",
    kind=Kind.FIELD,
    thing="reserved",
    example='{"note": "xxx"}',
)
VALUE = Novelty(
    endpoint="statistics GET /api/y",
    path="[].warehouseType",
    kind=Kind.VALUE,
    thing="Склад партнёра",
    example="",
)
ASKED = '{ novelties(asStaff: "ticket 7") { endpoint path kind thing example } }'


@pytest.fixture
async def heard(database, clock):
    async def clear():
        async with database.driver() as driver:
            await driver.execute("DELETE FROM novelties")

    await clear()
    await PostgresNovelties(database, clock).note([FIELD, VALUE])
    yield
    await clear()


async def test_the_operator_reads_what_is_new_where_and_of_which_shape(heard, vera):
    page = await vera.open("/lanes")

    assert "New in the answers of Wildberries" in page.text
    assert "field reserved" in page.text
    assert "value “Склад партнёра”" in page.text
    assert "analytics POST /api/x" in page.text
    assert "{&#34;note&#34;: &#34;xxx&#34;}" in page.text


async def test_what_was_not_heard_for_a_month_is_no_news(heard, console, vera):
    console.clock.now += timedelta(days=30)

    assert "New in the answers" not in (await vera.open("/lanes")).text


async def test_a_seller_sees_none_of_it(heard, console):
    anna = await console.anna()

    assert "New in the answers" not in (await anna.open("/lanes")).text


async def test_the_staff_ask_for_it_over_graphql_and_nobody_else(heard, database):
    world = World(database)
    boris, anna = await world.register(), await world.register()
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:staff add")
    await appoint(world.handle, boris.scope.person, origin)

    told = await boris.ask(ASKED)
    refused = await anna.errors(ASKED)

    assert {(each["kind"], each["thing"]) for each in told["novelties"]} == {
        ("FIELD", "reserved"),
        ("VALUE", "Склад партнёра"),
    }
    assert refused
