"""Commands that are made to share a transaction, and what came of each."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

from domain.errors import Conflict
from domain.events import START, Change, Stream
from infrastructure.postgres.batches import LANES
from tests.chaos.feed_storm import ORIGIN, joined

DRAWN = "SELECT last_value FROM event_position"
WAIT = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
WAITING = f"SELECT count(*) {WAIT}"
CUT = f"SELECT pg_terminate_backend(pid) {WAIT}"


def new_stream():
    company = uuid4()
    return Stream(kind="tenant", tenant=company, id=company)


def changing(stream, head=START, events=None):
    return [Change(stream=stream, head=head, events=events or [joined()])]


def watched(store, monkeypatch):
    """The streams of each transaction that will have been begun, in order."""
    seen, write = [], store._batches._write

    async def seeing(orders):
        seen.append([order.changes[0].stream for order in orders])
        return await write(orders)

    monkeypatch.setattr(store._batches, "_write", seeing)
    return seen


@asynccontextmanager
async def held_up(store, database):
    """Every lane waits for somebody else's locks; what is asked for meanwhile shares a batch."""
    streams = [new_stream() for _ in range(LANES)]
    for stream in streams:
        await store.append(changing(stream), ORIGIN)
    async with database.driver() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute(
            "SELECT FROM heads WHERE tenant_id = ANY($1) FOR UPDATE", [each.id for each in streams]
        )
        stuck = []
        for stream in streams:
            head = (await store.read(stream))[-1]
            change = changing(stream, head=START._replace(version=1, hash=head.hash))
            stuck.append(asyncio.create_task(store.append(change, ORIGIN)))
            await until_waiting(database, len(stuck))
        try:
            yield stuck
        finally:
            await transaction.rollback()
            await asyncio.gather(*stuck, return_exceptions=True)


async def until_waiting(database, count):
    async with database.driver() as driver:
        while await driver.fetchval(WAITING) < count:
            await asyncio.sleep(0.01)


async def gathered(store, database, *calls):
    """What came of each, all of them in one batch."""
    tasks = []
    async with held_up(store, database):
        for call in calls:
            tasks.append(asyncio.create_task(call))  # noqa: PERF401 - begun one after the other
        await asyncio.sleep(0.05)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def drawn(database):
    async with database.driver() as driver:
        return await driver.fetchval(DRAWN)


def conflicts(answer):
    return isinstance(answer, Conflict)
