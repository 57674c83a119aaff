"""A product of its own whose facts were all projected by the code of today, and what it holds."""

import random
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from asyncpg.exceptions import UniqueViolationError

from app.wiring.facts import CODEC, follow
from app.wiring.projections import TABLES
from domain import subscription, tenant, user
from domain.events import START, Change, Head, Origin, Stream
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.rebuild import Rebuilds
from tests.databases import of_its_own
from tests.histories import happened

NOW = datetime(2026, 11, 23, 4, 40, 0, 123457, tzinfo=UTC)
DECIDERS = (tenant.decider, user.decider, subscription.decider)


@asynccontextmanager
async def product(beside, **pool):
    async with of_its_own(beside) as url:
        database = Database(url, **pool)
        yield Product(database)
        await database.close()


class Killed(Exception):
    """What ends a rebuild where a test wants it to end."""


class Product:
    def __init__(self, database):
        self.database = database
        self.chance = random.Random(7)  # noqa: S311 - the same lives each time
        self.url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.store = EventStore(database, CODEC, lambda: NOW, follow)
        self.rebuilds = Rebuilds(database, CODEC, lambda: NOW)

    async def live(self, choose=None, tries=25):
        """Random histories of one more company, in one transaction for each fact."""
        choose = choose or self.chance.choice
        company = uuid4()
        for decider in DECIDERS:
            stream = Stream(kind=decider.kind, tenant=company, id=company)
            with suppress(UniqueViolationError):  # an id that no client would draw twice
                await self.tell(stream, list(happened(decider, choose, tries)))
        return company

    async def tell(self, stream, events, head=START):
        """One by one. Where the stream then stands."""
        origin = Origin(source="user", actor=uuid4(), correlation=uuid4(), causation="request:1")
        for event in events:
            change = Change(stream=stream, head=head, events=[event])
            (recorded,) = await self.store.append([change], origin)
            head = Head(version=recorded.version, hash=recorded.hash)
        return head

    async def rebuild(self, *names, told=lambda *_: None):
        for name in names or TABLES:
            await self.rebuilds.rebuild(TABLES[name], told)

    async def fetch(self, query, *args):
        async with self.database.driver() as driver:
            return [tuple(row) for row in await driver.fetch(query, *args)]

    async def contents(self):
        """Every row of every projected table, as text."""
        return {
            name: await self.fetch(f"SELECT t::text FROM {name} t ORDER BY 1") for name in TABLES
        }

    async def spoil(self, statement, *args):
        async with self.database.driver() as driver:
            await driver.execute(statement, *args)


async def interrupted(living):
    """A rebuild of shops that came to its second stretch and died."""

    def dies(_step, done, _total):
        if done:
            raise Killed

    with pytest.raises(Killed):
        await living.rebuild("shops", told=dies)
