"""What a company may do about its plan: try, buy, change, end, go on, and see to its card.

The provider does it first, under a key of ours, and what it then says becomes facts: if it is away,
nothing is half done, and the same wish again is the same change.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from app.asker import Asker
from app.billing.read import SubscriptionRow, customer_of, is_paid, subscription_of
from app.billing.reading import Reading, ask
from domain import lending, subscription
from domain.access import Role
from domain.billed import ENDED, Billed, Status
from domain.errors import Refused, Rejected, Unavailable, Unknown
from domain.fact import fact
from domain.payments_port import MISSING, Checkout, Invoice, Preview
from domain.plan import Plan


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


PAGE = "/billing"
PATIENCE = 25.0
"""Seconds that somebody waits for one answer; a request over the API is given up after 30."""
AWAY = _(
    "Stripe does not answer at the moment. If it has done what you asked for, your plan says so in "
    "a minute; if not, ask again: nothing is done twice."
)


class BillingOff(Refused):
    """Nothing is paid for here: whoever runs this server has set no limits."""


class AlreadySubscribed(Refused):
    """This company has a subscription. Change its plan instead of buying another one."""


class NotSubscribed(Refused):
    """This company has no subscription. Choose a plan first."""


class NotAPaidPlan(Refused):
    """The free plan is not bought. To have it, cancel the subscription."""


class SamePlan(Refused):
    """The subscription has this plan already."""


class NotCancelled(Refused):
    """Nothing was cancelled or paused, so there is nothing to take back."""


class CustomerGone(Refused):
    """At Stripe your company was deleted from the customers, with its cards. Choose a plan: that
    makes it a customer again."""


class UnknownInvoice(Unknown):
    """There is no such invoice of your company. Its plan's page lists all that were paid."""


