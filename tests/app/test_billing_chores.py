"""What is done about Stripe by the clock: in its time, by one worker, and again where it failed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.billing.chores import BACK, HOLD, KEPT, PAUSE, Chore, Chores, since
from domain.chores import Turn
from domain.errors import Unavailable
from infrastructure.postgres.chores import PostgresChores

START = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)


class World:
    """Workers of one clock; `done` are the turns that were taken."""

    def __init__(self, database):
        self.now, self.done, self.away = START, [], None
        self.calendar = PostgresChores(database, lambda: self.now)

    def worker(self):
        chores = [Chore(name="backfill", every=HOUR, work=self.work)]
        return Chores(self.calendar, lambda: self.now, chores)

    async def work(self, turn):
        if self.away:
            raise self.away
        self.done.append(turn)
        return 1


@pytest.fixture
async def world(database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM stripe_chores")
    return World(database)


async def test_of_many_workers_one_does_it(world):
    await asyncio.gather(*(world.worker()() for _ in range(5)))

    assert world.done == [Turn(name="backfill", begun=START, last=None)]


async def test_it_is_done_again_when_its_time_has_come(world):
    one, other = world.worker(), world.worker()
    await one()
    world.now += HOUR - timedelta(seconds=1)
    await other()
    early = len(world.done)
    world.now += timedelta(seconds=1)
    await other()
    await one()

    assert early == 1
    assert [each.last for each in world.done] == [None, START]


async def test_while_one_is_at_it_no_other_begins_and_a_lost_one_is_followed(world):
    await world.calendar.take("backfill", HOLD)
    await world.worker()()
    meanwhile = len(world.done)
    world.now += HOLD
    await world.worker()()

    assert meanwhile == 0
    assert [each.last for each in world.done] == [None]


async def test_a_failure_is_told_once_and_tried_again_later(world, caplog):
    worker = world.worker()
    world.away = Unavailable("Stripe does not answer.", cause="stripe")
    for _ in range(3):
        await worker()
        world.now += PAUSE
    world.away = None
    await worker()
    world.now += HOUR
    world.away = Unavailable("Stripe does not answer.", cause="stripe")
    await worker()

    assert [each.last for each in world.done] == [None]
    assert sum("it is tried again" in line for line in caplog.messages) == 2


async def test_after_a_failure_it_is_not_tried_at_every_look(world):
    worker = world.worker()
    world.away = Unavailable("Stripe does not answer.", cause="stripe")
    await worker()
    world.away = None
    await worker()

    assert world.done == []


@pytest.mark.parametrize(
    ("last", "from_when"),
    [
        (None, KEPT),
        (HOUR, BACK),
        (5 * 24 * HOUR, 5 * 24 * HOUR + HOUR),
        (40 * 24 * HOUR, KEPT),
    ],
    ids=["never", "an hour ago", "before a week without workers", "too long ago"],
)
def test_messages_are_fetched_from_before_they_were_fetched_last(last, from_when):
    turn = Turn(name="backfill", begun=START, last=START - last if last else None)

    assert since(turn) == START - from_when
