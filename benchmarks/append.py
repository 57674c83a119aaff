"""`ONLY=append`: commands a second through `handle`, beside a peer and beside a bare INSERT.

A command loads a stream of ten events (warm: from the states that Handle keeps, cold: from the
database), decides, and appends one event, which changes a row of the shops table. Every round has
streams of its own, so many that each gains a few events only.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from itertools import count
from statistics import median
from typing import TypeAlias
from uuid import uuid4

import asyncpg
import uvloop

from app.handle import Ask, Handle
from app.stock.projected import project
from app.wiring.facts import CODEC
from benchmarks import histories
from benchmarks.figures import show, tell
from benchmarks.histories import Company
from benchmarks.peering import NAME, Peer, peering
from benchmarks.store import empty
from domain import shop, tenant
from domain.schedule import by_cron
from infrastructure.clock import system_clock
from infrastructure.postgres.bell import Bell
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore

SIZES = (1, 8, 32)
"""Commands under way at once."""
ROUNDS = 5
SECONDS = 1.0
STREAMS = 4_000
"""Fewer than Handle keeps, and so many that each gains a few events only."""
PEERS = 2_000

ORIGIN = histories.asked_by(uuid4())
BARE = """
CREATE TABLE bare (position bigserial PRIMARY KEY, id uuid NOT NULL, version int NOT NULL,
                   name text NOT NULL, payload bytea NOT NULL)
"""
INSERT = "INSERT INTO bare (id, version, name, payload) VALUES ($1, $2, $3, $4)"

One: TypeAlias = Callable[[], Awaitable[object]]
"""Does one command."""


def measure() -> None:
    """All of it on one server."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    async with AsyncExitStack() as held:
        database = await held.enter_async_context(empty())
        bell = Bell(database)
        held.push_async_callback(bell.close)
        store = EventStore(database, CODEC, system_clock, project, bell.ring)
        peer = await held.enter_async_context(peering(database.url, SIZES[-1]))
        bare = [await database.connect() for _ in range(SIZES[-1])]
        for driver in bare:
            held.push_async_callback(driver.close)
        await bare[0].execute(BARE)
        tell("append: histories of the peer")
        await peer("make", PEERS, 10)
        bench = Bench(database, store, peer, bare)
        for tasks in SIZES:
            await bench.compare(tasks)


class Bench:
    """Ours and theirs in turn, so that whatever else the machine does hits both."""

    def __init__(
        self,
        database: Database,
        store: EventStore,
        peer: Peer,
        bare: Sequence[asyncpg.Connection],
    ) -> None:
        self._database, self._store, self._peer, self._bare = database, store, peer, bare

    async def compare(self, tasks: int) -> None:
        warm, cold, theirs, inserts = [], [], [], []
        for number in range(ROUNDS + 1):
            tell(f"append: {tasks} at once, round {number} of {ROUNDS}")
            companies = await self._companies()
            cold.append(await self._cold(tasks, _commands(companies, "cold")))
            handle = Handle(self._store)
            await self._warm_up(handle, _commands(companies, "first"))
            warm.append(await self._warm(tasks, handle, _commands(companies, "warm")))
            theirs.append(await self._peer("commands", tasks, SECONDS))
            if tasks == SIZES[-1]:
                inserts.append(await self._insert())
        _show(tasks, *(median(each[1:]) for each in (warm, cold, theirs)))
        if inserts:
            peer = f"asyncpg, single-row INSERT, {tasks} connections, unbatched"
            ours, bare = median(warm[1:]), median(inserts[1:])
            show(f"append_{tasks}_vs_insert", ours, "commands/s", peer=peer, peer_value=bare)

    async def _warm(self, tasks: int, handle: Handle, asks: Iterator[Ask]) -> float:
        return await window([lambda: handle(next(asks), origin=ORIGIN)] * tasks)

    async def _cold(self, tasks: int, asks: Iterator[Ask]) -> float:
        return await window([lambda: Handle(self._store)(next(asks), origin=ORIGIN)] * tasks)

    async def _warm_up(self, handle: Handle, asks: Iterator[Ask]) -> None:
        """One command to each stream."""
        turns = iter(range(STREAMS))

        async def work() -> None:
            for _ in turns:
                await handle(next(asks), origin=ORIGIN)

        await asyncio.gather(*(work() for _ in range(SIZES[-1])))

    async def _companies(self) -> list[Company]:
        companies = histories.companies(STREAMS)
        async with self._database.driver() as driver:
            await histories.load(driver, histories.of_ten(companies))
            await histories.connect(driver, companies)
            await driver.execute("ANALYZE events, heads, shops")
        return companies

    async def _insert(self) -> float:
        event = shop.ScheduleSet(shop_id=uuid4(), schedule=by_cron("59 8 * * *", "Europe/Moscow"))
        name, _, payload = CODEC.encode("tenant", event)

        def one(driver: asyncpg.Connection) -> One:
            return lambda: driver.execute(INSERT, uuid4(), 11, name, payload)

        return await window([one(driver) for driver in self._bare])


def _commands(companies: Sequence[Company], word: str) -> Iterator[Ask]:
    """To each in turn; what it asks for always is something new."""
    for lap in count():
        for each in companies:
            command = shop.SetSchedule(
                shop_id=each.shop_id, schedule=by_cron(f"{lap} 8 * * *", word)
            )
            yield Ask(decider=tenant.decider, stream=each.stream, command=command)


async def window(hands: Sequence[One]) -> float:
    """How often a second, when each hand does one after the other."""
    began = time.perf_counter()

    async def work(one: One) -> int:
        done = 0
        while time.perf_counter() < began + SECONDS:
            await one()
            done += 1
        return done

    done = await asyncio.gather(*(work(each) for each in hands))
    return sum(done) / (time.perf_counter() - began)


def _show(tasks: int, warm: float, cold: float, theirs: float) -> None:
    workload = f"get + command + save of 10 events, {tasks} threads, own defaults"
    for figure, ours, kept in (
        (f"append_{tasks}", warm, "ours warm: states that Handle keeps"),
        (f"append_{tasks}_cold", cold, "ours cold: each reads its stream"),
    ):
        show(figure, ours, "commands/s", peer=f"{NAME}, {workload}; {kept}", peer_value=theirs)
