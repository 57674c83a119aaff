"""`domain.payments_port.Payments` over Stripe."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import aiohttp
import msgspec
import stripe
from stripe.params import EventListParams, InvoiceListParams, SubscriptionListParams

from domain.billed import Billed
from domain.errors import Rejected
from domain.payments_port import MISSING, Checkout, Invoice, Preview, Price, Said
from domain.plan import Plan
from domain.ports import Clock
from domain.secrecy import Secret
from infrastructure.stripe import messages, shapes
from infrastructure.stripe.catalogue import Catalogue, is_higher, monthly
from infrastructure.stripe.changing import Changing, must_go_on
from infrastructure.stripe.client import MOST, Client
from infrastructure.stripe.owners import owner
from infrastructure.stripe.price_list import PriceList
from infrastructure.stripe.reading import billed, item_of, tells_all
from infrastructure.stripe.selling import Selling
from infrastructure.stripe.shapes import Page, Subscription, at


class StripePayments:
    """One account. `prices`: of each plan, the first is sold, the others are recognised."""

    def __init__(
        self,
        key: Secret,
        url: str,
        prices: Mapping[Plan, Sequence[str]],
        session: aiohttp.ClientSession,
        clock: Clock,
    ) -> None:
        self._client = Client(key, url, session, clock)
        self._v1 = self._client.v1
        self._catalogue = Catalogue(prices)
        self._changing = Changing(self._client, self._catalogue)
        self._selling = Selling(self._client, self._catalogue)
        self._price_list = PriceList(self._prices, clock)

    def read(self, body: bytes) -> Said:
        """See the port."""
        return messages.read(body)

    async def subscriptions_of(self, customer: str) -> Sequence[Billed]:
        """See the port. One call, and one more for each whose latest invoice is not paid."""
        try:
            return [await self._billed(each) async for each in self._subscriptions(customer)]
        except Rejected as no:
            if no.cause == MISSING and await self._is_deleted(customer):
                return []
            raise

    async def customer_of(self, thing: str) -> str | None:
        """See the port."""
        return await owner(self._client, thing)

    async def new_customer(self, tenant: UUID, key: str) -> str:
        """See the port."""
        asked = self._v1.customers.create_async(
            {"metadata": {"tenant_id": str(tenant)}}, {"idempotency_key": key}
        )
        return (await self._client.got(asked, shapes.Named)).id

    async def prices(self) -> Sequence[Price]:
        """See the port. One call for each plan, once in some minutes."""
        return await self._price_list()

    async def checkout(self, asked: Checkout) -> str:
        """See the port."""
        return await self._selling.checkout(asked)

    async def portal(self, customer: str, back: str, language: str) -> str:
        """See the port."""
        made = self._v1.billing_portal.sessions.create_async(
            {"customer": customer, "return_url": back, "locale": language}
        )
        return (await self._client.got(made, shapes.Address)).url

    async def preview(self, billed: Billed, plan: Plan) -> Preview:
        """See the port. A change to a lower plan costs nothing now."""
        price, seen = self._catalogue.price_of(plan), await self._changing.present(billed)
        must_go_on(seen)
        item = item_of(seen, self._catalogue.plans)
        then = await self._previewed(seen.id, item.id, price, "none")
        now = 0
        if is_higher(plan, billed):
            at_once = await self._previewed(seen.id, item.id, price, "always_invoice")
            now = sum(each.whole for each in at_once.lines.data if each.is_proration)
        begins = at(item.current_period_end)
        return Preview(now=now, then=then.total, currency=then.currency, at=begins)

    async def change(self, billed: Billed, plan: Plan, key: str) -> None:
        """See the port."""
        await self._changing.change(billed, plan, key)

    async def cancel(self, billed: Billed, key: str, *, at_once: bool = False) -> None:
        """See the port."""
        await self._changing.cancel(billed, key, at_once=at_once)

    async def resume(self, billed: Billed, key: str) -> None:
        """See the port."""
        await self._changing.resume(billed, key)

    async def invoice(self, invoice: str) -> Invoice:
        """See the port."""
        asked = self._v1.invoices.retrieve_async(invoice)
        found = await self._client.got(asked, shapes.Invoice)
        return Invoice(page=found.hosted_invoice_url, file=found.invoice_pdf)

    async def everything(self) -> AsyncIterator[tuple[str, Sequence[Billed]]]:
        """See the port. Stripe lists by age and not by customer, so all are held at once: about a
        kilobyte each."""
        by_customer: dict[str, list[Billed]] = defaultdict(list)
        async for each in self._subscriptions(None):
            by_customer[each.customer].append(await self._billed(each))
        for customer, hers in by_customer.items():
            yield customer, hers

    async def messages(self, since: datetime) -> AsyncIterator[bytes]:
        """See the port."""

        def ask(after: str | None) -> Awaitable[stripe.StripeObject]:
            asked: EventListParams = {"limit": MOST, "created": {"gte": int(since.timestamp())}}
            if after:
                asked["starting_after"] = after
            return self._v1.events.list_async(asked)

        async for page in self._client.pages(ask, Page[msgspec.Raw], messages.ident):
            for each in page:
                yield bytes(each)

    async def _prices(self) -> Sequence[Price]:
        found = []
        for plan, ident in self._catalogue.sold.items():
            asked = self._v1.prices.retrieve_async(ident)
            price = await self._client.got(asked, shapes.Price)
            if price.active:
                found.append(monthly(plan, price))
        return found

    async def _subscriptions(self, customer: str | None) -> AsyncIterator[Subscription]:
        def ask(after: str | None) -> Awaitable[stripe.StripeObject]:
            asked: SubscriptionListParams = {
                "status": "all",
                "limit": MOST,
                "expand": ["data.latest_invoice", "data.schedule"],
            }
            if customer:
                asked["customer"] = customer
            if after:
                asked["starting_after"] = after
            return self._v1.subscriptions.list_async(asked)

        async for page in self._client.pages(ask, Page[Subscription], lambda each: each.id):
            for each in page:
                yield each

    async def _billed(self, seen: Subscription) -> Billed:
        invoices = [seen.latest_invoice] if seen.latest_invoice else []
        if not tells_all(seen):
            asked: InvoiceListParams = {"subscription": seen.id, "limit": MOST}
            found = self._v1.invoices.list_async(asked)
            invoices = (await self._client.got(found, Page[shapes.Invoice])).data
        return billed(seen, invoices, self._catalogue.plans)

    async def _is_deleted(self, customer: str) -> bool:
        """One that was never there is another matter: the key may be of another account, in which
        case nobody's plan has ended."""
        asked = self._v1.customers.retrieve_async(customer)
        found = await self._client.perhaps(asked, shapes.Person)
        return found is not None and found.deleted

    async def _previewed(
        self, subscription: str, item: str, price: str, proration: str
    ) -> shapes.Invoice:
        asked = self._v1.invoices.create_preview_async(
            {
                "subscription": subscription,
                "subscription_details": {
                    "items": [{"id": item, "price": price}],
                    "proration_behavior": proration,
                },
            }
        )
        return await self._client.got(asked, shapes.Invoice)
