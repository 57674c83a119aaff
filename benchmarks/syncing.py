"""The syncing process from outside: start it, ask it for a sync, hear what that cost."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.world import Shop, World
from domain.fact import fact


@fact
class Cost:
    """CPU: user and system, seconds. Memory: MiB resident at the worst moment."""

    cpu_s: float
    peak_mib: float
    wall_s: float
    changed: bool


class Failed(RuntimeError):
    """A measured sync did not succeed."""


class Syncing:
    """A worker that does one sync after the other."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def sync(self, shop: Shop) -> Cost:
        """Raises Failed with the run's reason."""
        told, answers = self._process.stdin, self._process.stdout
        assert told
        assert answers
        told.write(f"{shop.tenant} {shop.id}\n".encode())
        answer: dict[str, Any] = json.loads(await answers.readline() or b'{"state": "gone"}')
        if answer["state"] != "succeeded":
            raise Failed(f"The run is {answer['state']}: {answer.get('why')}")
        return Cost(
            cpu_s=answer["cpu_s"],
            peak_mib=answer["peak_mib"],
            wall_s=answer["wall_s"],
            changed=answer["result"]["changed"],
        )


@asynccontextmanager
async def syncing(world: World) -> AsyncIterator[Syncing]:
    """A new process; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.worker"),
        stdin=PIPE,
        stdout=PIPE,
        env={**os.environ, **world.environ},
    )
    try:
        yield Syncing(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
