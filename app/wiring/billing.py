"""What stands between Stripe and the companies' plans."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import aiohttp

from app.billing.backfill import Backfill
from app.billing.chores import LOOK_EVERY, Chores, chores
from app.billing.desk import Desk
from app.billing.jobs import Ingest
from app.billing.operate.office import Office
from app.billing.parting import Parting
from app.billing.reading import Reading
from app.billing.reconcile import Reconcile
from app.billing.routes import Webhook
from app.billing.sweep import Ends, Sweep
from app.handle import Handle
from app.runs.dispatch import every
from app.stripe_settings import Stripe
from domain.chores import Calendar
from domain.fact import fact
from domain.inbox_port import Inbox
from domain.payments_port import Payments
from domain.ports import Clock
from domain.run import Wanted
from infrastructure.clock import system_clock
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.subjects import SubjectSeals
from infrastructure.postgres.bell import ARRIVALS, Bell
from infrastructure.postgres.chores import PostgresChores
from infrastructure.postgres.database import Database
from infrastructure.postgres.inbox import PostgresInbox
from infrastructure.postgres.ledger import PostgresLedger
from infrastructure.postgres.watching import PostgresFound
from infrastructure.stripe import envelope, signature
from infrastructure.stripe.messages import TYPES

REST = 4
"""Times as long as a look took, until the next one: of long lists it would else be all there is."""


@fact
class Billing:
    """Open where companies pay. `arrivals` rings when something came into the inbox."""

    payments: Payments
    inbox: Inbox
    webhook: Webhook
    arrivals: Bell
    desk: Desk
    ends: Ends
    calendar: Calendar
    wish: Callable[[Sequence[Wanted]], Awaitable[None]]

    @property
    def ingest(self) -> Ingest:
        """What a run of the kind billing does."""
        return Ingest(inbox=self.inbox, reading=self.desk.reading)

    @property
    def sweep(self) -> Sweep:
        """What makes such runs."""
        return Sweep(
            inbox=self.inbox,
            payments=self.payments,
            ends=self.ends,
            handle=self.desk.reading.handle,
            clock=self.desk.reading.clock,
            wish=self.wish,
        )

    @property
    def reconcile(self) -> Reconcile:
        """What finds where we and Stripe differ."""
        reading = self.desk.reading
        return Reconcile(
            database=reading.database,
            payments=self.payments,
            clock=reading.clock,
            wish=self.wish,
        )

    @property
    def backfill(self) -> Backfill:
        """What fetches messages that never came."""
        return Backfill(inbox=self.inbox, payments=self.payments, read=envelope.read, types=TYPES)

    @property
    def part(self) -> Parting:
        """What ends with a company."""
        return Parting(reading=self.desk.reading)

    @property
    def office(self) -> Office:
        """What those who run the servers do about Stripe."""
        reading = self.desk.reading
        return Office(
            database=reading.database,
            handle=reading.handle,
            inbox=self.inbox,
            reconcile=self.reconcile,
            clock=reading.clock,
        )

    def loops(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What a worker does besides its runs."""
        each = chores(self.reconcile, self.backfill, self.inbox)
        look = Chores(self.calendar, self.desk.reading.clock, each)
        return every(0, self._receive), every(LOOK_EVERY, look)

    async def _receive(self) -> None:
        """What Stripe sent becomes runs."""
        look = self.sweep
        async with self.arrivals.listening() as deaf:
            while not deaf():
                began = time.monotonic()
                await look()
                await asyncio.sleep(REST * (time.monotonic() - began))
                await self.arrivals.wait()

    async def close(self) -> None:
        await self.arrivals.close()


@fact
class Ground:
    """What of the process it stands on."""

    database: Database
    master: MasterKeys
    session: aiohttp.ClientSession
    handle: Handle
    clock: Clock = system_clock


def billing(ground: Ground, stripe: Stripe, base: str) -> Billing:
    """The inbox is of the mode that the key is of. `base`: where people find the console."""
    # the SDK: where nobody pays, no start waits for it
    from infrastructure.stripe.payments import StripePayments  # noqa: PLC0415

    database, clock = ground.database, ground.clock
    payments = StripePayments(stripe.key, stripe.url, stripe.prices, ground.session, clock)
    seals = SubjectSeals(database.driver, ground.master, clock)
    inbox = PostgresInbox(database, seals, clock, types=TYPES, livemode=stripe.live)
    arrivals = Bell(database, ARRIVALS)
    reading = Reading(database=database, payments=payments, handle=ground.handle, clock=clock)
    return Billing(
        payments=payments,
        inbox=inbox,
        webhook=_webhook(inbox, stripe, arrivals.ring, clock),
        arrivals=arrivals,
        desk=Desk(reading=reading, base=base),
        ends=PostgresFound(database, clock),
        calendar=PostgresChores(database, clock),
        wish=PostgresLedger(database, clock).wish,
    )


def _webhook(inbox: Inbox, stripe: Stripe, nudge: Callable[[], None], clock: Clock) -> Webhook:
    def check(header: str | None, body: bytes) -> None:
        signature.check(header, body, stripe.webhook_secrets, clock().timestamp())

    return Webhook(check=check, read=envelope.read, inbox=inbox, nudge=nudge)
