"""When each shop is due: O(due), whatever the number of schedules."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import uuid4

import asyncpg

from domain.ids import uuid7
from domain.ports import Clock
from infrastructure.postgres.database import Database
from infrastructure.postgres.ledger import ASK

Following: TypeAlias = Callable[[str, str, datetime], datetime]

BATCH = 500

log = logging.getLogger(__name__)

# Whoever writes what follows from a company's facts holds its head: with the heads in hand, nobody
# is waited for below, so no two wait for each other.
_DUE = """
SELECT d.tenant_id, d.shop_id, d.cron, d.zone, d.next_run_at, s.spreadsheet_id IS NOT NULL AS ready
FROM schedules d JOIN shops s USING (tenant_id, shop_id)
JOIN heads h ON (h.tenant_id, h.kind, h.stream_id) = (d.tenant_id, 'tenant', d.tenant_id)
WHERE d.next_run_at <= $1 ORDER BY d.next_run_at LIMIT $2 FOR NO KEY UPDATE OF h, d SKIP LOCKED
"""

_ADVANCE = "UPDATE schedules SET next_run_at = $3 WHERE tenant_id = $1 AND shop_id = $2"


class PostgresSchedules:
    """`domain.run.Schedules` in PostgreSQL. A slot missed while nothing ran is run once, late."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tick(self, following: Following) -> int:
        """Ask for a run of each shop that is due, once per slot, and move on. How many."""
        now = self._clock()
        async with self._database.writing() as driver:
            due = await driver.fetch(_DUE, now, BATCH)
            asked = [
                (
                    row["tenant_id"],
                    uuid7(now),
                    "sync",
                    row["shop_id"],
                    f"sync:{row['shop_id']}",
                    f"schedule:{row['shop_id']}:{row['next_run_at'].isoformat()}",
                    "schedule",
                    uuid4(),
                    f"schedule:{row['next_run_at'].isoformat()}",
                    now,
                    "",
                )
                for row in due
                if row["ready"]
            ]
            await driver.executemany(ASK, asked)
            moved = [(row["tenant_id"], row["shop_id"], _next(row, following, now)) for row in due]
            await driver.executemany(_ADVANCE, moved)
        return len(asked)


def _next(row: asyncpg.Record, following: Following, now: datetime) -> datetime:
    """One schedule that cannot be read must not stop all others: it is looked at again in a day."""
    try:
        return following(row["cron"], row["zone"], now)
    except Exception:
        log.exception("a schedule has no next time", extra={"shop_id": str(row["shop_id"])})
        return now + timedelta(days=1)
