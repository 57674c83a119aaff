"""The peer from outside: started on the same server, asked for one window after the other."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import URL

NAME = "eventsourcing 9.5"


class Gone(RuntimeError):
    """The peer's process ended; what it said is above."""


class Peer:
    """See `benchmarks.peer` for what it can be asked."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def __call__(self, name: str, *asked: float) -> float:
        told, answers = self._process.stdin, self._process.stdout
        assert told
        assert answers
        told.write(json.dumps([name, *asked]).encode() + b"\n")
        answer = await answers.readline()
        if not answer:
            raise Gone
        return float(answer)


@asynccontextmanager
async def peering(url: URL, threads: int) -> AsyncIterator[Peer]:
    """With a connection for each thread, and else with its own defaults."""
    environ = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(url.database),
        "POSTGRES_HOST": str(url.query["host"]),
        "POSTGRES_USER": str(url.username),
        "POSTGRES_PASSWORD": "none; the socket's folder is closed to others",
        "POSTGRES_POOL_SIZE": str(threads),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.peer"),
        stdin=PIPE,
        stdout=PIPE,
        env={**os.environ, **environ},
    )
    try:
        yield Peer(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
