"""The feed passes on every fact that commits, waits for nobody else, and never skips one."""

import asyncio
from contextlib import aclosing, asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from domain.events import START, Change, Stream
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.feed import Feed, Page
from tests.chaos.feed_storm import CODEC, NOW, ORIGIN, RAW, joined
from tests.databases import connected, of_its_own

DRAWN = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM event_position"
UNRELATED = [
    "INSERT INTO labels (tenant_id, id, name) SELECT i, i, '' FROM gen_random_uuid() i RETURNING 1",
    "SELECT count(*) FROM events",
    "SELECT tenant_id FROM heads FOR UPDATE",
    "SELECT last_value FROM event_position",
]
WHILE = 0.2
"""Seconds after which somebody who still waits is believed to wait."""


@pytest.fixture(scope="module")
async def migrated_url(postgres_url):
    """Of a database for these tests: some facts here have neither a head nor a chain."""
    async with of_its_own(postgres_url) as url:
        yield url


@pytest.fixture(scope="module")
async def pool(migrated_url):
    async with connected(migrated_url, 5) as pool:
        yield pool


@pytest.fixture
def feed(database):
    return Feed(database, CODEC)


@pytest.fixture
async def end(database):
    """The last position that was drawn before the test."""
    async with database.driver() as driver:
        return await driver.fetchval(DRAWN)


@pytest.fixture
def record(database):
    """Append so many facts to a new stream: their positions."""
    store = EventStore(database, CODEC, lambda: NOW, lambda _: ())

    async def record(count=1):
        company = uuid4()
        stream = Stream(kind="tenant", tenant=company, id=company)
        events = [joined() for _ in range(count)]
        change = Change(stream=stream, head=START, events=events)
        return [each.position for each in await store.append([change], ORIGIN)]

    return record


@pytest.fixture
async def passed_hole(end, record, migrated_url):
    """Where the reader is, and the facts that stand behind a hole that stays."""
    async with unfinished(migrated_url, RAW, uuid4(), 1) as (hole, _):
        drawn = await record()
        await hole.rollback()
    return end, drawn


@asynccontextmanager
async def unfinished(url, statement, *args, isolation=None):
    """A transaction of somebody else that has done this and not ended."""
    driver = await asyncpg.connect(url)
    transaction = driver.transaction(isolation=isolation)
    await transaction.start()
    rows = await driver.fetch(statement, *args)
    try:
        yield transaction, [row[0] for row in rows]
    finally:
        driver.terminate()


async def positions(feed, after, limit=500):
    return [each.position async for page in feed.pages(after, limit) for each in page.facts]


async def still_waits(task):
    await asyncio.wait([task], timeout=WHILE)
    return not task.done()


async def test_a_feed_without_facts_is_at_its_end(postgres_url):
    async with of_its_own(postgres_url) as url, connected(url, 1) as database:
        page = await Feed(database, CODEC).read(0)

    assert page == Page(facts=[], safe=0)


async def test_behind_the_last_fact_is_nothing_and_the_place_stays(feed, end):
    page = await feed.read(end)

    assert (list(page.facts), page.safe) == ([], end)
    assert await positions(feed, end) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
async def test_pages_of_any_size_hold_the_same_facts(feed, end, record, limit):
    drawn = await record(3) + await record(4)

    assert await positions(feed, end, limit) == drawn


async def test_a_page_says_how_far_nothing_can_appear_any_more(feed, end, record):
    drawn = await record(3)

    page = await feed.read(end, 2)

    assert page.safe == page.facts[-1].position == drawn[1]


async def test_what_has_not_committed_holds_back_what_comes_after_it(
    feed, end, record, migrated_url
):
    async with unfinished(migrated_url, RAW, uuid4(), 1) as (transaction, late):
        early = await record()
        reading = asyncio.create_task(feed.read(end))
        assert await still_waits(reading)
        await transaction.commit()

        page = await reading

    assert [each.position for each in page.facts] == late + early


async def test_what_is_rolled_back_is_passed(feed, end, record, migrated_url):
    async with unfinished(migrated_url, RAW, uuid4(), 5) as (transaction, _):
        early = await record()
        reading = asyncio.create_task(feed.read(end))
        assert await still_waits(reading)
        await transaction.rollback()

        page = await reading

    assert [each.position for each in page.facts] == early


async def test_a_hole_that_is_larger_than_a_page_may_be_filled_in_it(
    feed, end, record, migrated_url
):
    async with unfinished(migrated_url, RAW, uuid4(), 20) as (transaction, late):
        early = await record(3)
        reading = asyncio.create_task(positions(feed, end, 2))
        assert await still_waits(reading)
        await transaction.commit()

        assert await reading == late + early


async def test_positions_that_a_crash_has_swallowed_are_passed(feed, end, record, database):
    async with database.driver() as driver:  # PostgreSQL logs 32 numbers of a sequence ahead
        await driver.execute("SELECT setval('event_position', $1)", end + 32)
    drawn = await record()

    assert drawn == [end + 33]
    assert await positions(feed, end) == drawn


async def test_a_writer_who_came_after_the_hole_is_not_waited_for(feed, end, record, migrated_url):
    async with unfinished(migrated_url, RAW, uuid4(), 1) as (first, _):
        early = await record()
        reading = asyncio.create_task(feed.read(end))
        assert await still_waits(reading)
        async with unfinished(migrated_url, RAW, uuid4(), 1):
            await first.rollback()

            page = await asyncio.wait_for(reading, 5)

    assert [each.position for each in page.facts] == early


@pytest.mark.parametrize("statement", UNRELATED)
@pytest.mark.parametrize("isolation", ["read_committed", "serializable"])
async def test_nobody_unrelated_is_waited_for(
    feed, passed_hole, migrated_url, statement, isolation
):
    before, drawn = passed_hole
    async with unfinished(migrated_url, statement, isolation=isolation):
        found = await asyncio.wait_for(positions(feed, before), 5)

    assert found == drawn


async def test_who_stops_reading_while_the_next_page_waits_is_let_go(
    feed, end, record, migrated_url, database
):
    drawn = await record(2)
    async with unfinished(migrated_url, RAW, uuid4(), 1):
        await record()
        async with asyncio.timeout(5), aclosing(feed.pages(end, 2)) as pages:
            async for page in pages:
                assert [each.position for each in page.facts] == drawn
                break

    assert database.engine.pool.checkedout() == 0
