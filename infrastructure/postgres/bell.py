"""Wakes who waits for facts: rung after a commit, never inside it, and once for many.

NOTIFY inside the transaction would let one commit pass at a time. A ring that is lost costs one
poll: the table is the truth, the bell only saves waiting.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from domain.errors import Unavailable
from infrastructure.postgres.database import Database

PAUSE = 0.05
"""Seconds between two rings of a process: the first commit rings at once, those after it once."""
POLL = 1.0
"""Seconds after which a listener looks although nothing rang."""
CHANNEL = "facts"

log = logging.getLogger(__name__)


class Bell:
    """One end rings, the others wait; they may be in different processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ringing: asyncio.Task[None] | None = None
        self._due = self._closed = False
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Soon. To be called within a running loop."""
        self._due = not self._closed
        if self._due and (self._ringing is None or self._ringing.done()):
            self._ringing = asyncio.create_task(self._ring())

    async def wait(self) -> None:
        """Until it rings, or for POLL seconds; a ring since the last wait counts."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), POLL)
        self._rung.clear()

    async def close(self) -> None:
        """Ring no more."""
        self._closed = True
        if self._ringing is not None:
            self._ringing.cancel()
            await asyncio.wait([self._ringing])

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Callable[[], bool]]:
        """On a connection of its own, as long as it lives; without one, polling does. Says whether
        it does not live any more."""

        def heard(*_: object) -> None:
            self._rung.set()

        ear = await self._database.connect()
        try:
            await ear.add_listener(CHANNEL, heard)
            yield ear.is_closed
        finally:
            await ear.close()

    async def _ring(self) -> None:
        while self._due:
            self._due = False
            try:
                async with self._database.driver() as driver:
                    await driver.execute(f"NOTIFY {CHANNEL}")
            except Unavailable:
                log.info("the bell did not ring; whoever waits will look by himself")
            await asyncio.sleep(PAUSE)
