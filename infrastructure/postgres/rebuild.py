"""A projected table made anew from the facts: beside the one in use, while commands go on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
from asyncpg.exceptions import LockNotAvailableError

from domain.errors import Refused
from domain.fact import fact
from domain.ports import Clock
from infrastructure.postgres import rebuild_shape as shape
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.database import Database
from infrastructure.postgres.facts import facts_of
from infrastructure.postgres.feed import settled
from infrastructure.postgres.rebuild_fold import Count, Entry, Key, Rebuilt, folded
from infrastructure.postgres.rebuild_load import target, write
from infrastructure.postgres.rebuild_read import STRETCH, Told, rows_between, undisturbed

NEAR = 500
"""Positions so few that they may be folded while everybody waits."""
PIECE = 1_000
"""Facts that are folded without looking around."""
# Shorter than the server's deadlock_timeout (1 s): whoever waits for us in a ring with us goes on
# before the server looks for somebody to end.
LOCK_TIMEOUT = "500ms"
SHORTEST, LONGEST = 0.1, 10.0
"""Seconds between two tries to swap: in between, those who waited behind us have their turn."""

_POSITION = "SELECT position FROM consumers WHERE name = $1 AND code = $2"
_BEGIN = """
INSERT INTO consumers (name, position, moved_at, code) VALUES ($1, 0, $2, $3)
ON CONFLICT (name) DO UPDATE SET position = 0, moved_at = $2, code = $3
"""
_MOVE = "UPDATE consumers SET position = $3, moved_at = $4 WHERE name = $1 AND position = $2"
_FORGET = "DELETE FROM consumers WHERE name = $1 AND position = $2"
# A crash of the server may take the last stretches back, rows and position together.
_LATER = "SET LOCAL synchronous_commit = off"
_CLAIM = "SELECT pg_try_advisory_lock(hashtext('rebuild'), hashtext($1))"
_RELEASE = "SELECT pg_advisory_unlock(hashtext('rebuild'), hashtext($1))"


class AlreadyRebuilding(Refused):
    """Somebody rebuilds this table already. `stock-tracker projections list` says how far."""


class Moved(Refused):
    """Somebody else moved or forgot this rebuild's consumer. Start it again, with --anew."""


@fact
class Done:
    """What a rebuild, or the rest of one, has read. `unread` ones only a newer version can read."""

    facts: int
    unread: int


def consumer(table: str) -> str:
    """The name under which a rebuild keeps how far it has come."""
    return f"rebuild:{table}"


