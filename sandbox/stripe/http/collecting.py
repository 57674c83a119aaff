"""Calls about money: invoices, what paid them, and what went back; and about events."""

import msgspec

from sandbox.stripe.errors import Json, Problem, declined, unauthenticated
from sandbox.stripe.form import Form
from sandbox.stripe.http.listing import page
from sandbox.stripe.life import changes, invoices, money, pending, standing
from sandbox.stripe.life.cards import named, prefer
from sandbox.stripe.life.invoices import composed, whole_line
from sandbox.stripe.life.periods import end_after, period_of, with_items
from sandbox.stripe.store import DAY, Event, Store

_EVENT_DAYS = 30
_DETAILS = ("items", "proration_behavior", "proration_date", "cancel_now", "cancel_at_period_end")


def list_invoices(store: Store, form: Form, _ident: str) -> Json:
    subscription, customer, status = (
        form.text(name) for name in ("subscription", "customer", "status")
    )
    rows: list[Json] = [*store.all("invoice")]
    if subscription:
        rows = [store.find("invoice", each) for each in store.billed.get(subscription, [])]
    chosen = (
        each
        for each in rows
        if customer in (None, each["customer"]) and status in (None, each["status"])
    )
    return page(chosen, form, "/v1/invoices")


def pay(store: Store, form: Form, ident: str) -> Json:
    """As when its owner presses Pay, who is not here to confirm anything."""
    found = store.find("invoice", ident)
    if found["status"] not in ("open", "uncollectible"):
        raise Problem(f"Invoice is already {found['status']}.", code="invoice_not_open")
    if form.flag("paid_out_of_band"):
        standing.paid_elsewhere(store, found)
        return found
    if method := form.text("payment_method"):
        customer = store.find("customer", found["customer"])
        prefer(store, customer, named(store, customer, method, "payment_method")["id"])
    outcome = standing.collect(store, found, by_hand=True)
    if outcome in ("declined", "needs_action"):
        raise declined() if outcome == "declined" else unauthenticated()
    return found


def finalize(store: Store, _form: Form, ident: str) -> Json:
    found = store.find("invoice", ident)
    if found["status"] != "draft":
        raise Problem(f"This invoice is already {found['status']}.", code="invoice_not_editable")
    standing.opened(store, found)
    return found


def void(store: Store, _form: Form, ident: str) -> Json:
    found = store.find("invoice", ident)
    invoices.voided(store, found)
    pending.invoice_voided(store, found)
    return found


def give_up(store: Store, _form: Form, ident: str) -> Json:
    found = store.find("invoice", ident)
    invoices.given_up(store, found)
    return found


def preview(store: Store, form: Form, _ident: str) -> Json:
    """What a change would cost: now, if it is invoiced at once, else with the next renewal."""
    found = store.find("subscription", form.needs("subscription"), "subscription")
    details = form.part("subscription_details").only(_DETAILS)
    after, lines = changes.quoted(store, found, details)
    waiting = store.waiting.get(found["id"], [])
    changed = {**found, "items": with_items(found, after)}
    if details.text("proration_behavior") != "always_invoice":
        start = period_of(changed)[1]
        end = end_after(after, found["billing_cycle_anchor"], start)
        lines = [*lines, *(whole_line(each, start, end) for each in after)]
    made = composed(store, changed, "upcoming", [*waiting, *lines])
    return {**made, "id": f"upcoming_{made['id']}"}


def payments(store: Store, form: Form, _ident: str) -> Json:
    wanted = form.text("invoice")
    rows = (e for e in store.all("invoice_payment") if wanted in (None, e["invoice"]))
    return page(rows, form, "/v1/invoice_payments")


def refund(store: Store, form: Form, _ident: str) -> Json:
    return money.refunded(store, form)


def refunds(store: Store, form: Form, _ident: str) -> Json:
    charge = form.text("charge")
    rows = (each for each in store.all("refund") if charge in (None, each["charge"]))
    return page(rows, form, "/v1/refunds")


def charges(store: Store, form: Form, _ident: str) -> Json:
    customer = form.text("customer")
    rows = (each for each in store.all("charge") if customer in (None, each["customer"]))
    return page(rows, form, "/v1/charges")


def disputes(store: Store, form: Form, _ident: str) -> Json:
    charge = form.text("charge")
    rows = (each for each in store.all("dispute") if charge in (None, each["charge"]))
    return page(rows, form, "/v1/disputes")


def event(store: Store, _form: Form, ident: str) -> Json:
    if ident not in store.events:
        raise Problem(f"No such event: '{ident}'", status=404, code="resource_missing")
    return _told(store.events[ident])


def events(store: Store, form: Form, _ident: str) -> Json:
    """Of the last thirty days: older ones are nowhere to be had."""
    kinds = form.texts("types") or [each for each in [form.text("type")] if each]
    since = store.now - _EVENT_DAYS * DAY
    rows = [
        {"id": each.id, "created": each.created}
        for each in store.events.values()
        if each.created >= since and (not kinds or each.type in kinds)
    ]
    found = page(rows, form, "/v1/events")
    return {**found, "data": [_told(store.events[each["id"]]) for each in found["data"]]}


def _told(event: Event) -> Json:
    told: Json = msgspec.json.decode(event.body)
    return told
