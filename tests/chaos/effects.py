"""A worker process whose runs have an effect that is easy to count: a row.

It is written in the transaction that remembers the step, and only while the run is this worker's: so
a job that may be killed anywhere does what cannot be done twice. `calls` has a row for each try.
"""

import asyncio
import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

import uvloop

from app import settings
from app.runs import dispatch, execute
from app.wiring import opened
from app.wiring.worker import run_worker
from domain.run import Done
from infrastructure.postgres import taking_back

SLOTS = 8
HURRY = "--hurry"
OUTSIDE = Path("effects")

TABLES = """
CREATE TABLE calls (run_id uuid NOT NULL, worker text NOT NULL,
                    at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX ON calls (run_id);
CREATE TABLE effects (run_id uuid NOT NULL);
CREATE INDEX ON effects (run_id)
"""
_CALL = "INSERT INTO calls (run_id, worker) VALUES ($1, $2)"
_MINE = """
SELECT FROM job_runs WHERE (tenant_id, run_id, fence) = ($1, $2, $3) AND state = 'running' FOR SHARE
"""
_REMEMBER = """
INSERT INTO run_steps (tenant_id, run_id, step, result) VALUES ($1, $2, 'effect', '')
ON CONFLICT DO NOTHING
"""
_EFFECT = "INSERT INTO effects VALUES ($1)"


class Effect:
    """The job."""

    def __init__(self, database):
        self.database = database

    async def __call__(self, task, memory, progress):
        async with self.database.driver() as driver:
            await driver.execute(_CALL, task.run_id, f"{os.getpid()}")
        nap = task.args["ms"] / 1000
        await asyncio.sleep(nap / 2)
        await self._once(task, progress)
        await asyncio.sleep(nap / 2)
        return Done(why="", result={})

    async def _once(self, task, progress):
        key = (task.tenant, task.run_id)
        async with self.database.writing() as driver:
            if await driver.fetchrow(_MINE, *key, task.fence) is None:
                raise RuntimeError("another worker has it")
            if (await driver.execute(_REMEMBER, *key)).endswith(" 1"):
                await driver.execute(_EFFECT, task.run_id)


class Asking(Effect):
    """Knows of no fences: it tells the engine where it is right before its effect, as a sync does
    before a write to the sheet, and the effect is outside and at once: a line in a file."""

    async def _once(self, task, progress):
        await progress("effect")
        _append(f"{os.getpid()}\n")


def _append(line):
    with OUTSIDE.open("a") as file:
        file.write(line)


def hurry():
    """Lose and find runs in seconds, so that a test need not wait."""
    taking_back.LOST_AFTER = timedelta(seconds=3)
    taking_back.TAKEN_UP_WITHIN = timedelta(seconds=2)
    execute.HEARTBEAT, execute.PATIENCE = 1.0, 2.0
    dispatch.SWEEP_EVERY = 0.5


def end_with_the_test():
    """Its end closes our standard input."""
    sys.stdin.read()
    os._exit(0)


async def main():
    threading.Thread(target=end_with_the_test, daemon=True).start()
    async with opened(settings.load()) as product:
        jobs = {"effect": Effect(product.database), "asking": Asking(product.database)}
        await run_worker(product, slots=SLOTS, jobs=jobs)


if __name__ == "__main__":
    if HURRY in sys.argv:
        hurry()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
