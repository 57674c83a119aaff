"""The product's web process, as it is served, and other processes that answer on a port."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp

from sandbox.servers import free_port


@asynccontextmanager
async def web(environ: Mapping[str, str]) -> AsyncIterator[int]:
    """Its port, once it is ready. Gone with the block."""
    port = free_port()
    command = ("-m", "app", "serve", "--web")
    async with answering(command, {**environ, "API_PORT": str(port)}, port, "/health/ready"):
        yield port


@asynccontextmanager
async def answering(
    command: Sequence[str], environ: Mapping[str, str], port: int, path: str
) -> AsyncIterator[None]:
    """A process of this Python, once it answers there with success."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, env={**os.environ, **environ}, stdout=2
    )
    try:
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{port}{path}") as answer:
                        if answer.ok:
                            break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
        yield
    finally:
        process.terminate()
        await process.wait()
