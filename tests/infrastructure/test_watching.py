"""What befalls shops by itself is found once it is due, and becomes one fact whoever finds it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.cron import following
from app.handle import Ask, Handle
from app.stock.watch import Watch
from app.wiring.facts import CODEC, follow
from domain import health, shop, tenant
from domain.events import Origin, Stream
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.schedules import PostgresSchedules
from infrastructure.postgres.watching import PostgresFound

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
RUN = """
INSERT INTO job_runs (tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id,
  causation, due_at, state, started_at, created_at, why)
VALUES ($1, $2, 'sync', $3, $4, $4, 'schedule', $2, 'schedule:', $5, $6, $7, $5, '')
"""


class City:
    """Two workers over one database, a clock that is told the time, and a company with a shop."""

    def __init__(self, database):
        self.database, self.now = database, NOW
        self.company, self.shop = uuid4(), uuid4()
        self.store = EventStore(database, CODEC, lambda: self.now, follow)
        found = PostgresFound(database, lambda: self.now)
        self.open, self.knocks = False, 0
        self.workers = [
            Watch(found=found, handle=Handle(self.store), clock=lambda: self.now, opens=self._opens)
            for _ in range(2)
        ]

    async def _opens(self, _company, shop_id):
        self.knocks += shop_id == self.shop
        return self.open

    @property
    def stream(self):
        return Stream(kind="tenant", tenant=self.company, id=self.company)

    async def tell(self, *commands):
        origin = Origin(source="user", actor=None, correlation=uuid4(), causation="request:1")
        for command in commands:
            ask = Ask(decider=tenant.decider, stream=self.stream, command=command)
            await Handle(self.store)(ask, origin=origin)

    def connecting(self, expires_at):
        return shop.ConnectShop(
            shop_id=self.shop,
            marketplace="wildberries",
            seller_id="s-1",
            token_id=uuid4(),
            token_kind="base",
            expires_at=expires_at,
        )

    async def connect(self, expires_at=None):
        sheet = shop.ConnectSheet(shop_id=self.shop, spreadsheet_id="1AbC")
        await self.tell(tenant.Register(owner_id=uuid4()), self.connecting(expires_at), sheet)
        await self.run("DELETE FROM job_runs WHERE tenant_id = $1", self.company)

    async def run(self, statement, *values):
        async with self.database.driver() as driver:
            await driver.execute(statement, *values)

    async def owe(self, hour):
        statement = "UPDATE promises SET owed = $2 WHERE shop_id = $1"
        await self.run(statement, self.shop, hour)

    async def sync(self, state, *, made, begun=None):
        key = f"sync:{self.shop}"
        values = (self.company, uuid4(), self.shop, key, self.now - made, state)
        await self.run(RUN, *values, begun and self.now - begun)

    async def slot_comes(self):
        """What comes of the shop's next slot."""
        due = "UPDATE schedules SET next_run_at = $2 WHERE shop_id = $1"
        await self.run(due, self.shop, self.now)
        await PostgresSchedules(self.database, lambda: self.now).tick(following)
        async with self.database.driver() as driver:
            outcome = "SELECT last_outcome FROM schedules WHERE shop_id = $1"
            return await driver.fetchval(outcome, self.shop)

    async def look(self, later=timedelta(0)):
        """Both workers at once; what they made of it."""
        self.now += later
        before = len(await self.store.read(self.stream))
        await asyncio.gather(*(each() for each in self.workers))
        return [each.event for each in (await self.store.read(self.stream))[before:]]


@pytest.fixture
async def city(database):
    city = City(database)
    await city.run("UPDATE shops SET token_look_at = NULL")
    await city.run("UPDATE promises SET owed = NULL")
    return city


async def test_a_token_is_spoken_of_at_each_threshold_and_dies_at_its_end(city):
    await city.connect(NOW + 40 * A_DAY)
    told = [each for _ in range(500) for each in await city.look(timedelta(hours=2))]

    assert [each.days for each in told[:-1]] == [30, 14, 7, 1]
    assert told[-1] == health.ShopBroke(shop_id=city.shop, cause="token_dead")


async def test_the_end_of_a_token_that_nobody_tried_is_told_in_the_sheet_by_one_sync(city):
    await city.connect(NOW + A_DAY)
    await city.look(2 * A_DAY)
    asked = "SELECT kind, source FROM job_runs WHERE tenant_id = $1 AND kind = 'sync'"
    async with city.database.driver() as driver:
        found = await driver.fetch(asked, city.company)

    assert [tuple(each) for each in found] == [("sync", "run")]


