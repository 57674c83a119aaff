"""The page where a company subscribes. One at a time can be paid: each page that is paid begins a
subscription of its own, and whoever paid two would be charged for both each month."""

from contextlib import suppress
from itertools import dropwhile
from urllib.parse import urlencode

from stripe.params.checkout import SessionListParams

from domain.errors import Rejected
from domain.payments_port import Checkout
from infrastructure.stripe.catalogue import Catalogue
from infrastructure.stripe.client import MOST, Client
from infrastructure.stripe.shapes import Page, Session

KEY = "key"
"""Where a page has in its metadata what it was asked for by."""


class Selling:
    """`catalogue`: what there is to buy."""

    def __init__(self, client: Client, catalogue: Catalogue) -> None:
        self._client, self._catalogue = client, catalogue
        self._sessions = client.v1.checkout.sessions

    async def checkout(self, asked: Checkout) -> str:
        """See the port. Three calls, and one for each page that is shut."""
        price = self._catalogue.price_of(asked.plan)
        before = await self._open(asked.customer)
        key = f"{asked.key}:{price}"
        page = next((each for each in before if each.metadata.get(KEY) == key), None)
        if page is None:
            # Asked for by its key alone, Stripe would give the address of a page that was shut.
            once = f"{key}:{before[0].id if before else 'first'}"
            page = await self._made(asked, price, key, once)
        await self._shut_older(asked.customer, page)
        return page.url

    async def _open(self, customer: str) -> list[Session]:
        """Those that can be paid, the newest first."""
        asked: SessionListParams = {"customer": customer, "status": "open", "limit": MOST}
        return (await self._client.got(self._sessions.list_async(asked), Page[Session])).data

    async def _made(self, asked: Checkout, price: str, key: str, once: str) -> Session:
        tenant = {"tenant_id": str(asked.tenant)}
        made = self._sessions.create_async(
            {
                "mode": "subscription",
                "customer": asked.customer,
                "client_reference_id": str(asked.tenant),
                "line_items": [{"price": price, "quantity": 1}],
                "metadata": {**tenant, KEY: key},
                "subscription_data": {"metadata": tenant},
                "success_url": _back(asked.back, "done"),
                "cancel_url": _back(asked.back, "left"),
                "locale": asked.language,
            },
            {"idempotency_key": once},
        )
        return await self._client.got(made, Session)

    async def _shut_older(self, customer: str, page: Session) -> None:
        """What is newer stays: of two who ask at once, one would shut the other's and be shut."""
        found = await self._open(customer)
        for each in [*dropwhile(lambda one: one.id != page.id, found)][1:]:
            with suppress(Rejected):  # paid or shut meanwhile
                await self._client.done(self._sessions.expire_async(each.id))


def _back(address: str, how: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'checkout': how})}"
