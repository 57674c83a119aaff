"""A customer and her card, whose last digits say how it behaves, as with Stripe's test cards."""

from typing import Final, Literal, TypeAlias, get_args

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import nulls

Card: TypeAlias = Literal["ok", "decline", "needs_action", "delayed", "delayed_decline"]
CARDS: Final[tuple[Card, ...]] = get_args(Card)
DIGITS: Final[dict[Card, str]] = {
    "ok": "4242",
    "decline": "0341",
    "needs_action": "3184",
    "delayed": "6789",
    "delayed_decline": "2227",
}
"""`delayed` pays as a bank debit does: the money comes days later, or does not."""
TOKENS: Final[dict[str, Card]] = {
    "pm_card_visa": "ok",
    "pm_card_chargeCustomerFail": "decline",
    "pm_card_authenticationRequired": "needs_action",
}
_KINDS: Final = {digits: kind for kind, digits in DIGITS.items()}


def customer(ident: str, now: int) -> Json:
    return {
        "id": ident,
        "object": "customer",
        "balance": 0,
        "created": now,
        "delinquent": False,
        "invoice_prefix": ident[-8:].upper(),
        "invoice_settings": nulls("custom_fields default_payment_method footer rendering_options"),
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
        **nulls("address currency default_source description discount email name phone"),
        **nulls("shipping test_clock"),
    }


def payment_method(ident: str, now: int, customer_id: str, card: Card) -> Json:
    return {
        "id": ident,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(),
        "card": {
            "brand": "visa",
            "checks": {
                "cvc_check": "pass",
                **nulls("address_line1_check address_postal_code_check"),
            },
            "country": "US",
            "display_brand": "visa",
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": "sandbox",
            "funding": "credit",
            "last4": DIGITS[card],
            "networks": {"available": ["visa"], "preferred": None},
            "three_d_secure_usage": {"supported": True},
            **nulls("generated_from regulated_status wallet"),
        },
        "created": now,
        "customer": customer_id,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def card_of(method: Json) -> Card:
    """How this payment method behaves."""
    return _KINDS[method["card"]["last4"]]


def billing_details() -> Json:
    address = nulls("city country line1 line2 postal_code state")
    return {"address": address, **nulls("email name phone tax_id")}
