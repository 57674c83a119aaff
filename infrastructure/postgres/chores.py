"""Whose turn a chore is: of all workers the one that moves its hour on."""

from datetime import datetime, timedelta

from domain.chores import Turn
from domain.ports import Clock
from infrastructure.postgres.database import Database

_TAKE = """
INSERT INTO stripe_chores AS c (name, due_at) VALUES ($1, $3)
ON CONFLICT (name) DO UPDATE SET due_at = $3 WHERE c.due_at <= $2
RETURNING done_at
"""
_DONE = "UPDATE stripe_chores SET done_at = $2, due_at = $3 WHERE name = $1"
_AGAIN = "UPDATE stripe_chores SET due_at = $2 WHERE name = $1"


class PostgresChores:
    """Implements `domain.chores.Calendar`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def take(self, name: str, hold: timedelta) -> Turn | None:
        """See the port."""
        now = self._clock()
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_TAKE, name, now, now + hold)
        return Turn(name=name, begun=now, last=row["done_at"]) if row else None

    async def done(self, turn: Turn, following: datetime) -> None:
        """See the port."""
        async with self._database.driver() as driver:
            await driver.execute(_DONE, turn.name, turn.begun, following)

    async def again(self, turn: Turn, at: datetime) -> None:
        """See the port."""
        async with self._database.driver() as driver:
            await driver.execute(_AGAIN, turn.name, at)
