"""What stands between Stripe and the companies' plans."""

from collections.abc import Callable

from app.billing.routes import Webhook
from app.billing.types import TYPES
from app.stripe_settings import Stripe
from domain.fact import fact
from domain.inbox_port import Inbox
from domain.ports import Clock
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.subjects import SubjectSeals
from infrastructure.postgres.bell import ARRIVALS, Bell
from infrastructure.postgres.database import Database
from infrastructure.postgres.inbox import PostgresInbox
from infrastructure.stripe import envelope, signature


@fact
class Billing:
    """Open where companies pay. `arrivals` rings when something came into the inbox."""

    inbox: Inbox
    webhook: Webhook
    arrivals: Bell

    async def close(self) -> None:
        await self.arrivals.close()


def billing(database: Database, master: MasterKeys, clock: Clock, stripe: Stripe) -> Billing:
    """The inbox is of the mode that the key is of."""
    seals = SubjectSeals(database.driver, master, clock)
    inbox = PostgresInbox(database, seals, clock, types=TYPES, livemode=stripe.live)
    arrivals = Bell(database, ARRIVALS)
    return Billing(
        inbox=inbox, webhook=_webhook(inbox, clock, stripe, arrivals.ring), arrivals=arrivals
    )


def _webhook(inbox: Inbox, clock: Clock, stripe: Stripe, nudge: Callable[[], None]) -> Webhook:
    def check(header: str | None, body: bytes) -> None:
        signature.check(header, body, stripe.webhook_secrets, clock().timestamp())

    return Webhook(check=check, read=envelope.read, inbox=inbox, nudge=nudge)
