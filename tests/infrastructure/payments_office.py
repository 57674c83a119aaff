"""Two providers that keep the port of payments, and the hand behind each."""

import json
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import uuid4

from domain.billed import Status, leading
from domain.errors import Unavailable
from domain.payments_port import Invoice
from domain.plan import Plan
from sandbox.stripe import Fault
from sandbox.stripe.form import Form
from sandbox.stripe.life import pausing, people
from tests.fake_payments import FakePayments
from tests.infrastructure.stripe_desk import open_desk

BACK = "https://stock.example.com/plan"


@asynccontextmanager
async def fake_office():
    payments = FakePayments()

    async def subscribed(plan=Plan.STARTER):
        customer = await payments.new_customer(uuid4(), uuid4().hex)
        payments.subscribe(customer, plan)
        payments.charges[f"ch_{customer}"] = customer
        payments.invoices[f"in_{customer}"] = Invoice(page=f"{BACK}/in", file=None)
        said = {"object": "event", "id": "evt_1", "type": "customer.subscription.created"}
        payments.sent.append((payments.now, json.dumps(said).encode()))
        return customer

    def breaks():
        payments.down = Unavailable("away", cause="stripe_away")

    yield SimpleNamespace(
        payments=payments,
        subscribed=subscribed,
        declines=payments.declined.add,
        deletes=payments.delete,
        pauses=lambda customer: payments.becomes(payments.has[customer][0], status=Status.PAUSED),
        charge_of=lambda customer: f"ch_{customer}",
        invoice_of=lambda customer: f"in_{customer}",
        sells_nothing=payments.sells.clear,
        breaks=breaks,
        now=payments.now,
    )


@asynccontextmanager
async def stripe_office():
    async with open_desk() as desk:
        book = desk.book

        def of(kind, customer):
            return next(each["id"] for each in book.all(kind) if each["customer"] == customer)

        def deletes(customer):
            people.deleted(book, book.find("customer", customer))

        def pauses(customer):
            pausing.pause(book, book.find("subscription", of("subscription", customer)), Form({}))

        def sells_nothing():
            office.payments = desk.adapter(prices={})

        office = SimpleNamespace(
            payments=desk.payments,
            subscribed=lambda plan=Plan.STARTER: desk.subscribed(plan),
            declines=lambda customer: book.card(customer, "decline"),
            deletes=deletes,
            pauses=pauses,
            charge_of=lambda customer: of("charge", customer),
            invoice_of=lambda customer: of("invoice", customer),
            sells_nothing=sells_nothing,
            breaks=lambda: book.faults.ordered.append(Fault(status=503, times=100)),
            now=desk.now(),
        )
        yield office


OFFICES = {"fake": fake_office, "stripe": stripe_office}


async def hers(office, customer):
    """The subscription that counts."""
    return leading(await office.payments.subscriptions_of(customer))
