"""One shop, her file, and the marketplace: stand-ins behind real HTTP, the real sync before them.

Everybody shares one clock, which moves only when somebody sleeps. What Valkey keeps in life, the
budgets and the breakers, is in memory here, because Valkey's own clock cannot be moved.
"""

import asyncio
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import aiohttp

from app.handle import Ask, Handle
from app.stock.doubting import Doubting
from app.stock.jobs import Sync
from app.stock.writers import Writers
from app.stock.writing import Writing
from app.wiring.facts import CODEC, follow
from domain import shop, tenant
from domain.breaker import Breakers
from domain.budget import Buckets
from domain.errors import Outside
from domain.events import Origin, Stream
from domain.ids import uuid7
from domain.ports import Access
from domain.run import USUAL, Done, Task
from domain.stock import ShopKey
from infrastructure.google.client import Addresses
from infrastructure.google.credentials import account
from infrastructure.google.principals import Doors, GooglePrincipals
from infrastructure.google.sheets import Means, threads
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.ledger import ASK
from infrastructure.postgres.steps import Steps
from infrastructure.postgres.stock import PostgresStock
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.pace import Pace
from sandbox.google import Drive
from sandbox.google import app as google
from sandbox.sellers import Spec, World
from sandbox.wildberries import app as wildberries
from sandbox.wildberries import tokens
from tests.chaos.orders_heard import heard
from tests.databases import connected
from tests.infrastructure.google_drive import robot
from tests.infrastructure.loopback import served
from tests.infrastructure.wildberries_shop import NOON, Moment, silent
from tests.plans import Billing, limiting

KINDS = ("secret", "base", "personal")
"""Of tokens: Base with a service's secret, plain Base, Personal."""
LATE = 0.01
"""Seconds until the marketplace has done with the calls of a worker that was killed."""
PAGE = 40
"""Rows of orders that are a full page here: so that there is more than one."""


class SheetWorld:
    """`crashed` says in which awaits a worker was killed."""

    def __init__(self, database, drive, market, moment, kind):
        self.database, self.drive, self.market, self.moment = database, drive, market, moment
        self.kind = kind
        (self.seller,) = market.world.sellers.values()
        self.book = PostgresStock(database, moment)
        self.budget, self.breakers = Buckets(moment.epoch), Breakers(moment)
        self.key = ShopKey(tenant=uuid4(), shop=uuid4())
        self.token = uuid4()
        self.file = drive.create("Поставки", "olga@example.com")
        self.file.share(self.address)
        self.run, self.attempts, self.awaits = None, 0, 0
        self.crashed = []

    @property
    def address(self):
        """Whom she shares her file with."""
        return robot().email

    async def connect(self, addresses, session):
        """The shop and its sheet, by the commands of the product."""
        self._addresses, self._session = addresses, session
        self._handle = Handle(EventStore(self.database, CODEC, self.moment, follow))
        commands = (
            tenant.Register(owner_id=uuid4()),
            shop.ConnectShop(
                shop_id=self.key.shop,
                marketplace="wildberries",
                seller_id=self.seller.id,
                token_id=self.token,
                token_kind="base" if self.kind == "secret" else self.kind,
                expires_at=None,
            ),
            shop.ConnectSheet(shop_id=self.key.shop, spreadsheet_id=self.file.id),
        )
        for command in commands:
            await self.tell(command)
        self._begin()

    async def tell(self, command):
        """A fact of her company."""
        company = self.key.tenant
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="request:1")
        stream = Stream(kind="tenant", tenant=company, id=company)
        ask = Ask(decider=tenant.decider, stream=stream, command=command)
        await self._handle(ask, origin=origin)

    async def restart(self):
        """The process is gone with all that it remembered; what it had sent still arrives."""
        await self._google.close()
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.sleep(LATE)
        self._begin()

    async def close(self):
        await self.restart()
        await self._google.close()

    async def attempt(self, crash_at=None, source="schedule"):
        """Go on with the run, or begin one: Done, the refusal, or None from a worker that was killed
        at its so-manieth await."""
        if self.run is None:
            await self._ask()
        self.attempts += 1
        task = Task(
            tenant=self.key.tenant,
            run_id=self.run,
            fence=self.attempts,
            kind="sync",
            shop_id=self.key.shop,
            attempt=self.attempts,
            source=source,
            correlation=self.run,
        )
        work = Killed(self._sync(task, Steps(self.database, task), silent), crash_at)
        running = asyncio.create_task(work.run())
        await asyncio.wait({running})
        self.awaits = work.awaits
        if running.cancelled():
            self.crashed.append(work.where)
            await self.restart()
            return None
        error = running.exception()
        if error is not None and not isinstance(error, Outside):
            raise error
        ended = error or running.result()
        if isinstance(ended, Done):
            await self.end()
        return ended

    async def end(self):
        """The run is over: its memory goes with it."""
        if self.run is not None:
            async with self.database.driver() as driver:
                await driver.execute("DELETE FROM job_runs WHERE run_id = $1", self.run)
        self.run, self.attempts = None, 0

    async def orders_heard(self):
        """Moments: all changes until the first are known, and none after the second."""
        return await heard(self.book, self.key)

    async def _ask(self):
        self.run = uuid7(self.moment())
        told = (f"{self.run}", f"cause:{self.run}", "schedule", self.run, "schedule:1")
        row = (self.key.tenant, self.run, "sync", self.key.shop, *told, self.moment())
        async with self.database.driver() as driver:
            await driver.execute(ASK, *row, "", "{}", USUAL)

    def _begin(self):
        secret = tokens.SERVICE_SECRET if self.kind == "secret" else None
        hosts = Hosts.under(self._addresses[0])
        market = Wildberries(
            self._session,
            hosts,
            self.budget,
            self.breakers,
            self.moment,
            secret=secret,
            pace=Pace(full_page=PAGE),
            sleep=self.moment.sleep,
        )
        at = self._addresses[1]
        key = account(self.drive.accounts.service().key(at))
        self._threads = threads()
        means = Means(
            threads=self._threads,
            budget=self.budget,
            breaker=self.breakers,
            clock=self.moment,
            addresses=Addresses(sheets=at, drive=at),
            sleep=self.moment.sleep,
        )
        self._google = GooglePrincipals([key], means, Doors(oauth=at))
        plans = Billing(self.database, self.moment)
        writing = Writing(
            book=self.book,
            checks=PostgresChecks(self.database),
            database=self.database,
            writers=Writers(principals=self._google, vault=None),
            plans=plans,
            clock=self.moment,
        )
        self._sync = Sync(
            book=self.book,
            database=self.database,
            marketplace=market,
            writing=writing,
            doubting=Doubting(
                database=self.database, writing=writing, handle=self._handle, clock=self.moment
            ),
            handle=self._handle,
            clock=self.moment,
            open_token=self._opened,
            limiting=limiting(plans, self.moment),
            afterwards=_nothing,
        )

    async def _opened(self, company: UUID, token: UUID):
        kind = "personal" if self.kind == "personal" else "base"
        ends = self.moment.seconds + 86_400
        return Access(token=tokens.issue(self.seller.id, kind, expires=ends))


