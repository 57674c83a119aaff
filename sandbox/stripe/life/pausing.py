"""A subscription that stands still, and goes on."""

from sandbox.stripe.errors import Json, Problem
from sandbox.stripe.form import Form
from sandbox.stripe.life import prorations
from sandbox.stripe.life.ending import FIRST_PAYMENT_SECONDS
from sandbox.stripe.life.invoices import drafted, unpaid_of, voided, whole_line
from sandbox.stripe.life.periods import (
    UPDATED,
    end_after,
    period_of,
    watch,
    with_items,
    within,
)
from sandbox.stripe.life.standing import charged
from sandbox.stripe.store import Store


def stopped(store: Store, found: Json, why: str) -> None:
    """`why` is a type of Stripe's status_details."""
    told = {
        "paused": {
            "subscription": {"type": why},
            "transitioned_at": store.now,
            "type": "subscription",
        }
    }
    store.change(found, UPDATED, status="paused", status_details=told)
    store.emit("customer.subscription.paused", found)


def pause(store: Store, found: Json, form: Form) -> None:
    """At once; what is left of its period is credited with the next invoice, unless told not to."""
    if found["status"] not in ("active", "trialing", "past_due"):
        raise _cannot("pause", found)
    from_ = form.part("bill_for").part("unused_time_from")
    kind = from_.choice("type", ("item_current_period_start", "none", "now")) or "now"
    if kind != "none" and found["status"] == "active":
        since = period_of(found)[0] if kind == "item_current_period_start" else store.now
        credit = prorations.unused(found["items"]["data"], since)
        store.waiting.setdefault(found["id"], []).extend(credit)
    stopped(store, found, "pause_requested")


def resume(store: Store, found: Json, form: Form) -> None:
    """With an invoice for its new period; what is not paid for in 23 hours stays paused."""
    if found["status"] != "paused":
        raise _cannot("resume", found)
    anchor = form.part("billing_cycle_anchor").choice("type", ("now", "unchanged")) or "now"
    words = ("resume_on_payment_attempt", "resume_on_payment_success")
    waits = form.choice("payment_behavior", words) == words[1]
    if anchor == "unchanged" and period_of(found)[1] > store.now:
        store.waiting.pop(found["id"], None)
        _goes_on(store, found)
        return
    now = store.now
    moved_anchor = now if anchor == "now" else found["billing_cycle_anchor"]
    items = found["items"]["data"]
    items = within(items, now, end_after(items, moved_anchor, now))
    moved = {"items": with_items(found, items), "billing_cycle_anchor": moved_anchor}
    ended = {"trial_end": min(found["trial_end"], now) if found["trial_end"] else None}
    store.change(found, UPDATED, **moved, **ended)
    lines = [whole_line(each, *period_of(found)) for each in items]
    draft = drafted(store, found, "subscription_update", lines)
    found["latest_invoice"] = draft["id"]
    if not waits:
        _goes_on(store, found)
    store.at(now + FIRST_PAYMENT_SECONDS, "resumption", found["id"])
    charged(store, draft)
    watch(store, found)


def resumption_lapsed(store: Store, ident: str, _when: int) -> None:
    """Still paused, for nobody paid: the invoice goes."""
    found = store.find("subscription", ident)
    for each in unpaid_of(store, found) if found["status"] == "paused" else []:
        voided(store, each)


def collection_resumes(store: Store, ident: str, when: int) -> None:
    """A pause of collecting that has an end."""
    found = store.find("subscription", ident)
    held = found["pause_collection"]
    if held and held["resumes_at"] == when:
        store.change(found, UPDATED, pause_collection=None)


def _goes_on(store: Store, found: Json) -> None:
    store.change(found, UPDATED, status="active", status_details=None)
    store.emit("customer.subscription.resumed", found)


def _cannot(verb: str, found: Json) -> Problem:
    return Problem(f"A subscription that is {found['status']} cannot be asked to {verb}.")
