"""The same with many runs: one run does it, is followed, and survives its worker."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.runs.acts import Acts
from app.runs.acts.bulk import Bulk
from domain.access import Role, TenantScope
from domain.fleet import FLEET
from domain.ids import uuid7
from domain.run import Done
from infrastructure.postgres.steps import Steps
from tests.app.acts_world import appointed, begun, facts, live, row, sentence, with_a_shop
from tests.app.graphql_world import NOW, Client, World

FINISHED = """
INSERT INTO job_history (tenant_id, run_id, kind, shop_id, key, source, correlation_id, causation,
                         state, why, attempt, created_at, started_at, finished_at)
VALUES ($1, $2, 'sync', $3, $4, 'schedule', $5, 'schedule:1', $6, '', 1, $7, $7, $7)
"""
RUN = "run { id kind state }"
EVERYWHERE = """mutation($wanted: String, $why: String) {
  retryRuns(input: {query: $wanted}, asStaff: $why) {
    run { id kind } userErrors { code } } }"""


@pytest.fixture
async def world(database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM job_runs; DELETE FROM lanes; DELETE FROM job_history")
    return World(database)


@pytest.fixture
async def anna(world):
    anna = await with_a_shop(world)
    anna.old = await finished(anna, 1, state="succeeded")
    return anna


async def finished(client, count, state="failed"):
    """So many runs that ended so, each for work of its own; their ids."""
    ids = [uuid7(NOW - timedelta(hours=1)) for _ in range(count)]
    async with client.world.database.driver() as driver:
        for run_id in ids:
            key = f"sync:{run_id}"
            told = (client.scope.tenant, run_id, UUID(client.shop), key, uuid4(), state, NOW)
            await driver.execute(FINISHED, *told)
    return ids


class Killed(BaseException):
    """What becomes of a worker."""


async def carry_out(client, run_id, killed_at=None):
    """As a worker does it; `killed_at`: after so many."""
    ledger, task = await begun(client, run_id)
    world, told = client.world, []

    async def progress(step, done=0, total=None):
        told.append((done, total))
        if done == killed_at:
            raise Killed

    pace = world.ports.pace
    acts = Acts(database=world.database, handle=world.handle, clock=pace.clock, pace=pace)
    bulk = Bulk(acts=acts, database=world.database)
    outcome = await bulk(task, Steps(world.database, task), progress)
    assert isinstance(outcome, Done)
    assert await ledger.finish(task, outcome)
    return outcome.result, told


async def asked(client, mutation, **given):
    made = await client.change(mutation, RUN, **given)
    assert made["userErrors"] == []
    assert made["run"]["kind"] == "bulk"
    return made["run"]["id"]


async def test_all_that_a_query_means_are_done_again_and_nothing_else(anna):
    failed = await finished(anna, 3)
    run_id = await asked(anna, "retryRuns", query="state:failed kind:sync")
    told = await sentence(anna)

    result, progress = await carry_out(anna, run_id)

    assert told == "Анна Котова asked to retry every run that matches “kind:sync state:failed”"
    assert result == {"act": "retry", "runs": 3, "changed": 3}
    assert progress == [(n, 3) for n in range(4)]
    assert await facts(anna, "run_retried") == len(failed)


async def test_each_new_run_is_owed_to_the_bulk_and_waits_for_what_people_look_at(anna):
    await finished(anna, 1)
    await carry_out(anna, run_id := await asked(anna, "retryRuns", query="state:failed"))

    (new,) = await live(anna)
    query = "{ auditLog(first: 1) { edges { node { source actor { name } causation } } } }"
    (edge,) = (await anna.ask(query))["auditLog"]["edges"]
    assert edge["node"] == {
        "source": "run",
        "actor": {"name": "Анна Котова"},
        "causation": f"run:{run_id}",
    }
    assert (await row(anna, new))["priority"] == 9


async def test_a_worker_that_dies_half_way_costs_nothing_and_does_nothing_twice(anna, monkeypatch):
    monkeypatch.setattr("app.runs.acts.bulk.KEEP_EVERY", 2)
    await finished(anna, 5)
    run_id = await asked(anna, "retryRuns", query="state:failed")
    with pytest.raises(Killed):
        await carry_out(anna, run_id, killed_at=3)
    await gone_back(anna, run_id)

    result, progress = await carry_out(anna, run_id)

    assert progress[0] == (2, 5)
    assert result == {"act": "retry", "runs": 5, "changed": 5}
    assert await facts(anna, "run_retried") == 5
    assert len(await live(anna)) == 5


async def gone_back(client, run_id):
    """As the sweep takes a run from a lost worker."""
    async with client.world.database.driver() as driver:
        back = "UPDATE job_runs SET state = 'waiting', handed_at = NULL WHERE run_id = $1"
        await driver.execute(back, run_id)


async def test_a_name_that_more_shops_have_than_a_query_may_name_is_refused_at_once(anna):
    async with anna.world.database.driver() as driver:
        for _ in range(11):
            label = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, 'Кот')"
            await driver.execute(label, anna.scope.tenant, uuid4())

    made = await anna.change("retryRuns", RUN, query="shop:кот")

    assert [each["code"] for each in made["userErrors"]] == ["NOT_A_SEARCH"]
    assert await facts(anna, "bulk_requested") == 0


async def test_what_failed_since_the_bulk_was_asked_for_is_not_meant(anna):
    run_id = await asked(anna, "retryRuns", query="state:failed")
    await finished(anna, 2)
    later = uuid7(NOW + timedelta(hours=1))
    async with anna.world.database.driver() as driver:
        moved = "UPDATE job_history SET run_id = $1 WHERE run_id = $2"
        (one, _) = await finished(anna, 2)
        await driver.execute(moved, later, one)

    result, _ = await carry_out(anna, run_id)

    assert result["runs"] == 3


async def test_runs_that_are_named_are_cancelled_and_those_that_cannot_be_are_counted(anna):
    (failed,) = await finished(anna, 1)
    retried = (await anna.change("retryRun", "run { id }", runId=str(failed)))["run"]["id"]
    run_id = await asked(anna, "cancelRuns", runIds=[retried, str(anna.old[0]), str(uuid4())])
    told = await sentence(anna)

    result, _ = await carry_out(anna, run_id)

    assert told == "Анна Котова asked to cancel runs that were picked, 3 of them"
    assert result == {
        "act": "cancel",
        "runs": 3,
        "changed": 1,
        "run_finished": 1,
        "unknown_run": 1,
    }
    assert (await row(anna, retried))["cancelling"] == "It was cancelled by a bulk action."


async def test_a_bulk_does_nothing_about_bulks_that_a_query_means(anna):
    await asked(anna, "retryRuns", query="kind:bulk")
    run_id = await asked(anna, "cancelRuns", query="kind:bulk")

    result, _ = await carry_out(anna, run_id)

    assert result == {"act": "cancel", "runs": 0}


async def test_a_bulk_is_cancelled_like_any_other_run(anna):
    run_id = await asked(anna, "retryRuns", query="state:failed")

    await anna.change("cancelRun", "run { id }", runId=run_id)

    assert (await row(anna, run_id))["cancelling"]
    assert await sentence(anna) == "Анна Котова cancelled the bulk action"


async def test_a_bulk_of_many_pages_finds_them_all(anna, monkeypatch):
    monkeypatch.setattr("app.runs.acts.matching.PAGE", 2)
    await finished(anna, 5)

    result, _ = await carry_out(anna, await asked(anna, "retryRuns", query="state:failed"))

    assert result["runs"] == 5


async def test_a_bulk_acts_on_so_many_and_says_that_there_are_more(anna, monkeypatch):
    monkeypatch.setattr("app.runs.acts.bulk.MOST", 2)
    await finished(anna, 3)

    result, _ = await carry_out(anna, await asked(anna, "retryRuns", query="state:failed"))

    assert result == {"act": "retry", "runs": 2, "changed": 2, "more": True}


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({}, "NOTHING_PICKED", "query"),
        ({"query": "state:failed", "runIds": [str(uuid4())]}, "NOTHING_PICKED", "query"),
        ({"query": "anna@example.com"}, "NOT_A_SEARCH", "query"),
        ({"query": "state:broken"}, "NOT_A_SEARCH", "query"),
        ({"query": ""}, "NOT_A_SEARCH", "query"),
        ({"runIds": [str(uuid4()) for _ in range(501)]}, "TOO_MANY_PICKED", "runIds"),
    ],
)
async def test_what_cannot_be_meant_is_refused_before_anything_is_begun(anna, given, code, field):
    made = await anna.change("retryRuns", RUN, **given)

    (refused,) = made["userErrors"]
    assert (refused["code"], refused["path"]) == (code, ["input", field])
    assert await live(anna) == []


@pytest.mark.parametrize(
    "query",
    ['args.note:"Зинаида Ёжикова"', "args.note:Anna", "args.Анна:1", "kind:Зинаида", "error:Анна"],
)
async def test_no_name_comes_into_the_fact_of_a_bulk(anna, query):
    ask = "mutation($q: String) { retryRuns(input: {query: $q}) { userErrors { code path } } }"
    told = (await anna.ask(ask, q=f"state:failed {query}"))["retryRuns"]["userErrors"]

    assert told == [{"code": "NOT_A_SEARCH", "path": ["input", "query"]}]
    assert await facts(anna, "bulk_requested") == 0


async def test_a_bulk_that_is_sent_again_is_the_same_run(anna):
    key = {"idempotency_key": str(uuid4())}

    first, second = [
        await anna.change("retryRuns", RUN, key, query="state:failed") for _ in range(2)
    ]

    assert first == second
    assert len(await live(anna)) == 1


async def test_the_same_bulk_is_one_run_while_it_lives_and_another_one_afterwards(anna):
    first = await asyncio.gather(
        *(asked(anna, "retryRuns", query=each) for each in ("state:failed", " state:failed "))
    )
    await carry_out(anna, first[0])
    second = await asked(anna, "retryRuns", query="state:failed")

    assert len({*first}) == 1
    assert second not in first
    assert await facts(anna, "bulk_requested") == 2


async def test_another_companys_runs_are_none_of_a_bulks(anna, world):
    boris = await world.register()
    boris.shop = await boris.connected_shop(token="boris", seller="7")
    (theirs,) = await finished(boris, 1)

    by_id, _ = await carry_out(anna, await asked(anna, "retryRuns", runIds=[str(theirs)]))
    by_query, _ = await carry_out(anna, await asked(anna, "retryRuns", query="state:failed"))

    assert by_id == {"act": "retry", "runs": 1, "unknown_run": 1}
    assert by_query["runs"] == 0
    assert await facts(boris, "run_retried") == 0


async def test_staff_acts_on_all_companies_by_a_run_of_the_fleet(anna, world):
    vera, boris = await appointed(world), await world.register()
    boris.shop = await boris.connected_shop(token="boris", seller="7")
    for client in (anna, boris):
        await finished(client, 2)

    made = await vera.ask(EVERYWHERE, wanted="state:failed", why="ticket 7")
    owner = TenantScope(tenant=FLEET, person=vera.scope.person, role=Role.OWNER)
    result, _ = await carry_out(Client(world, owner), made["retryRuns"]["run"]["id"])
    stranger = await anna.ask(EVERYWHERE, wanted="state:failed", why="ticket 7")

    assert result == {"act": "retry", "runs": 4, "changed": 4}
    assert [await facts(each, "run_retried") for each in (anna, boris)] == [2, 2]
    assert await sentence(anna) == (
        "Stock Tracker asked again for the sync of the shop “Рыжий кот”"
    )
    assert stranger["retryRuns"]["userErrors"] == [{"code": "FORBIDDEN"}]
