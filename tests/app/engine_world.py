"""Ledger, dispatcher, queue and worker together, on real servers."""

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from uuid import uuid4

from redis.asyncio import Redis

from app.runs.dispatch import Chores, Dispatch
from app.runs.execute import Execute
from domain.events import Origin, Recorded, Stream
from domain.run import Run
from infrastructure.arq import Queue, work
from infrastructure.postgres.ledger import PostgresLedger, ask
from infrastructure.postgres.schedules import PostgresSchedules
from infrastructure.postgres.steps import Steps

SLOTS = 4

log = logging.getLogger(__name__)


def clock():
    return datetime.now(UTC)


async def idle():
    """Nothing to keep."""


class Engine:
    """The parts of a worker, wired for a test; `jobs` says what a kind of run does."""

    def __init__(self, database, redis_url):
        self.database = database
        self.redis_url = redis_url
        self.queue = Queue(redis_url, name=f"test-{uuid4().hex}")
        self.ledger = PostgresLedger(database, clock)
        self.jobs = {}
        self.execute = Execute(
            ledger=self.ledger,
            jobs=self.jobs,
            memory_of=lambda task: Steps(database, task),
            clock=clock,
            worker="w1",
        )
        self.dispatch = Dispatch(
            ledger=self.ledger,
            schedules=PostgresSchedules(database, clock),
            queue=self.queue,
            chores=Chores(fold=idle, house=idle, seal=idle, watch=idle),
            slots=lambda: SLOTS,
        )

    @asynccontextmanager
    async def running(self):
        loops = [
            asyncio.create_task(self.dispatch.run()),
            asyncio.create_task(work(self.queue, self.execute, slots=SLOTS)),
        ]
        try:
            yield
        finally:
            for loop in loops:
                loop.cancel()
                with suppress(asyncio.CancelledError):
                    await loop

    async def ask(self, kind):
        company = uuid4()
        fact = Recorded(
            position=1,
            event_id=uuid4(),
            stream=Stream(kind="tenant", tenant=company, id=company),
            version=1,
            at=clock(),
            origin=Origin(source="user", actor=None, correlation=uuid4(), causation="request:1"),
            command_id=None,
            name="tenant.registered",
            event=None,
        )
        async with self.database.writing() as driver:
            for statement, row in ask(Run(kind=kind, key=kind), fact):
                await driver.execute(statement, *row)
        return row[1]

    @asynccontextmanager
    async def redis(self):
        async with Redis.from_url(self.redis_url) as redis:
            yield redis

    async def row(self, table, run_id):
        async with self.database.driver() as driver:
            return await driver.fetchrow(f"SELECT * FROM {table} WHERE run_id = $1", run_id)

    async def ended(self, run_id):
        return await until(lambda: self.row("job_history", run_id))


async def until(check, seconds=10):
    async with asyncio.timeout(seconds):
        while not (found := await check()):
            await asyncio.sleep(0.05)
    return found
