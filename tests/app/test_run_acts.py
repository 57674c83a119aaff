"""What people do about single runs, over GraphQL: each is on record, and the ledger does it."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app.wiring.worker import own_jobs
from domain.access import Role
from domain.run import KINDS, Cancel, Wait
from tests.app.acts_world import (
    DONE,
    FAILED,
    appointed,
    asked,
    begun,
    end,
    facts,
    live,
    row,
    sentence,
    with_a_shop,
)
from tests.app.graphql_world import NOW, Client, World
from tests.app.test_run_bulk import carry_out

CANCELLED = Cancel(why="gone")
RUN = "run { id kind shopId state why causation source }"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    anna = await with_a_shop(world)
    anna.headers["accept-language"] = "en"
    return anna


async def act(client, mutation, run_id, fields=RUN, headers=None):
    return await client.change(mutation, fields, headers, runId=run_id)


async def refusal(client, mutation, run_id):
    made = await act(client, mutation, run_id)
    assert made["run"] is None
    (refused,) = made["userErrors"]
    return refused["code"], refused["message"]


async def test_a_waiting_run_is_to_end_before_it_begins_and_the_log_says_who_wanted_it(anna):
    run_id = await asked(anna)

    made = await act(anna, "cancelRun", run_id)

    assert (made["run"]["id"], made["userErrors"]) == (run_id, [])
    assert (await row(anna, run_id))["cancelling"] == "Somebody of the company cancelled it."
    assert await sentence(anna) == "Анна Котова cancelled the sync of the shop “Рыжий кот”"
    _, task = await begun(anna, run_id)
    assert task.cancelling == "Somebody of the company cancelled it."


async def test_a_run_that_waits_for_long_is_to_end_at_once(anna):
    run_id = await end(anna, Wait(until=NOW + timedelta(hours=3), why="quota"), await asked(anna))

    await act(anna, "cancelRun", run_id)

    assert (await row(anna, run_id))["due_at"] == NOW


async def test_cancelling_twice_is_one_fact(anna):
    run_id = await asked(anna)

    for _ in range(2):
        assert (await act(anna, "cancelRun", run_id))["userErrors"] == []

    assert await facts(anna, "run_cancelled") == 1


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(DONE, "has succeeded"), (FAILED, "has failed"), (CANCELLED, "is cancelled already")],
)
async def test_a_finished_run_cannot_be_cancelled_and_the_answer_says_how_it_ended(
    anna, outcome, words
):
    run_id = await end(anna, outcome, await asked(anna))

    code, message = await refusal(anna, "cancelRun", run_id)

    assert code == "RUN_FINISHED"
    assert words in message
    assert await facts(anna, "run_cancelled") == 0


@pytest.mark.parametrize("outcome", [DONE, FAILED, CANCELLED])
async def test_a_finished_run_is_done_again_with_all_that_it_was_asked_with(
    anna, outcome, database
):
    run_id = await end(anna, outcome, await asked(anna))
    async with database.driver() as driver:
        await driver.execute("UPDATE job_history SET args = '{\"a\": 1}' WHERE run_id = $1", run_id)

    made = (await act(anna, "retryRun", run_id))["run"]
    new = await row(anna, made["id"])

    assert made["id"] != run_id
    assert (made["kind"], made["shopId"], made["state"]) == ("sync", anna.shop, "WAITING")
    assert (new["key"], new["args"], new["priority"]) == (f"sync:{anna.shop}", {"a": 1}, 1)
    assert made["causation"] == f"event:{made['id']}"
    assert await sentence(anna) == "Анна Котова asked again for the sync of the shop “Рыжий кот”"


async def test_a_run_of_the_time_without_keys_is_done_again_as_its_shops_one(anna, database):
    run_id = await end(anna, FAILED, await asked(anna))
    async with database.driver() as driver:
        await driver.execute("UPDATE job_history SET key = '' WHERE run_id = $1", run_id)

    made = (await act(anna, "retryRun", run_id))["run"]

    assert (await row(anna, made["id"]))["key"] == f"sync:{anna.shop}"


async def test_what_is_asked_for_already_is_not_asked_for_again(anna):
    run_id = await end(anna, FAILED, await asked(anna))
    first = (await act(anna, "retryRun", run_id))["run"]["id"]

    second = (await act(anna, "retryRun", run_id))["run"]["id"]

    assert first == second
    assert await live(anna) == [first]
    assert await facts(anna, "run_retried") == 1


async def test_a_waiting_run_is_hastened_once(anna):
    run_id = await end(anna, Wait(until=NOW + timedelta(hours=3), why="quota"), await asked(anna))

    for _ in range(2):
        assert (await act(anna, "retryRun", run_id))["run"]["id"] == run_id

    assert (await row(anna, run_id))["due_at"] == NOW
    assert await facts(anna, "run_hastened") == 1
    assert await sentence(anna) == (
        "Анна Котова asked not to wait with the sync of the shop “Рыжий кот”"
    )


async def test_a_run_under_way_is_not_retried_and_neither_is_one_that_is_being_cancelled(anna):
    run_id = await asked(anna)
    ledger, task = await begun(anna, run_id)
    under_way, _ = await refusal(anna, "retryRun", run_id)
    await act(anna, "cancelRun", run_id)
    ending, _ = await refusal(anna, "retryRun", run_id)

    assert (under_way, ending) == ("RUN_UNDER_WAY", "RUN_ENDING")
    assert await ledger.finish(task, CANCELLED)


async def test_a_sync_that_is_asked_for_while_the_last_one_is_being_cancelled_follows_it(anna):
    run_id = await asked(anna)
    await act(anna, "cancelRun", run_id)

    assert await asked(anna) == run_id
    await end(anna, CANCELLED, run_id)

    (new,) = await live(anna)
    assert new != run_id
    assert (await row(anna, new))["cancelling"] is None


async def test_many_who_ask_for_the_same_run_again_at_once_get_one(anna):
    """Two web processes, which know nothing of each other's memory."""
    run_id = await end(anna, FAILED, await asked(anna))
    other = Client(World(anna.world.database), anna.scope)

    made = await asyncio.gather(*(act(each, "retryRun", run_id) for each in [anna, other] * 6))

    (new,) = await live(anna)
    assert {each["run"]["id"] for each in made} == {new}
    assert await facts(anna, "run_retried") == 1


