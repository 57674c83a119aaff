"""The worker process of the engine's benchmarks: the product's own, with runs that only sleep."""

import asyncio
import signal
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import cast

import uvloop

from app import collector, settings
from app.wiring import opened
from app.wiring.worker import run_worker
from benchmarks.running import SLOTS, STARTED
from domain.ports import Memory, Progress
from domain.run import Done, Outcome, Task


async def main() -> None:
    """Until terminated."""
    collector.calm()
    async with opened(settings.load()) as product:

        async def nap(task: Task, memory: Memory, progress: Progress) -> Outcome:  # noqa: ARG001 - as the engine calls it
            began = f"{task.run_id.hex} {time.time()}"
            await cast("Awaitable[int]", product.redis.rpush(STARTED, began))
            if milliseconds := task.args["ms"]:
                await asyncio.sleep(int(str(milliseconds)) / 1000)
            return Done(why="", result={})

        worker = asyncio.create_task(run_worker(product, slots=SLOTS, jobs={"nap": nap}))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.cancel)
        with suppress(asyncio.CancelledError):
            await worker


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
