"""Servers, a worker process, and companies that ask for runs: for the benchmarks of the engine."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import cast
from uuid import UUID, uuid4

from redis.asyncio import Redis

from app import settings
from app.wiring import Product, opened, prepare
from benchmarks.world import keys
from domain.ids import uuid7
from domain.run import USUAL
from infrastructure.clock import system_clock
from infrastructure.postgres.lanes import wake
from infrastructure.postgres.ledger import ASK
from sandbox.servers import postgres, temporary_folder, valkey

SLOTS = 20
STARTED = "bench:started"
"""A list in Redis: each run says there what it was called and when it began."""


class Bench:
    """Everything that is open."""

    def __init__(self, product: Product, environ: Mapping[str, str]) -> None:
        self.product = product
        self.environ = environ
        self.redis: Redis = product.redis

    async def ask(self, company: UUID, count: int, milliseconds: int = 0) -> Sequence[UUID]:
        """Ask for runs that take so long; as facts do it, with a ring at the end."""
        now = system_clock()
        rows = []
        for _ in range(count):
            run_id = uuid7(now)
            told = (f"{run_id}", f"cause:{run_id}", "schedule", run_id, "bench:1", now, "")
            args = f'{{"ms": {milliseconds}}}'
            rows.append((company, run_id, "nap", None, *told, args, USUAL))
        async with self.product.database.writing() as driver:
            await wake(driver, [company])
            await driver.executemany(ASK, rows)
        self.product.bell.ring()
        return [row[1] for row in rows]

    async def started(self) -> dict[str, float]:
        """When each run that has begun did so, by its id in hex; the list is empty afterwards."""
        popped = cast("Awaitable[list[str] | None]", self.redis.lpop(STARTED, 1_000_000))
        said = await popped or []
        return {name: float(at) for name, _, at in (each.partition(" ") for each in said)}

    @asynccontextmanager
    async def worker(self, module: str, *arguments: str) -> AsyncIterator[None]:
        """A process that works while the block lasts."""
        command = (sys.executable, "-m", module, *arguments)
        process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **self.environ})
        try:
            yield
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def bench(more: Mapping[str, str] = MappingProxyType({})) -> AsyncIterator[Bench]:
    """Servers of its own, as they come, and `more` in the environment. Gone with the block."""
    with (
        temporary_folder() as folder,
        postgres(folder / "postgres") as server,
        valkey(folder / "valkey") as memory,
    ):
        environ = {
            "DATABASE_URL": server.url,
            "REDIS_URL": memory.url,
            "LOG_LEVEL": "WARNING",
            **keys(),
            **more,
        }
        read = settings.load(environ)
        await prepare(read)
        async with opened(read) as made:
            yield Bench(made, environ)


def companies(count: int) -> Sequence[UUID]:
    """In no order."""
    return [uuid4() for _ in range(count)]
