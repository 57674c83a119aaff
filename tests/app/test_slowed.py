"""A schedule that has become faster than the plan is slowed: its runs wait, and are no delay."""

from datetime import timedelta

import pytest

from app.stock.writing import deadline
from domain.both import both
from domain.run import Done, Wait
from domain.schedule import by_cron, ready_by
from domain.shop import SetSchedule
from tests.app.runs_world import Runs
from tests.app.syncing import syncs

HOUR = timedelta(hours=1)
OFTEN = by_cron("*/15 * * * *", "Europe/Moscow")


@pytest.fixture
async def shop(database):
    async with syncs(database, products=3) as shop:
        await shop.tell(SetSchedule(shop_id=shop.key.shop, schedule=OFTEN))
        await synced(shop, timedelta(0))
        shop.world.plans.on = True
        shop.market.moment.seconds += 3600
        yield shop


async def synced(shop, ago, **columns):
    """A good sync that ended so long ago."""
    runs = Runs(shop.world.database, shop.key.tenant, shop.market.moment())
    await runs.ended(ago=ago, shop_id=shop.key.shop, **columns)


async def owed(shop):
    """The hour that is expected of it."""
    async with shop.world.database.driver() as driver:
        statement = "SELECT owed FROM promises WHERE shop_id = $1"
        return await driver.fetchval(statement, shop.key.shop)


async def test_a_scheduled_sync_waits_until_the_interval_of_the_plan_has_passed(shop):
    waits = await shop.run()

    assert isinstance(waits, Wait)
    assert (waits.until, waits.cause) == (shop.market.moment() + 5 * HOUR, "plan_interval")
    assert both(waits.why).en == (
        "The schedule is faster than the plan FREE allows: a sync every 6 h at most. "
        "PRO allows a sync every 15 min"
    )
    assert await shop.latest() is None


async def test_a_sync_that_waits_for_the_plan_makes_nobody_late(shop):
    await shop.owes(shop.market.moment() + HOUR / 4)

    waits = await shop.run()

    assert await owed(shop) == waits.until + HOUR / 4


async def test_nothing_is_promised_by_waiting(shop):
    await shop.run()

    assert await owed(shop) is None


async def test_it_goes_on_when_its_time_has_come_and_when_somebody_hastens_it(shop):
    await shop.run()
    hastened = await shop.goes_on()
    shop.market.moment.seconds += 5 * 3600
    later = await shop.run()

    assert isinstance(hastened, Done)
    assert isinstance(later, Done)


async def test_what_people_cause_is_not_slowed(shop):
    assert isinstance(await shop.run(source="user"), Done)


async def test_a_schedule_that_keeps_to_the_plan_is_not_held_up_by_a_sync_in_between(shop):
    await shop.tell(SetSchedule(shop_id=shop.key.shop, schedule=ready_by("13:00", "Europe/Moscow")))

    assert isinstance(await shop.run(), Done)


async def test_what_was_shown_once_more_was_no_sync(shop):
    shop.market.moment.seconds += 5 * 3600
    await synced(shop, HOUR, args={"snapshot": "it"})

    assert isinstance(await shop.run(), Done)


async def test_without_billing_no_sync_waits(shop):
    shop.world.plans.on = False

    assert isinstance(await shop.run(), Done)


@pytest.mark.parametrize(("billing", "later"), [(True, 6 * HOUR), (False, 0 * HOUR)])
async def test_the_sheet_of_a_slowed_schedule_turns_red_later(shop, billing, later):
    shop.world.plans.on = billing

    await shop.run(source="user")

    taken = (await shop.latest())[1].taken_at
    assert shop.world.sheet.written[-1][0].deadline == deadline(OFTEN, taken) + later
