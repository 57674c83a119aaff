"""Charges, the intents behind them, and money that goes back."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes import listed, nulls
from sandbox.stripe.shapes.person import billing_details


def payment_intent(ident: str, now: int, invoice: Json, method: str | None) -> Json:
    return {
        "id": ident,
        "object": "payment_intent",
        "amount": invoice["amount_due"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic",
        "client_secret": f"{ident}_secret_sandbox",
        "confirmation_method": "automatic",
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "livemode": False,
        "metadata": {},
        "payment_method": method,
        "payment_method_options": {"card": {}},
        "payment_method_types": ["card"],
        "setup_future_usage": "off_session",
        "status": "requires_payment_method",
        **nulls("amount_overcapturable application application_fee_amount canceled_at"),
        **nulls("automatic_payment_methods cancellation_reason customer_account description"),
        **nulls("excluded_payment_method_types hooks last_payment_error latest_charge"),
        **nulls("managed_payments next_action on_behalf_of payment_details"),
        **nulls("payment_method_configuration_details presentment_details processing"),
        **nulls("receipt_email review shipping source statement_descriptor"),
        **nulls("statement_descriptor_suffix transfer_data transfer_group"),
    }


def charge(ident: str, now: int, intent: Json, method: Json) -> Json:
    return {
        "id": ident,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "billing_details": billing_details(),
        "captured": True,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": "Subscription",
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "outcome": {
            "network_status": "approved_by_network",
            "seller_message": "Payment complete.",
            "type": "authorized",
            **nulls("advice_code network_advice_code network_decline_code reason"),
        },
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"type": "card", "card": _card(method, intent["amount"])},
        "receipt_url": None,
        "refunded": False,
        "refunds": listed(f"/v1/charges/{ident}/refunds", []),
        "status": "succeeded",
        **nulls("application application_fee application_fee_amount balance_transaction"),
        **nulls("calculated_statement_descriptor failure_balance_transaction failure_code"),
        **nulls("failure_message on_behalf_of receipt_email receipt_number review shipping"),
        **nulls("source source_transfer statement_descriptor statement_descriptor_suffix"),
        **nulls("transfer_data transfer_group"),
    }


def _card(method: Json, amount: int) -> Json:
    held = method["card"]
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    return {
        **{name: held[name] for name in (*same, "last4")},
        "amount_authorized": amount,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "multicapture": {"status": "unavailable"},
        "network": "visa",
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        **nulls("authorization_code installments mandate network_transaction_id"),
        **nulls("regulated_status three_d_secure transaction_link_id wallet"),
    }


def refund(ident: str, now: int, charge: Json, amount: int) -> Json:
    return {
        "id": ident,
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {"type": "card", "card": {"type": "refund"}},
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "status": "succeeded",
        **nulls("balance_transaction customer_account reason receipt_number"),
        **nulls("source_transfer_reversal transfer_reversal"),
    }


_EVIDENCE = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure "
    "cancellation_rebuttal customer_communication customer_email_address customer_name "
    "customer_purchase_ip customer_signature duplicate_charge_documentation "
    "duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy "
    "refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation "
    "shipping_tracking_number uncategorized_file uncategorized_text"
)
_ANSWER_DAYS = 7


def dispute(ident: str, now: int, charge: Json, amount: int, reason: str) -> Json:
    return {
        "id": ident,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**nulls(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + _ANSWER_DAYS * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": "visa",
                "case_type": "chargeback",
                "network": "visa",
                "network_reason_code": "10.4",
            },
        },
        "reason": reason,
        "status": "needs_response",
    }
