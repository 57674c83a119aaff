"""Who reads the feed, and how far each has come: stored, so that nobody reads twice or skips."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta

from domain.errors import Refused
from domain.fact import fact
from domain.ports import Clock
from infrastructure.postgres.bell import Bell
from infrastructure.postgres.database import Database
from infrastructure.postgres.feed import Feed, Page

_BEGIN = """
INSERT INTO consumers (name, position, moved_at) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING
"""
_POSITION = "SELECT position FROM consumers WHERE name = $1"
_MOVE = "UPDATE consumers SET position = $3, moved_at = $4 WHERE name = $1 AND position = $2"
_FORGET = "DELETE FROM consumers WHERE name = $1"
_LAGS = """
SELECT name, c.position, moved_at,
       (SELECT count(*) FROM events e WHERE e.position > c.position) AS facts,
       (SELECT at FROM events e WHERE e.position > c.position ORDER BY position LIMIT 1) AS oldest
FROM consumers c ORDER BY name
"""


class SplitBrain(Refused):
    """Somebody else reads the feed under this name. Each consumer needs a name of its own."""


@fact
class Lag:
    """How far a consumer is behind: in facts, and in the age of the first one it has not seen."""

    name: str
    position: int
    moved_at: datetime
    facts: int
    age: timedelta


class Consumers:
    """Positions by name."""

    def __init__(self, database: Database, feed: Feed, clock: Clock) -> None:
        self._database = database
        self._feed = feed
        self._clock = clock

    async def follow(self, name: str, bell: Bell) -> AsyncGenerator[Page, None]:
        """What the consumer has not had, then what comes, until cancelled. A page counts as had
        when the next one is asked for: after a crash the last page comes again, none is skipped.

        A new name begins at the first fact. Raises SplitBrain.
        """
        while True:
            async with aclosing(self.rest(name)) as pages:
                async for page in pages:
                    yield page
            await bell.wait()

    async def rest(self, name: str) -> AsyncGenerator[Page, None]:
        """The same, to the end as it is now."""
        position = await self._begin(name)
        async with aclosing(self._feed.pages(position)) as pages:
            async for page in pages:
                yield page
                await self._move(name, position, page.safe)
                position = page.safe

    async def forget(self, name: str) -> bool:
        """False if nobody had that name."""
        async with self._database.driver() as driver:
            done: str = await driver.execute(_FORGET, name)
        return done != "DELETE 0"

    async def lags(self) -> list[Lag]:
        """Of every consumer."""
        async with self._database.driver() as driver:
            rows = await driver.fetch(_LAGS)
        now = self._clock()
        return [
            Lag(
                name=row["name"],
                position=row["position"],
                moved_at=row["moved_at"],
                facts=row["facts"],
                age=now - row["oldest"] if row["oldest"] else timedelta(),
            )
            for row in rows
        ]

    async def _begin(self, name: str) -> int:
        async with self._database.driver() as driver:
            await driver.execute(_BEGIN, name, self._clock())
            position: int = await driver.fetchval(_POSITION, name)
        return position

    async def _move(self, name: str, before: int, after: int) -> None:
        async with self._database.driver() as driver:
            moved = await driver.execute(_MOVE, name, before, after, self._clock())
        if moved == "UPDATE 0":
            raise SplitBrain
