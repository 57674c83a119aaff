"""What a message tells of the one object that it holds."""

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from domain import payment
from infrastructure.stripe.bodies import (
    Bill,
    Charge,
    Dispute,
    Problem,
    Refund,
    Snapshot,
    Summary,
    Trial,
    Upcoming,
    decoded,
)
from infrastructure.stripe.shapes import Named, Shape, at, perhaps

S = TypeVar("S", bound=Shape)
Teller: TypeAlias = Callable[[Snapshot], payment.Event | None]
_Session: TypeAlias = (
    type[payment.CheckoutCompleted]
    | type[payment.CheckoutPaid]
    | type[payment.CheckoutPaymentFailed]
    | type[payment.CheckoutExpired]
)


def of(shape: type[S], say: Callable[[S, Snapshot], payment.Event | None]) -> Teller:
    """Of an object of this shape. Raises Malformed for another one."""

    def tell(message: Snapshot) -> payment.Event | None:
        return say(decoded(message.data.object, shape, message.type), message)

    return tell


# Checkouts and subscriptions


def session(kind: _Session) -> Teller:
    return of(Named, lambda checkout, _: kind(session=checkout.id))


def trial_ending(trial: Trial, _: Snapshot) -> payment.Event:
    return payment.TrialEndingSoon(subscription=trial.id, at=at(trial.trial_end))


def pending(*, applied: bool) -> Teller:
    def say(subscription: Named, message: Snapshot) -> payment.Event:
        moment = at(message.created)
        return payment.PendingChangeEnded(subscription=subscription.id, applied=applied, at=moment)

    return of(Named, say)


# Invoices


def paid(bill: Bill, _: Snapshot) -> payment.Event:
    tax = sum(each.amount for each in bill.total_taxes or ())
    return payment.InvoicePaid(
        invoice=bill.id, amount=bill.amount_paid, currency=bill.currency, tax=tax
    )


def payment_failed(bill: Bill, _: Snapshot) -> payment.Event:
    next_at = perhaps(bill.next_payment_attempt)
    return payment.InvoicePaymentFailed(
        invoice=bill.id, attempt=bill.attempt_count, next_at=next_at
    )


def action_required(bill: Bill, _: Snapshot) -> payment.Event:
    return payment.PaymentActionRequired(invoice=bill.id)


def stuck(bill: Bill, _: Snapshot) -> payment.Event:
    problem = bill.last_finalization_error or Problem()
    return payment.InvoiceStuck(invoice=bill.id, cause=problem.code or problem.type)


def ended(ending: payment.Ending) -> Teller:
    return of(Bill, lambda bill, _: payment.InvoiceEnded(invoice=bill.id, ending=ending))


def upcoming(bill: Upcoming, _: Snapshot) -> payment.Event:
    return payment.RenewalUpcoming(
        subscription=bill.parent.subscription_details.subscription,
        amount=bill.amount_due,
        currency=bill.currency,
        at=at(bill.period_end),
    )


# What is given back, and what is fought over


def refunded(charge: Charge, _: Snapshot) -> payment.Event:
    return payment.Refunded(
        charge=charge.id, amount=charge.amount_refunded, currency=charge.currency
    )


def refund_failed(refund: Refund, message: Snapshot) -> payment.Event | None:
    """`refund.updated` tells of any change."""
    failed = refund.status == "failed" or message.type == "refund.failed"
    return payment.RefundFailed(refund=refund.id) if failed else None


def dispute_opened(dispute: Dispute, _: Snapshot) -> payment.Event:
    return payment.DisputeOpened(
        dispute=dispute.id, amount=dispute.amount, currency=dispute.currency
    )


def dispute_closed(dispute: Dispute, _: Snapshot) -> payment.Event:
    """An inquiry that never became a dispute is closed too, and nothing is lost."""
    return payment.DisputeClosed(dispute=dispute.id, won=dispute.status != "lost")


# Customers

_CONTACT: Final = frozenset(
    {"address", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt"}
)


def contact(message: Snapshot) -> payment.Event | None:
    """Her balance and her card are none."""
    former = message.data.previous_attributes
    if former is not None and not _CONTACT & former.keys():
        return None
    return payment.BillingContactChanged(at=at(message.created))


def deleted(customer: Named, _: Snapshot) -> payment.Event:
    return payment.CustomerDeleted(customer=customer.id)


def entitled(summary: Summary, message: Snapshot) -> payment.Event:
    features = sorted(each.lookup_key for each in summary.entitlements.data)
    return payment.EntitlementsChanged(features=tuple(features), at=at(message.created))
