"""What each message of Stripe's means.

Whatever says that a subscription may have changed says only that it is to be read again; what is of
a single object is told as it stands in the message. A thin message holds no object: what it is
about is read again, and nothing else is known.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from domain import payment
from domain.fact import fact
from domain.payments_port import Said
from infrastructure.stripe import telling
from infrastructure.stripe.bodies import (
    THIN,
    Bill,
    Charge,
    Dispute,
    Envelope,
    Refund,
    Snapshot,
    Summary,
    Trial,
    Upcoming,
    decoded,
)
from infrastructure.stripe.shapes import Named
from infrastructure.stripe.telling import Teller, of


@fact
class Row:
    """`told`: None where there is nothing but to read again."""

    told: Teller | None
    refetch: bool


def _told(tell: Teller) -> Row:
    return Row(told=tell, refetch=False)


def _both(tell: Teller) -> Row:
    return Row(told=tell, refetch=True)


_AGAIN: Final = Row(told=None, refetch=True)

_ROWS: Final[Mapping[str, Row]] = {
    "checkout.session.completed": _both(telling.session(payment.CheckoutCompleted)),
    "checkout.session.async_payment_succeeded": _both(telling.session(payment.CheckoutPaid)),
    "checkout.session.async_payment_failed": _both(telling.session(payment.CheckoutPaymentFailed)),
    "checkout.session.expired": _told(telling.session(payment.CheckoutExpired)),
    "customer.subscription.created": _AGAIN,
    "customer.subscription.updated": _AGAIN,
    "customer.subscription.deleted": _AGAIN,
    "customer.subscription.paused": _AGAIN,
    "customer.subscription.resumed": _AGAIN,
    "customer.subscription.trial_will_end": _told(of(Trial, telling.trial_ending)),
    "customer.subscription.pending_update_applied": _both(telling.pending(applied=True)),
    "customer.subscription.pending_update_expired": _both(telling.pending(applied=False)),
    "subscription_schedule.updated": _AGAIN,
    "subscription_schedule.released": _AGAIN,
    "subscription_schedule.canceled": _AGAIN,
    "subscription_schedule.aborted": _AGAIN,
    "subscription_schedule.completed": _AGAIN,
    "invoice.paid": _both(of(Bill, telling.paid)),
    "invoice.payment_failed": _both(of(Bill, telling.payment_failed)),
    "invoice.payment_action_required": _told(of(Bill, telling.action_required)),
    "invoice.finalization_failed": _told(of(Bill, telling.stuck)),
    "invoice.voided": _both(telling.ended(payment.Ending.VOIDED)),
    "invoice.marked_uncollectible": _both(telling.ended(payment.Ending.UNCOLLECTIBLE)),
    "invoice.overdue": _both(telling.ended(payment.Ending.OVERDUE)),
    "invoice.upcoming": _told(of(Upcoming, telling.upcoming)),
    "charge.refunded": _told(of(Charge, telling.refunded)),
    "refund.updated": _told(of(Refund, telling.refund_failed)),
    "refund.failed": _told(of(Refund, telling.refund_failed)),
    "charge.dispute.created": _told(of(Dispute, telling.dispute_opened)),
    "charge.dispute.closed": _told(of(Dispute, telling.dispute_closed)),
    "customer.updated": _told(telling.contact),
    "customer.deleted": _both(of(Named, telling.deleted)),
    "entitlements.active_entitlement_summary.updated": _told(of(Summary, telling.entitled)),
}

TYPES: Final = frozenset(_ROWS) | {f"v1.{name}" for name in _ROWS}
"""All that we want to hear: as snapshots, and as thin messages of the same (Event types)."""


def read(body: bytes) -> Said:
    """See the port. A type that is none of TYPES says nothing."""
    envelope = decoded(body, Envelope, "webhook")
    if envelope.object == THIN:
        return Said(told=None, refetch=envelope.type in TYPES)
    row = _ROWS.get(envelope.type)
    if row is None:
        return Said(told=None, refetch=False)
    told = row.told(decoded(body, Snapshot, envelope.type)) if row.told else None
    return Said(told=told, refetch=row.refetch)


def ident(body: msgspec.Raw) -> str:
    """Of a message."""
    return decoded(body, Named, "event").id
