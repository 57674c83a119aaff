"""The short list of runs that were handed out and wait for a free hand, or are in one."""

import asyncio
import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.constants import in_progress_key_prefix as IN_PROGRESS  # noqa: N812 - a constant of theirs
from arq.constants import job_key_prefix as JOB  # noqa: N812 - likewise
from arq.jobs import serialize_job
from redis.asyncio.client import Pipeline

from domain.errors import Refused
from domain.run import Handed

EXPIRES = timedelta(days=7)

encode, decode = msgspec.msgpack.encode, msgspec.msgpack.decode


class WrongPolicy(Refused):
    """Redis may drop runs silently. Start it with `maxmemory-policy noeviction`, or name another
    one in REDIS_URL."""


class Queue:
    """The short list of handed-out runs. `name` keeps installations on one Redis apart."""

    def __init__(self, url: str, name: str = "stock-tracker") -> None:
        self.settings = RedisSettings.from_dsn(url)
        self.name = name
        self._pool: ArqRedis | None = None
        self._connecting = asyncio.Lock()

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
            pipe.publish(self.bell, b"")
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

    async def listed(self) -> Collection[str]:
        """The ids of all that is in it, in hands or not."""
        found: list[bytes] = await (await self._connected()).zrange(self.name, 0, -1)
        return [each.decode() for each in found]

    async def forget(self, listed: Collection[str], but: Sequence[Handed]) -> None:
        """Leave no trace of what is listed, but of these."""
        if others := set(listed).difference(map(_id, but)):
            pipe = (await self._connected()).pipeline(transaction=False)
            await drop(pipe, self.name, others)

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
    def bell(self) -> str:
        """The channel on which workers are woken."""
        return f"{self.name}:handed"

    @property
    def _epoch(self) -> str:
        return f"{self.name}:epoch"

    async def _connected(self) -> ArqRedis:
        async with self._connecting:
            if self._pool is None:
                self._pool = await create_pool(self.settings)
            return self._pool


async def drop(pipe: Pipeline, queue: str, ids: Collection[str]) -> None:
    """Leave no trace of these in what the pipe leads to."""
    pipe.zrem(queue, *ids)
    pipe.delete(*(prefix + each for each in ids for prefix in (JOB, IN_PROGRESS)))
    await pipe.execute()


def _id(run: Handed) -> str:
    return f"run:{run.run_id.hex}:{run.fence}"
