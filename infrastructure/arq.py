"""ARQ behind one module: it carries ids of runs to free hands, and may lose them.

arq 0.28 is in maintenance; what it gets wrong is kept out: no pickle (msgpack by msgspec), no
results kept (the ledger has them), no retries and no cron of its own, ids that never repeat
(`run:<id>:<fence>`), a read limit beyond the slots, and a worker that is started again when Redis
went away. It waits for a message instead of polling; runs are claimed together, with what they
carry, and finished together.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, TypeAlias, cast
from uuid import UUID

import msgspec
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.constants import in_progress_key_prefix as IN_PROGRESS  # noqa: N812 - a constant of theirs
from arq.constants import job_key_prefix as JOB  # noqa: N812 - likewise
from arq.jobs import deserialize_job_raw, serialize_job
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from redis.exceptions import RedisError

from domain.errors import Refused
from domain.run import Handed
from infrastructure.gather import Gather

Execute: TypeAlias = Callable[[Handed], Awaitable[None]]

EXPIRES = timedelta(days=7)
LONGEST_RUN = timedelta(hours=6)
DRAIN = 25.0
POLL = 0.5
"""Seconds after which a worker looks although no message came."""
TOGETHER = 0.002
"""Seconds in which messages and freed slots become one look."""
READ = 1000

log = logging.getLogger(__name__)


class WrongPolicy(Refused):
    """Redis may drop runs silently. Start it with `maxmemory-policy noeviction`, or name another
    one in REDIS_URL."""


encode, decode = msgspec.msgpack.encode, msgspec.msgpack.decode


class Queue:
    """The short list of handed-out runs. `name` keeps installations on one Redis apart."""

    def __init__(self, url: str, name: str = "stock-tracker") -> None:
        self.settings = RedisSettings.from_dsn(url)
        self.name = name
        self._pool: ArqRedis | None = None

    async def hand_over(self, runs: Sequence[Handed]) -> None:
        """Put admitted runs where a worker finds them, and wake the workers."""
        now = int(time.time() * 1000)
        async with (await self._connected()).pipeline(transaction=False) as pipe:
            for run in runs:
                said = (run.tenant.hex, run.run_id.hex, run.fence)
                packed = serialize_job("run", said, {}, None, now, serializer=encode)
                pipe.psetex(JOB + _id(run), EXPIRES, packed)
            # arq takes the smallest score first, and none that lies in the future
            pipe.zadd(self.name, {_id(run): min(run.turn + 1, now) for run in runs})
            pipe.publish(self._bell, b"")
            await pipe.execute()

    async def look(self) -> tuple[int, UUID | None]:
        """How many runs are in it, those in hands included; and which life of it this is."""
        pipe = (await self._connected()).pipeline(transaction=False)
        pipe.zcard(self.name)
        pipe.get(self._epoch)
        length, epoch = await pipe.execute()
        return int(length), UUID(bytes=epoch) if epoch else None

    async def begin(self, epoch: UUID) -> None:
        """A new life."""
        await (await self._connected()).set(self._epoch, epoch.bytes)

    async def missing(self, runs: Sequence[Handed]) -> Sequence[Handed]:
        """Those of them that no worker will find there: gone, or taken by one that is no more."""
        if not runs:
            return ()
        async with (await self._connected()).pipeline(transaction=False) as pipe:
            for run in runs:
                pipe.zscore(self.name, _id(run))
                pipe.exists(IN_PROGRESS + _id(run))
            found = await pipe.execute()
        there = zip(runs, found[::2], found[1::2], strict=True)
        return [run for run, score, taken in there if score is None or taken]

    async def forget(self, runs: Sequence[Handed]) -> None:
        """Leave no trace of these: they were taken back."""
        if runs:
            ids = [_id(run) for run in runs]
            pipe = (await self._connected()).pipeline(transaction=False)
            pipe.zrem(self.name, *ids)
            pipe.delete(*(prefix + each for each in ids for prefix in (JOB, IN_PROGRESS)))
            await pipe.execute()

    async def check(self) -> None:
        """Raises WrongPolicy when Redis would rather forget runs than refuse new ones."""
        told = await (await self._connected()).info("memory")
        if told.get("maxmemory_policy", "noeviction") != "noeviction":
            raise WrongPolicy

    async def close(self) -> None:
        """Let go of the connection."""
        if self._pool is not None:
            await self._pool.aclose()

    @property
    def _bell(self) -> str:
        return f"{self.name}:handed"

    @property
    def _epoch(self) -> str:
        return f"{self.name}:epoch"

    async def _connected(self) -> ArqRedis:
        if self._pool is None:
            self._pool = await create_pool(
                self.settings, job_serializer=encode, job_deserializer=decode
            )
        return self._pool


def _id(run: Handed) -> str:
    return f"run:{run.run_id.hex}:{run.fence}"


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
            job_serializer=encode,
            job_deserializer=decode,
        )
        self._handed = f"{queue.name}:handed"
        self._leaving = leaving
        self._rung = asyncio.Event()
        self._execute = execute
        self._finished = Gather(self._finish)

    async def main(self) -> None:
        """Look, then wait: for a message, a freed slot, or a while; until it is to leave."""
        self._pool = await create_pool(
            self.redis_settings, job_serializer=encode, job_deserializer=decode
        )
        self.ctx["redis"] = self.pool
        async with self._listening() as ear:
            while not ear.done() and not self._leaving.is_set():
                self._rung.clear()
                await self._poll_iteration()
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._rung.wait()
                await asyncio.sleep(TOGETHER)
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
            await asyncio.shield(self._finished(job_id))

    async def _finish(self, ids: Sequence[str]) -> Sequence[None]:
        async with self.pool.pipeline(transaction=True) as pipe:
            pipe.delete(*(prefix + each for each in ids for prefix in (JOB, IN_PROGRESS)))
            pipe.zrem(self.queue_name, *ids)
            await pipe.execute()
        return [None] * len(ids)

    def _freed(self) -> None:
        self._release_sem_dec_counter_on_complete()
        self._rung.set()

    @asynccontextmanager
    async def _listening(self) -> Any:  # noqa: ANN401 - an iterator of tasks
        async def listen() -> None:
            async for _ in ear.listen():
                self._rung.set()

        ear = self.pool.pubsub()
        await ear.subscribe(self._handed)
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
