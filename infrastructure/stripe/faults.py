"""What a failed call of Stripe means: time has to pass, or a person has to do something.

Errors of the SDK hold whole answers, with addresses of pages that are secrets of the customer's;
those of the HTTP client know the headers. So none is chained, and of Stripe's own sentence nothing
is repeated that could be an id, an address or a key.
"""

import re
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp
import stripe

from domain.both import Both
from domain.errors import Outside, Rejected, Unavailable
from domain.payments_port import MISSING
from infrastructure.stripe.bodies import malformed

AWAY = "stripe_away"
BUSY = "stripe_busy"
KEY = "stripe_key"
PRICE = "stripe_price"
CARD = "card"
REFUSED = "stripe_refused"

FAILURES = (stripe.StripeError, aiohttp.ClientError, TimeoutError)
"""All that a call of the SDK raises: those of the HTTP client while an answer is read."""

_LONGEST = 200
_HIDDEN = re.compile(
    r"https?://\S+"
    r"|\S+@\S+"
    r"|\b(?:sk|rk|pk|whsec)_\S+"
    r"|\b[a-z]+_(?=\w*[A-Z0-9])\w{8,}"
)
_OTHER_MODE = "a similar object exists in"
"""How Stripe words a key of the other mode, live or test, in a resource_missing."""


def fault(error: Exception, now: datetime) -> Outside:
    """One of FAILURES in our words."""
    match error:
        case stripe.RateLimitError():
            return _busy(error, now)
        case stripe.AuthenticationError() | stripe.PermissionError():
            return _key()
        case stripe.CardError():
            return _card(error)
        case stripe.StripeError() if error.http_status:
            return _answered(error, error.http_status, now)
        case _:
            return _away()


def legible(said: str) -> str:
    """Stripe's sentence in one bounded line, without ids, addresses and keys."""
    return _HIDDEN.sub("…", " ".join(said.split()))[:_LONGEST]


def _answered(error: stripe.StripeError, status: int, now: datetime) -> Outside:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _away()
    if status == HTTPStatus.CONFLICT or error.code == "lock_timeout":
        return _busy(error, now)
    if isinstance(error, stripe.APIError):
        return malformed(f"HTTP {status}", "API")
    said = error.user_message or ""
    if _OTHER_MODE in said:
        return _key()
    missing = error.code == "resource_missing"
    if missing and _names_price(error):
        return _price()
    words = Both(ru=f"Stripe отказал: {legible(said)}", en=f"Stripe refused: {legible(said)}")
    return Rejected(str(words), cause=MISSING if missing else REFUSED)


def _busy(error: stripe.StripeError, now: datetime) -> Unavailable:
    named = str((error.headers or {}).get("Retry-After", ""))
    until = now + timedelta(seconds=min(int(named), 86_400)) if named.isdecimal() else None
    said = Both(ru="Stripe просит подождать. Повторим сами", en="Stripe asks to wait. We try again")
    return Unavailable(str(said), cause=BUSY, until=until)


def _away() -> Unavailable:
    said = Both(ru="Stripe не отвечает. Повторим сами", en="Stripe does not answer. We try again")
    return Unavailable(str(said), cause=AWAY)


def _key() -> Rejected:
    said = Both(
        ru="Stripe не принимает наш ключ: исправьте STRIPE_SECRET_KEY",
        en="Stripe refuses our key: correct STRIPE_SECRET_KEY",
    )
    return Rejected(str(said), cause=KEY)


def _names_price(error: stripe.StripeError) -> bool:
    """Which is ours: whoever asks with a customer is not told that she is gone."""
    return isinstance(error, stripe.InvalidRequestError) and "price" in (error.param or "")


def _price() -> Rejected:
    said = Both(
        ru="В Stripe нет цены, которая задана в STRIPE_PRICE_…: исправьте её",
        en="Stripe does not have the price that STRIPE_PRICE_… names: correct it",
    )
    return Rejected(str(said), cause=PRICE)


def _card(error: stripe.CardError) -> Rejected:
    code = legible(error.code or "card")
    said = Both(
        ru=f"Банк отклонил оплату ({code}): укажите другую карту",
        en=f"The bank declined the payment ({code}): use another card",
    )
    return Rejected(str(said), cause=CARD)
