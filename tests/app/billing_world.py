"""Companies that pay: GraphQL over a real database, a Stripe of the sandbox's, and its clock."""

from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from uuid import uuid4

import aiohttp
from cryptography.fernet import Fernet

from app.accounts.erase import confirmed
from app.billing.backfill import Backfill
from app.billing.desk import Desk
from app.billing.jobs import Ingest
from app.billing.parting import Parting
from app.billing.reading import Reading
from app.billing.reconcile import Reconcile
from app.billing.sweep import Sweep
from app.staff import appoint
from domain.events import Origin, Stream
from domain.lending import TRIAL
from domain.plan import Plan
from domain.run import Task
from domain.secrecy import Secret
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.subjects import SubjectSeals
from infrastructure.postgres.inbox import PostgresInbox
from infrastructure.postgres.watching import PostgresFound
from infrastructure.stripe import envelope
from infrastructure.stripe.messages import TYPES
from infrastructure.stripe.payments import StripePayments
from sandbox.stripe import SECRET_KEY, Book, price_list
from tests.app.graphql_world import World
from tests.infrastructure.loopback import standing

BASE = "https://stock-tracker.example"
DAY = 86_400


class Till:
    """A Stripe, and what of the product hears of it. `watch.now` is the time here and there; `told`:
    how many of the account's events have reached the inbox; `runs`: what was asked of the ledger.
    `key`: what the keys of messages are wrapped under.
    """

    def __init__(self, database, watch, handle, door, key=None):
        self.watch, self.book = watch, door.book
        self.address, self.session = door.address, door.session
        self.told, self.runs = 0, []
        clock = lambda: watch.now  # noqa: E731
        self.book.clock = self.book.wall = lambda: clock().timestamp()
        self.book.url = f"{self.address}/stripe"
        master = MasterKeys(Secret(key or Fernet.generate_key().decode()))
        self.prices = {Plan(plan): ids for plan, ids in price_list(self.book).items()}
        self.payments = StripePayments(
            Secret(SECRET_KEY), self.book.url, self.prices, self.session, clock
        )
        self.inbox = PostgresInbox(
            database,
            SubjectSeals(database.driver, master, clock),
            clock,
            types=TYPES,
            livemode=False,
        )
        self.reading = Reading(
            database=database, payments=self.payments, handle=handle, clock=clock
        )
        self.desk = Desk(reading=self.reading, base=BASE)
        self.ingest = Ingest(inbox=self.inbox, reading=self.reading)
        self.sweep = Sweep(
            inbox=self.inbox,
            payments=self.payments,
            ends=PostgresFound(database, clock),
            handle=handle,
            clock=clock,
            wish=self.wish,
        )

        self.reconcile = Reconcile(
            database=database, payments=self.payments, clock=clock, wish=self.wish
        )
        self.backfill = Backfill(
            inbox=self.inbox, payments=self.payments, read=envelope.read, types=TYPES
        )

    async def wish(self, wanted):
        """As the ledger takes it."""
        self.runs += wanted

    async def drift(self):
        """Where we and Stripe differ."""
        return [each async for each in self.reconcile.drift()]

    async def deliver(self, order=lambda events: events):
        """What Stripe has to say since the last time arrives, in this order."""
        fresh = [*self.book.events.values()][self.told :]
        self.told += len(fresh)
        for event in order(fresh):
            await self.inbox.receive(envelope.read(bytes(event.body)))

    async def work(self):
        """Workers look, and do what is to be done; what came of each run."""
        await self.sweep()
        return await self.carry_out()

    async def carry_out(self):
        """What was asked of the ledger is done; what came of each run."""
        outcomes = []
        while self.runs:
            outcomes.append(await self.ingest(self._task(self.runs.pop(0)), None, silent))
        return outcomes

    async def pass_by(self, seconds):
        """Time, here and there; messages arrive and are worked on."""
        self.watch.now += seconds
        self.book.settle()
        await self.deliver()
        return await self.work()

    async def control(self, verb, **body):
        """The hand behind the stand-in."""
        address = f"{self.address}/stripe/control/{verb}"
        async with self.session.post(address, json=body) as answer:
            assert answer.status == 200, await answer.text()

    def _task(self, wanted):
        return Task(
            tenant=wanted.tenant,
            run_id=uuid4(),
            fence=1,
            kind=wanted.run.kind,
            shop_id=None,
            attempt=1,
            source=wanted.source,
            correlation=uuid4(),
            args=wanted.run.args,
        )


async def silent(*_progress):
    """Nobody looks on."""


class Paying(Till):
    """It, and the API."""

    def __init__(self, database, door, key=None):
        self.world = World(database)
        super().__init__(database, self.world, self.world.handle, door, key)
        part = Parting(reading=self.reading)
        self.world.accounts = replace(self.world.accounts, trial=TRIAL, part=part)
        self.world.ports = replace(
            self.world.ports,
            erase=partial(confirmed, self.world.accounts),
            payments=self.payments,
            inbox=self.inbox,
            wish=self.wish,
            base=BASE,
        )

    async def register(self):
        """A company, with its owner."""
        return await self.world.register()

    async def staff(self):
        """One of those who run the servers."""
        vera = await self.world.register(name="Вера", company="Мы")
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:staff add")
        await appoint(self.world.handle, vera.scope.person, origin)
        return vera

    def close_the_desk(self):
        """As where nobody pays."""
        self.world.ports = replace(self.world.ports, payments=None)


@asynccontextmanager
async def stripe(database):
    """An account of its own, and how to get there. What others left in the inbox is not its."""
    async with database.driver() as driver:
        await driver.execute("DELETE FROM stripe_pending")
    book = Book()
    async with aiohttp.ClientSession() as session, standing(book) as address:
        yield SimpleNamespace(book=book, address=address, session=session)


@asynccontextmanager
async def paying(database, key=None):
    """A world of its own."""
    async with stripe(database) as door:
        yield Paying(database, door, key)


PLAN = """{ subscription { plan because until graceUntil trialUntil
  limits { products } paid { status plan paidUntil cancelAt nextPlan nextAt collecting } } }"""
CANCEL = """mutation { cancelSubscription { userErrors { code message }
  subscription { until paid { cancelAt paidUntil } } } }"""
RESUME = """mutation { resumeSubscription { userErrors { code message }
  subscription { paid { cancelAt } } } }"""


async def plan_of(anna):
    return (await anna.ask(PLAN))["subscription"]


async def facts_of(paying, anna):
    company = anna.scope.tenant
    stream = Stream(kind="subscription", tenant=company, id=company)
    store = paying.world.handle._store
    return [type(each.event).__name__ for each in await store.read(stream)]


async def buys(paying, anna, plan="PRO", card="ok"):
    """She clicks on «buy» and pays on Stripe's page."""
    page = await anna.change("startCheckout", "url", plan=plan)
    assert page["userErrors"] == []
    paying.book.complete(page["url"].rpartition("/")[2], card)
    await paying.deliver()
    await paying.work()
    return page["url"]


async def pays_twice(paying):
    """Who pays subscribes again, in Stripe's dashboard: the ids of both, the one that counts first."""
    (first,) = paying.book.all("subscription")
    paying.book.card(first["customer"], "ok")
    wish = {"customer": first["customer"], "items": [{"price": paying.prices[Plan.STARTER][0]}]}
    second = await paying.payments._client.v1.subscriptions.create_async(wish)
    await paying.deliver()
    await paying.work()
    return [first["id"], second.id]


def customer_of(paying):
    (customer,) = paying.book.all("customer")
    return customer["id"]
