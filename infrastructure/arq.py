"""ARQ behind one module: it carries ids of runs to free hands, and may lose them.

arq 0.28 is in maintenance; what it gets wrong is kept out: no pickle (msgpack by msgspec), no
results kept (the ledger has them), no retries and no cron of its own, ids that never repeat
(`run:<id>:<fence>`), a read limit beyond the slots, and a worker that is started again when
Redis went away.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.worker import Function, Worker, func
from redis.exceptions import RedisError

Handed: TypeAlias = tuple[UUID, UUID, int]
Execute: TypeAlias = Callable[[UUID, UUID, int], Awaitable[None]]

EXPIRES = timedelta(days=7)
LONGEST_RUN = timedelta(hours=6)
DRAIN = 25.0

log = logging.getLogger(__name__)


def _encode_unknown(value: object) -> object:
    """An exception as a result: arq packs it, nobody reads it."""
    return {"type": type(value).__name__}


encode = msgspec.msgpack.Encoder(enc_hook=_encode_unknown).encode
decode = msgspec.msgpack.Decoder().decode


class Queue:
    """The short list of handed-out runs. `name` keeps installations on one Redis apart."""

    def __init__(self, url: str, name: str = "stock-tracker") -> None:
        self.settings = RedisSettings.from_dsn(url)
        self.name = name
        self._pool: ArqRedis | None = None

    async def hand_over(self, runs: Sequence[Handed]) -> None:
        """Put admitted runs where a worker finds them."""
        pool = await self._connected()
        for tenant, run_id, fence in runs:
            await pool.enqueue_job(
                "run",
                tenant.hex,
                run_id.hex,
                fence,
                _job_id=f"run:{run_id.hex}:{fence}",
                _queue_name=self.name,
                _expires=EXPIRES,
            )

    async def length(self) -> int:
        """How many runs are in it, those in hands included."""
        return int(await (await self._connected()).zcard(self.name))

    async def close(self) -> None:
        """Let go of the connection."""
        if self._pool is not None:
            await self._pool.aclose()

    async def _connected(self) -> ArqRedis:
        if self._pool is None:
            self._pool = await create_pool(
                self.settings, job_serializer=encode, job_deserializer=decode
            )
        return self._pool


async def work(queue: Queue, execute: Execute, *, slots: int) -> None:
    """Run a worker until cancelled; again and again, whatever Redis does. Drains on the way out."""

    async def run(ctx: dict[Any, Any], *handed: Any, **_: Any) -> None:  # noqa: ANN401, ARG001 - as arq calls it
        tenant, run_id, fence = handed
        await execute(UUID(tenant), UUID(run_id), fence)

    pause = 0.2
    while True:
        worker = _worker(queue, func(run, name="run", max_tries=1), slots)
        try:
            await worker.async_run()
        except asyncio.CancelledError:
            await _drain(worker)
            raise
        except (RedisError, OSError) as error:
            log.warning("the queue went away (%s); connecting again", type(error).__name__)
            await _close(worker)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)


def _worker(queue: Queue, run: Function, slots: int) -> Worker:
    return Worker(
        [run],
        redis_settings=queue.settings,
        queue_name=queue.name,
        handle_signals=False,
        max_jobs=slots,
        poll_delay=0.1,
        queue_read_limit=1000,
        job_timeout=LONGEST_RUN,
        keep_result=0,
        retry_jobs=False,
        log_results=False,
        job_serializer=encode,
        job_deserializer=decode,
    )


async def _drain(worker: Worker) -> None:
    """Let running ones end for a while; what is left is cancelled and goes back to the ledger."""
    running = [task for task in worker.tasks.values() if not task.done()]
    if running:
        await asyncio.wait(running, timeout=DRAIN)
    await _close(worker)


async def _close(worker: Worker) -> None:
    """arq's own `close` leaves its pool open when a task it waits for was cancelled."""
    jobs = [*worker.job_tasks.values(), *worker.tasks.values()]
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    pool: ArqRedis | None = worker.pool  # None before it first connected, whatever its type says
    if pool is not None:
        with suppress(RedisError, OSError):
            await pool.aclose(close_connection_pool=True)
