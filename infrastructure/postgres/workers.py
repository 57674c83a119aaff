"""Who works: a row per worker process, kept fresh by itself. One is `draining`, and takes no more
runs, from the moment at which it was asked to go or goes by itself."""

from datetime import timedelta

from domain.fact import fact
from domain.ports import Clock
from domain.run import SILENT_AFTER
from infrastructure.postgres.database import Database

REMEMBERED = timedelta(hours=1)

# Whoever has the name of one that was killed, as in a container that was started again, is new.
_ARRIVE = """
INSERT INTO workers (worker, version, slots, busy, started_at, heartbeat_at)
VALUES ($1, $2, $3, 0, $4, $4)
ON CONFLICT (worker) DO UPDATE SET version = $2, slots = $3, busy = 0, started_at = $4,
  heartbeat_at = $4, draining = false, drain_asked = false
"""
_BEAT = """
INSERT INTO workers AS w (worker, version, slots, busy, started_at, heartbeat_at, draining)
VALUES ($1, $2, $3, $4, $5, $5, $6)
ON CONFLICT (worker) DO UPDATE SET busy = $4, heartbeat_at = $5, draining = $6 OR w.drain_asked
RETURNING drain_asked
"""
_SLOTS = "SELECT sum(slots)::int FROM workers WHERE heartbeat_at >= $1 AND NOT draining"
_LEAVE = "DELETE FROM workers WHERE worker = $1"
_FORGET = "DELETE FROM workers WHERE heartbeat_at < $1"


@fact
class Heard:
    """What a worker hears when it says that it lives: how many slots all that take runs have
    together, and whether it is to drain."""

    slots: int
    drain: bool


@fact
class Workers:
    """The workers of this installation."""

    database: Database
    clock: Clock
    version: str

    async def arrive(self, worker: str, *, slots: int) -> None:
        """This one begins."""
        async with self.database.driver() as driver:
            await driver.execute(_ARRIVE, worker, self.version, slots, self.clock())

    async def beat(self, worker: str, *, slots: int, busy: int, draining: bool = False) -> Heard:
        """This one lives."""
        now = self.clock()
        async with self.database.driver() as driver:
            told = (worker, self.version, slots, busy, now, draining)
            asked = await driver.fetchval(_BEAT, *told)
            fleet = await driver.fetchval(_SLOTS, now - SILENT_AFTER) or 0
        return Heard(slots=fleet, drain=asked)

    async def leave(self, worker: str) -> None:
        """This one ended as it should."""
        async with self.database.driver() as driver:
            await driver.execute(_LEAVE, worker)

    async def forget(self) -> None:
        """Those that were lost long ago."""
        async with self.database.driver() as driver:
            await driver.execute(_FORGET, self.clock() - REMEMBERED)
