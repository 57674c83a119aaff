"""Redis carries ids of runs and may lose them, at any moment: that costs time, and no run."""

import asyncio
import gc
import os
import signal
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from redis.asyncio import Redis

from domain.run import Done
from infrastructure.arq import Queue, WrongPolicy, work
from sandbox.servers import valkey
from tests.app.engine_world import Engine, until
from tests.memory import passing_folder

MANY = 30
"""Runs that end together: so many that some are being taken out when the first find no queue."""


async def test_a_run_that_was_on_its_way_when_the_queue_lost_everything_is_done_at_once(engine):
    async def job(task, memory, progress):
        return Done(why="", result={})

    engine.jobs["sync"] = job
    run_id = await engine.ask("sync")
    await engine.dispatch.hand_out()
    async with engine.redis() as redis:
        await redis.flushdb()

    async with engine.running():
        row = await engine.ended(run_id)

    assert row["state"] == "succeeded"


async def test_a_hand_over_that_a_worker_died_with_is_found_though_the_queue_still_has_it(
    engine, monkeypatch
):
    monkeypatch.setattr("infrastructure.postgres.taking_back.TAKEN_UP_WITHIN", timedelta(0))
    run_id = await engine.ask("sync")
    await engine.dispatch.hand_out()
    async with engine.redis() as redis:
        await redis.set(f"arq:in-progress:run:{run_id.hex}:1", b"1")

    await engine.dispatch.sweep()

    length, _ = await engine.queue.look()
    row = await engine.row("job_runs", run_id)
    assert (row["handed_at"], row["fence"], length) == (None, 2, 0)


async def test_a_run_that_ended_while_the_queue_was_away_takes_up_no_room_in_it(engine):
    async def job(task, memory, progress):
        return Done(why="", result={})

    engine.jobs["sync"] = job
    ended = await engine.ask("sync")
    async with engine.running():
        await engine.ended(ended)
    async with engine.redis() as redis:
        await redis.zadd(engine.queue.name, {f"run:{ended.hex}:1": 1})
        await redis.set(f"arq:in-progress:run:{ended.hex}:1", b"1")

    await engine.dispatch.sweep()

    assert f"run:{ended.hex}:1" not in await engine.queue.listed()


async def test_a_hand_over_that_still_lies_in_the_queue_is_left_there(engine, monkeypatch):
    monkeypatch.setattr("infrastructure.postgres.taking_back.TAKEN_UP_WITHIN", timedelta(0))
    run_id = await engine.ask("sync")
    await engine.dispatch.hand_out()

    await engine.dispatch.sweep()

    assert (await engine.row("job_runs", run_id))["fence"] == 1


async def test_runs_that_lie_in_the_queue_start_in_the_order_of_their_turns(engine):
    done = []

    async def job(task, memory, progress):
        done.append(task.run_id)
        return Done(why="", result={})

    engine.jobs["sync"] = job
    asked = [await engine.ask("sync") for _ in range(3)]
    handed = {each.run_id: each for each in await engine.ledger.admit(10)}
    turns = [replace(handed[run_id], turn=n) for run_id, n in zip(asked, (3, 1, 2), strict=True)]
    await engine.queue.hand_over(turns)
    worker = asyncio.create_task(work(engine.queue, engine.execute, slots=1))
    await engine.ended(asked[0])
    worker.cancel()
    await asyncio.wait({worker})

    assert done == [asked[1], asked[2], asked[0]]


async def test_a_hand_over_that_fails_is_taken_back_at_once(engine):
    run_id = await engine.ask("sync")
    away = Away(engine.queue)

    with pytest.raises(ConnectionError):
        await replace(engine.dispatch, queue=away).hand_out()

    row = await engine.row("job_runs", run_id)
    assert (row["handed_at"], row["attempt"]) == (None, 0)


async def test_what_a_lost_worker_did_is_taken_back_while_the_queue_is_away(engine, monkeypatch):
    monkeypatch.setattr("infrastructure.postgres.taking_back.LOST_AFTER", timedelta(0))
    run_id = await engine.ask("sync")
    (handed,) = await engine.ledger.admit(10)
    await engine.ledger.start(handed, "lost")

    with pytest.raises(ConnectionError):
        await replace(engine.dispatch, queue=Away(engine.queue)).sweep()

    assert (await engine.row("job_runs", run_id))["state"] == "waiting"


async def test_a_queue_that_dies_under_ending_runs_leaves_nothing_unheard(database, engine, caplog):
    begun, may_end = asyncio.Semaphore(0), asyncio.Event()

    async def job(task, memory, progress):
        begun.release()
        await may_end.wait()
        return Done(why="", result={})

    with passing_folder() as folder, valkey(folder, append_only=False) as server:
        there = Engine(database, server.url)
        there.jobs["sync"] = job
        runs = [await there.ask("sync") for _ in range(MANY)]
        await replace(there.dispatch, slots=lambda: MANY).hand_out()
        working = asyncio.create_task(work(there.queue, there.execute, slots=MANY))
        for _ in runs:
            await begun.acquire()
        os.kill(server.pid, signal.SIGSTOP)
        may_end.set()
        for each in runs:
            await there.ended(each)
        os.kill(server.pid, signal.SIGKILL)
        await until(partial(asyncio.to_thread, lambda: "went away" in caplog.text))
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await there.queue.close()

    gc.collect()
    assert [each.message for each in caplog.records if each.name == "asyncio"] == []


class Away:
    """A queue that goes away before something is done with it."""

    def __init__(self, queue):
        self.look, self.begin = queue.look, queue.begin

    async def hand_over(self, runs):
        raise ConnectionError

    async def missing(self, runs):
        raise ConnectionError


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
async def test_a_redis_that_may_drop_runs_is_refused(policy):
    with passing_folder() as folder, valkey(folder, append_only=False) as server:
        queue = Queue(server.url)
        await queue.check()
        async with Redis.from_url(server.url) as redis:
            await redis.config_set("maxmemory-policy", policy)

        with pytest.raises(WrongPolicy, match="noeviction"):
            await queue.check()
        await queue.close()
