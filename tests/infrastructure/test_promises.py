"""What is kept of promises as slots come and runs end, in the transactions that are there anyway."""

import asyncio
from datetime import timedelta

import pytest

from app.stock.projected import UNPLAN
from domain.run import Cancel, Done, Fail
from domain.schedule import by_cron, ready_by
from infrastructure.postgres import minutes
from tests.app.overview_world import Fleet
from tests.infrastructure.scheduling import NOW, Planned

EIGHT = ready_by("08:00", "Europe/Moscow")
HOUR = NOW + timedelta(minutes=20)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DONE = Done(why="", result={})


class Promised(Planned):
    """A dispatcher, a worker, and what they leave behind."""

    async def promise(self, shop_id):
        async with self.database.driver() as driver:
            return await driver.fetchrow("SELECT * FROM promises WHERE shop_id = $1", shop_id)

    async def run(self, outcome):
        """Whatever is due is taken up and ends so."""
        for handed in await self.ledger.admit(10):
            task = await self.ledger.start(handed, "w")
            assert await self.ledger.finish(task, outcome)


@pytest.fixture
async def promised(database):
    world = Promised(database)
    await world.empty()
    await Fleet(database).empty()
    async with database.driver() as driver:
        await driver.execute("DELETE FROM lanes; DELETE FROM run_minutes")
    return world


async def test_a_scheduled_shop_owes_nothing_before_its_first_run_begins(promised):
    shop_id = await promised.shop(EIGHT)

    assert (await promised.promise(shop_id))["owed"] is None


async def test_when_its_run_begins_the_hour_is_owed_and_a_success_keeps_it(promised):
    shop_id = await promised.shop(EIGHT)
    await promised.tick(5 * MINUTE)

    owed = await promised.promise(shop_id)
    promised.now += 7 * MINUTE
    await promised.run(DONE)
    kept = await promised.promise(shop_id)

    assert owed["owed"] == HOUR
    assert (kept["owed"], kept["kept_for"]) == (None, HOUR)
    assert kept["kept_at"] == kept["fresh_at"] == promised.now


@pytest.mark.parametrize(
    "outcome", [Fail(why="no", error_type="token_dead", final=True), Cancel(why="stopped")]
)
async def test_a_run_that_did_not_succeed_leaves_the_hour_owed(promised, outcome):
    shop_id = await promised.shop(EIGHT)
    await promised.tick(5 * MINUTE)
    await promised.run(outcome)
    await promised.until(HOUR + DAY, step=10 * MINUTE)

    found = await promised.promise(shop_id)

    assert (found["owed"], found["fresh_at"]) == (HOUR, None)


async def test_a_success_that_is_owed_to_nobody_only_says_when_it_was(promised):
    shop_id = await promised.shop(EIGHT)
    await promised.tick(5 * MINUTE)
    async with promised.database.driver() as driver:
        await driver.execute("UPDATE promises SET owed = NULL, kept_for = $1", HOUR - DAY)
    await promised.run(DONE)

    found = await promised.promise(shop_id)

    assert (found["kept_for"], found["kept_at"]) == (HOUR - DAY, None)
    assert found["fresh_at"] == promised.now


async def test_a_shop_without_a_sheet_is_owed_its_hour_too(promised):
    shop_id = await promised.shop(EIGHT, sheet=None)
    await promised.tick(5 * MINUTE)

    assert (await promised.promise(shop_id))["owed"] == HOUR


async def test_a_cron_schedule_is_owed_a_while_after_its_minute(promised):
    shop_id = await promised.shop(by_cron("50 7 * * *", "Europe/Moscow"))
    await promised.until(NOW + 12 * MINUTE)

    assert (await promised.promise(shop_id))["owed"] == NOW + 25 * MINUTE


async def test_of_a_disconnected_shop_no_promise_is_left(promised):
    shop_id = await promised.shop(EIGHT)
    async with promised.database.driver() as driver:
        company = await driver.fetchval(
            "SELECT tenant_id FROM schedules WHERE shop_id = $1", shop_id
        )
        await driver.execute(UNPLAN, company, shop_id)

    assert await promised.promise(shop_id) is None
    assert await promised.row(shop_id) is None


async def test_who_ends_a_run_does_not_wait_for_who_disconnects_its_shop(promised):
    shop_id = await promised.shop(EIGHT)
    await promised.tick(5 * MINUTE)
    async with promised.database.writing() as driver:
        await driver.execute("DELETE FROM promises WHERE shop_id = $1", shop_id)

        async with asyncio.timeout(5):
            await promised.run(DONE)

    assert await promised.promise(shop_id) is None


async def test_minutes_are_added_up_to_quarters_of_an_hour(promised):
    await promised.shop(EIGHT)
    await promised.tick(5 * MINUTE)
    await promised.run(DONE)
    await minutes.fold(promised.database, promised.now)
    await promised.shop(EIGHT)
    await promised.tick(2 * MINUTE)
    await promised.run(DONE)
    await minutes.fold(promised.database, promised.now)
    await minutes.fold(promised.database, promised.now)

    async with promised.database.driver() as driver:
        (quarter,) = await driver.fetch("SELECT * FROM fleet_quarters WHERE quarter >= $1", NOW)
    assert quarter["quarter"] == NOW + 5 * MINUTE
    assert (quarter["succeeded"], sum(quarter["waited"]), sum(quarter["ran"])) == (2, 2, 2)
