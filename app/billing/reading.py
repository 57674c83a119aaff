"""What the payment provider has for a company becomes facts, where it differs from what we know."""

from collections.abc import Sequence
from uuid import UUID

from app.billing.read import subscription_of
from app.handle import Answer, Ask, Handle, nothing
from app.read_models import Database
from domain import subscription
from domain.access import Role, TenantScope
from domain.billed import Billed
from domain.events import Origin, Rows, Stream
from domain.fact import fact
from domain.payments_port import Payments
from domain.ports import Clock
from domain.standing import Standing

TRIES = 5


@fact
class Reading:
    """Safe with any number at once: what was read while somebody learnt more is read again."""

    database: Database
    payments: Payments
    handle: Handle
    clock: Clock

    async def __call__(
        self, tenant: UUID, customer: str, origin: Origin, rows: Rows = ()
    ) -> Answer:
        """Read all of this customer anew. `rows` are written with what comes of it.

        Raises Outdated when others learn something all the time, and what the provider raises.
        """
        scope = TenantScope(tenant=tenant, person=tenant, role=Role.VIEWER)
        for _ in range(TRIES):
            basis = await self._known(scope)
            seen = await self.payments.subscriptions_of(customer)
            try:
                return await self._observe(tenant, basis, seen, origin, rows)
            except subscription.Outdated:
                continue
        raise subscription.Outdated

    async def _known(self, scope: TenantScope) -> Standing:
        row = await subscription_of(self.database, scope)
        return row.held.standing if row else Standing()

    async def _observe(
        self, tenant: UUID, basis: Standing, seen: Sequence[Billed], origin: Origin, rows: Rows
    ) -> Answer:
        command = subscription.Observe(basis=basis, seen=seen, at=self.clock())
        return await self.handle(ask(tenant, command), origin=origin, rows=rows)


def ask(tenant: UUID, command: subscription.Command) -> Ask:
    """One command to a company's subscription."""
    stream = Stream(kind="subscription", tenant=tenant, id=tenant)
    return Ask(decider=subscription.decider, stream=stream, command=command, rows=nothing)
