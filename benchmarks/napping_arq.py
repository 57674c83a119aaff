"""The peer of the engine's benchmarks: an arq worker as it comes, without a ledger."""

import asyncio
import signal
import time
from typing import Any

from arq.connections import RedisSettings
from arq.worker import Worker, func

from app import settings
from benchmarks.running import STARTED


async def nap(ctx: dict[str, Any], name: str, milliseconds: int) -> None:
    """Say that it began; sleep."""
    await ctx["redis"].rpush(STARTED, f"{name} {time.time()}")
    if milliseconds:
        await asyncio.sleep(milliseconds / 1000)


async def main() -> None:
    """Until terminated."""
    redis = RedisSettings.from_dsn(settings.load().redis_url.reveal())
    worker = Worker([func(nap)], redis_settings=redis, handle_signals=False)
    task = asyncio.create_task(worker.async_run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await asyncio.wait({task})
    await worker.close()


if __name__ == "__main__":
    asyncio.run(main())
