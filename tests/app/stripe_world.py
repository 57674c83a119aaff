"""What Stripe sends, and the door it knocks at; for tests."""

import hmac
import json
from hashlib import sha256
from types import SimpleNamespace
from uuid import uuid4

import httpx
from cryptography.fernet import Fernet
from litestar import Litestar

from app.billing.routes import router
from app.errors import answer
from app.stripe_settings import Stripe
from app.web.body import JsonRequest
from app.web.door import Doors
from app.wiring.billing import Ground, billing
from domain.access import TenantScope
from domain.inbox_port import EventKey, Wanted
from domain.secrecy import Secret
from infrastructure.crypto.master import MasterKeys

KEYS = Secret("whsec_new"), Secret("whsec_old")
MASTER = MasterKeys(Secret(Fernet.generate_key().decode()))
STAFF = TenantScope.everyone(uuid4(), "a test")
CUSTOMER = "INSERT INTO billing_customers (tenant_id, customer) VALUES ($1, $2)"


def name(kind):
    """An id such as Stripe's, that nobody else has."""
    return f"{kind}_{uuid4().hex[:20]}"


def event(type_="customer.subscription.updated", thing=None, **changes):
    """A snapshot event about a subscription, unless it is said about what."""
    thing = thing or {"id": name("sub"), "object": "subscription", "customer": name("cus")}
    return {
        "id": name("evt"),
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1_795_000_000,
        "livemode": False,
        "type": type_,
        "pending_webhooks": 1,
        "data": {"object": thing},
    } | changes


def thin(type_="v1.customer.subscription.updated", related=None, **changes):
    """Its thin twin, as an event destination sends it."""
    return {
        "id": name("evt"),
        "object": "v2.core.event",
        "type": type_,
        "livemode": False,
        "created": "2026-11-23T04:39:59.120Z",
        "related_object": related or {"id": name("sub"), "type": "subscription", "url": "/v1/…"},
    } | changes


class Door(SimpleNamespace):
    """The webhook alone, over an inbox of test mode."""

    def __init__(self, database, clock, *, live=False):
        stripe = Stripe(
            key=Secret("sk_test_1"),
            live=live,
            webhook_secrets=KEYS,
            url="https://stripe.example",
            prices={},
        )
        ground = Ground(database=database, master=MASTER, session=None, handle=None, clock=clock)
        made = billing(ground, stripe, "https://stock.example.com")
        super().__init__(database=database, clock=clock, billing=made, inbox=made.inbox)
        self.http = knocking(made.webhook, clock)

    def signature(self, body, key=KEYS[0]):
        at = int(self.clock().timestamp())
        signed = hmac.new(key.reveal().encode(), f"{at}.".encode() + body, sha256)
        return {"Stripe-Signature": f"t={at},v1={signed.hexdigest()}"}

    async def send(self, said, **headers):
        """An event, or bytes."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        headers = self.signature(body) | headers
        return await self.http.post("/webhooks/stripe", content=body, headers=headers)

    async def message(self, said):
        """As those who run the servers see it; None where it was not kept."""
        found = await self.inbox.messages(STAFF, Wanted(), 10_000)
        return next((each for each in found if each.key.event_id == said["id"]), None)

    async def body(self, said):
        account, mode = said.get("account", ""), said["livemode"]
        key = EventKey(account=account, livemode=mode, event_id=said["id"])
        return await self.inbox.body(STAFF, key)

    async def close(self):
        await self.http.aclose()
        await self.billing.close()


def knocking(webhook, clock):
    """A client of the webhook's routes alone."""
    app = Litestar(
        route_handlers=[router(webhook)],
        exception_handlers={Exception: answer},
        middleware=[Doors(clock, proxies=0)],
        request_class=JsonRequest,
        openapi_config=None,
        logging_config=None,
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://t")
