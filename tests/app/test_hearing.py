"""What wakes open pages: facts by PostgreSQL, runs by Redis, and both again after they were away."""

import asyncio
from types import SimpleNamespace
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from app.web.console import Hub
from app.wiring import hearing
from app.wiring.hearing import listening
from app.wiring.worker import Hand
from domain.events import START, Change, Stream
from domain.run import Done
from infrastructure.clock import system_clock
from infrastructure.postgres.bell import NAMED, Bell
from infrastructure.postgres.event_store import EventStore
from infrastructure.redis.news import News
from tests.chaos.feed_storm import CODEC, ORIGIN, joined
from tests.infrastructure.test_news import cut

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE query LIKE 'LISTEN%' AND datname = current_database()
"""


@pytest.fixture
async def product(database, redis_url):
    """As much of it as is heard of."""
    redis = Redis.from_url(redis_url, decode_responses=True)
    made = SimpleNamespace(
        database=database,
        bell=Bell(database),
        news=News(redis, f"test-{uuid4().hex}"),
        redis=redis,
    )
    yield made
    await made.bell.close()
    await made.news.close()
    await redis.aclose()


@pytest.fixture
async def heard(product, monkeypatch):
    """The calls of a hub that is wired to it, since both ears were open."""
    monkeypatch.setattr(hearing, "LOOK", 0.02)
    runs, facts = [], []
    monkeypatch.setattr(Hub, "ring", lambda _, those: runs.append(set(those)))
    monkeypatch.setattr(Hub, "changed", lambda _, those: facts.append(set(those)))
    async with listening(product) as hub:
        await until(lambda: hub.ears == 2)
        runs.clear(), facts.clear()
        yield SimpleNamespace(hub=hub, runs=runs, facts=facts)


async def until(check):
    async with asyncio.timeout(10):
        while not check():
            await asyncio.sleep(0.01)


async def test_a_run_rings_for_its_company(product, heard):
    company = uuid4()

    product.news.tell(company)
    await until(lambda: heard.runs)

    assert heard.runs == [{company}]


async def test_a_worker_tells_of_the_runs_in_its_hands(product, heard, engine):
    hand = Hand(product, 1, {"nap": nap})
    await engine.ask("nap")
    (handed,) = await hand.ledger.admit(1)

    await hand.execute(handed)
    await until(lambda: {handed.tenant} in heard.runs)


async def nap(task, memory, progress):
    return Done(why="", result={})


async def test_a_fact_rings_for_its_company(product, heard, database):
    store = EventStore(database, CODEC, system_clock, lambda _: (), product.bell.ring)
    company = uuid4()
    stream = Stream(kind="tenant", tenant=company, id=company)

    await store.append([Change(stream=stream, head=START, events=[joined()])], ORIGIN)
    await until(lambda: {company} in heard.facts)


async def test_who_ends_right_after_a_fact_is_heard_as_well(database, heard):
    command, company = Bell(database), uuid4()

    command.ring([company])
    await command.close()
    await until(lambda: {company} in heard.facts)


@pytest.mark.parametrize("those", [(), [uuid4() for _ in range(NAMED + 1)]], ids=["none", "many"])
async def test_a_ring_without_names_means_all(product, heard, those):
    product.bell.ring(those)

    await until(lambda: set() in heard.facts)


async def test_after_a_lost_connection_all_is_looked_at_and_it_goes_on(product, database, heard):
    async with database.driver() as driver:
        await driver.fetch(CUT)
    await cut(product.redis)
    await until(lambda: set() in heard.runs and set() in heard.facts)

    company = uuid4()

    def both():
        product.news.tell(company)  # again and again: news may be lost while nobody listens yet
        product.bell.ring([company])
        return {company} in heard.runs and {company} in heard.facts

    await until(both)


async def test_when_an_ear_falls_deaf_all_is_looked_at_at_once(product, database, heard):
    async with database.driver() as driver:
        await driver.execute(CUT)

    await until(lambda: set() in heard.runs)


async def test_without_its_neighbours_the_web_side_lives(product, monkeypatch, caplog):
    class Away:
        def listening(self, heard):
            raise OSError("away")

    monkeypatch.setattr(hearing, "FIRST", 0.01)
    async with listening(SimpleNamespace(bell=Away(), news=product.news)) as hub:
        await until(lambda: hub.ears == 1)
        await asyncio.sleep(0.1)

        assert hub.ears == 1
    assert sum("hear nothing of Away" in each.message for each in caplog.records) == 1
