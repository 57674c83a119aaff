"""Whose turn it is: a lone command waits for nobody, a flood delays nobody else, nobody is stuck."""

import asyncio
from uuid import uuid4

import pytest

from domain.errors import Unavailable
from domain.events import START, Stream
from infrastructure.postgres.batches import LANES, MOST
from infrastructure.postgres.event_store import EventStore
from tests.chaos.batching import CUT, changing, held_up, new_stream, watched
from tests.chaos.feed_storm import CODEC, NOW, ORIGIN


@pytest.fixture
def store(database):
    return EventStore(database, CODEC, lambda: NOW, lambda _: ())


@pytest.fixture
def batches(store, monkeypatch):
    return watched(store, monkeypatch)


# Turns


async def test_a_lone_command_waits_for_nobody(store, batches):
    """It is written before the loop has turned twice: no timer, no other task."""
    appending = asyncio.create_task(store.append(changing(new_stream()), ORIGIN))
    for _ in range(2):
        await asyncio.sleep(0)

    assert [len(batch) for batch in batches] == [1]
    await appending


async def test_a_flood_of_one_company_delays_nobody_elses_command(store, database, batches):
    flooding = uuid4()
    flood = [Stream(kind="tenant", tenant=flooding, id=uuid4()) for _ in range(5_000)]
    other = new_stream()
    async with asyncio.TaskGroup() as commands:
        for stream in flood:
            commands.create_task(store.append(changing(stream), ORIGIN))
        await asyncio.sleep(0)
        commands.create_task(store.append(changing(other), ORIGIN))

    turn = next(n for n, batch in enumerate(batches) if other in batch)
    assert turn <= LANES
    assert max(map(len, batches)) == MOST
    assert sum(map(len, batches)) == 5_001


async def test_two_companies_that_flood_share_each_batch(store, batches):
    one, two = uuid4(), uuid4()
    async with asyncio.TaskGroup() as commands:
        for company in [one] * 1_000 + [two] * 1_000:
            stream = Stream(kind="tenant", tenant=company, id=uuid4())
            commands.create_task(store.append(changing(stream), ORIGIN))

    whole = [[each.tenant for each in batch] for batch in batches if len(batch) == MOST]
    assert whole
    assert all(batch.count(one) == batch.count(two) for batch in whole)


async def test_who_waits_for_a_held_head_takes_one_lane_however_often_he_asks(store, database):
    held, other = new_stream(), new_stream()
    (first,) = await store.append(changing(held), ORIGIN)
    async with database.writing() as holder:
        await holder.execute("SELECT FROM heads WHERE tenant_id = $1 FOR UPDATE", held.tenant)
        head = START._replace(version=1, hash=first.hash)
        asked = [
            asyncio.create_task(store.append(changing(held, head=head), ORIGIN)) for _ in "abc"
        ]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(10):
            assert len(await store.append(changing(other), ORIGIN)) == 1
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sorted(type(each).__name__ for each in answers) == ["Conflict", "Conflict", "list"]


# Trouble


async def test_who_stops_waiting_takes_nobody_along(store, database):
    streams = [new_stream() for _ in range(9)]
    tasks = []
    async with held_up(store, database):
        for stream in streams:
            tasks.append(asyncio.create_task(store.append(changing(stream), ORIGIN)))  # noqa: PERF401
        await asyncio.sleep(0.02)
        tasks[4].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert isinstance(answers.pop(4), asyncio.CancelledError)
    assert all(len(each) == 1 for each in answers)
    assert await store.read(streams[4]) == []
    assert len(await store.append(changing(new_stream()), ORIGIN)) == 1


async def test_who_stops_waiting_while_it_is_written_leaves_the_lane_going(store):
    tasks = [asyncio.create_task(store.append(changing(new_stream()), ORIGIN)) for _ in range(9)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for task in tasks[:4]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(len(each) == 1 for each in answers[4:])
    assert len(await store.append(changing(new_stream()), ORIGIN)) == 1
    assert not store._batches._waiting


async def test_who_is_in_flight_when_the_connection_is_cut_is_told_and_others_go_on(
    store, database
):
    async with held_up(store, database) as stuck:
        waiting = asyncio.create_task(store.append(changing(new_stream()), ORIGIN))
        async with database.driver() as driver:
            await driver.fetch(CUT)
        cut = await asyncio.gather(*stuck, return_exceptions=True)

        assert len(await asyncio.wait_for(waiting, 5)) == 1
    assert [type(each) for each in cut] == [Unavailable] * LANES
