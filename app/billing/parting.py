"""A company that nobody will be left in: the payment provider must not go on charging it."""

from contextlib import suppress
from uuid import UUID

from app.billing.read import customers_of
from app.billing.reading import Reading
from domain.access import Role, TenantScope
from domain.billed import ENDED
from domain.errors import Outside, Refused, Rejected, Unavailable
from domain.events import Origin
from domain.fact import fact
from domain.payments_port import MISSING


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


STILL_CHARGING = _(
    "Stripe does not end the subscription of the company at the moment, and would go on charging "
    "it. So nothing was erased: try again in some minutes."
)


@fact
class Parting:
    """Ends all of her subscriptions at once, also those of the customers that she was before, as
    the provider has them and not as we know them."""

    reading: Reading

    async def __call__(self, company: UUID, origin: Origin) -> None:
        """Once more is the same. Raises Unavailable when it is not sure that all have ended."""
        scope = TenantScope(tenant=company, person=company, role=Role.OWNER)
        customers = await customers_of(self.reading.database, scope)
        try:
            ended = sum([await self._end(company, each) for each in customers])
        except Outside as no:
            raise Unavailable(STILL_CHARGING, cause=no.cause) from no
        if ended:
            # It is known here only for the log's sake: by now nobody is charged.
            with suppress(Outside, Refused):
                await self.reading(company, origin)

    async def _end(self, company: UUID, customer: str) -> int:
        """How many of hers were not over."""
        payments, ended = self.reading.payments, 0
        try:
            for each in await payments.subscriptions_of(customer):
                if each.status not in ENDED:
                    key = f"part:{company}:{each.subscription}"
                    await payments.cancel(each, key, at_once=True)
                    ended += 1
        except Rejected as no:
            # Another account's customer is charged by nobody whom we could ask to stop.
            if no.cause != MISSING:
                raise
        return ended
