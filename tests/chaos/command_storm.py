"""Companies at work all at once: two processes, commands to one stream and to two, and the clockwork.

What follows from a fact is what follows in the product: read tables, schedules and runs.
"""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.handle import Ask, Handle
from app.wiring.facts import CODEC, follow
from domain import health, shop, subscription, tenant
from domain.errors import Conflict, Refused
from domain.events import Origin, Stream
from domain.plan import Plan
from domain.run import Done
from domain.schedule import by_cron
from infrastructure.clock import system_clock
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.ledger import PostgresLedger
from infrastructure.postgres.schedules import PostgresSchedules

PROCESSES, HANDS = 2, 12
COMPANIES = [UUID(int=n << 64 | 1) for n in range(1, 25)]
SHOPS = 3
ORIGIN = Origin(source="cli", actor=None, correlation=UUID(int=1), causation="request:1")


class CommandStorm:
    """Ends with `wanted` commands, or when it is `over`. `answers` says how often a command ended how: the name of an error, or nothing."""

    def __init__(self, url, wanted, seed, over=lambda: False):
        self.url, self.wanted, self.over = url, wanted, over
        self.random = random.Random(seed)  # noqa: S311 - choices, not secrets
        self.answers = Counter()
        self.clockwork = Counter()
        self.days = 0

    async def blow(self):
        databases = [Database(self.url) for _ in range(PROCESSES)]
        stores = [EventStore(each, CODEC, system_clock, follow) for each in databases]
        await self._register(Handle(stores[0]))
        working = [asyncio.create_task(self._turn(each)) for each in databases]
        async with asyncio.TaskGroup() as hands:
            for store in stores:
                handle = Handle(store)
                for _ in range(HANDS):
                    hands.create_task(self._command(handle))
        for task in working:
            task.cancel()
        await asyncio.wait(working)
        for each in databases:
            await each.close()

    async def _register(self, handle):
        for company in COMPANIES:
            command = tenant.Register(owner_id=company)
            stream = Stream(kind="tenant", tenant=company, id=company)
            await handle(Ask(decider=tenant.decider, stream=stream, command=command), origin=ORIGIN)

    async def _command(self, handle):
        while self.answers.total() < self.wanted and not self.over():
            asks = [self._ask() for _ in range(self.random.choice((1, 1, 1, 2)))]
            if len({each.stream for each in asks}) < len(asks):
                continue
            try:
                await handle(*asks, origin=ORIGIN)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                name = "refused" if isinstance(error, Refused) else type(error).__name__
                self.answers[name] += 1
                if not isinstance(error, Refused | Conflict):
                    self.answers[f"{error}"] += 1
            else:
                self.answers["done"] += 1

    def _ask(self):
        company = self.random.choice(COMPANIES)
        if self.random.random() < 0.1:
            stream = Stream(kind="subscription", tenant=company, id=company)
            command = subscription.Start(plan=Plan.FREE)
            return Ask(decider=subscription.decider, stream=stream, command=command)
        stream = Stream(kind="tenant", tenant=company, id=company)
        return Ask(decider=tenant.decider, stream=stream, command=self._wish(company))

    def _wish(self, company):
        number = self.random.randint(1, SHOPS)
        shop_id = UUID(int=company.int + number)
        broken = self.random.choice(("token_dead", "sheet_unshared"))
        connect = shop.ConnectShop(
            shop_id=shop_id,
            marketplace="wildberries",
            seller_id=f"{number}",
            token_id=UUID(int=self.random.getrandbits(128)),
            token_kind="base",
            expires_at=None,
        )
        wishes = (
            (6, connect),
            (3, shop.ConnectSheet(shop_id=shop_id, spreadsheet_id=f"{self.random.random()}")),
            (4, shop.SetSchedule(shop_id=shop_id, schedule=by_cron("0 * * * *", "UTC"))),
            (6, shop.RequestSync(shop_id=shop_id)),
            (1, health.ReportBroken(shop_id=shop_id, cause=broken)),
            (1, health.ReportHealthy(shop_id=shop_id)),
            (0.3, shop.DisconnectShop(shop_id=shop_id)),
        )
        weights, commands = zip(*wishes, strict=True)
        return self.random.choices(commands, weights)[0]

    async def _turn(self, database):
        """What a worker's clockwork does, without its pauses: every shop is always due."""
        schedules = PostgresSchedules(database, self._later)
        ledger = PostgresLedger(database, self._later)
        while True:
            try:
                self.clockwork["asked"] += await schedules.tick(_tomorrow)
                for run in await ledger.admit(100):
                    if task := await ledger.start(run, "w1"):
                        await ledger.finish(task, Done(why="", result={}))
                        self.clockwork["finished"] += 1
                quiet = await ledger.quiet()
                await ledger.take_back([*quiet.taken, *quiet.handed])
            except Exception as error:  # noqa: BLE001 - as above
                self.clockwork[type(error).__name__] += 1
                self.clockwork[f"{getattr(error, 'detail', error)}"] += 1

    def _later(self):
        self.days += 1
        return datetime.now(UTC) + timedelta(days=self.days)


def _tomorrow(_schedule, after):
    return after + timedelta(hours=1)