@fact
class Desk:
    """`base`: where people find the console. All may raise what the provider raises."""

    reading: Reading
    base: str

    async def row(self, asker: Asker) -> SubscriptionRow:
        """What is known. Raises NotStarted."""
        row = await subscription_of(self.reading.database, asker.scope)
        if row is None:
            raise subscription.NotStarted
        return row

    async def subscribed(self, asker: Asker) -> Billed:
        """The subscription that goes on. Raises NotSubscribed."""
        billed = (await self.row(asker)).held.standing.billed
        if billed is None or billed.status in ENDED:
            raise NotSubscribed
        return billed

    async def try_out(self, asker: Asker) -> None:
        """The larger plan, once, without a card. Raises TrialUsed."""
        asker.demand(Role.OWNER)
        await self._tell(asker, lending.StartTrial(at=self.reading.clock()))

    async def checkout(self, asker: Asker, plan: Plan, language: str) -> str:
        """The address of the page where it is paid. A customer who was deleted at the provider gets
        a successor. Raises AlreadySubscribed, NotAPaidPlan, NotForSale, CustomerGone."""
        asker.demand(Role.OWNER)
        if plan is Plan.FREE:
            raise NotAPaidPlan(field="plan")
        async with asking():
            return await self._sold(asker, plan, language)

    async def portal(self, asker: Asker, language: str) -> str:
        """The address of the provider's page for cards and invoices. Raises CustomerGone."""
        asker.demand(Role.OWNER)
        back = f"{self.base}{PAGE}"
        async with asking():
            customer = await self._customer(asker)
            with _known():
                return await self.reading.payments.portal(customer, back, language)

    async def preview(self, asker: Asker, plan: Plan) -> Preview:
        """What a change would cost. Raises NotSubscribed, NotAPaidPlan, SamePlan, NotForSale."""
        asker.demand(Role.ADMIN)
        billed = await self._changing(asker, plan)
        async with asking():
            return await self.reading.payments.preview(billed, plan)

    async def change(self, asker: Asker, plan: Plan) -> None:
        """To a higher plan at once, to a lower one at the end of what is paid; to the present one,
        if another is ahead: that is dropped."""
        asker.demand(Role.OWNER)
        billed = await self._changing(asker, plan)
        async with asking():
            await self.reading.payments.change(billed, plan, _key(asker, "change"))
            await self._read(asker)

    async def cancel(self, asker: Asker) -> None:
        """At the end of what is paid. Raises NotSubscribed."""
        asker.demand(Role.OWNER)
        billed = await self.subscribed(asker)
        async with asking():
            if billed.cancel_at is None:
                await self.reading.payments.cancel(billed, _key(asker, "cancel"))
            await self._read(asker)

    async def resume(self, asker: Asker) -> None:
        """Take that back. Raises NotSubscribed, NotCancelled."""
        asker.demand(Role.OWNER)
        billed = await self.subscribed(asker)
        if billed.cancel_at is None and billed.collecting and billed.status is not Status.PAUSED:
            raise NotCancelled
        async with asking():
            await self.reading.payments.resume(billed, _key(asker, "resume"))
            await self._read(asker)

    async def invoice(self, asker: Asker, invoice: str) -> Invoice:
        """Where one that the company paid is to be seen. Raises UnknownInvoice."""
        asker.demand(Role.ADMIN)
        known = invoice.isprintable() and await is_paid(self.reading.database, asker.scope, invoice)
        if not known:
            raise UnknownInvoice
        async with asking():
            return await self.reading.payments.invoice(invoice)

    async def grant(self, asker: Asker, plan: Plan, until: datetime, reason: str) -> None:
        """By our staff, for what is paid by an invoice or a bank transfer. Raises Invalid."""
        now = self.reading.clock()
        grant = lending.GrantAccess(plan=plan, until=until, reason=reason, at=now)
        await self._tell(asker, grant, asker.command_id)

    async def withdraw(self, asker: Asker, reason: str) -> None:
        """Take it back. Raises NothingGranted."""
        take = lending.WithdrawAccess(reason=reason, at=self.reading.clock())
        await self._tell(asker, take, asker.command_id)

    async def _changing(self, asker: Asker, plan: Plan) -> Billed:
        if plan is Plan.FREE:
            raise NotAPaidPlan(field="plan")
        billed = await self.subscribed(asker)
        if billed.plan is plan and billed.ahead is None:
            raise SamePlan(field="plan")
        return billed

    async def _sold(self, asker: Asker, plan: Plan, language: str) -> str:
        await self._read(asker)  # she may have paid a moment ago, on a page of before
        billed = (await self.row(asker)).held.standing.billed
        if billed is not None and billed.status not in ENDED:
            raise AlreadySubscribed(field="plan")
        former = billed.subscription if billed else "none"

        def page(customer: str) -> Checkout:
            # It lives for a day; whoever clicks twice, or comes back to it, gets the same one.
            day, tenant = self.reading.clock().date().isoformat(), asker.scope.tenant
            return Checkout(
                tenant=tenant,
                customer=customer,
                plan=plan,
                back=f"{self.base}{PAGE}",
                language=language,
                key=f"checkout:{tenant}:{customer}:{plan}:{former}:{language}:{day}",
            )

        customer = await self._customer(asker)
        try:
            return await self.reading.payments.checkout(page(customer))
        except Rejected as no:
            if no.cause != MISSING:
                raise
        successor = await self._successor(asker, customer)
        with _known():
            return await self.reading.payments.checkout(page(successor))

    async def _customer(self, asker: Asker) -> str:
        """However many ask at once, the provider makes one, and one is written down."""
        scope = asker.scope
        if known := await customer_of(self.reading.database, scope):
            return known
        made = await self.reading.payments.new_customer(scope.tenant, f"customer:{scope.tenant}")
        await self._tell(asker, subscription.LinkCustomer(customer=made))
        return made

    async def _successor(self, asker: Asker, former: str) -> str:
        """The same for one who was deleted: of a key of another account the look just before would
        have told."""
        tenant = asker.scope.tenant
        made = await self.reading.payments.new_customer(tenant, f"customer:{tenant}:{former}")
        await self._tell(asker, subscription.LinkCustomer(customer=made, instead_of=former))
        return made

    async def _read(self, asker: Asker) -> None:
        await self.reading(asker.scope.tenant, asker.origin)

    async def _tell(
        self, asker: Asker, command: subscription.Command, command_id: UUID | None = None
    ) -> None:
        told = ask(asker.scope.tenant, command)
        await self.reading.handle(told, origin=asker.origin, command_id=command_id)


@asynccontextmanager
async def asking() -> AsyncIterator[None]:
    """What the provider says to who may wait is no answer to who has pressed a button; nor is its
    silence."""
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except Unavailable as no:
        raise Unavailable(AWAY, cause=no.cause, until=no.until) from no
    except TimeoutError as late:
        raise Unavailable(AWAY, cause="stripe_away") from late


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except Rejected as no:
        if no.cause != MISSING:
            raise
        raise CustomerGone from no


def _key(asker: Asker, what: str) -> str:
    """Sent again with her key, a change is the same change; without one, each is new."""
    return f"{what}:{asker.scope.tenant}:{asker.command_id or uuid4()}"
