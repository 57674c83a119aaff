"""Invoices, their lines, and how they are paid."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import listed, nulls

_AMOUNTS = (
    "amount_due amount_overpaid amount_paid amount_remaining amount_shipping attempt_count "
    "post_payment_credit_notes_amount pre_payment_credit_notes_amount starting_balance subtotal "
    "subtotal_excluding_tax total total_excluding_tax"
)
_NONE = "customer_tax_ids default_tax_rates discounts total_discount_amounts"


def invoice(ident: str, now: int, customer: Json, currency: str) -> Json:
    """A draft of nothing."""
    return {
        **dict.fromkeys(_AMOUNTS.split(), 0),
        **{name: [] for name in _NONE.split()},
        "id": ident,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Sandbox",
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            "enabled": False,
            **nulls("disabled_reason liability provider status"),
        },
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "created": now,
        "currency": currency,
        "customer": customer["id"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_tax_exempt": "none",
        "issuer": {"type": "self"},
        "lines": listed(f"/v1/invoices/{ident}/lines", []),
        "livemode": False,
        "metadata": {},
        "parent": None,
        "payment_settings": nulls("default_mandate payment_method_options payment_method_types"),
        "period_end": now,
        "period_start": now,
        "status": "draft",
        "status_transitions": nulls("finalized_at marked_uncollectible_at paid_at voided_at"),
        **nulls("account_tax_ids application automatically_finalizes_at custom_fields"),
        **nulls("customer_account customer_address customer_phone customer_shipping"),
        **nulls("default_payment_method default_source description due_date effective_at"),
        **nulls("ending_balance footer from_invoice hosted_invoice_url invoice_pdf"),
        **nulls("last_finalization_error latest_revision next_payment_attempt number"),
        **nulls("on_behalf_of receipt_number rendering shipping_cost shipping_details"),
        **nulls("statement_descriptor subscription test_clock total_pretax_credit_amounts"),
        **nulls("total_taxes webhooks_delivered_at"),
    }


def line(ident: str, item: Json, amount: int, period: tuple[int, int]) -> Json:
    """For one subscription item; its maker says whether it is a proration."""
    price = item["price"]
    return {
        "id": ident,
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": None,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "parent": {
            "type": "subscription_item_details",
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": item["subscription"],
                "subscription_item": item["id"],
            },
        },
        "period": {"start": period[0], "end": period[1]},
        "pricing": {
            "type": "price_details",
            "price_details": {"price": price["id"], "product": price["product"]},
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
        "subscription": item["subscription"],
        "subtotal": amount,
        "taxes": [],
        **nulls("pretax_credit_amounts"),
    }


def invoice_payment(ident: str, now: int, of: Json) -> Json:
    return {
        "id": ident,
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": of["amount_due"],
        "created": now,
        "currency": of["currency"],
        "invoice": of["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"type": "payment_intent", "payment_intent": None},
        "status": "open",
        "status_transitions": nulls("canceled_at paid_at"),
    }
