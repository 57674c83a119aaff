"""Runs over the API: found by what is typed, told why they wait, and opened for the staff."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import staff
from domain.events import Origin
from tests.app.graphql_world import World
from tests.app.runs_world import NOW, Runs

LIST = """query($typed: String, $reason: String, $state: RunState, $shop: UUID) {
  runs(query: $typed, asStaff: $reason, state: $state, shopId: $shop) {
    totalCount edges { node { id tenantId companyName shopName fingerprint
      why whyWaiting { reason sentence until since } } } } }"""
ONE = """query($id: UUID!, $reason: String) { run(id: $id, asStaff: $reason) {
  args cancelling attempts { attempt worker log traceback message } } }"""


@pytest.fixture
async def world(database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM workers; DELETE FROM holds")
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def vera(world):
    """Of the staff."""
    vera = await world.register()
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:staff add")
    await staff.appoint(world.handle, vera.scope.person, origin)
    return vera


@pytest.fixture
def mine(world, anna):
    return Runs(world.database, anna.scope.tenant)


async def found(client, **asked):
    return [edge["node"] for edge in (await client.ask(LIST, **asked))["runs"]["edges"]]


async def test_a_list_understands_what_the_console_understands(anna, mine):
    shop = await mine.shop("Рыжий кот")
    broke = await mine.failed("Токен.", "token_dead", "a" * 16, shop_id=shop)
    await mine.ended()

    (run,) = await found(anna, typed='shop:"рыжий" error:token_dead since:2h')

    assert (run["id"], run["shopName"], run["fingerprint"]) == (str(broke), "Рыжий кот", "a" * 16)
    assert await found(anna, typed="error:token_dead", state=None, shop=shop) == [run]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"typed": "state:done"}, "“done” is no state."),
        ({"typed": "tenant:x"}, "“tenant:” is for those who run the servers"),
        ({"typed": "shop:nowhere"}, "No shop is called “nowhere…”"),
        ({"typed": "state:failed", "state": "FAILED"}, "Name the state and the shop once"),
    ],
)
async def test_a_search_that_is_wrong_is_an_error_that_names_it(anna, asked, said):
    anna.headers["accept-language"] = "en"
    (error,) = await anna.errors(LIST, **asked)

    assert said in error["message"]


async def test_a_waiting_run_says_what_it_waits_for(anna, mine):
    await mine.live(due_at=NOW + timedelta(minutes=5), why="Лимит. / The limit is used up.")

    (run,) = await found(anna, typed="state:waiting")

    assert run["whyWaiting"] == {
        "reason": "NEIGHBOUR",
        "sentence": "Лимит. Продолжится само 2026-11-23 04:45 UTC.",
        "until": "2026-11-23T04:45:00+00:00",
        "since": None,
    }
    await mine.ended()
    assert (await found(anna, typed="state:succeeded"))[0]["whyWaiting"] is None


async def test_why_a_run_waits_has_one_answer_on_hold_too(anna, mine):
    await mine.live()
    await anna.change("holdRuns", "holds { kind }")

    (run,) = await found(anna, typed="state:waiting")

    assert run["why"] == run["whyWaiting"]["sentence"]
    assert run["why"].startswith("Все задания компании остановлены с 2026-11-23 04:40 UTC")


async def test_the_staff_finds_all_companies_for_a_reason_that_is_kept(anna, vera, mine):
    run_id = await mine.ended(kind="odd_one")

    (run,) = await found(vera, typed="kind:odd_one", reason="T-1")
    refused = await anna.errors(LIST, typed="", reason="T-1")

    assert run["id"] == str(run_id)
    assert (run["tenantId"], run["companyName"]) == (str(anna.scope.tenant), "Рыжий кот")
    assert await found(vera, typed="kind:odd_one") == []
    assert refused[0]["extensions"]["code"] == "FORBIDDEN"


async def test_logs_are_for_owners_and_tracebacks_for_the_staff(world, anna, vera, mine):
    run_id = await mine.failed("No.", "x", "b" * 16, args={"nmId": 42})
    await mine.tried(run_id, log="a line", traceback="frames", message="No.", outcome="fail")

    async def seen(client, **more):
        run = (await client.ask(ONE, id=run_id, **more))["run"]
        assert (run["args"], run["cancelling"]) == ({"nmId": 42}, False)
        return tuple(run["attempts"][0][each] for each in ("worker", "log", "traceback"))

    assert await seen(anna) == (None, "a line", None)
    assert await seen(anna.acting_as("member")) == (None, None, None)
    assert await seen(vera, reason="T-1") == ("w-1", "a line", "frames")
    assert (await vera.ask(ONE, id=run_id))["run"] is None
    async with world.database.driver() as driver:
        looks = "SELECT count(*) FROM events WHERE tenant_id = $1 AND name = 'tenant.read_by_staff'"
        assert await driver.fetchval(looks, anna.scope.tenant) == 1
