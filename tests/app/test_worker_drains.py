"""A worker that is asked to drain takes no more runs, ends those it has, and goes by itself."""

import asyncio
from types import SimpleNamespace

import pytest

from app.handle import Handle
from app.wiring.facts import CODEC, follow
from app.wiring.worker import Hand
from domain.run import Done
from infrastructure.postgres.bell import Bell
from infrastructure.postgres.event_store import EventStore
from tests.app.engine_world import clock, idle, until
from tests.app.operating import Fleet


@pytest.fixture
async def fleet(database):
    fleet = Fleet(database, clock)
    await fleet.clear()
    yield fleet
    await fleet.clear()


@pytest.fixture
async def product(database, redis_url, engine):
    bell = Bell(database)
    yield SimpleNamespace(
        database=database,
        handle=Handle(EventStore(database, CODEC, clock, follow)),
        queue=engine.queue,
        bell=bell,
        exports=SimpleNamespace(sealing=SimpleNamespace(changed=idle)),
        accounts=SimpleNamespace(people=database),
        news=SimpleNamespace(tell=lambda _: None),
        billing=None,
    )
    await bell.close()


async def test_a_worker_that_is_asked_to_drain_ends_its_run_and_goes(
    product, engine, fleet, database, monkeypatch
):
    monkeypatch.setattr("app.wiring.worker.BEAT_EVERY", 0.05)
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def job(task, memory, progress):
        begun.set()
        await may_end.wait()
        return Done(why="", result={})

    hand = Hand(product, 4, {"sync": job})
    working = asyncio.create_task(hand.run())
    first = await engine.ask("sync")
    await asyncio.wait_for(begun.wait(), 10)
    async with database.driver() as driver:
        await driver.execute("UPDATE workers SET drain_asked = true")
    await asyncio.wait_for(hand.leaving.wait(), 10)
    assert await _row(database, "draining")
    second = await engine.ask("sync")
    may_end.set()
    await asyncio.wait_for(working, 10)

    assert (await engine.row("job_history", first))["state"] == "succeeded"
    assert (await engine.row("job_runs", second))["state"] == "waiting"
    assert not await _row(database, "true")


async def test_a_worker_begins_anew_under_the_name_of_one_that_was_to_drain(
    product, fleet, database
):
    hand = Hand(product, 4, {})
    await fleet.works(hand.name, ago=60, draining=True)
    async with database.driver() as driver:
        await driver.execute("UPDATE workers SET drain_asked = true")

    working = asyncio.create_task(hand.run())
    await until(lambda: _row(database, "NOT draining AND NOT drain_asked"))
    working.cancel()
    await asyncio.wait({working})

    assert not await _row(database, "true")


async def _row(database, condition):
    async with database.driver() as driver:
        return await driver.fetchrow(f"SELECT * FROM workers WHERE {condition}")
