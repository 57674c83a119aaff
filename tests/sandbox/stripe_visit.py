"""A visit to the Stripe stand-in with the real SDK, over loopback, its clock and bank at hand."""

from collections import Counter
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import stripe
from aiohttp import web

from sandbox.stripe import SECRET_KEY, WEBHOOK_SECRET, Book, Hook
from tests.infrastructure.loopback import listening, standing

NOON = 1_795_424_400  # 2026-11-23 09:00 UTC
DAY, HOUR = 86_400, 3_600


class Endpoint:
    """What a webhook got: as it came, and what the SDK accepted of it.

    `answers` are the next statuses, then 200."""

    def __init__(self):
        self.raw = []
        self.got = []
        self.refused = 0
        self.answers = []
        self.secret = WEBHOOK_SECRET
        self.address = ""

    @property
    def types(self):
        return [each.type for each in self.got]

    async def take(self, request):
        body = await request.read()
        if self.answers and (status := self.answers.pop(0)) != 200:
            return web.Response(status=status)
        sent = request.headers["stripe-signature"]
        self.raw.append((body, sent))
        if b'"v2.core.event"' in body:
            return web.Response()
        try:
            self.got.append(stripe.Webhook.construct_event(body, sent, self.secret))
        except stripe.SignatureVerificationError:
            self.refused += 1
            return web.Response(status=400)
        return web.Response()


class Visit:
    """One account; `v1` is the SDK's namespace of it."""

    def __init__(self, book, address, http):
        self.book, self.address, self.http = book, address, http
        self.client = self.sdk()
        self.v1 = self.client.v1

    def sdk(self, key=SECRET_KEY, patience=10.0, retries=0):
        timeout = aiohttp.ClientTimeout(total=patience)
        http = stripe.AIOHTTPClient(timeout=timeout, session=self.http)
        base = {"api": f"{self.address}/stripe"}
        return stripe.StripeClient(
            key, base_addresses=base, http_client=http, max_network_retries=retries
        )

    async def control(self, verb, method="POST", **body):
        url = f"{self.address}/stripe/control/{verb}"
        async with self.http.request(method, url, json=body) as answer:
            told = await answer.json()
            assert answer.status == 200, told
            return told

    async def price(self, amount=1_000, currency="usd", interval="month"):
        product = await self.v1.products.create_async({"name": "Pro"})
        wish = {"product": product.id, "currency": currency, "unit_amount": amount}
        return await self.v1.prices.create_async({**wish, "recurring": {"interval": interval}})

    async def customer(self, card="ok", **fields):
        made = await self.v1.customers.create_async({"email": "olga@example.com", **fields})
        if card:
            self.book.card(made.id, card)
        return made

    async def subscribed(self, card="ok", price=None, **fields):
        """A customer with this card, and her subscription."""
        customer = await self.customer(card)
        price = price or await self.price()
        wish = {"customer": customer.id, "items": [{"price": price.id}], **fields}
        return await self.v1.subscriptions.create_async(wish)

    async def again(self, subscription):
        """As it is now."""
        return await self.v1.subscriptions.retrieve_async(subscription.id)

    async def invoice(self, subscription):
        """Its latest."""
        return await self.v1.invoices.retrieve_async(subscription.latest_invoice)

    def day(self, moment):
        return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"

    def types(self, since=0):
        """Of the events so far."""
        return [each.type for each in self.book.events.values()][since:]

    def count(self):
        return Counter(self.types())


@asynccontextmanager
async def visiting(settings=None):
    """An account on 23 November 2026, nobody in it."""
    book = Book(clock=lambda: NOON, settings=settings)
    async with standing(book) as address, aiohttp.ClientSession() as http:
        book.url = f"{address}/stripe"
        try:
            yield Visit(book, address, http)
        finally:
            await book.courier.close()


@asynccontextmanager
async def hooked(visit, **fields):
    """With a webhook endpoint that checks signatures with the SDK."""
    endpoint = Endpoint()
    server = web.Application(client_max_size=0)
    server.router.add_post("/", endpoint.take)
    async with listening(server) as address:
        endpoint.address = address
        secrets = fields.pop("secrets", [WEBHOOK_SECRET])
        visit.book.hooks["main"] = Hook(url=f"{address}/", secrets=secrets, **fields)
        try:
            yield endpoint
        finally:
            await visit.book.courier.close()
