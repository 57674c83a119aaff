"""A run that is cancelled while it waits never begins: no try, no start, no time that it took."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.run import LOST_AFTER, Cancel, Fail, Wait
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.acts_world import asked, begun, end, row, with_a_shop
from tests.app.graphql_world import NOW, World

CANCELLED = Cancel(why="gone")
AWAY = Fail(why="Away.", error_type="Unavailable")
LATER = Wait(until=NOW + timedelta(hours=3), why="quota")
RUN = """query($id: UUID!) {
  run(id: $id) { state attempt startedAt attempts { attempt outcome endedAt } } }"""
TRIES = "SELECT * FROM job_attempts WHERE run_id = $1 ORDER BY attempt"
FIGURES = "SELECT * FROM run_minutes WHERE tenant_id = $1"


@pytest.fixture
async def anna(database):
    return await with_a_shop(World(database))


async def cancelled(client, run_id):
    """To the end, as a worker does it."""
    made = await client.change("cancelRun", "run { id }", runId=run_id)
    assert made["userErrors"] == []
    return await end(client, CANCELLED, run_id)


async def seen(client, run_id):
    return (await client.ask(RUN, id=run_id))["run"]


async def test_it_has_had_no_try_and_never_began(anna):
    run_id = await cancelled(anna, await asked(anna))

    assert await seen(anna, run_id) == {
        "state": "CANCELLED",
        "attempt": 0,
        "startedAt": None,
        "attempts": [],
    }


@pytest.mark.parametrize(
    ("outcome", "tries", "attempt"), [(AWAY, "fail", 1), (LATER, "wait", 0)], ids=["fail", "wait"]
)
async def test_one_that_was_tried_before_keeps_these_tries_as_they_were(
    anna, database, outcome, tries, attempt
):
    run_id = await end(anna, outcome, await asked(anna))
    async with database.driver() as driver:
        before = await driver.fetch(TRIES, UUID(run_id))

    run = await seen(anna, await cancelled(anna, run_id))

    async with database.driver() as driver:
        assert await driver.fetch(TRIES, UUID(run_id)) == before
    assert (run["state"], run["attempt"]) == ("CANCELLED", attempt)
    assert [each["outcome"] for each in run["attempts"]] == [tries]
    assert run["startedAt"] is None


async def test_its_minute_counts_it_without_a_time_that_it_waited_or_ran(anna, database):
    async with database.driver() as driver:
        before = await driver.fetchrow(FIGURES, anna.scope.tenant)
        await cancelled(anna, await end(anna, AWAY, await asked(anna)))
        await cancelled(anna, await asked(anna))
        after = await driver.fetchrow(FIGURES, anna.scope.tenant)

    assert after["cancelled"] == before["cancelled"] + 2
    assert (after["waited"], after["ran"]) == (before["waited"], before["ran"])


async def test_a_worker_that_is_lost_or_goes_before_it_is_ended_makes_no_try_of_it(anna, database):
    run_id = await end(anna, AWAY, await asked(anna))
    await anna.change("cancelRun", "run { id }", runId=run_id)
    async with database.driver() as driver:
        before = await driver.fetch(TRIES, UUID(run_id))

    await begun(anna, run_id)
    sweep = PostgresLedger(database, lambda: NOW + 2 * LOST_AFTER)
    await sweep.take_back((await sweep.quiet()).taken)
    lost = await row(anna, run_id)
    ledger, task = await begun(anna, run_id)
    await ledger.finish(task, Wait(until=NOW, why="restarts"))
    gone = await row(anna, run_id)

    async with database.driver() as driver:
        assert await driver.fetch(TRIES, UUID(run_id)) == before
    assert (lost["state"], lost["attempt"]) == ("waiting", 1)
    assert (gone["state"], gone["attempt"]) == ("waiting", 1)
