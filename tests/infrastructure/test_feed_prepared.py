"""A writer whose session has gone may still commit: what was prepared holds the feed back.

On a server of their own, because prepared transactions are off where nobody asks for them; and a
copy of a whole database, whose tables have the same numbers as ours, wants nobody in the original.
"""

import asyncio
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from infrastructure.postgres.feed import Feed
from infrastructure.postgres.migrations import migrate
from sandbox.servers import postgres
from tests.chaos.feed_storm import CODEC, RAW
from tests.databases import connected
from tests.memory import passing_folder

WHILE = 0.2


@pytest.fixture(scope="module")
async def server():
    settings = {"max_prepared_transactions": "5"}
    with (
        passing_folder() as folder,
        postgres(folder, durable=False, settings=settings) as server,
    ):
        await bring_up(server.url)
        yield server


async def bring_up(url):
    async with connected(url, 1) as database:
        await migrate(database)
    driver = await asyncpg.connect(urlsplit(url)._replace(path="/postgres").geturl())
    await driver.execute("CREATE DATABASE copy TEMPLATE stock_tracker")
    await driver.close()


@pytest.fixture
async def feed(server):
    async with connected(server.url, 1) as database:
        yield Feed(database, CODEC)


@pytest.fixture
async def writer(server):
    driver = await asyncpg.connect(server.url)
    yield driver
    await driver.close()


@pytest.fixture
async def end(writer):
    return await writer.fetchval("SELECT coalesce(max(position), 0) FROM events")


async def write(driver):
    return [row[0] for row in await driver.fetch(RAW, uuid4(), 1)]


async def write_unfinished(url):
    driver = await asyncpg.connect(url)
    await driver.execute("BEGIN")
    return driver, await write(driver)


async def still_waits(task):
    await asyncio.wait([task], timeout=WHILE)
    return not task.done()


def positions(page):
    return [each.position for each in page.facts]


@pytest.mark.parametrize("before_the_look", [True, False], ids=["before", "during"])
async def test_what_was_prepared_is_waited_for_until_it_commits(
    server, feed, writer, end, before_the_look
):
    other, late = await write_unfinished(server.url)
    early = await write(writer)
    if before_the_look:
        await other.execute("PREPARE TRANSACTION 'late'")
    reading = asyncio.create_task(feed.read(end))
    assert await still_waits(reading)
    if not before_the_look:
        await other.execute("PREPARE TRANSACTION 'late'")
    await other.close()
    assert await still_waits(reading)
    await writer.execute("COMMIT PREPARED 'late'")

    assert positions(await reading) == late + early


async def test_what_was_prepared_is_waited_for_until_it_is_rolled_back(server, feed, writer, end):
    other, _ = await write_unfinished(server.url)
    early = await write(writer)
    await other.execute("PREPARE TRANSACTION 'never'")
    await other.close()
    reading = asyncio.create_task(feed.read(end))
    assert await still_waits(reading)
    await writer.execute("ROLLBACK PREPARED 'never'")

    assert positions(await reading) == early


async def test_a_writer_in_a_copy_of_the_database_is_not_waited_for(server, feed, writer, end):
    hole, _ = await write_unfinished(server.url)
    early = await write(writer)
    await hole.close()
    copy = urlsplit(server.url)._replace(path="/copy").geturl()
    other, _ = await write_unfinished(copy)

    page = await asyncio.wait_for(feed.read(end), 5)
    await other.close()

    assert positions(page) == early
