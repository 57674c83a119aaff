"""A worker process's hands: they take runs from the queue, again and again, whatever Redis does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, TypeAlias, cast
from uuid import UUID

from arq.connections import ArqRedis, create_pool
from arq.constants import in_progress_key_prefix as IN_PROGRESS  # noqa: N812 - a constant of theirs
from arq.constants import job_key_prefix as JOB  # noqa: N812 - likewise
from arq.jobs import deserialize_job_raw
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from redis.exceptions import RedisError

from domain.run import Handed
from infrastructure.arq.queue import Queue, decode, drop
from infrastructure.gather import Gather

Execute: TypeAlias = Callable[[Handed], Awaitable[None]]

LONGEST_RUN = timedelta(hours=6)
DRAIN = 25.0
POLL = 0.5
"""Seconds after which a worker looks although no message came."""
TOGETHER = 0.002
"""Seconds in which messages and freed slots become one look."""
READ = 1000

log = logging.getLogger(__name__)


class _Worker(Worker):
    """arq's, but for how it learns that there is something to do, takes it, and lets it go."""

    def __init__(self, execute: Execute, queue: Queue, slots: int, leaving: asyncio.Event) -> None:
        super().__init__(
            [func(cast("WorkerCoroutine", self._do), name="run")],
            redis_settings=queue.settings,
            queue_name=queue.name,
            handle_signals=False,
            max_jobs=slots,
            queue_read_limit=READ,
            job_timeout=LONGEST_RUN,
            keep_result=0,
        )
        self._bell = queue.bell
        self._leaving = leaving
        self._rung = asyncio.Event()
        self._execute = execute
        self._finished = Gather(self._finish)

    async def main(self) -> None:
        """Look, then wait: for a message, a freed slot, or a while; until it is to leave."""
        self._pool = await create_pool(self.redis_settings)
        async with self._listening() as ear:
            while not ear.done() and not self._leaving.is_set():
                self._rung.clear()
                await self._poll_iteration()
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._rung.wait()
            if ear.done():
                ear.result()

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """As many as there are free slots, the first ones first."""
        known = (each.decode() for each in job_ids)
        waiting = [each for each in known if each not in self.tasks]
        while waiting and (free := self.max_jobs - self.job_counter) > 0:
            chunk, waiting = waiting[:free], waiting[free:]
            for job_id, packed in await self._claimed(chunk):
                await self.sem.acquire()
                self.job_counter += 1
                task = self.loop.create_task(self._do(job_id, packed))
                task.add_done_callback(lambda _: self._freed())
                self.tasks[job_id] = task

    async def _claimed(self, ids: Sequence[str]) -> Sequence[tuple[str, bytes | None]]:
        """Those that were still there, and nobody else had, with what they carry."""
        life = int(self.in_progress_timeout_s * 1000)
        async with self.pool.pipeline(transaction=True) as pipe:
            for each in ids:
                pipe.set(IN_PROGRESS + each, b"1", nx=True, px=life)
                pipe.zscore(self.queue_name, each)
            pipe.mget(*(JOB + each for each in ids))
            *said, packed = await pipe.execute()
        found = zip(ids, said[::2], said[1::2], packed, strict=True)
        mine = [(each, score, carried) for each, won, score, carried in found if won]
        if stale := [IN_PROGRESS + each for each, score, _ in mine if score is None]:
            await self.pool.delete(*stale)
        return [(each, carried) for each, score, carried in mine if score is not None]

    async def _do(self, job_id: str, packed: bytes | None) -> None:
        """In place of arq's, which takes two round trips for each, for tries and results that are
        the ledger's here. What cannot be read the sweep hands over anew."""
        try:
            if packed is None:
                log.warning("a run in the queue carries nothing", extra={"job_id": job_id})
                return
            _, (tenant, run_id, fence), *_ = deserialize_job_raw(packed, deserializer=decode)
            handed = Handed(tenant=UUID(tenant), run_id=UUID(run_id), fence=fence)
            async with asyncio.timeout(self.job_timeout_s):
                await self._execute(handed)
        except Exception:
            log.exception("a run in the queue was not done", extra={"job_id": job_id})
        finally:
            finished = asyncio.ensure_future(self._finished(job_id))
            finished.add_done_callback(_heard)
            await asyncio.shield(finished)

    async def _finish(self, ids: Sequence[str]) -> Sequence[None]:
        async with self.pool.pipeline(transaction=True) as pipe:
            await drop(pipe, self.queue_name, ids)
        return [None] * len(ids)

    def _freed(self) -> None:
        self._release_sem_dec_counter_on_complete()
        self.loop.call_later(TOGETHER, self._rung.set)

    @asynccontextmanager
    async def _listening(self) -> Any:  # noqa: ANN401 - an iterator of tasks
        async def listen() -> None:
            async for _ in ear.listen():
                self._rung.set()

        ear = self.pool.pubsub()
        await ear.subscribe(self._bell)
        listening = asyncio.create_task(listen())
        try:
            yield listening
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            with suppress(RedisError, OSError):
                await ear.aclose()  # type: ignore[no-untyped-call]


async def work(
    queue: Queue, execute: Execute, *, slots: int, leaving: asyncio.Event | None = None
) -> None:
    """Run a worker until cancelled; again and again, whatever Redis does. Drains on the way out.

    Once `leaving` is set it takes no more runs, and returns when those in hand have ended.
    """
    leaving = leaving or asyncio.Event()
    pause = 0.2
    while True:
        worker = _Worker(execute, queue, slots, leaving)
        try:
            await worker.async_run()
            await _ended(worker)
        except asyncio.CancelledError:
            await _drain(worker)
            raise
        except (RedisError, OSError) as error:
            log.warning("the queue went away (%s); connecting again", type(error).__name__)
        await _close(worker)
        if leaving.is_set():
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, 5.0)


def _heard(finished: asyncio.Future[None]) -> None:
    """A shield whose waiter is cancelled leaves the error to nobody; asyncio would log each."""
    if not finished.cancelled():
        finished.exception()


async def _drain(worker: Worker) -> None:
    """Let running ones end for a while; what is left is cancelled and goes back to the ledger."""
    await _ended(worker, DRAIN)
    await _close(worker)


async def _ended(worker: Worker, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncio.wait's
    running = [task for task in worker.tasks.values() if not task.done()]
    if running:
        await asyncio.wait(running, timeout=timeout)


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