async def test_a_run_that_ends_while_it_is_cancelled_was_cancelled_or_is_said_to_have_ended(anna):
    refused = 0
    for _ in range(4):
        run_id = await asked(anna)
        ledger, task = await begun(anna, run_id)
        made, ours = await asyncio.gather(act(anna, "cancelRun", run_id), ledger.finish(task, DONE))
        assert ours
        refused += [each["code"] for each in made["userErrors"]] == ["RUN_FINISHED"]

    assert await facts(anna, "run_cancelled") == 4 - refused
    assert await live(anna) == []


async def test_a_worker_stops_what_is_cancelled_and_the_run_says_why(engine):
    anna = await with_a_shop(World(engine.database))
    begun, gone_on = asyncio.Event(), []

    async def job(task, memory, progress):
        if task.tenant == anna.scope.tenant:  # another test may have left something behind
            begun.set()
            await asyncio.sleep(60)
            gone_on.append(task)
        return Cancel(why="")

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await asked(anna)
        await asyncio.wait_for(begun.wait(), 10)
        await act(anna, "cancelRun", run_id)
        await engine.execute.hasten()
        ended = await engine.ended(run_id)

    assert (ended["state"], gone_on) == ("cancelled", [])
    assert ended["why"] == "Somebody of the company cancelled it."


@pytest.mark.parametrize("mutation", ["cancelRun", "retryRun"])
async def test_a_request_that_is_sent_again_has_its_first_answer_whatever_happened_since(
    anna, mutation
):
    key = {"idempotency_key": str(uuid4())}
    run_id = await asked(anna)
    if mutation == "retryRun":
        await end(anna, FAILED, run_id)
    first = (await act(anna, mutation, run_id, headers=key))["run"]["id"]
    await end(anna, CANCELLED)

    again = await act(anna, mutation, run_id, headers=key)

    assert (again["run"]["id"], again["run"]["state"]) == (first, "CANCELLED")
    assert again["userErrors"] == []
    assert await live(anna) == []


@pytest.mark.parametrize("mutation", ["cancelRun", "retryRun"])
async def test_a_viewer_only_looks_and_a_member_acts(anna, mutation):
    run_id = await asked(anna)

    assert (await refusal(anna.acting_as(Role.VIEWER), mutation, run_id))[0] == "FORBIDDEN"
    made = await act(anna.acting_as(Role.MEMBER), mutation, run_id)
    assert (made["run"]["id"], made["userErrors"]) == (run_id, [])


async def test_staff_acts_in_any_company_for_a_reason_and_its_people_see_it(anna, world):
    vera, run_id = await appointed(world), await asked(anna)
    query = """mutation($id: UUID!, $why: String) {
      cancelRun(input: {runId: $id}, asStaff: $why) { run { id } userErrors { code } } }"""

    unasked = await vera.ask(query, id=run_id)
    stranger = await anna.ask(query, id=run_id, why="ticket 7")
    made = await vera.ask(query, id=run_id, why="ticket 7")

    assert unasked["cancelRun"]["userErrors"] == [{"code": "UNKNOWN_RUN"}]
    assert stranger["cancelRun"]["userErrors"] == [{"code": "FORBIDDEN"}]
    assert made["cancelRun"]["run"] == {"id": run_id}
    assert (await row(anna, run_id))["cancelling"] == "Stock Tracker's staff cancelled it."
    assert await sentence(anna) == (
        "Stock Tracker's staff cancelled the sync of the shop “Рыжий кот”"
    )


async def test_a_bulk_over_runs_that_are_not_there_says_that_none_was_found(anna):
    made = await anna.change("cancelRuns", "run { id }", runIds=[str(uuid4())])
    await carry_out(anna, made["run"]["id"])

    run = (await anna.ask("query($id: UUID!) { run(id: $id) { why } }", id=made["run"]["id"]))[
        "run"
    ]

    assert run["why"] == "Nothing was done: none of the runs that it was for was found."


def test_there_is_a_job_for_every_kind_that_can_be_paused():
    named = ("database", "handle", "marketplace", "flows", "principals", "vault", "plans")
    parts = dict.fromkeys(named)
    mail = {
        "post": SimpleNamespace(on=False),
        "accounts": SimpleNamespace(keys=None, clock=None),
        "settings": SimpleNamespace(public_url="", old=SimpleNamespace(sheet_name=None)),
    }

    assert set(
        own_jobs(SimpleNamespace(**parts, **mail, billing=SimpleNamespace(ingest=None)))
    ) == set(KINDS)
