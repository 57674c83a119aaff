"""Who works: a row per worker process, kept fresh by itself."""

from datetime import timedelta

from domain.fact import fact
from domain.ports import Clock
from infrastructure.postgres.database import Database

LOST_AFTER = timedelta(seconds=30)
REMEMBERED = timedelta(hours=1)

_BEAT = """
INSERT INTO workers AS w (worker, version, slots, busy, started_at, heartbeat_at, draining)
VALUES ($1, $2, $3, $4, $5, $5, $6)
ON CONFLICT (worker) DO UPDATE SET busy = $4, heartbeat_at = $5, draining = $6
"""
_SLOTS = "SELECT sum(slots)::int FROM workers WHERE heartbeat_at >= $1 AND NOT draining"
_LEAVE = "DELETE FROM workers WHERE worker = $1"
_FORGET = "DELETE FROM workers WHERE heartbeat_at < $1"


@fact
class Workers:
    """The workers of this installation."""

    database: Database
    clock: Clock
    version: str

    async def beat(self, worker: str, *, slots: int, busy: int, draining: bool = False) -> int:
        """This one lives. How many slots all that live have together."""
        now = self.clock()
        async with self.database.driver() as driver:
            await driver.execute(_BEAT, worker, self.version, slots, busy, now, draining)
            return await driver.fetchval(_SLOTS, now - LOST_AFTER) or slots

    async def leave(self, worker: str) -> None:
        """This one ended as it should."""
        async with self.database.driver() as driver:
            await driver.execute(_LEAVE, worker)

    async def forget(self) -> None:
        """Those that were lost long ago."""
        async with self.database.driver() as driver:
            await driver.execute(_FORGET, self.clock() - REMEMBERED)
