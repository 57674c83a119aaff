"""A company whose shop gets into trouble, a mail server on loopback, and the runs that notices are."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from app.handle import Ask
from app.notices.jobs import Notify
from app.notices.links import Links
from app.runs.overview.shops import late_shop
from domain import health, notices, shop, tenant
from domain.access import Role
from domain.errors import Outside
from domain.events import Change, Origin, Stream
from domain.run import Done, Task
from domain.secrecy import Secret
from infrastructure.mail import NoPost, SmtpPost
from infrastructure.postgres.notices import PostgresBooks
from sandbox.mail import Fault, Mailbox, serving
from tests.app.graphql_world import NOW, PERSON, World

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""In Moscow."""
BASE = "https://stock.example.com"
DEAD = "Рыжий кот: токен Wildberries не работает"
WELL = "Рыжий кот: таблица снова обновляется"
RUNS = "SELECT * FROM job_runs WHERE tenant_id = $1 AND kind = 'notice' ORDER BY run_id"


@asynccontextmanager
async def opened(database, ring):
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        yield await Company(World(database), mailbox, port, ring).begin()


def done(mails=0, kept_back=0, unreachable=0):
    """What came of a notice that was carried out."""
    more = {"keptBack": kept_back, "unreachable": unreachable}
    return Done(why="", result={"mails": mails} | {name: n for name, n in more.items() if n})


class Memory(dict):
    """Of one run, over all its tries."""

    async def recall(self, step):
        return self.get(step)

    async def keep(self, step, result):
        self[step] = result


async def progress(step, done=0, total=None):
    """Nobody looks on."""


async def address(scope, shop_id):
    """Of the pool's only account."""
    return "robot@sheets.example"


class Company:
    """Anna's, with a shop that has a sheet; its notices are carried out one by one."""

    def __init__(self, world, mailbox, port, ring):
        self.world, self.mailbox, self.memories = world, mailbox, {}
        self.world.now = NOON
        self.notify = Notify(
            database=world.database,
            post=SmtpPost(
                url=Secret(f"smtp://127.0.0.1:{port}"),
                sender="Stock Tracker <robot@stock.example.com>",
                encrypted=False,
                clock=lambda: self.world.now,
            ),
            books=PostgresBooks(world.database),
            look=lambda scope, shop_id: late_shop(world.database, scope, shop_id, world.now),
            links=Links(base=BASE, keys=ring),
            clock=lambda: self.world.now,
            address=address,
        )

    async def begin(self):
        self.anna = await self.world.register()
        self.shop = UUID(await self.anna.connected_shop())
        self.tenant = self.anna.scope.tenant
        later = "slot = slot + interval '30 days', next_run_at = next_run_at + interval '30 days'"
        await self.run(f"UPDATE schedules SET {later} WHERE shop_id = $1", self.shop)
        return self

    def address(self, person=None):
        return f"{person or self.anna.scope.person}@example.com"

    async def join(self, role=Role.ADMIN):
        """Somebody else comes: her id. Nobody can be invited yet, so her rows are put in."""
        person = uuid4()
        row = (person, self.address(person), "Борис", NOW, "secure123")
        await self.run(PERSON, *row)
        joined = tenant.MemberJoined(user_id=person, role=role)
        stream = self.stream
        _, head = await self.world.history.state(tenant.decider, stream)
        change = Change(stream=stream, head=head, events=[joined])
        await self.world.handle._store.append([change], self.origin())
        return person

    @property
    def stream(self):
        return Stream(kind="tenant", tenant=self.tenant, id=self.tenant)

    def origin(self):
        return Origin(source="run", actor=None, correlation=uuid4(), causation="run:x")

    async def tell(self, command):
        ask = Ask(decider=tenant.decider, stream=self.stream, command=command)
        await self.world.handle(ask, origin=self.origin())

    async def breaks(self, cause="token_dead"):
        await self.tell(health.ReportBroken(shop_id=self.shop, cause=cause))

    async def recovers(self):
        await self.tell(health.ReportHealthy(shop_id=self.shop))

    async def renew(self, expires_at=None):
        await self.tell(
            shop.ConnectShop(
                shop_id=uuid4(),
                marketplace="wildberries",
                seller_id="100",
                token_id=uuid4(),
                token_kind="base",
                expires_at=expires_at,
            )
        )

    async def looks(self):
        await self.tell(health.LookAtToken(shop_id=self.shop, at=self.world.now))

    async def misses(self, hour):
        await self.run("UPDATE promises SET owed = $2 WHERE shop_id = $1", self.shop, hour)
        await self.tell(health.ReportMissed(shop_id=self.shop, hour=hour))

    async def catches_up(self):
        await self.run("UPDATE promises SET owed = NULL WHERE shop_id = $1", self.shop)

    async def chooses(self, person, *kinds, at_night=False):
        await self.tell(notices.ChooseNotices(user_id=person, kinds=kinds, at_night=at_night))

    async def run(self, statement, *values):
        async with self.world.database.driver() as driver:
            await driver.execute(statement, *values)

    async def rows(self, statement, *values):
        async with self.world.database.driver() as driver:
            return await driver.fetch(statement, *values)

    async def work(self):
        """One try of each notice that is not over: what came of them, by name. What is over goes."""
        came = []
        for row in await self.rows(RUNS, self.tenant):
            came.append(outcome := await self._try(row))
            if type(outcome).__name__ in ("Done", "Cancel"):
                await self.run("DELETE FROM job_runs WHERE run_id = $1", row["run_id"])
        return sorted(came, key=lambda each: type(each).__name__)

    async def _try(self, row):
        task = Task(
            tenant=self.tenant,
            run_id=row["run_id"],
            fence=1,
            kind="notice",
            shop_id=row["shop_id"],
            attempt=1,
            source="run",
            correlation=row["correlation_id"],
            args=json.loads(row["args"]) if isinstance(row["args"], str) else row["args"],
        )
        memory = self.memories.setdefault(row["run_id"], Memory())
        try:
            return await self.notify(task, memory, progress)
        except Outside as no:
            return no

    def fault(self, **what):
        self.mailbox.waiting.append(Fault(**what))

    def letters(self, person=None):
        """What she got, the oldest first."""
        return self.mailbox.to(self.address(person))[::-1]

    def subjects(self, person=None):
        return [str(each.message["subject"]) for each in self.letters(person)]

    def without_a_server(self):
        self.notify = replace(self.notify, post=NoPost())
