"""What the payment provider tells of single objects: checkouts, invoices, refunds, disputes.

Each object moves one way only, so its messages may come late, twice and in any order: one that says
less than what is known of the object is no fact. Amounts are in the currency's minor units.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.fact import fact

REMEMBERED = 1_000
"""Objects, the latest: more than a company has in the thirty days of which messages come again."""


class Ending(StrEnum):
    """How an invoice ended, or seems to, other than by being paid."""

    OVERDUE = "overdue"
    UNCOLLECTIBLE = "uncollectible"
    VOIDED = "voided"


# What can happen


@fact
class CheckoutCompleted:
    session: str


@fact
class CheckoutPaid:
    """What was to be paid at the checkout arrived later."""

    session: str


@fact
class CheckoutPaymentFailed:
    session: str


@fact
class CheckoutExpired:
    session: str


@fact
class InvoicePaid:
    invoice: str
    amount: int
    currency: str
    tax: int


@fact
class InvoicePaymentFailed:
    """`attempt` counts from 1; `next_at`: None when nothing more is tried by itself."""

    invoice: str
    attempt: int
    next_at: datetime | None


@fact
class PaymentActionRequired:
    """The bank wants to hear from the customer."""

    invoice: str


@fact
class InvoiceStuck:
    """It could not be made final: the subscription goes on, and nobody is billed. On us."""

    invoice: str
    cause: str


@fact
class InvoiceEnded:
    invoice: str
    ending: Ending


@fact
class RenewalUpcoming:
    """Keyed by its day, for the invoice is none yet and has no id."""

    subscription: str
    amount: int
    currency: str
    at: datetime


@fact
class TrialEndingSoon:
    subscription: str
    at: datetime


@fact
class PendingChangeEnded:
    """A change that waited for its payment: made, or given up after 23 hours."""

    subscription: str
    applied: bool
    at: datetime


@fact
class Refunded:
    """`amount`: all that of this charge has been given back so far."""

    charge: str
    amount: int
    currency: str


@fact
class RefundFailed:
    refund: str


@fact
class DisputeOpened:
    dispute: str
    amount: int
    currency: str


@fact
class DisputeClosed:
    dispute: str
    won: bool


@fact
class BillingContactChanged:
    """Where to, stands with the provider alone."""

    at: datetime


@fact
class CustomerDeleted:
    """With all her subscriptions."""

    customer: str


@fact
class EntitlementsChanged:
    """What the provider says that she may use; the plan decides, this is for the record."""

    features: tuple[str, ...]
    at: datetime


Event: TypeAlias = (
    CheckoutCompleted
    | CheckoutPaid
    | CheckoutPaymentFailed
    | CheckoutExpired
    | InvoicePaid
    | InvoicePaymentFailed
    | PaymentActionRequired
    | InvoiceStuck
    | InvoiceEnded
    | RenewalUpcoming
    | TrialEndingSoon
    | PendingChangeEnded
    | Refunded
    | RefundFailed
    | DisputeOpened
    | DisputeClosed
    | BillingContactChanged
    | CustomerDeleted
    | EntitlementsChanged
)

# What we remember

Heard: TypeAlias = Mapping[str, int]
"""How far each object has come."""

_PAID = 1_000_000
"""Beyond any number of attempts."""


def evolve(heard: Heard, event: Event) -> Heard:
    key, rank = _place(event)
    kept = {each: at for each, at in heard.items() if each != key}
    for oldest in list(kept)[: max(0, len(kept) - REMEMBERED + 1)]:
        del kept[oldest]
    return {**kept, key: rank}


def news(heard: Heard, told: Event) -> Iterator[Event]:
    """The same, unless as much was known of its object."""
    key, rank = _place(told)
    if rank > heard.get(key, -1):
        yield told


def _place(event: Event) -> tuple[str, int]:
    """Which object it is of, and how far along that object's way."""
    match event:
        case InvoicePaymentFailed(invoice=invoice, attempt=attempt):
            return invoice, attempt
        case PaymentActionRequired(invoice=invoice) | InvoiceStuck(invoice=invoice):
            return f"{invoice}:{type(event).__name__}", 0
        case InvoiceEnded(invoice=invoice, ending=ending):
            return invoice, _PAID - len(Ending) + list(Ending).index(ending)
        case InvoicePaid(invoice=invoice):
            return invoice, _PAID
        case RefundFailed(refund=refund):
            return refund, 0
        case Refunded(charge=charge, amount=amount):
            return charge, amount
        case DisputeOpened(dispute=dispute):
            return dispute, 0
        case DisputeClosed(dispute=dispute):
            return dispute, 1
        case CustomerDeleted(customer=customer):
            return customer, 0
        case _:
            return _of_a_moment(event)


_Moment: TypeAlias = (
    CheckoutCompleted
    | CheckoutPaid
    | CheckoutPaymentFailed
    | CheckoutExpired
    | RenewalUpcoming
    | TrialEndingSoon
    | PendingChangeEnded
    | BillingContactChanged
    | EntitlementsChanged
)


def _of_a_moment(event: _Moment) -> tuple[str, int]:
    match event:
        case CheckoutExpired(session=session):
            return session, 0
        case CheckoutCompleted(session=session):
            return session, 1
        case CheckoutPaymentFailed(session=session):
            return session, 2
        case CheckoutPaid(session=session):
            return session, 3
        case RenewalUpcoming(subscription=of, at=at):
            return f"{of}:renewal", int(at.timestamp())
        case TrialEndingSoon(subscription=of, at=at):
            return f"{of}:trial", int(at.timestamp())
        case PendingChangeEnded(subscription=of, at=at):
            return f"{of}:pending", int(at.timestamp())
        case BillingContactChanged(at=at):
            return "contact", int(at.timestamp())
        case EntitlementsChanged(at=at):
            return "entitlements", int(at.timestamp())
        case _:
            assert_never(event)
