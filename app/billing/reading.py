"""What the payment provider has for a company becomes facts, where it differs from what we know."""

from uuid import UUID

from app.billing.read import customer_of, subscription_of
from app.handle import Answer, Ask, Handle, nothing
from app.read_models import Database, at_once
from domain import subscription
from domain.access import Role, TenantScope
from domain.events import Origin, Rows, Stream
from domain.fact import fact
from domain.payments_port import Payments
from domain.ports import Clock
from domain.standing import Standing

TRIES = 5


@fact
class Reading:
    """Safe with any number at once: what was read while somebody learnt more is read again, and so
    is what was read of a customer who has got a successor meanwhile."""

    database: Database
    payments: Payments
    handle: Handle
    clock: Clock

    async def __call__(self, tenant: UUID, origin: Origin, rows: Rows = ()) -> Answer:
        """Read all of the company's customer anew; nothing, while it is none. `rows` are written
        with what comes of it.

        Raises Outdated when others learn something all the time, and what the provider raises.
        """
        scope = TenantScope(tenant=tenant, person=tenant, role=Role.VIEWER)
        for _ in range(TRIES):
            customer, basis = await self._known(scope)
            seen = await self.payments.subscriptions_of(customer) if customer else ()
            command = subscription.Observe(
                customer=customer, basis=basis, seen=seen, at=self.clock()
            )
            try:
                return await self.handle(ask(tenant, command), origin=origin, rows=rows)
            except subscription.Outdated:
                continue
        raise subscription.Outdated

    async def _known(self, scope: TenantScope) -> tuple[str | None, Standing]:
        async with at_once(self.database, scope) as database:
            customer = await customer_of(database, scope)
            row = await subscription_of(database, scope)
        return customer, row.held.standing if row else Standing()


def ask(tenant: UUID, command: subscription.Command) -> Ask:
    """One command to a company's subscription."""
    stream = Stream(kind="subscription", tenant=tenant, id=tenant)
    return Ask(decider=subscription.decider, stream=stream, command=command, rows=nothing)
