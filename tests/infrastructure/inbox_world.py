"""An inbox that a test has for itself, with messages made by hand."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from cryptography.fernet import Fernet

from domain.access import TenantScope
from domain.inbox_port import Delivery, EventKey, Wanted
from domain.secrecy import Secret
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.subjects import SubjectSeals
from infrastructure.postgres.inbox import PostgresInbox

MASTER = Fernet.generate_key().decode()
STAFF = TenantScope.everyone(uuid4(), "a test")
START = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
TYPES = frozenset({"invoice.paid", "customer.subscription.updated"})
PAYS = "INSERT INTO billing_customers VALUES ($1, $2) ON CONFLICT DO NOTHING"
EMPTY = "DELETE FROM stripe_pending; DELETE FROM billing_customers"


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
        if customer:
            await self.do(PAYS, company, customer)
        return company

    async def linked(self):
        """A company that its customer's messages are found to be of."""
        company = await self.company(self.customer)
        await self.inbox.link()
        return company

    async def handle(self, about):
        """As a job does: with the facts that come of all that waits."""
        seqs = [each.seq for each in await self.inbox.pending(about)]
        statement, row = self.inbox.handled(about, seqs)
        return await self.do(statement, *row)

    async def due(self, *, linked=True):
        return await self.inbox.due(self.now, 100, linked=linked)

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
