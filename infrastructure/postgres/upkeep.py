"""Keeping the house: the coming months' partitions, and what is no longer to be kept."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from domain.ports import Clock
from infrastructure.postgres.database import Database

ORIGINS_KEPT = timedelta(days=90)
SESSIONS_KEPT = timedelta(days=90)
COMMANDS_KEPT = timedelta(days=30)
MONTHS_AHEAD = 2

_MONTH = """
CREATE TABLE IF NOT EXISTS job_history_{name} PARTITION OF job_history
FOR VALUES FROM ('{first}') TO ('{following}')
"""
# A month that already has rows in the default partition stays there: moving them would lock it.
_STRAYS = """
SELECT EXISTS (SELECT FROM job_history_rest WHERE finished_at >= $1 AND finished_at < $2)
"""


# A worker that knows other shapes, as in a rolling deploy, folds the streams in question anew.
_SHAPELESS = "DELETE FROM states WHERE shape <> ALL ($1::bytea[])"


class Upkeep:
    """Idempotent, and harmless when several processes do it at once.

    `shapes` are those of kept states that this version can read.
    """

    def __init__(self, database: Database, shapes: Collection[bytes], clock: Clock) -> None:
        self._database = database
        self._shapes = shapes
        self._clock = clock

    async def __call__(self) -> None:
        """Do all of it."""
        now = self._clock()
        async with self._database.writing() as driver:
            await driver.execute("SELECT pg_advisory_xact_lock(hashtext('upkeep'))")
            for first in _months(now):
                following = _next(first)
                if not await driver.fetchval(_STRAYS, first, following):
                    name = f"{first:%Y_%m}"
                    await driver.execute(_MONTH.format(name=name, first=first, following=following))
            await driver.execute("DELETE FROM origins WHERE at < $1", now - ORIGINS_KEPT)
            await driver.execute("DELETE FROM sessions WHERE expires_at < $1", now - SESSIONS_KEPT)
            await driver.execute("DELETE FROM commands WHERE at < $1", now - COMMANDS_KEPT)
            await driver.execute(_SHAPELESS, self._shapes)


def _months(now: datetime) -> list[datetime]:
    """The first moments of this month and of the coming ones, UTC."""
    months = [datetime(now.year, now.month, 1, tzinfo=UTC)]
    for _ in range(MONTHS_AHEAD):
        months.append(_next(months[-1]))
    return months


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)
