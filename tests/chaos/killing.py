"""Commands while PostgreSQL is killed under them: who was told yes, and who was told nothing."""

import asyncio
import os
import random
import signal
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from uuid import UUID, uuid4

from app.handle import Ask, Handle
from app.wiring.facts import CODEC, follow
from domain import shop, tenant
from domain.errors import Conflict, Unavailable
from domain.events import Origin, Stream
from infrastructure.clock import system_clock
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.migrations import migrate

PROCESSES, HANDS = 2, 6
ORIGIN = Origin(source="cli", actor=None, correlation=UUID(int=1), causation="request:1")


class Killing:
    """Hands that connect shops, each command with an id of its own, tried again until it answers.

    `told` maps the id of each command to (stream, positions as answered).
    """

    def __init__(self, server, seed):
        self.server = server
        self.random = random.Random(seed)  # noqa: S311 - choices, not secrets
        self.told = {}
        self.unheard = self.unheard_yet_done = 0
        self.over = False

    async def carry_out(self, kills, apart, over=lambda: False):
        """So many kills, or fewer when it is `over`, with about `apart` commands answered before and after each."""
        databases = [Database(self.server.url) for _ in range(PROCESSES)]
        await migrate(databases[0])
        handles = [Handle(EventStore(each, CODEC, system_clock, follow)) for each in databases]
        async with asyncio.TaskGroup() as hands:
            for handle in handles:
                for _ in range(HANDS):
                    hands.create_task(self._connect(handle))
            for _ in takewhile(lambda _: not over(), range(kills)):
                await self._more(apart * self.random.uniform(0.5, 1.5))
                kill(self.server)
                await asyncio.to_thread(self.server.start)
            await self._more(apart)
            self.over = True
        self.repeated = await self._repeat_all(handles[0])
        for each in databases:
            await each.close()

    async def _more(self, count):
        enough = len(self.told) + count
        while len(self.told) < enough:
            await asyncio.sleep(0.005)

    async def _connect(self, handle):
        """To a company of its own, until the last kill is over."""
        company = uuid4()
        stream = Stream(kind="tenant", tenant=company, id=company)
        await self._insist(handle, stream, tenant.Register(owner_id=company))
        while not self.over:
            command = shop.ConnectShop(
                shop_id=uuid4(),
                marketplace="wildberries",
                seller_id=f"{uuid4()}",
                token_id=uuid4(),
                token_kind="base",
                expires_at=None,
            )
            await self._insist(handle, stream, command)

    async def _insist(self, handle, stream, command):
        command_id = uuid4()
        ask = Ask(decider=tenant.decider, stream=stream, command=command)
        while command_id not in self.told:
            try:
                answer = await handle(ask, origin=ORIGIN, command_id=command_id)
            except (Unavailable, Conflict):
                self.unheard += 1
                await asyncio.sleep(0.02)
            else:
                self.unheard_yet_done += not answer.recorded
                self.told[command_id] = (ask, list(answer.positions))

    async def _repeat_all(self, handle):
        """What each command is answered when it comes once more."""
        again = {}
        for command_id, (ask, _) in self.told.items():
            answer = await handle(ask, origin=ORIGIN, command_id=command_id)
            again[command_id] = list(answer.positions)
        return again


def kill(server):
    """The postmaster and all its children, without a chance to write anything."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    for pid in (server.pid, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while server.poll() is None:
        pass


async def recorded_by(url):
    """By command id, the positions of its facts."""
    database = Database(url)
    async with database.driver() as driver:
        rows = await driver.fetch(
            "SELECT command_id, array_agg(position ORDER BY position) FROM events GROUP BY 1"
        )
    await database.close()
    return dict(rows)
