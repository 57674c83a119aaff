"""Writers that dawdle between drawing a position and committing, or take it all back; and readers.

Delay and ruin are statements that follow from a fact: they run inside the transaction of an append.
"""

import asyncio
import random
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
from asyncpg.exceptions import DivisionByZeroError

from domain import tenant
from domain.access import Role
from domain.events import START, Change, Head, Origin, Stream
from infrastructure.postgres.bell import Bell
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.consumers import Consumers
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.feed import Feed

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
ORIGIN = Origin(source="cli", actor=None, correlation=UUID(int=1), causation="request:1")
CODEC = Codec([("tenant", tenant.Event)])

STORES, COMMANDERS, RAW_WRITERS = 4, 3, 2
DAWDLE, PATIENCE = 0.3, 10.0
"""Seconds after which a raw writer no longer waits to be passed, and nobody for the follower."""

NAP = "SELECT pg_sleep($2) WHERE $1::uuid IS NOT NULL"
RUIN = "SELECT 1 / $2::int WHERE $1::uuid IS NOT NULL"
RAW = """
INSERT INTO events (tenant_id, kind, stream_id, version, position, event_id, name, schema_version,
                    at, source, correlation_id, causation, payload, hash)
SELECT $1::uuid, 'tenant', $1, n, nextval('event_position'), gen_random_uuid(), 'tenant.member_left', 1,
       now(), 'cli', $1, 'request:1', convert_to(format('{"user_id":"%s"}', $1::uuid), 'UTF8'), ''
FROM generate_series(1, $2::int) n RETURNING position
"""
NAIVE = "SELECT position FROM events WHERE position > $1 ORDER BY position LIMIT 500"


def joined():
    return tenant.MemberJoined(user_id=uuid4(), role=Role.MEMBER)


class Storm:
    """`wanted` facts are committed at least, unless it is `tired` before; the same seed makes the
    same choices."""

    def __init__(self, url, wanted, seed, tired=lambda: False):
        self.url, self.wanted, self.tired = url, wanted, tired
        self.random = random.Random(seed)  # noqa: S311 - choices, not secrets
        self.recorded = self.ruined = self.passed = 0
        self.over = False
        self.naive, self.paged, self.followed = [], [], []

    async def blow(self):
        database = Database(self.url, pool_size=STORES * 4 + 4)
        following = asyncio.create_task(self._follow(database))
        try:
            async with asyncio.TaskGroup() as readers:
                readers.create_task(self._read_naively(database))
                readers.create_task(self._read_pages(database))
                await self._write(database)
                self.over = True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._followed_whole(), PATIENCE)
        finally:
            following.cancel()
            await asyncio.wait([following])
            await database.close()

    async def committed(self):
        """Every position, in order."""
        driver = await asyncpg.connect(self.url)
        rows = await driver.fetch("SELECT position FROM events ORDER BY position")
        await driver.close()
        return [position for (position,) in rows]

    @property
    def missed(self):
        """By the naive reader."""
        return len(set(self.paged) - set(self.naive))

    @property
    def holes(self):
        """Positions that were drawn and never committed, up to the last one that was."""
        return self.paged[-1] - len(self.paged)

    async def _write(self, database):
        bell = Bell(database)
        async with asyncio.TaskGroup() as writers:
            for _ in range(STORES):
                store = EventStore(database, CODEC, lambda: NOW, self._trouble, bell.ring)
                for _ in range(COMMANDERS):
                    writers.create_task(self._command(store))
            for _ in range(RAW_WRITERS):
                writers.create_task(self._write_raw())
        await bell.close()

    def _trouble(self, recorded):
        luck = self.random.random()
        if luck < 0.03:
            yield NAP, (recorded.tenant, self.random.random() * 0.02)
        elif luck < 0.04:
            yield RUIN, (recorded.tenant, 0)

    async def _command(self, store):
        """To a stream of its own; every fifth to a new one as well, hence not shared."""
        company, head = uuid4(), START
        while self.recorded < self.wanted and not self.tired():
            stream = Stream(kind="tenant", tenant=company, id=company)
            events = [joined() for _ in range(self.random.randint(1, 8))]
            changes = [Change(stream=stream, head=head, events=events)]
            if self.random.random() < 0.2:
                other = Stream(kind="tenant", tenant=company, id=uuid4())
                changes.insert(0, Change(stream=other, head=START, events=[joined()]))
            try:
                recorded = await store.append(changes, ORIGIN)
            except DivisionByZeroError:
                self.ruined += 1
            else:
                head = Head(version=recorded[-1].version, hash=recorded[-1].hash)
                self.recorded += len(recorded)

    async def _write_raw(self):
        """Its transactions end when the naive reader has passed them, or when it is tired."""
        driver = await asyncpg.connect(self.url)
        while self.recorded < self.wanted and not self.tired():
            transaction = driver.transaction()
            await transaction.start()
            rows = await driver.fetch(RAW, uuid4(), self.random.randint(1, 3))
            tired = asyncio.get_running_loop().time() + DAWDLE
            while self.passed < rows[-1][0] and asyncio.get_running_loop().time() < tired:
                await asyncio.sleep(0.002)
            if self.random.random() < 0.2:
                await transaction.rollback()
                self.ruined += 1
            else:
                await transaction.commit()
                self.recorded += len(rows)
            await asyncio.sleep(self.random.random() * 0.05)
        await driver.close()

    async def _read_naively(self, database):
        while True:
            last_look = self.over
            async with database.driver() as driver:
                rows = await driver.fetch(NAIVE, self.passed)
            if rows:
                self.naive += [position for (position,) in rows]
                self.passed = self.naive[-1]
            elif last_look:
                return
            await asyncio.sleep(0.001)

    async def _read_pages(self, database):
        feed = Feed(database, CODEC)
        while True:
            last_look, safe = self.over, self.paged[-1] if self.paged else 0
            async for page in feed.pages(safe, self.random.randint(1, 100)):
                self.paged += [each.position for each in page.facts]
            if last_look:
                return
            await asyncio.sleep(0.001)

    async def _follow(self, database):
        bell = Bell(database)
        consumers = Consumers(database, Feed(database, CODEC), lambda: NOW)
        async with bell.listening(), aclosing(consumers.follow("storm", bell)) as pages:
            async for page in pages:
                self.followed += [each.position for each in page.facts]

    async def _followed_whole(self):
        while len(self.followed) < self.recorded:
            await asyncio.sleep(0.01)
