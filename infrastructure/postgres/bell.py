"""Wakes who waits for facts: rung after a commit, never inside it, and once for many.

A ring names the companies whose facts they are. NOTIFY inside the transaction would let one commit
pass at a time. A ring that is lost costs one poll: the table is the truth, the bell only saves
waiting.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from domain.errors import Unavailable
from domain.news import Heard, called, companies
from infrastructure.postgres.database import Database

PAUSE = 0.05
"""Seconds between two rings of a process: the first commit rings at once, those after it once."""
POLL = 1.0
"""Seconds after which a listener looks although nothing rang."""
FACTS, ARRIVALS = "facts", "stripe"
"""Channels: facts of companies, and what Stripe sent."""
NAMED = 200
"""Companies that one ring can name: PostgreSQL carries less than 8,000 bytes (NOTIFY)."""

log = logging.getLogger(__name__)


class Bell:
    """One end rings, the others wait; they may be in different processes. `channel`: what for.
    Implements `domain.news.Ear`."""

    def __init__(self, database: Database, channel: str = FACTS) -> None:
        self._database = database
        self._channel = channel
        self._ringing: asyncio.Task[None] | None = None
        self._due = self._nameless = False
        self._named: set[UUID] = set()
        self._rung = asyncio.Event()
        self._closing = asyncio.Event()

    def ring(self, those: Collection[UUID] = ()) -> None:
        """Soon, for these companies; without any, for all. To be called within a running loop."""
        if self._closing.is_set():
            return
        self._due = True
        self._named.update(those)
        self._nameless |= not those
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._ring())

    async def wait(self) -> None:
        """Until it rings, or for POLL seconds; a ring since the last wait counts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await self._rung.wait()
        self._rung.clear()

    async def close(self) -> None:
        """Ring no more. What was to ring has rung before, if the database answers: a command that
        ends after its fact is heard like any other process."""
        self._closing.set()
        if self._ringing is not None:
            await asyncio.wait([self._ringing], timeout=POLL)
            self._ringing.cancel()
            await asyncio.wait([self._ringing])

    @asynccontextmanager
    async def listening(self, heard: Heard = lambda _: None) -> AsyncIterator[Callable[[], bool]]:
        """On a connection of its own, as long as it lives; without one, polling does. Says whether
        it does not live any more."""

        def rung(_ear: object, _pid: int, _channel: str, named: str) -> None:
            self._rung.set()
            heard(companies(named))

        ear = await self._database.connect()
        try:
            await ear.add_listener(self._channel, rung)
            yield ear.is_closed
        finally:
            await ear.close()

    async def _ring(self) -> None:
        while self._due:
            everybody = self._nameless or len(self._named) > NAMED
            call = called(() if everybody else self._named)
            self._due = self._nameless = False
            self._named.clear()
            try:
                async with self._database.driver() as driver:
                    await driver.execute("SELECT pg_notify($1, $2)", self._channel, call)
            except Unavailable:
                log.info("the bell did not ring; whoever waits will look by himself")
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await self._closing.wait()
