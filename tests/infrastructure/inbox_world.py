"""An inbox that a test has for itself, with messages made by hand."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from cryptography.fernet import Fernet

from app.billing.projected import CLAIM
from domain.access import TenantScope
from domain.inbox_port import PAUSES, Delivery, EventKey, Wanted
from domain.secrecy import Secret
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.subjects import SubjectSeals
from infrastructure.postgres.inbox import PostgresInbox

MASTER = Fernet.generate_key().decode()
STAFF = TenantScope.everyone(uuid4(), "a test")
START = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
TYPES = frozenset({"invoice.paid", "customer.subscription.updated"})
PAYS = "INSERT INTO billing_customers VALUES ($1, $2) ON CONFLICT DO NOTHING"
EMPTY = "DELETE FROM stripe_pending; DELETE FROM stripe_unclaimed; DELETE FROM billing_customers"
WHY = "Nobody here is this customer."


TAMPER = """
ALTER TABLE stripe_inbox DISABLE TRIGGER stripe_inbox_stays;
GRANT UPDATE ON stripe_inbox TO CURRENT_USER;
UPDATE stripe_inbox SET sealed = sealed || '\\x00' WHERE event_id = '{event_id}';
REVOKE UPDATE ON stripe_inbox FROM CURRENT_USER;
ALTER TABLE stripe_inbox ENABLE TRIGGER stripe_inbox_stays;
"""


class World:
    """In test mode; its clock goes on when a test says so. Every customer is a new one."""

    def __init__(self, database):
        self.database, self.now, self._numbers = database, START, count(1)
        self.seals = SubjectSeals(database.driver, MasterKeys(Secret(MASTER)), lambda: self.now)
        self.inbox = PostgresInbox(
            database, self.seals, lambda: self.now, types=TYPES, livemode=False
        )
        self.customer = f"cus_{uuid4().hex}"

    def wait(self, **how_long):
        self.now += timedelta(**how_long)

    async def came(self, *type_, **changes):
        """A message, kept."""
        delivery = self.made(*type_, **changes)
        await self.inbox.receive(delivery)
        return delivery

    def made(self, type_="invoice.paid", *, livemode=False, account="", **changes):
        """A new one, about a customer unless it is said about what."""
        number = next(self._numbers)
        key = EventKey(account=account, livemode=livemode, event_id=f"evt_{number}_{uuid4().hex}")
        given = {
            "key": key,
            "type": type_,
            "thin": False,
            "api_version": "2026-10-28.endive",
            "created": self.now,
            "customer": self.customer,
            "about": self.customer,
            "tenant_hint": None,
            "body": f"message {number}".encode(),
        }
        return Delivery(**given | changes)

    async def company(self, customer=None, *, known=True):
        """One that pays as this customer."""
        company = uuid4()
        if known:
            await self.do(
                "INSERT INTO tenants (tenant_id, registered_at) VALUES ($1, now())", company
            )
        if customer and await self.do(PAYS, company, customer) == "INSERT 0 1":
            await self.do(CLAIM, company, customer, self.now)
        return company

    async def linked(self):
        """A company that its customer's messages are found to be of."""
        company = await self.company(self.customer)
        await self.link()
        return company

    async def link(self):
        """Look for companies: for how many messages one was found, and what has to be asked for."""
        linked = await self.inbox.link(WHY, ("ch_",))
        return linked.found, [*linked.unknown]

    async def give_up(self, about):
        """All that waits about this has been tried for days."""
        for _ in range(len(PAUSES) + 1):
            await self.inbox.postpone(about, "stripe_away", "Stripe does not answer.")

    async def tamper(self, delivery):
        """What is kept of it is not what was sealed, as when a disk has failed."""
        await tampered(self.database, delivery.key.event_id)

    async def handle(self, about):
        """As a job does: with the facts that come of all that waits."""
        seqs = [each.seq for each in await self.inbox.pending(about)]
        statement, row = self.inbox.handled(about, seqs)
        return await self.do(statement, *row)

    async def due(self):
        return await self.inbox.due(self.now, 100)

    async def ids(self, about):
        """Of the messages that wait, in order."""
        return [each.key.event_id for each in await self.inbox.pending(about)]

    async def message(self, delivery):
        """As those who run the servers see it."""
        found = await self.inbox.messages(STAFF, Wanted(), 10_000)
        return next(each for each in found if each.key == delivery.key)

    async def state(self, delivery):
        return (await self.message(delivery)).state.value

    async def body(self, delivery):
        return await self.inbox.body(STAFF, delivery.key)

    async def do(self, statement, *args):
        async with self.database.driver() as driver:
            return await driver.execute(statement, *args)


async def tampered(database, event_id):
    """What is kept of a message is changed by hand."""
    async with database.driver() as driver:
        await driver.execute(TAMPER.format(event_id=event_id))


@asynccontextmanager
async def alone(database):
    """One in which nothing waits but what its test sends, and nothing after it."""
    world = World(database)
    await world.do(EMPTY)
    yield world
    await world.do(EMPTY)
