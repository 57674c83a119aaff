"""Customers come, change and go."""

from sandbox.stripe.errors import Json
from sandbox.stripe.form import Form
from sandbox.stripe.life import cards
from sandbox.stripe.life.ending import cancelled
from sandbox.stripe.life.periods import ENDED
from sandbox.stripe.shapes.person import customer
from sandbox.stripe.shapes.session import portal
from sandbox.stripe.store import Store, new_id

TEXTS = ("email", "name", "description", "phone")


def customer_named(store: Store, email: str) -> Json:
    """One that Checkout makes."""
    made = {**customer(new_id("cus"), store.now), "email": email}
    store.emit("customer.created", store.put(made))
    return made


def created(store: Store, form: Form) -> Json:
    made = customer(new_id("cus"), store.now)
    made.update(_fields(form, made))
    store.emit("customer.created", store.put(made))
    if method := form.text("payment_method"):
        held = cards.named(store, made, method, "payment_method")
        preferred = form.part("invoice_settings").text("default_payment_method")
        if preferred in (method, held["id"]):
            cards.prefer(store, made, held["id"])
    return made


def updated(store: Store, found: Json, form: Form) -> None:
    store.change(found, "customer.updated", **_fields(form, found))
    settings = form.part("invoice_settings")
    if "default_payment_method" in settings:
        _prefer(store, found, settings.text("default_payment_method") or None)


def deleted(store: Store, found: Json) -> Json:
    """With all her subscriptions, at once."""
    for each in store.all("subscription"):
        if each["customer"] == found["id"] and each["status"] not in ENDED:
            cancelled(store, each, "cancellation_requested")
    del store.kinds["customer"][found["id"]]
    gone = {"id": found["id"], "object": "customer", "deleted": True}
    store.gone[found["id"]] = gone
    store.emit("customer.deleted", found)
    return gone


def portal_for(
    store: Store, found: Json, return_url: str | None = None, locale: str | None = None
) -> Json:
    """A visit of hers to the Portal."""
    ident = new_id("bps")
    made = portal(ident, store.now, found["id"], f"{store.url}/portal/{ident}")
    made.update(return_url=return_url, locale=locale)
    store.emit("billing_portal.session.created", store.put(made))
    return made


def _fields(form: Form, before: Json) -> Json:
    fields: Json = {name: form.text(name) or None for name in TEXTS if name in form}
    if "metadata" in form:
        fields["metadata"] = form.metadata(before["metadata"])
    if "preferred_locales" in form:
        fields["preferred_locales"] = form.texts("preferred_locales")
    return fields


def _prefer(store: Store, found: Json, wanted: str | None) -> None:
    param = "invoice_settings[default_payment_method]"
    method = cards.named(store, found, wanted, param) if wanted else None
    cards.prefer(store, found, method["id"] if method else None)
