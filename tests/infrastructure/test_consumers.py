"""Consumers keep their place: after a crash a page comes again, none is skipped; a bell saves waiting."""

import asyncio
from contextlib import aclosing, suppress
from datetime import timedelta
from time import monotonic
from uuid import uuid4

import asyncpg
import pytest

from domain.events import START, Change, Stream
from infrastructure.postgres import bell as bells
from infrastructure.postgres.bell import Bell
from infrastructure.postgres.consumers import Consumers, SplitBrain
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.feed import PAGE, Feed
from tests.chaos.feed_storm import CODEC, NOW, ORIGIN, RUIN, joined

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'LISTEN%'
"""
LONG = 30.0
"""Seconds of a poll that no test waits for."""


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def consumers(database, clock):
    return Consumers(database, Feed(database, CODEC), clock)


@pytest.fixture
async def bell(database):
    bell = Bell(database)
    yield bell
    await bell.close()


@pytest.fixture
def store(database, clock, bell):
    return EventStore(database, CODEC, clock, lambda _: (), bell.ring)


@pytest.fixture
async def name(database, consumers):
    """Of a consumer that has had every fact of the tests before."""
    name = f"{uuid4()}"
    async with database.driver() as driver:
        last = await driver.fetchval("SELECT coalesce(max(position), 0) FROM events")
        await driver.execute("INSERT INTO consumers VALUES ($1, $2, $3)", name, last, NOW)
    return name


async def record(store, count=1):
    """So many facts in a new stream: their positions."""
    company = uuid4()
    stream = Stream(kind="tenant", tenant=company, id=company)
    change = Change(stream=stream, head=START, events=[joined() for _ in range(count)])
    return [each.position for each in await store.append([change], ORIGIN)]


def positions(page):
    return [each.position for each in page.facts]


async def rest(consumers, name):
    return [position async for page in consumers.rest(name) for position in positions(page)]


async def next_of(pages):
    return positions(await anext(pages))


async def rings_heard(url, during):
    """How often a listener of its own was woken."""
    heard = []
    driver = await asyncpg.connect(url)
    await driver.add_listener(bells.FACTS, lambda *_: heard.append(monotonic()))
    try:
        await during()
        await asyncio.sleep(4 * bells.PAUSE)
    finally:
        await driver.close()
    return len(heard)


# Places


async def test_what_was_had_does_not_come_again(consumers, store, name):
    drawn = await record(store, 3)

    assert await rest(consumers, name) == drawn
    assert await rest(consumers, name) == []


async def test_a_new_name_begins_at_the_first_fact(consumers, store, database):
    await record(store)
    async with database.driver() as driver:
        # The sequence begins at 1; tests of tampering leave facts below it in the database they share.
        first = await driver.fetchval("SELECT min(position) FROM events WHERE position > 0")

    async with aclosing(consumers.rest(f"{uuid4()}")) as pages:
        assert (await next_of(pages))[0] == first


async def test_a_page_that_was_not_finished_comes_again_and_none_is_skipped(consumers, store, name):
    drawn = await record(store, 2 * PAGE + 10)
    async with aclosing(consumers.rest(name)) as pages:
        first = await next_of(pages)
        second = await next_of(pages)

    again = await rest(consumers, name)

    assert first + second == drawn[: 2 * PAGE]
    assert again == drawn[PAGE:]


async def test_who_dies_over_the_first_page_has_had_nothing(consumers, store, name):
    drawn = await record(store, 3)
    async with aclosing(consumers.rest(name)) as pages:
        assert await next_of(pages) == drawn

    assert await rest(consumers, name) == drawn


async def test_of_two_readers_with_one_name_the_slower_is_told(consumers, store, name):
    drawn = await record(store, 3)
    async with aclosing(consumers.rest(name)) as pages:
        assert await next_of(pages) == drawn
        assert await rest(consumers, name) == drawn

        with pytest.raises(SplitBrain):
            await anext(pages)
    assert await rest(consumers, name) == []


async def test_consumers_do_not_know_each_other(consumers, store, name):
    drawn = await record(store)

    assert await rest(consumers, name) == drawn
    assert await rest(consumers, f"{uuid4()}")


async def test_who_is_forgotten_begins_again(consumers, store, name):
    await record(store)
    await rest(consumers, name)

    assert await consumers.forget(name)
    assert not await consumers.forget(name)
    assert await rest(consumers, name)


async def test_how_far_somebody_is_behind_is_told_in_facts_and_seconds(
    consumers, store, name, clock
):
    await record(store, 2)
    clock.now += timedelta(seconds=90)
    await record(store)
    clock.now += timedelta(seconds=10)

    behind = {each.name: each for each in await consumers.lags()}[name]
    await rest(consumers, name)
    ahead = {each.name: each for each in await consumers.lags()}[name]

    assert (behind.facts, behind.age) == (3, timedelta(seconds=100))
    assert (ahead.facts, ahead.age) == (0, timedelta())
    assert ahead.position == behind.position + 3
    assert ahead.moved_at == clock.now


# The bell


async def test_a_ring_wakes_a_follower_long_before_it_would_look(
    consumers, store, name, bell, monkeypatch
):
    monkeypatch.setattr(bells, "POLL", LONG)
    async with bell.listening(), aclosing(consumers.follow(name, bell)) as pages:
        coming = asyncio.create_task(next_of(pages))
        await asyncio.sleep(0.1)
        assert not coming.done()
        drawn = await record(store)

        assert await asyncio.wait_for(coming, 5) == drawn


async def test_without_a_listener_a_follower_looks_by_itself(
    consumers, store, name, bell, monkeypatch
):
    monkeypatch.setattr(bells, "POLL", 0.1)
    async with aclosing(consumers.follow(name, bell)) as pages:
        coming = asyncio.create_task(next_of(pages))
        await asyncio.sleep(0.05)
        drawn = await record(store)

        assert await asyncio.wait_for(coming, 5) == drawn


async def test_a_follower_whose_listener_dies_looks_by_itself(
    consumers, store, name, bell, monkeypatch
):
    monkeypatch.setattr(bells, "POLL", 0.1)
    async with bell.listening(), aclosing(consumers.follow(name, bell)) as pages:
        coming = asyncio.create_task(next_of(pages))
        async with bell._database.driver() as driver:
            killed = await driver.fetch(CUT)
        drawn = await record(store)

        assert len(killed) == 1
        assert await asyncio.wait_for(coming, 5) == drawn


async def test_a_listener_is_let_in_where_hosting_platforms_say_how_to_encrypt(migrated_url):
    sign = "&" if "?" in migrated_url else "?"
    database = Database(f"{migrated_url}{sign}sslmode=disable")
    async with Bell(database).listening():
        pass
    await database.close()


async def test_many_commits_ring_about_once_per_pause(store, migrated_url):
    began = monotonic()

    async def commit_much():
        for _ in range(10):
            await asyncio.gather(*(record(store) for _ in range(20)))

    rings = await rings_heard(migrated_url, commit_much)

    assert 1 <= rings <= (monotonic() - began) / bells.PAUSE


async def test_a_commit_that_comes_while_the_bell_rings_is_rung_for_too(
    bell, migrated_url, database, monkeypatch
):
    """It may have come too late for who was woken by that ring."""
    driver, rang = database.driver, asyncio.Event()

    def slow():
        rang.set()
        return driver()

    monkeypatch.setattr(database, "driver", slow)

    async def ring_twice():
        bell.ring()
        await rang.wait()
        bell.ring()

    assert await rings_heard(migrated_url, ring_twice) == 2


async def test_what_was_rolled_back_does_not_ring(database, clock, bell, migrated_url):
    store = EventStore(database, CODEC, clock, lambda each: [(RUIN, (each.tenant, 0))], bell.ring)

    async def fail():
        with suppress(asyncpg.DivisionByZeroError):
            await record(store)

    assert await rings_heard(migrated_url, fail) == 0


async def test_after_its_end_the_bell_stays_silent(database, migrated_url):
    bell = Bell(database)
    bell.ring()
    await bell.close()

    async def ring():
        bell.ring()

    assert await rings_heard(migrated_url, ring) == 0


async def test_a_bell_without_a_database_only_says_so(caplog):
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    bell = Bell(away)
    with caplog.at_level("INFO"):
        bell.ring()
        await asyncio.sleep(4 * bells.PAUSE)
    await bell.close()
    await away.close()

    assert "the bell did not ring" in caplog.text
