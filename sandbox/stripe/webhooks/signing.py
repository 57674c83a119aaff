"""Stripe's signature of a delivery: HMAC-SHA256 of `t.body`, once for each secret."""

import hashlib
import hmac
from collections.abc import Iterable


def signature(body: bytes, secrets: Iterable[str], at: int) -> str:
    """The header Stripe-Signature."""
    signed = f"{at}.".encode() + body
    marks = (hmac.new(each.encode(), signed, hashlib.sha256).hexdigest() for each in secrets)
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])
