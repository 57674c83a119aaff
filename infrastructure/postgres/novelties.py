"""What marketplaces say that nobody has heard before: a row each, shared by all tenants."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from domain.errors import Unavailable
from domain.novelty import Novelty
from domain.ports import Clock
from infrastructure.postgres.database import Database

A_DAY = timedelta(days=1)
"""How often a process says that it still hears the same."""
MOST = 50
"""Things of one place of an answer that are kept: whatever a marketplace makes up, it stays few."""

_NOTE = """
INSERT INTO novelties AS n (endpoint, path, kind, thing, example, first_at, last_at)
SELECT $1, $2, $3, $4, $5, $6, $6
WHERE (SELECT count(*) FROM novelties WHERE endpoint = $1 AND path = $2 AND thing <> $4) < $7
ON CONFLICT (endpoint, path, kind, thing) DO UPDATE SET last_at = greatest(n.last_at, $6)
"""


class PostgresNovelties:
    """Implements the port. Each process knows what it has written within a day."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._written: dict[Novelty, datetime] = {}

    async def note(self, found: Collection[Novelty]) -> None:
        """See the port."""
        now = self._clock()
        new = [each for each in found if now - self._written.get(each, now - A_DAY) >= A_DAY]
        if not new:
            return
        rows = [(e.endpoint, e.path, e.kind, e.thing, e.example, now, MOST) for e in new]
        with suppress(Unavailable):
            async with self._database.driver() as driver:
                await driver.executemany(_NOTE, rows)
            self._written |= dict.fromkeys(new, now)
