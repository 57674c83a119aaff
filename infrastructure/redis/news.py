"""News of runs from the workers to whoever shows them: which companies have some, on one channel.

Telling never holds a run up, and news that are lost cost a poll: the ledger is the truth. Channels
do not know Redis' numbered databases, so `name` keeps installations on one Redis apart.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from domain.errors import Unavailable
from domain.news import Heard, called, companies

PAUSE = 0.25
"""Seconds between two messages of a process: the first news go out at once, those after them
together."""
PATIENCE = 2.0
QUIET = 15.0
"""Seconds without a word after which Redis is asked whether it is still there."""


class News:
    """One end tells, the others listen. Implements `domain.news.Ear`."""

    def __init__(self, redis: Redis, name: str = "stock-tracker") -> None:
        self._redis = redis
        self._channel = f"{name}:news"
        self._due: set[UUID] = set()
        self._telling: asyncio.Task[None] | None = None
        self._closed = False

    def tell(self, company: UUID) -> None:
        """Soon. To be called within a running loop."""
        if self._closed:
            return
        self._due.add(company)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def close(self) -> None:
        """Tell no more."""
        self._closed = True
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.wait([self._telling])

    @asynccontextmanager
    async def listening(self, heard: Heard) -> AsyncIterator[Callable[[], bool]]:
        """On a connection of its own, as long as it lives: says whether it does not any more.
        Raises Unavailable."""
        ear = self._redis.pubsub()
        try:
            try:
                async with asyncio.timeout(PATIENCE):
                    await ear.subscribe(self._channel)
            except (RedisError, OSError, TimeoutError) as away:
                message = "Redis does not answer at the moment. Try again."
                raise Unavailable(message, cause="our_outage") from away
            listening = asyncio.create_task(_listen(ear, heard))
            try:
                yield listening.done
            finally:
                listening.cancel()
                await asyncio.wait([listening])
        finally:
            with suppress(RedisError, OSError):
                await ear.aclose()  # type: ignore[no-untyped-call] # of theirs

    async def _tell(self) -> None:
        while self._due:
            told, self._due = self._due, set()
            with suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._redis.publish(self._channel, called(told))
            await asyncio.sleep(PAUSE)


async def _listen(ear: PubSub, heard: Heard) -> None:
    """Until the connection is lost, or silent for too long."""
    asked = False
    with suppress(RedisError, OSError):
        while True:
            message = await ear.get_message(timeout=QUIET)
            if message is None and asked:
                return
            asked = message is None
            if message is None:
                await ear.ping()
            elif message["type"] == "message":
                heard(companies(message["data"]))
