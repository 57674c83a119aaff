"""What each message of Stripe's means, one row for each type."""

import json
from datetime import UTC, datetime

import pytest

from domain import payment
from domain.errors import Malformed
from domain.payments_port import Said
from infrastructure.stripe.messages import TYPES, read

MOMENT = 1_795_000_000
AT = datetime.fromtimestamp(MOMENT, UTC)
LATER = datetime.fromtimestamp(MOMENT + 86_400, UTC)

CHECKOUT = {"object": "checkout.session", "id": "cs_1", "status": "complete"}
SUBSCRIPTION = {"object": "subscription", "id": "sub_1", "trial_end": MOMENT + 86_400}
SCHEDULE = {"object": "subscription_schedule", "id": "sub_sched_1"}
INVOICE = {
    "object": "invoice",
    "id": "in_1",
    "currency": "rub",
    "amount_due": 299_000,
    "amount_paid": 299_000,
    "attempt_count": 2,
    "next_payment_attempt": MOMENT + 86_400,
    "last_finalization_error": {
        "type": "invalid_request_error",
        "code": "customer_tax_location_invalid",
    },
    "total_taxes": [{"amount": 40_000}, {"amount": 8_000}],
    "parent": {"type": "subscription_details", "subscription_details": {"subscription": "sub_1"}},
    "period_end": MOMENT + 86_400,
}
UPCOMING = {name: value for name, value in INVOICE.items() if name != "id"}
CHARGE = {"object": "charge", "id": "ch_1", "currency": "rub", "amount_refunded": 100_000}
REFUND = {"object": "refund", "id": "re_1", "status": "failed"}
DISPUTE = {
    "object": "dispute",
    "id": "dp_1",
    "currency": "rub",
    "amount": 299_000,
    "status": "won",
}
CUSTOMER = {"object": "customer", "id": "cus_1"}
SUMMARY = {
    "object": "entitlements.active_entitlement_summary",
    "customer": "cus_1",
    "entitlements": {"data": [{"id": "ent_2", "lookup_key": "webhooks"}, {"lookup_key": "api"}]},
}

ROWS = [
    ("checkout.session.completed", CHECKOUT, payment.CheckoutCompleted(session="cs_1"), True),
    (
        "checkout.session.async_payment_succeeded",
        CHECKOUT,
        payment.CheckoutPaid(session="cs_1"),
        True,
    ),
    (
        "checkout.session.async_payment_failed",
        CHECKOUT,
        payment.CheckoutPaymentFailed(session="cs_1"),
        True,
    ),
    ("checkout.session.expired", CHECKOUT, payment.CheckoutExpired(session="cs_1"), False),
    ("customer.subscription.created", SUBSCRIPTION, None, True),
    ("customer.subscription.updated", SUBSCRIPTION, None, True),
    ("customer.subscription.deleted", SUBSCRIPTION, None, True),
    ("customer.subscription.paused", SUBSCRIPTION, None, True),
    ("customer.subscription.resumed", SUBSCRIPTION, None, True),
    (
        "customer.subscription.trial_will_end",
        SUBSCRIPTION,
        payment.TrialEndingSoon(subscription="sub_1", at=LATER),
        False,
    ),
    (
        "customer.subscription.pending_update_applied",
        SUBSCRIPTION,
        payment.PendingChangeEnded(subscription="sub_1", applied=True, at=AT),
        True,
    ),
    (
        "customer.subscription.pending_update_expired",
        SUBSCRIPTION,
        payment.PendingChangeEnded(subscription="sub_1", applied=False, at=AT),
        True,
    ),
    ("subscription_schedule.updated", SCHEDULE, None, True),
    ("subscription_schedule.released", SCHEDULE, None, True),
    ("subscription_schedule.canceled", SCHEDULE, None, True),
    ("subscription_schedule.aborted", SCHEDULE, None, True),
    ("subscription_schedule.completed", SCHEDULE, None, True),
    (
        "invoice.paid",
        INVOICE,
        payment.InvoicePaid(invoice="in_1", amount=299_000, currency="rub", tax=48_000),
        True,
    ),
    (
        "invoice.payment_failed",
        INVOICE,
        payment.InvoicePaymentFailed(invoice="in_1", attempt=2, next_at=LATER),
        True,
    ),
    (
        "invoice.payment_action_required",
        INVOICE,
        payment.PaymentActionRequired(invoice="in_1"),
        False,
    ),
    (
        "invoice.finalization_failed",
        INVOICE,
        payment.InvoiceStuck(invoice="in_1", cause="customer_tax_location_invalid"),
        False,
    ),
    (
        "invoice.voided",
        INVOICE,
        payment.InvoiceEnded(invoice="in_1", ending=payment.Ending.VOIDED),
        True,
    ),
    (
        "invoice.marked_uncollectible",
        INVOICE,
        payment.InvoiceEnded(invoice="in_1", ending=payment.Ending.UNCOLLECTIBLE),
        True,
    ),
    (
        "invoice.overdue",
        INVOICE,
        payment.InvoiceEnded(invoice="in_1", ending=payment.Ending.OVERDUE),
        True,
    ),
    (
        "invoice.upcoming",
        UPCOMING,
        payment.RenewalUpcoming(subscription="sub_1", amount=299_000, currency="rub", at=LATER),
        False,
    ),
    (
        "charge.refunded",
        CHARGE,
        payment.Refunded(charge="ch_1", amount=100_000, currency="rub"),
        False,
    ),
    ("refund.updated", REFUND, payment.RefundFailed(refund="re_1"), False),
    ("refund.failed", REFUND, payment.RefundFailed(refund="re_1"), False),
    (
        "charge.dispute.created",
        DISPUTE,
        payment.DisputeOpened(dispute="dp_1", amount=299_000, currency="rub"),
        False,
    ),
    ("charge.dispute.closed", DISPUTE, payment.DisputeClosed(dispute="dp_1", won=True), False),
    ("customer.updated", CUSTOMER, payment.BillingContactChanged(at=AT), False),
    ("customer.deleted", CUSTOMER, payment.CustomerDeleted(customer="cus_1"), True),
    (
        "entitlements.active_entitlement_summary.updated",
        SUMMARY,
        payment.EntitlementsChanged(features=("api", "webhooks"), at=AT),
        False,
    ),
]
NAMES = [row[0] for row in ROWS]
LEAST = {
    "invoice.paid": ("id", "currency"),
    "invoice.payment_failed": ("id", "currency"),
    "invoice.finalization_failed": ("id", "currency"),
    "refund.failed": ("id",),
    "charge.dispute.closed": ("id", "currency", "amount"),
    "entitlements.active_entitlement_summary.updated": (),
}
"""What of an object must be there."""


