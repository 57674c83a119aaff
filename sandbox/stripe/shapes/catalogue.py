"""Products and prices, and the plan that each subscription item still carries."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import nulls


def product(ident: str, now: int, name: str) -> Json:
    return {
        "id": ident,
        "object": "product",
        "active": True,
        "created": now,
        "updated": now,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "name": name,
        "type": "service",
        **nulls("default_price description package_dimensions shippable statement_descriptor"),
        **nulls("tax_code unit_label url"),
    }


def price(ident: str, now: int, product_id: str, currency: str, amount: int) -> Json:
    """By the month, until its maker says otherwise. `amount` is in the smallest unit."""
    return {
        "id": ident,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "product": product_id,
        "recurring": {
            "interval": "month",
            "interval_count": 1,
            "usage_type": "licensed",
            **nulls("meter trial_period_days"),
        },
        "tax_behavior": "unspecified",
        "type": "recurring",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
        **nulls("custom_unit_amount lookup_key nickname tiers_mode transform_quantity"),
    }


def plan(of: Json) -> Json:
    """A price under its old name."""
    return {
        "id": of["id"],
        "object": "plan",
        "active": of["active"],
        "amount": of["unit_amount"],
        "amount_decimal": of["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": of["created"],
        "currency": of["currency"],
        "interval": of["recurring"]["interval"],
        "interval_count": of["recurring"]["interval_count"],
        "livemode": False,
        "metadata": of["metadata"],
        "nickname": of["nickname"],
        "product": of["product"],
        "usage_type": "licensed",
        **nulls("meter tiers_mode transform_usage trial_period_days"),
    }
