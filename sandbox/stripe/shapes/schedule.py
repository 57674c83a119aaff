"""A schedule of a subscription: which items it will have, and from when."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import nulls
from sandbox.stripe.shapes.subscription import invoice_settings

_AUTOMATIC_TAX = {"enabled": False, "disabled_reason": None, "liability": None}


def schedule(ident: str, now: int, subscription: Json) -> Json:
    """Without phases yet."""
    return {
        "id": ident,
        "object": "subscription_schedule",
        "billing_mode": {"type": "classic", "flexible": None},
        "created": now,
        "customer": subscription["customer"],
        "default_settings": {
            "automatic_tax": _AUTOMATIC_TAX,
            "billing_cycle_anchor": "automatic",
            "collection_method": "charge_automatically",
            "invoice_settings": {**invoice_settings(), "days_until_due": None},
            **nulls("application_fee_percent billing_thresholds default_payment_method"),
            **nulls("description on_behalf_of transfer_data"),
        },
        "end_behavior": "release",
        "livemode": False,
        "metadata": {},
        "phases": [],
        "status": "active",
        "subscription": subscription["id"],
        **nulls("application canceled_at completed_at current_phase customer_account"),
        **nulls("released_at released_subscription test_clock"),
    }


def phase(start: int, end: int, currency: str, items: list[Json]) -> Json:
    """`items` are of `phase_item`."""
    return {
        "add_invoice_items": [],
        "currency": currency,
        "default_tax_rates": [],
        "discounts": [],
        "end_date": end,
        "items": items,
        "metadata": {},
        "proration_behavior": "create_prorations",
        "start_date": start,
        **nulls("application_fee_percent billing_cycle_anchor billing_thresholds"),
        **nulls("collection_method default_payment_method description invoice_settings"),
        **nulls("on_behalf_of transfer_data trial_end"),
    }


def phase_item(price: Json, quantity: int, plan: Json) -> Json:
    return {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": {},
        "plan": plan,
        "price": price["id"],
        "quantity": quantity,
        "tax_rates": [],
    }
