"""What each take-up of a run came to is kept; waits for one thing are one line, however many."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.run import LOST_AFTER, Done, Fail, Handed, Wait
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.acts_world import with_a_shop
from tests.app.graphql_world import World
from tests.app.runs_world import NOW, Runs, company_of

MINUTE = timedelta(minutes=1)
TRIED = """query($id: UUID!) { run(id: $id) { attempts {
  attempt times outcome errorType startedAt endedAt } } }"""


class Told:
    """A run that workers take up, one after the other."""

    def __init__(self, database, tenant, run_id):
        self.database, self.tenant, self.run_id = database, tenant, run_id
        self.now = NOW
        self.ledger = PostgresLedger(database, lambda: self.now)

    async def taken(self):
        async with self.database.driver() as driver:
            fence = await driver.fetchval(
                "UPDATE job_runs SET fence = fence + 1, handed_at = $2 WHERE run_id = $1 "
                "RETURNING fence",
                *(self.run_id, self.now),
            )
        handed = Handed(tenant=self.tenant, run_id=self.run_id, fence=fence)
        return await self.ledger.start(handed, "worker 1")

    async def lost(self):
        await self.taken()
        self.now += 2 * LOST_AFTER
        await self.ledger.take_back((await self.ledger.quiet()).taken)

    async def waits(self, cause, why, times=1):
        for _ in range(times):
            outcome = Wait(until=self.now, why=why, cause=cause)
            await self.ledger.finish(await self.taken(), outcome, "a line")
            self.now += MINUTE

    async def ends(self, outcome):
        await self.ledger.finish(await self.taken(), outcome)

    async def a_bad_day(self):
        """Its worker is killed, two neighbours are away in turn, it breaks, and goes on."""
        await self.lost()
        await self.waits("google_unavailable", "Google is away.", 3)
        await self.waits("outage", "Wildberries is away.")
        await self.waits("google_unavailable", "Google is away.", 200)
        await self.ends(Fail(why="Broken.", error_type="KeyError"))
        await self.waits("google_unavailable", "Google is away.")
        await self.ends(Done(why="", result={"products": 5}))


@pytest.fixture
async def mine(console):
    anna = await console.anna()
    runs = Runs(console.database, await company_of(console, anna))
    return anna, Told(console.database, runs.tenant, await runs.live())


async def test_every_take_up_is_told_and_waiting_costs_none_of_the_tries(database):
    anna = await with_a_shop(World(database))
    run_id = (await anna.change("requestSync", "run { id }", shopId=anna.shop))["run"]["id"]
    await Told(database, anna.scope.tenant, UUID(run_id)).a_bad_day()

    tries = (await anna.ask(TRIED, id=run_id))["run"]["attempts"]

    assert [(e["attempt"], e["outcome"], e["errorType"], e["times"]) for e in tries] == [
        (1, "lost", None, 1),
        (2, "wait", "outage", 1),
        (2, "wait", "google_unavailable", 203),
        (2, "fail", "KeyError", 1),
        (3, "wait", "google_unavailable", 1),
        (3, "done", None, 1),
    ]
    assert tries[2]["startedAt"] == "2026-11-23T04:40:30+00:00"
    assert tries[2]["endedAt"] == "2026-11-23T08:03:30+00:00"


async def test_the_page_of_a_run_tells_of_a_lost_worker_and_of_the_waits_after_it(mine):
    anna, run = mine
    await run.a_bad_day()

    page = " ".join((await anna.open(f"/runs/{run.run_id}")).text.split())
    line = page[page.index('id="timeline"') : page.index('id="attempts"')]
    tries = page[page.index('id="attempts"') : page.index('id="effect"')]

    assert "The worker was lost" in line
    assert "Google is away. 203 times." in line
    assert line.count("Put back to wait") == 3
    assert tries.count("<details") == 6
    assert "203 times, the last until" in tries
    assert tries.count('id="try-') == len(set(tries.split('id="try-'))) - 1


async def test_a_worker_of_the_version_before_leaves_no_try_under_way_when_it_is_lost(mine):
    anna, run = mine
    task = await run.taken()
    async with run.database.driver() as driver:
        await driver.execute(
            "UPDATE job_attempts SET attempt = 7, number = NULL WHERE run_id = $1", task.run_id
        )
        run.now += 2 * LOST_AFTER
        await run.ledger.take_back((await run.ledger.quiet()).taken)
        (outcome,) = await driver.fetchrow(
            "SELECT outcome FROM job_attempts WHERE run_id = $1", task.run_id
        )

    assert outcome == "lost"
    assert "<b>7</b>" in (await anna.open(f"/runs/{run.run_id}")).text
