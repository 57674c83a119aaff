"""A visit to Checkout and a visit to the Portal."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import nulls

DAY = 86_400


def checkout(ident: str, now: int, url: str) -> Json:
    """Open for a day, with nothing in it."""
    return {
        "id": ident,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": 0,
        "amount_total": 0,
        "automatic_tax": {"enabled": False, **nulls("liability provider status")},
        "created": now,
        "custom_fields": [],
        "custom_text": nulls("after_submit shipping_address submit terms_of_service_acceptance"),
        "expires_at": now + DAY,
        "livemode": False,
        "metadata": {},
        "mode": "subscription",
        "payment_method_collection": "always",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "saved_payment_method_options": {
            "allow_redisplay_filters": ["always"],
            **nulls("payment_method_remove payment_method_save"),
        },
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": url,
        **nulls("after_expiration allow_promotion_codes billing_address_collection cancel_url"),
        **nulls("client_reference_id client_secret collected_information consent"),
        **nulls("consent_collection currency currency_conversion customer customer_account"),
        **nulls("customer_creation customer_details customer_email discounts invoice"),
        **nulls("integration_identifier invoice_creation locale managed_payments origin_context"),
        **nulls("payment_intent payment_link payment_method_configuration_details permissions"),
        **nulls("recovered_from setup_intent shipping_address_collection shipping_cost"),
        **nulls("submit_type subscription success_url wallet_options"),
    }


def customer_details(email: str | None) -> Json:
    return {
        "email": email,
        "tax_exempt": "none",
        "tax_ids": [],
        **nulls("address business_name individual_name name phone"),
    }


def portal(ident: str, now: int, customer_id: str, url: str) -> Json:
    return {
        "id": ident,
        "object": "billing_portal.session",
        "configuration": "bpc_sandbox",
        "created": now,
        "customer": customer_id,
        "livemode": False,
        "url": url,
        **nulls("customer_account flow locale on_behalf_of return_url"),
    }
