"""The table of the API: what can be called, with which parameters, and who does it."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from sandbox.stripe.errors import Json, Problem
from sandbox.stripe.form import Form
from sandbox.stripe.http import billing, collecting, sales
from sandbox.stripe.http.listing import PAGING
from sandbox.stripe.store import Store

Work: TypeAlias = Callable[[Store, Form, str], Json]
_CUSTOMER = "email name description phone metadata invoice_settings preferred_locales"
_ITEMS = (
    "items proration_behavior payment_behavior metadata description default_payment_method "
    "automatic_tax"
)
_CHANGE = "cancel_at cancellation_details pause_collection proration_date"
_CANCEL = "cancellation_details invoice_now prorate"
_PAUSE = "type bill_for invoicing_behavior"
_RESUME = "billing_cycle_anchor proration_behavior payment_behavior"
_PHASES = "phases end_behavior metadata proration_behavior"
_PREVIEW = "customer subscription subscription_details"
_PAY = "paid_out_of_band payment_method off_session"
_TRIAL = "trial_end trial_settings off_session cancel_at_period_end"
_CHECKOUT = (
    "mode line_items success_url cancel_url client_reference_id customer customer_email locale "
    "metadata subscription_data expires_at payment_method_collection automatic_tax"
)


class Endpoint(NamedTuple):
    """`known` are the parameters it understands, beside `expand`."""

    method: str
    path: str
    known: str
    work: Work


ENDPOINTS: Final = (
    Endpoint("POST", "customers", f"{_CUSTOMER} payment_method", sales.make_customer),
    Endpoint("GET", "customers", f"{PAGING} email", sales.customers),
    Endpoint("GET", "customers/{id}", "", sales.customer),
    Endpoint("POST", "customers/{id}", _CUSTOMER, sales.change_customer),
    Endpoint("DELETE", "customers/{id}", "", sales.delete_customer),
    Endpoint("GET", "payment_methods/{id}", "", sales.get("payment_method")),
    Endpoint("POST", "products", "name description metadata active", sales.make_product),
    Endpoint("GET", "products", f"{PAGING} active", sales.products),
    Endpoint("GET", "products/{id}", "", sales.get("product")),
    Endpoint(
        "POST",
        "prices",
        "product currency unit_amount recurring lookup_key nickname metadata active",
        sales.make_price,
    ),
    Endpoint("GET", "prices", f"{PAGING} active lookup_keys product currency type", sales.prices),
    Endpoint("GET", "prices/{id}", "", sales.get("price")),
    Endpoint("POST", "checkout/sessions", _CHECKOUT, sales.open_checkout),
    Endpoint("GET", "checkout/sessions", f"{PAGING} customer status subscription", sales.checkouts),
    Endpoint("GET", "checkout/sessions/{id}", "", sales.get("checkout.session")),
    Endpoint("POST", "checkout/sessions/{id}/expire", "", sales.expire_checkout),
    Endpoint("POST", "billing_portal/sessions", "customer return_url locale", sales.open_portal),
    Endpoint(
        "POST",
        "subscriptions",
        f"customer {_ITEMS} {_TRIAL} trial_period_days",
        billing.start,
    ),
    Endpoint("GET", "subscriptions", f"{PAGING} customer status price", billing.subscriptions),
    Endpoint("GET", "subscriptions/{id}", "", sales.get("subscription")),
    Endpoint("POST", "subscriptions/{id}", f"{_ITEMS} {_TRIAL} {_CHANGE}", billing.update),
    Endpoint("DELETE", "subscriptions/{id}", _CANCEL, billing.cancel),
    Endpoint("POST", "subscriptions/{id}/pause", _PAUSE, billing.pause),
    Endpoint("POST", "subscriptions/{id}/resume", _RESUME, billing.resume),
    Endpoint("POST", "subscription_schedules", "from_subscription", billing.make_schedule),
    Endpoint("GET", "subscription_schedules", f"{PAGING} customer", billing.list_schedules),
    Endpoint("GET", "subscription_schedules/{id}", "", sales.get("subscription_schedule")),
    Endpoint("POST", "subscription_schedules/{id}", _PHASES, billing.update_schedule),
    Endpoint("POST", "subscription_schedules/{id}/release", "", billing.release_schedule),
    Endpoint("POST", "subscription_schedules/{id}/cancel", "", billing.cancel_schedule),
    Endpoint("GET", "invoices", f"{PAGING} customer subscription status", collecting.list_invoices),
    Endpoint("POST", "invoices/create_preview", _PREVIEW, collecting.preview),
    Endpoint("GET", "invoices/{id}", "", sales.get("invoice")),
    Endpoint("POST", "invoices/{id}/pay", _PAY, collecting.pay),
    Endpoint("POST", "invoices/{id}/finalize", "auto_advance", collecting.finalize),
    Endpoint("POST", "invoices/{id}/void", "", collecting.void),
    Endpoint("POST", "invoices/{id}/mark_uncollectible", "", collecting.give_up),
    Endpoint("GET", "invoice_payments", f"{PAGING} invoice", collecting.payments),
    Endpoint("GET", "invoice_payments/{id}", "", sales.get("invoice_payment")),
    Endpoint("GET", "payment_intents/{id}", "", sales.get("payment_intent")),
    Endpoint("POST", "refunds", "charge payment_intent amount reason metadata", collecting.refund),
    Endpoint("GET", "refunds", f"{PAGING} charge", collecting.refunds),
    Endpoint("GET", "refunds/{id}", "", sales.get("refund")),
    Endpoint("GET", "charges", f"{PAGING} customer", collecting.charges),
    Endpoint("GET", "charges/{id}", "", sales.get("charge")),
    Endpoint("GET", "disputes", f"{PAGING} charge", collecting.disputes),
    Endpoint("GET", "disputes/{id}", "", sales.get("dispute")),
    Endpoint("GET", "events", f"{PAGING} type types", collecting.events),
    Endpoint("GET", "events/{id}", "", collecting.event),
)
_TAKEN: Final = [(each, re.compile(each.path.replace("{id}", "([^/]+)"))) for each in ENDPOINTS]


def answering(method: str, path: str) -> tuple[Endpoint, str]:
    """Who answers a call, and the id in its path; a Problem if nobody does."""
    for each, pattern in _TAKEN:
        match = pattern.fullmatch(path) if each.method == method else None
        if match:
            return each, match.group(1) if match.groups() else ""
    raise Problem(f"Unrecognized request URL ({method}: /v1/{path}).", status=404)
