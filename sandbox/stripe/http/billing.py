"""Calls about what is sold: subscriptions and all that becomes of them."""

from sandbox.stripe.errors import Json
from sandbox.stripe.form import Form
from sandbox.stripe.http.listing import page
from sandbox.stripe.life import starting
from sandbox.stripe.life.periods import ENDED
from sandbox.stripe.store import Store


def start(store: Store, form: Form, _ident: str) -> Json:
    return starting.start(store, form)


def subscriptions(store: Store, form: Form, _ident: str) -> Json:
    customer, status, price = (form.text(name) for name in ("customer", "status", "price"))
    rows = (
        each
        for each in store.all("subscription")
        if customer in (None, each["customer"])
        and _in_status(each, status)
        and (not price or price in [item["price"]["id"] for item in each["items"]["data"]])
    )
    return page(rows, form, "/v1/subscriptions")


def _in_status(found: Json, status: str | None) -> bool:
    """Without a wish all but the canceled; `all` is all, `ended` what is over."""
    if status is None:
        return bool(found["status"] != "canceled")
    if status == "ended":
        return found["status"] in ENDED
    return status in ("all", found["status"])
