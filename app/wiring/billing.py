"""What a process needs where companies pay: the provider, its inbox, and the desk."""

from collections.abc import Callable

import aiohttp

from app.billing.desk import Desk
from app.billing.reading import Reading
from app.handle import Handle
from app.settings import Settings
from app.stripe_settings import Stripe
from domain.fact import fact
from domain.inbox_port import Inbox
from domain.payments_port import Payments
from infrastructure.clock import system_clock
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.subjects import SubjectSeals
from infrastructure.postgres.database import Database
from infrastructure.postgres.inbox import PostgresInbox
from infrastructure.stripe.messages import TYPES
from infrastructure.stripe.payments import StripePayments


@fact
class Billing:
    """`settings`: of the account; `ring` tells workers that a message came."""

    settings: Stripe
    payments: Payments
    inbox: Inbox
    desk: Desk
    ring: Callable[[], None]


def billing(
    settings: Settings,
    session: aiohttp.ClientSession,
    database: Database,
    master: MasterKeys,
    handle: Handle,
    ring: Callable[[], None],
) -> Billing | None:
    """None where nothing is paid for."""
    account = settings.stripe
    if account is None:
        return None
    payments = StripePayments(account.key, account.url, account.prices, session, system_clock)
    reading = Reading(database=database, payments=payments, handle=handle, clock=system_clock)
    return Billing(
        settings=account,
        payments=payments,
        inbox=PostgresInbox(
            database,
            SubjectSeals(database.driver, master, system_clock),
            system_clock,
            types=TYPES,
            livemode=account.live,
        ),
        desk=Desk(reading=reading, base=settings.public_url),
        ring=ring,
    )