def message(kind, about, **data):
    told = {
        "object": "event",
        "id": "evt_1",
        "type": kind,
        "created": MOMENT,
        "api_version": "2026-10-28.endive",
        "livemode": False,
        "data": {"object": about, **data},
    }
    return json.dumps(told).encode()


@pytest.mark.parametrize(("kind", "about", "told", "refetch"), ROWS, ids=NAMES)
def test_each_type_tells_what_it_means(kind, about, told, refetch):
    assert read(message(kind, about)) == Said(told=told, refetch=refetch)


@pytest.mark.parametrize("kind", NAMES)
def test_a_thin_message_only_says_to_read_again(kind):
    thin = {
        "object": "v2.core.event",
        "id": "evt_1",
        "type": f"v1.{kind}",
        "created": "2026-11-23T05:00:00.000Z",
        "related_object": {"id": "sub_1", "type": "subscription", "url": "/v1/x"},
    }

    assert read(json.dumps(thin).encode()) == Said(told=None, refetch=True)


def test_the_types_that_are_wanted_are_these_and_their_thin_twins():
    assert len(NAMES) == 33
    assert {*NAMES, *(f"v1.{name}" for name in NAMES)} == TYPES


@pytest.mark.parametrize("kind", ["invoice.created", "v1.invoice.created", "word.of.tomorrow"])
def test_a_type_that_nobody_wanted_says_nothing(kind):
    thin = {"object": "v2.core.event", "type": kind}

    assert read(message(kind, INVOICE)) == Said(told=None, refetch=False)
    assert read(json.dumps(thin).encode()) == Said(told=None, refetch=False)


OF_AN_OBJECT = [name for name, _, told, _ in ROWS if told and name != "customer.updated"]


@pytest.mark.parametrize("kind", OF_AN_OBJECT)
def test_an_object_of_another_shape_is_malformed_and_the_type_is_named(kind):
    with pytest.raises(Malformed) as told:
        read(message(kind, {"id": ["sk_live_secret"], "entitlements": 5}))

    assert kind in str(told.value)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(("kind", "fields"), LEAST.items(), ids=LEAST.keys())
def test_what_is_not_needed_may_lack(kind, fields):
    about = next(row[1] for row in ROWS if row[0] == kind)

    assert read(message(kind, {name: about[name] for name in fields})).told is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"type": 1}',
        b'{"type": "invoice.paid"}',
        b"[" * 100_000,
        b'{"type": "invoice.paid", "created": 1e30, "data": {"object": {}}}',
        b'{"type": "customer.updated", "created": -1, "data": {"object": {}}}',
        b'{"type": "invoice.paid", "created": 1, "data": {"object": {"id": "\xff"}}}',
    ],
)
def test_what_is_no_message_is_malformed(body):
    with pytest.raises(Malformed):
        read(body)


def test_a_refund_that_goes_well_is_told_by_its_charge_alone():
    assert read(message("refund.updated", {**REFUND, "status": "succeeded"})).told is None


@pytest.mark.parametrize(
    ("status", "won"), [("won", True), ("warning_closed", True), ("lost", False)]
)
def test_a_dispute_is_lost_only_when_the_bank_says_so(status, won):
    told = read(message("charge.dispute.closed", {**DISPUTE, "status": status})).told

    assert told == payment.DisputeClosed(dispute="dp_1", won=won)


@pytest.mark.parametrize(
    ("before", "is_contact"), [({"email": "a@example.com"}, True), ({"balance": 5}, False)]
)
def test_a_customers_card_and_balance_are_no_contact(before, is_contact):
    told = read(message("customer.updated", CUSTOMER, previous_attributes=before)).told

    assert (told is not None) == is_contact
