"""Every fact of every company in one order, none missed: for those who pass facts on.

A number drawn from a sequence may commit after a higher one, or never. So at a hole the reader asks
who holds a writer's lock on `events`: an insert takes it before it draws its number and keeps it to
its end, so whoever owns a missing number is among them, or has ended. When none of them is left,
what is still missing was rolled back. No time-out decides, and nobody unrelated is waited for.
Only a primary server knows these locks.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import asyncpg

from domain.events import Recorded
from domain.fact import fact
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.database import Database
from infrastructure.postgres.facts import COLUMNS, facts_of

PAGE = 500
SHORTEST, LONGEST = 0.001, 0.05
"""Seconds between two looks at the writers of a hole."""

_AFTER = f"SELECT {COLUMNS} FROM events WHERE position > $1 ORDER BY position LIMIT $2"  # noqa: S608
_LAST = "SELECT coalesce(max(position), 0) FROM events"
_UP_TO = f"""
SELECT {COLUMNS} FROM events WHERE position > $1 AND position <= $2 ORDER BY position
"""  # noqa: S608 - constants only
# A prepared transaction holds its locks without a process, hence IS DISTINCT FROM.
_WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation = 'events'::regclass AND pid IS DISTINCT FROM pg_backend_pid()
"""


@fact
class Page:
    """Facts in order of position, and how far nothing can appear any more."""

    facts: Sequence[Recorded]
    safe: int


class Feed:
    """The facts of the whole database, read as its owner."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._codec = codec

    async def read(self, after: int, limit: int = PAGE) -> Page:
        """The facts after position `after`, about `limit`; none when nothing new has committed."""
        async with self._database.driver() as driver:
            return self._page(after, await _whole(driver, after, limit))

    async def pages(self, after: int, limit: int = PAGE) -> AsyncGenerator[Page, None]:
        """Page after page to the end, as it is then; the next is on its way while one is used."""
        async with self._database.driver() as driver:
            rows = await _whole(driver, after, limit)
            while rows:
                coming = asyncio.create_task(_whole(driver, rows[-1]["position"], limit))
                await asyncio.sleep(0)  # or it would be asked for only when this one is used
                try:
                    yield self._page(after, rows)
                    rows = await coming
                finally:
                    coming.cancel()
                    await asyncio.gather(coming, return_exceptions=True)

    def _page(self, after: int, rows: Sequence[asyncpg.Record]) -> Page:
        facts = list(facts_of(self._codec, rows))
        return Page(facts=facts, safe=facts[-1].position if facts else after)


async def settled(driver: asyncpg.Connection) -> int:
    """A position up to which nothing can appear any more: the last one there is, once all those
    have ended who may have drawn a lower one. Whoever begins to write later draws a higher one."""
    last: int = await driver.fetchval(_LAST)
    await _ended(driver, await _writers(driver))
    return last


async def _whole(driver: asyncpg.Connection, after: int, limit: int) -> Sequence[asyncpg.Record]:
    """A page without a hole that might still be filled."""
    rows: Sequence[asyncpg.Record] = await driver.fetch(_AFTER, after, limit)
    if not rows or rows[-1]["position"] - after == len(rows):
        return rows
    await _ended(driver, await _writers(driver))
    # Rows that were there are there still, so the page may only have grown.
    grown: Sequence[asyncpg.Record] = await driver.fetch(_UP_TO, after, rows[-1]["position"])
    return grown


async def _ended(driver: asyncpg.Connection, writers: set[str]) -> None:
    pause = SHORTEST
    while writers:
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST)
        writers &= await _writers(driver)


async def _writers(driver: asyncpg.Connection) -> set[str]:
    return {row["virtualtransaction"] for row in await driver.fetch(_WRITERS)}
