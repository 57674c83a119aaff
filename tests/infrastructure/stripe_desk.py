"""StripePayments and an account of the sandbox's Stripe, over loopback."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import aiohttp

from domain.billed import leading
from domain.plan import Plan
from domain.secrecy import Secret
from infrastructure.stripe.payments import StripePayments
from sandbox.stripe import SECRET_KEY, Book, price_list
from tests.infrastructure.loopback import standing

NOON = 1_795_424_400  # 2026-11-23 09:00 UTC
DAY = 86_400


class Desk:
    """`payments` is the adapter; the account's clock, bank and events are at hand as `book`."""

    def __init__(self, book, address, http):
        self.book = book
        listed = price_list(book)
        self.prices = {Plan(name): ids for name, ids in listed.items()}
        self.address, self.http = address, http
        self.payments = self.adapter()

    def adapter(self, prices=None, key=SECRET_KEY):
        sold = self.prices if prices is None else prices
        return StripePayments(Secret(key), f"{self.address}/stripe", sold, self.http, self.now)

    def now(self):
        return datetime.fromtimestamp(self.book.now, UTC)

    def pass_days(self, days):
        self.book.advance(int(days * DAY))

    async def customer(self, card="ok"):
        made = await self.payments.new_customer(uuid4(), uuid4().hex)
        if card:
            self.book.card(made, card)
        return made

    async def subscribed(self, plan=Plan.PRO, card="ok", **fields):
        """A customer with this card, and her subscription."""
        customer = await self.customer(card)
        await self.subscribe(customer, plan, **fields)
        return customer

    async def subscribe(self, customer, plan, **fields):
        wish = {"customer": customer, "items": [{"price": self.prices[plan][0]}], **fields}
        return await self.v1.subscriptions.create_async(wish)

    async def set(self, customer, **fields):
        """What somebody changes at Stripe itself, past us."""
        seen = await self.hers(customer)
        await self.v1.subscriptions.update_async(seen.subscription, fields)

    @property
    def v1(self):
        """The SDK's own namespace of the account."""
        return self.payments._client.v1

    async def hers(self, customer):
        """The subscription that counts."""
        return leading(await self.payments.subscriptions_of(customer))


@asynccontextmanager
async def open_desk(settings=None):
    book = Book(clock=lambda: NOON, settings=settings)
    async with standing(book) as address, aiohttp.ClientSession() as http:
        book.url = f"{address}/stripe"
        try:
            yield Desk(book, address, http)
        finally:
            await book.courier.close()
