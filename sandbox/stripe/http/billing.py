"""Calls about what is sold: subscriptions and their schedules."""

from sandbox.stripe.errors import Json, Problem
from sandbox.stripe.form import Form
from sandbox.stripe.http.listing import page
from sandbox.stripe.life import changes, pausing, prorations, schedules, starting
from sandbox.stripe.life.ending import cancelled
from sandbox.stripe.life.invoices import drafted
from sandbox.stripe.life.periods import ENDED
from sandbox.stripe.life.standing import charged
from sandbox.stripe.store import Store


def start(store: Store, form: Form, _ident: str) -> Json:
    return starting.start(store, form)


def subscriptions(store: Store, form: Form, _ident: str) -> Json:
    customer, status, price = (form.text(name) for name in ("customer", "status", "price"))
    if customer and customer not in store.gone:
        store.find("customer", customer, "customer")
    rows = (
        each
        for each in store.all("subscription")
        if customer in (None, each["customer"])
        and _in_status(each, status)
        and (not price or price in [item["price"]["id"] for item in each["items"]["data"]])
    )
    return page(rows, form, "/v1/subscriptions")


def update(store: Store, form: Form, ident: str) -> Json:
    found = store.find("subscription", ident)
    changes.updated(store, found, form)
    return found


def cancel(store: Store, form: Form, ident: str) -> Json:
    """At once; what was paid for the rest comes back as credit, if that is wished."""
    found = store.find("subscription", ident)
    if found["status"] in ENDED:
        raise Problem(f"No such subscription: '{ident}'", status=404, code="resource_missing")
    part = form.part("cancellation_details").only(("comment", "feedback"))
    said = {name: part.text(name) for name in part.values}
    found["cancellation_details"] = {**found["cancellation_details"], **said}
    credit = prorations.unused(found["items"]["data"], store.now) if form.flag("prorate") else []
    if form.flag("invoice_now") and (credit or store.waiting.get(ident)):
        draft = drafted(store, found, "subscription_update", credit)
        found["latest_invoice"] = draft["id"]
        charged(store, draft)
    cancelled(store, found, "cancellation_requested")
    return found


def pause(store: Store, form: Form, ident: str) -> Json:
    found = store.find("subscription", ident)
    pausing.pause(store, found, form)
    return found


def resume(store: Store, form: Form, ident: str) -> Json:
    found = store.find("subscription", ident)
    pausing.resume(store, found, form)
    return found


def make_schedule(store: Store, form: Form, _ident: str) -> Json:
    wanted = form.needs("from_subscription")
    return schedules.made_from(store, store.find("subscription", wanted, "from_subscription"))


def list_schedules(store: Store, form: Form, _ident: str) -> Json:
    customer = form.text("customer")
    rows = store.all("subscription_schedule")
    chosen = (each for each in rows if customer in (None, each["customer"]))
    return page(chosen, form, "/v1/subscription_schedules")


def update_schedule(store: Store, form: Form, ident: str) -> Json:
    found = store.find("subscription_schedule", ident)
    schedules.updated(store, found, form)
    return found


def release_schedule(store: Store, _form: Form, ident: str) -> Json:
    found = store.find("subscription_schedule", ident)
    schedules.released(store, found)
    return found


def cancel_schedule(store: Store, _form: Form, ident: str) -> Json:
    """With its subscription."""
    found = store.find("subscription_schedule", ident)
    schedules.must_run(found)
    cancelled(store, store.find("subscription", found["subscription"]), "cancellation_requested")
    return found


def _in_status(found: Json, status: str | None) -> bool:
    """Without a wish all but the canceled; `all` is all, `ended` what is over."""
    if status is None:
        return bool(found["status"] != "canceled")
    if status == "ended":
        return found["status"] in ENDED
    return status in ("all", found["status"])