class Rebuilds:
    """Any projected table, one at a time each."""

    def __init__(self, database: Database, codec: Codec, clock: Clock) -> None:
        self._database = database
        self._codec = codec
        self._clock = clock

    async def rebuild(self, what: Rebuilt, told: Told, *, anew: bool = False) -> Done:
        """Go on where an interrupted one of the same code stopped, unless `anew`. May be killed at
        any moment.

        Raises AlreadyRebuilding, Moved, and Refused for what cannot be rebuilt.
        """
        async with self._database.driver() as reader, self._claimed(what.name) as driver:
            await shape.refuse_fixed(driver, what.name)
            building = Building(what, self._codec, self._clock, (driver, reader), told)
            with undisturbed():
                await building.begin(anew=anew)
                await building.build()
            return Done(facts=building.read.facts, unread=building.read.unread)

    @asynccontextmanager
    async def _claimed(self, table: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection that nobody else has for this table; the server frees what is killed."""
        async with self._database.driver() as driver:
            if not await driver.fetchval(_CLAIM, table):
                raise AlreadyRebuilding
            try:
                yield driver
            finally:
                await driver.fetchval(_RELEASE, table)


class Building:
    """One table under way: what is read by one connection is written by another."""

    def __init__(
        self,
        what: Rebuilt,
        codec: Codec,
        clock: Clock,
        connections: tuple[asyncpg.Connection, asyncpg.Connection],
        told: Told,
    ) -> None:
        self._what = what
        self._codec = codec
        self._clock = clock
        self._driver, self._reader = connections
        self._told = told
        self._consumer = consumer(what.name)
        self._position = 0
        self.read = Count()

    async def begin(self, *, anew: bool) -> None:
        """A new table at position 0, or the one that was begun, where it stands."""
        table = self._what.name
        async with self._driver.transaction():
            known = await self._driver.fetchval(_POSITION, self._consumer, self._what.code)
            if anew or known is None or not await shape.alike(self._driver, table):
                await shape.make(self._driver, table)
                await self._driver.execute(_BEGIN, self._consumer, self._clock(), self._what.code)
                known = 0
        self._position = known
        new = shape.making(table)
        self._target = await target(self._driver, new, self._what.table.key)

    async def build(self) -> None:
        """All facts, the indexes, what came meanwhile, and the swap."""
        await self._go_on(await settled(self._reader))
        self._told("indexing", self._position, self._position)
        await shape.finish(self._driver, self._what.name)
        pause = SHORTEST
        while True:
            until = await settled(self._reader)
            near = until - self._position < NEAR
            await self._go_on(until)
            if near:
                if await self._swap():
                    return
                self._told("waiting for those who use it", self._position, self._position)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST)

    async def _go_on(self, until: int) -> None:
        """While one stretch is written, the next is folded, and the one after it read."""
        done, upto = self._position, min(self._position + STRETCH, until)
        coming = asyncio.create_task(self._fetch(done, upto))
        writing = asyncio.create_task(asyncio.sleep(0))
        try:
            while done < until:
                rows = await coming
                further = min(upto + STRETCH, until)
                coming = asyncio.create_task(self._fetch(upto, further))
                entries = await self._folded(rows)
                await writing
                self._told("folding", self._position, until)
                writing = asyncio.create_task(self._carry(entries, upto))
                done, upto = upto, further
            await writing
        finally:
            for each in (coming, writing):
                each.cancel()
            await asyncio.wait([coming, writing])

    async def _fetch(self, after: int, upto: int) -> Sequence[asyncpg.Record]:
        if after >= upto:
            return ()
        return await rows_between(self._reader, after, upto, self._what.silent)

    async def _folded(self, rows: Sequence[asyncpg.Record]) -> dict[Key, Entry]:
        """A piece at a time: in between, what is on its way to and from the server goes on."""
        entries: dict[Key, Entry] = {}
        for start in range(0, len(rows), PIECE):
            facts = self.read(facts_of(self._codec, rows[start : start + PIECE]))
            folded(self._what, facts, entries)
            await asyncio.sleep(0)
        return entries

    async def _carry(self, entries: dict[Key, Entry], upto: int) -> None:
        async with self._driver.transaction():
            await self._driver.execute(_LATER)
            await write(self._driver, self._target, entries)
            await self._move(upto)

    async def _move(self, upto: int) -> None:
        row = (self._consumer, self._position, upto, self._clock())
        if await self._driver.execute(_MOVE, *row) == "UPDATE 0":
            raise Moved
        self._position = upto

    async def _swap(self) -> bool:
        """False if the table's lock was not to be had soon.

        An append writes its rows into the old table before it commits. Once nobody has that table
        but us, the facts that are visible are those whose rows are in it: every one of them is
        read, and holes do not matter, for whoever fills them has not written his row yet. He waits
        for us, and writes it himself into the table that then has the name.
        """
        driver, table = self._driver, self._what.name
        try:
            async with driver.transaction():
                await driver.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                await shape.lock(driver, table)
                await shape.refuse_fixed(driver, table)
                silent = self._what.silent
                rows = await rows_between(driver, self._position, None, silent)
                await write(driver, self._target, await self._folded(rows))
                await shape.swap(driver, table)
                if await driver.execute(_FORGET, self._consumer, self._position) == "DELETE 0":
                    raise Moved
        except LockNotAvailableError:
            return False
        return True
