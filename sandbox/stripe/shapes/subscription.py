"""A subscription and its items. The period stands on the item, not on the subscription."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import listed, nulls
from sandbox.stripe.shapes.catalogue import plan


def subscription(ident: str, now: int, customer_id: str, currency: str) -> Json:
    """Without items yet, and nothing paid."""
    return {
        "id": ident,
        "object": "subscription",
        "automatic_tax": {"enabled": False, **nulls("disabled_reason liability")},
        "billing_cycle_anchor": now,
        "billing_mode": {"type": "classic", "flexible": None},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": nulls("comment feedback reason"),
        "collection_method": "charge_automatically",
        "created": now,
        "currency": currency,
        "customer": customer_id,
        "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": invoice_settings(),
        "items": listed(f"/v1/subscription_items?subscription={ident}", []),
        "livemode": False,
        "metadata": {},
        "payment_settings": {
            "save_default_payment_method": "off",
            **nulls("payment_method_options payment_method_types"),
        },
        "start_date": now,
        "status": "incomplete",
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        **nulls("application application_fee_percent billing_cycle_anchor_config cancel_at"),
        **nulls("billing_thresholds canceled_at customer_account ended_at"),
        **nulls("days_until_due default_payment_method default_source description latest_invoice"),
        **nulls("managed_payments next_pending_invoice_item_invoice on_behalf_of pause_collection"),
        **nulls("pending_invoice_item_interval pending_setup_intent pending_update schedule"),
        **nulls("status_details test_clock transfer_data trial_end trial_start"),
    }


def item(ident: str, now: int, subscription_id: str, price: Json, quantity: int) -> Json:
    """With no period yet."""
    return {
        "id": ident,
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_period_end": now,
        "current_period_start": now,
        "discounts": [],
        "metadata": {},
        "plan": plan(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription_id,
        "tax_rates": [],
    }


def invoice_settings() -> Json:
    return {
        "issuer": {"type": "self"},
        **nulls("account_tax_ids custom_fields description footer"),
    }
