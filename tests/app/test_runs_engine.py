"""A run from asking to its end: ledger, dispatcher, queue and worker together, on real servers."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from app.runs import tail
from app.runs.dispatch import LOOK_EVERY
from domain.errors import Malformed, Rejected, Unavailable
from domain.run import EFFECT, Done
from tests.app.engine_world import clock, until

log = logging.getLogger(__name__)


async def test_a_run_is_done_by_a_worker_and_its_result_is_kept(engine):
    async def job(task, memory, progress):
        await progress("cards", 3, 7)
        return Done(why="", result={"products": 7})

    engine.jobs["sync"] = job
    async with engine.running():
        row = await engine.ended(await engine.ask("sync"))

    assert (row["state"], row["result"], row["attempt"]) == ("succeeded", {"products": 7}, 1)


@pytest.mark.parametrize(
    ("error", "state", "kind"),
    [
        (Rejected("Make a new token.", cause="token_dead"), "failed", "token_dead"),
        (Malformed("cards: not JSON", cause="malformed"), None, "malformed"),
        (ZeroDivisionError("secret detail"), None, "ZeroDivisionError"),
    ],
)
async def test_an_attempt_tells_what_went_wrong_and_never_what_was_secret(
    engine, error, state, kind
):
    async def job(task, memory, progress):
        raise error

    async def closed():
        attempt = await engine.row("job_attempts", run_id)
        return attempt if attempt and attempt["ended_at"] else None

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        attempt = await until(closed)

    finished = await engine.row("job_history", run_id)
    assert (finished["state"] if finished else None) == state
    assert attempt["error_type"] == kind
    assert "secret" not in f"{attempt['message']} {attempt['traceback']} {attempt['log']}"


async def test_an_absent_neighbour_makes_a_run_wait_until_the_hour_it_named(engine):
    slot = clock() + timedelta(hours=3)

    async def job(task, memory, progress):
        raise Unavailable("Next slot at 14:20.", cause="no_quota", until=slot)

    async def waits():
        row = await engine.row("job_runs", run_id)
        return row if row["state"] == "waiting" and row["why"] else None

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        row = await until(waits)

    tried = await engine.row("job_attempts", run_id)
    assert (row["due_at"], row["why"], row["attempt"]) == (slot, "Next slot at 14:20.", 0)
    assert (tried["outcome"], tried["error_type"]) == ("wait", "no_quota")


async def test_an_outage_of_ours_is_waited_for_a_moment_and_longer_the_longer_it_lasts(engine):
    now = clock()
    execute = replace(engine.execute, clock=lambda: now)

    async def job(task, memory, progress):
        raise Unavailable("It does not answer. Try again.", cause="our_outage")

    engine.jobs["sync"] = job
    run_id, waits = await engine.ask("sync"), []
    for later in (0, 20, 300):
        now += timedelta(seconds=later)
        async with engine.database.driver() as driver:
            await driver.execute("UPDATE job_runs SET due_at = $1", clock())
            await driver.execute("UPDATE lanes SET ready = true")
        (handed,) = await engine.ledger.admit(10)
        await execute(handed)
        row = await engine.row("job_runs", run_id)
        waits.append((row["due_at"] - now).total_seconds())

    assert waits == [3, 20, 60]
    assert row["why"] == "The database or Redis did not answer."
    assert (await engine.row("job_attempts", run_id))["times"] == 3


async def test_a_worker_that_stops_gives_its_run_back_without_burning_an_attempt(
    engine, monkeypatch
):
    monkeypatch.setattr("infrastructure.arq.worker.DRAIN", 0.2)
    begun = asyncio.Event()

    async def job(task, memory, progress):
        begun.set()
        await asyncio.sleep(60)

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        await asyncio.wait_for(begun.wait(), 10)

    row = await engine.row("job_runs", run_id)
    assert (row["state"], row["attempt"]) == ("waiting", 0)


async def test_a_cancelled_run_tells_what_it_had_done_until_then(engine):
    done = {"changed": False, "cells": 0, "unanswered": {"batch": 4, "cells": 240}}
    begun = asyncio.Event()

    async def job(task, memory, progress):
        await memory.keep(EFFECT, json.dumps(done).encode())
        begun.set()
        await asyncio.sleep(60)

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        await asyncio.wait_for(begun.wait(), 10)
        async with engine.database.driver() as driver:
            stop = "UPDATE job_runs SET cancelling = 'Enough.' WHERE run_id = $1"
            await driver.execute(stop, run_id)
        await engine.execute.hasten()
        row = await engine.ended(run_id)

    assert (row["state"], row["why"], row["result"]) == ("cancelled", "Enough.", done)


async def test_a_run_that_fails_for_good_tells_what_its_earlier_tries_had_done(engine):
    done = {"changed": True, "cells": 240}

    async def job(task, memory, progress):
        if await memory.recall(EFFECT) is None:
            await memory.keep(EFFECT, json.dumps(done).encode())
            raise Unavailable("Not now.", cause="no_quota", until=clock())
        raise Rejected("Make a new token.", cause="token_dead")

    engine.jobs["sync"] = job
    async with engine.running():
        row = await engine.ended(await engine.ask("sync"))

    assert (row["state"], row["result"]) == ("failed", done)


class Unreachable:
    """A ledger that answers once, then never again."""

    def __init__(self, ledger):
        self.start = ledger.start
        self.finished = []

    async def beat(self, task, progress):
        raise Unavailable("away", cause="our_outage")

    async def finish(self, task, outcome, log=""):
        self.finished.append(outcome)
        return True


async def test_a_worker_that_cannot_reach_the_ledger_gives_its_run_up(engine, monkeypatch):
    monkeypatch.setattr("app.runs.execute.PATIENCE", 0.0)
    begun, gone_on = asyncio.Event(), []

    async def job(task, memory, progress):
        begun.set()
        await asyncio.sleep(60)
        gone_on.append(task)

    engine.jobs["sync"] = job
    await engine.ask("sync")
    (handed,) = await engine.ledger.admit(10)
    away = Unreachable(engine.ledger)
    await replace(engine.execute, ledger=away)(handed)

    assert begun.is_set()
    assert (gone_on, away.finished) == ([], [])


async def test_a_run_that_costs_every_worker_its_life_is_given_up(engine, monkeypatch):
    monkeypatch.setattr("app.runs.execute.MOST_ATTEMPTS", 0)
    begun = []

    async def job(task, memory, progress):
        begun.append(task)

    engine.jobs["sync"] = job
    async with engine.running():
        row = await engine.ended(await engine.ask("sync"))

    assert (row["state"], begun) == ("failed", [])


async def test_a_kind_this_worker_does_not_know_is_looked_at_once_a_minute(engine):
    async def waits():
        row = await engine.row("job_runs", run_id)
        return row if row["why"] else None

    asked = clock()
    async with engine.running():
        run_id = await engine.ask("replenish")
        row = await until(waits)
        await asyncio.sleep(3 * LOOK_EVERY)
        later = await engine.row("job_runs", run_id)

    assert (row["state"], row["attempt"]) == ("waiting", 0)
    assert "'replenish'" in row["why"]
    assert row["due_at"] >= asked + timedelta(minutes=1)
    assert later["fence"] == row["fence"] == 1


async def test_a_newer_worker_does_it_and_no_attempt_was_burnt_meanwhile(engine, monkeypatch):
    monkeypatch.setattr("app.runs.execute.A_MINUTE", timedelta(0))
    monkeypatch.setattr("app.runs.execute.MOST_ATTEMPTS", 2)

    async def job(task, memory, progress):
        return Done(why="", result={})

    async def refused_often():
        return (await engine.row("job_runs", run_id))["fence"] > 3

    async with engine.running():
        run_id = await engine.ask("replenish")
        await until(refused_often)
        engine.jobs["replenish"] = job
        row = await engine.ended(run_id)

    assert (row["state"], row["attempt"]) == ("succeeded", 1)


async def test_a_run_that_somebody_cancels_stops_at_once_and_says_why(engine):
    begun, gone_on = asyncio.Event(), []

    async def job(task, memory, progress):
        begun.set()
        await asyncio.sleep(60)
        gone_on.append(task)

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        await asyncio.wait_for(begun.wait(), 10)
        async with engine.database.driver() as driver:
            await driver.execute("UPDATE job_runs SET cancelling = 'not today'")
        await engine.execute.hasten()
        row = await engine.ended(run_id)

    assert (row["state"], row["why"], gone_on) == ("cancelled", "not today", [])


async def test_what_a_run_logs_is_kept_with_its_attempt_without_what_errors_quote(engine):
    tail.listen()

    async def job(task, memory, progress):
        log.warning("half done", extra={"shop_id": "7"})
        log.error("broken", exc_info=ValueError("secret detail"))
        return Done(why="", result={})

    engine.jobs["sync"] = job
    async with engine.running():
        await engine.ended(run_id := await engine.ask("sync"))
        kept = (await engine.row("job_attempts", run_id))["log"]

    first, second = kept.splitlines()
    assert first.endswith("warning half done shop_id=7")
    assert second.endswith("error broken")


async def test_what_is_cancelled_before_it_begins_ends_without_its_work_though_it_is_paused(engine):
    begun = []

    async def job(task, memory, progress):
        begun.append(task)

    engine.jobs["sync"] = job
    run_id = await engine.ask("sync")
    hold = "INSERT INTO holds (tenant_id, scope, fleet, since) SELECT tenant_id, '*', false, now()"
    async with engine.database.driver() as driver:
        await driver.execute(f"{hold} FROM job_runs")
        await driver.execute("UPDATE job_runs SET cancelling = 'not today'")
    async with engine.running():
        row = await engine.ended(run_id)

    assert (row["state"], row["why"], begun) == ("cancelled", "not today", [])