async def test_of_a_token_with_few_days_left_the_nearest_threshold_alone_is_told_at_once(city):
    await city.connect(NOW + 5 * A_DAY)

    assert [each.days for each in await city.look()] == [7]
    assert await city.look() == []


async def test_a_new_token_is_looked_at_anew(city):
    await city.connect(NOW + 5 * A_DAY)
    await city.look()
    await city.tell(city.connecting(NOW + 13 * A_DAY))

    assert [each.days for each in await city.look()] == [14]


async def test_a_missed_hour_is_told_once_it_has_passed(city):
    await city.connect()
    hour = NOW + 20 * A_MINUTE
    await city.owe(hour)

    assert await city.look() == []
    assert await city.look(20 * A_MINUTE) == [health.HourMissed(shop_id=city.shop, hour=hour)]
    assert await city.look(A_DAY) == []


async def test_a_sync_that_is_about_to_succeed_may_end_first(city):
    await city.connect()
    await city.owe(NOW - A_MINUTE)
    await city.sync("waiting", made=5 * A_MINUTE)

    assert await city.look() == []
    assert len(await city.look(15 * A_MINUTE)) == 1


async def test_a_sync_that_runs_for_an_hour_keeps_nothing_secret(city):
    await city.connect()
    await city.owe(NOW - A_MINUTE)
    await city.sync("running", made=40 * A_MINUTE, begun=30 * A_MINUTE)

    assert await city.look() == []
    assert len(await city.look(45 * A_MINUTE)) == 1


async def test_an_hour_of_long_ago_is_found_soon_after_it_came_to_be_owed(city):
    await city.connect()
    assert await city.look() == []
    await city.owe(NOW - A_DAY)

    assert await city.look() == []
    assert len(await city.look(10 * A_MINUTE)) == 1


async def test_nobody_misses_the_hour_of_a_shop_that_has_no_sheet(city):
    await city.tell(tenant.Register(owner_id=uuid4()), city.connecting(None))
    await city.owe(NOW - A_MINUTE)

    assert await city.look() == []


async def test_a_dead_token_stops_the_schedule_and_a_new_one_resumes_it(city):
    await city.connect()
    await city.tell(health.ReportBroken(shop_id=city.shop, cause="token_dead"))

    assert await city.slot_comes() == "skipped"
    await city.tell(city.connecting(None))
    await city.run("DELETE FROM job_runs WHERE tenant_id = $1", city.company)
    assert await city.slot_comes() == "asked"


async def test_what_else_breaks_a_shop_is_tried_at_each_of_its_hours(city):
    await city.connect()
    await city.tell(health.ReportBroken(shop_id=city.shop, cause="sheet_unshared"))

    assert await city.slot_comes() == "asked"


async def test_a_closed_sheet_is_tried_each_hour_and_synced_once_it_is_open(city):
    await city.connect()
    await city.tell(health.ReportBroken(shop_id=city.shop, cause="sheet_unshared"))
    told = [await city.look(20 * A_MINUTE) for _ in range(7)]
    knocks, city.open = city.knocks, True
    opened = [await city.look(20 * A_MINUTE) for _ in range(2)]

    assert (told, knocks) == ([[]] * 7, 2 * len(city.workers))
    assert opened == [[], [shop.SyncRequested(shop_id=city.shop)]], "by one of the two"


async def test_nobody_knocks_at_a_sheet_that_is_protected_or_of_a_shop_that_works(city):
    await city.connect()
    told = [await city.look(20 * A_MINUTE) for _ in range(4)]
    await city.tell(health.ReportBroken(shop_id=city.shop, cause="sheet_protected"))
    told += [await city.look(20 * A_MINUTE) for _ in range(4)]

    assert (told, city.knocks) == ([[]] * 8, 0)


async def test_a_shop_that_stopped_for_its_plan_is_synced_once_when_another_plan_begins(city):
    await city.connect()
    await city.tell(health.ReportBroken(shop_id=city.shop, cause="over_plan"))
    begun = """
INSERT INTO subscriptions (tenant_id, plan, since, force_plan, force_since)
VALUES ($1, 'free', $2, 'pro', $2)"""
    before = await city.look()
    city.now += A_MINUTE
    await city.run(begun, city.company, city.now)

    asked = [type(each) for each in await city.look()]
    again = await city.look(A_MINUTE)

    assert (before, asked, again) == ([], [shop.SyncRequested], [])