class Killed:
    """A coroutine that is cancelled at its so-manieth await; `where` says in which."""

    def __init__(self, work, at):
        self.work, self.at, self.awaits, self.where = work, at, 0, ""

    async def run(self):
        return await self

    def __await__(self):
        inner = self.work.__await__()
        go_on, given = inner.send, None
        while True:
            try:
                waited_for = go_on(given)
            except StopIteration as ended:
                return ended.value
            self.awaits += 1
            if self.awaits == self.at:
                self.where = _where(self.work)
                asyncio.current_task().cancel()
            try:
                given = yield waited_for
                go_on = inner.send
            except BaseException as error:  # noqa: BLE001 - whatever comes in goes on
                given, go_on = error, inner.throw


def _where(work):
    """The innermost of our own frames."""
    found = ""
    while work is not None and hasattr(work, "cr_frame"):
        frame = work.cr_frame
        if frame is not None and any(part in frame.f_code.co_filename for part in _OURS):
            name = frame.f_code.co_filename.rpartition("/")[2]
            found = f"{name}:{frame.f_lineno} {frame.f_code.co_name}"
        work = work.cr_await
    return found


_OURS = ("/app/", "/domain/", "/infrastructure/")


async def _nothing(*_told):
    """Nobody is told of a good sync."""


@asynccontextmanager
async def open_world(url, seed, kind, products=12):
    """A shop that has never been synced."""
    moment = Moment()
    spec = Spec(
        seed=seed, products=products, places=6, daily_orders=10, lively=True, unnamed_share=0.1
    )
    world = World.create(spec, now=NOON)
    market = wildberries(world, moment.epoch, orders_page=PAGE)
    drive = Drive(clock=moment)
    drive.quotas.timer = moment.epoch
    drive.accounts.services[robot().email] = robot()
    async with (
        connected(url, 5) as database,
        served(market) as at,
        served(google(drive)) as there,
        aiohttp.ClientSession() as session,
    ):
        made = SheetWorld(database, drive, market.state.market, moment, kind)
        await made.connect((at, there), session)
        try:
            yield made
        finally:
            await made.close()
