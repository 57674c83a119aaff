"""Paused runs wait, whatever asks for them, until the same pause is ended."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.handle import Ask
from app.runs.read import run_by_id
from app.sync import waits_for
from domain import fleet
from domain.access import Role
from domain.events import Origin
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.acts_world import appointed, asked, facts, sentence, with_a_shop
from tests.app.graphql_world import NOW, World

HOLDS = "holds { tenantId kind shopId }"
EVERYWHERE = """mutation($kind: String, $shop: UUID, $why: String) {
  %s(input: {kind: $kind, shopId: $shop}, asStaff: $why) {
    holds { tenantId kind } userErrors { code path } } }"""


@pytest.fixture
async def world(database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM job_runs; DELETE FROM lanes")
    world = World(database)
    yield world
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:test")
    for kind in (None, "sync"):  # what is paused for all would be so for other tests
        ask = Ask(decider=fleet.decider, stream=fleet.STREAM, command=fleet.ReleaseRuns(kind=kind))
        await world.handle(ask, origin=origin)


@pytest.fixture
async def anna(world):
    return await with_a_shop(world)


async def handed(client):
    """The ids of her runs that a dispatcher hands out now."""
    ledger = PostgresLedger(client.world.database, lambda: client.world.now)
    return [str(each.run_id) for each in await ledger.admit(10)]


@pytest.mark.parametrize("which", [{}, {"kind": "sync"}, {"shopId": "shop"}])
async def test_what_is_paused_is_not_handed_out_until_it_is_released(anna, which):
    given = {name: anna.shop if value == "shop" else value for name, value in which.items()}
    made = await anna.change("holdRuns", HOLDS, **given)
    run_id = await asked(anna)

    assert await handed(anna) == []
    released = await anna.change("releaseRuns", HOLDS, **given)
    assert (len(made["holds"]), released["holds"]) == (1, [])
    assert await handed(anna) == [run_id]


async def test_what_is_not_meant_goes_on(anna):
    await anna.change("holdRuns", HOLDS, kind="bulk")
    run_id = await asked(anna)

    assert await handed(anna) == [run_id]


async def test_a_paused_run_can_be_cancelled(anna):
    await anna.change("holdRuns", HOLDS)
    run_id = await asked(anna)
    await anna.change("cancelRun", "run { id }", runId=run_id)

    assert await handed(anna) == [run_id]


async def test_what_is_released_is_only_what_was_paused(anna):
    await anna.change("holdRuns", HOLDS)
    await asked(anna)
    made = await anna.change("releaseRuns", HOLDS, kind="sync")

    assert [(each["kind"], each["shopId"]) for each in made["holds"]] == [(None, None)]
    assert made["holds"][0]["tenantId"] is not None
    assert await handed(anna) == []


async def test_pausing_twice_is_one_fact_and_so_is_releasing(anna):
    for mutation in ("holdRuns", "holdRuns", "releaseRuns", "releaseRuns"):
        assert (await anna.change(mutation, HOLDS, kind="sync"))["userErrors"] == []

    assert await facts(anna, "runs_held") == await facts(anna, "runs_released") == 1
    assert await sentence(anna) == "Анна Котова released all syncs"


async def test_an_unknown_kind_is_refused_and_the_kinds_are_told(anna):
    made = await anna.change("holdRuns", HOLDS, kind="snyc")

    (refused,) = made["userErrors"]
    assert (refused["code"], refused["path"]) == ("UNKNOWN_KIND", ["input", "kind"])
    assert "sync" in refused["message"]


@pytest.mark.parametrize("mutation", ["holdRuns", "releaseRuns"])
async def test_a_member_pauses_nothing(anna, mutation):
    made = await anna.acting_as(Role.MEMBER).change(mutation, HOLDS)

    assert [each["code"] for each in made["userErrors"]] == ["FORBIDDEN"]


async def test_staff_pauses_all_companies_and_each_of_them_goes_on_when_it_ends(anna, world):
    vera, boris = await appointed(world), await world.register()
    boris.shop = await boris.connected_shop(token="boris", seller="7")
    run_id = await asked(anna)

    made = await vera.ask(EVERYWHERE % "holdRuns", kind="sync", why="ticket 7")
    assert made["holdRuns"]["holds"] == [{"tenantId": None, "kind": "sync"}]
    assert await handed(anna) == []

    await vera.ask(EVERYWHERE % "releaseRuns", kind="sync", why="ticket 7")
    found = await handed(anna)
    assert run_id in found
    assert len(found) == 2


async def test_only_staff_pauses_all_companies_and_no_shop_of_nobodys(anna, world):
    vera = await appointed(world)

    stranger = await anna.ask(EVERYWHERE % "holdRuns", why="ticket 7")
    nobodys = await vera.ask(EVERYWHERE % "holdRuns", shop=anna.shop, why="ticket 7")

    assert [each["code"] for each in stranger["holdRuns"]["userErrors"]] == ["FORBIDDEN"]
    assert nobodys["holdRuns"]["userErrors"] == [
        {"code": "COMPANY_MISSING", "path": ["input", "shopId"]}
    ]


async def test_a_run_on_hold_says_by_whom_and_since_when_and_the_widest_hold_comes_first(
    anna, world
):
    vera = await appointed(world)
    run_id = await asked(anna)
    await anna.change("holdRuns", HOLDS, shopId=anna.shop)
    hers = await waiting(anna, run_id)
    world.now = NOW + timedelta(minutes=1)
    await vera.ask(EVERYWHERE % "holdRuns", why="ticket 7")

    assert hers == (
        "All runs of this shop have been on hold since 2026-11-23 04:40 UTC (Анна Котова)."
    )
    assert await waiting(anna, run_id) == (
        "All runs of all companies have been on hold since 2026-11-23 04:41 UTC "
        "(Stock Tracker's staff)."
    )


async def test_a_hold_by_the_staff_in_one_company_names_nobody(anna, world):
    vera = await appointed(world)
    run_id = await asked(anna)
    tenant = f'asStaff: "ticket 7", input: {{tenantId: "{anna.scope.tenant}"}}'
    await vera.ask(f"mutation {{ holdRuns({tenant}) {{ {HOLDS} }} }}")

    assert await waiting(anna, run_id) == (
        "All runs of the company have been on hold since 2026-11-23 04:40 UTC "
        "(Stock Tracker's staff)."
    )


async def waiting(client, run_id):
    """Why it waits, in English."""
    query = f'{{ run(id: "{run_id}") {{ whyWaiting {{ sentence }} }} }}'
    return (await client.ask(query, {"accept_language": "en"}))["run"]["whyWaiting"]["sentence"]


async def test_who_watches_a_paused_sync_on_the_command_line_is_told(anna, database):
    await anna.change("holdRuns", HOLDS)
    run = await run_by_id(database, anna.scope, UUID(await asked(anna)))

    assert await waits_for(database, anna.scope, run, NOW) == (
        "All runs of the company have been on hold since 2026-11-23 04:40 UTC (Анна Котова)."
    )


async def test_a_sweep_leaves_what_is_paused_alone(anna, database):
    ledger = PostgresLedger(database, lambda: NOW)
    await anna.change("holdRuns", HOLDS)
    await asked(anna)
    await handed(anna)

    await ledger.take_back([])

    async with database.driver() as driver:
        ready = "SELECT ready FROM lanes WHERE tenant_id = $1"
        assert await driver.fetchval(ready, anna.scope.tenant) is False
