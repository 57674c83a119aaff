"""The end of a period: another one, the end of a trial, or the end."""

from sandbox.stripe.errors import Json
from sandbox.stripe.life import pausing, pending, schedules
from sandbox.stripe.life.cards import subscription_of
from sandbox.stripe.life.ending import cancelled
from sandbox.stripe.life.invoices import composed, drafted, finalized, given_up, voided, whole_line
from sandbox.stripe.life.periods import (
    RUNNING,
    UPDATED,
    end_after,
    period_of,
    watch,
    with_items,
    within,
)
from sandbox.stripe.life.standing import charged
from sandbox.stripe.store import Store


def turn(store: Store, ident: str, when: int) -> None:
    """A period is over."""
    found = store.find("subscription", ident)
    if found["status"] not in RUNNING or period_of(found)[1] != when:
        return
    pending.lapsed(store, ident, when)
    if found["cancel_at"] is not None and found["cancel_at"] <= when:
        cancelled(store, found, "cancellation_requested")
    elif found["status"] == "trialing":
        _trial_ended(store, found)
    else:
        renewed(store, found)


def cancel_due(store: Store, ident: str, when: int) -> None:
    """A day chosen for the end that is no end of a period."""
    found = store.find("subscription", ident)
    if found["status"] in RUNNING and found["cancel_at"] == when:
        cancelled(store, found, "cancellation_requested")


def _trial_ended(store: Store, found: Json) -> None:
    behaviour = found["trial_settings"]["end_behavior"]["missing_payment_method"]
    if _has_card(store, found) or behaviour == "create_invoice":
        renewed(store, found, billing_cycle_anchor=store.now, status="active")
    elif behaviour == "pause":
        pausing.stopped(store, found, "trial_end_without_payment_method")
    else:
        cancelled(store, found, None)


def _has_card(store: Store, found: Json) -> bool:
    customer = store.find("customer", found["customer"])
    usual = customer["invoice_settings"]["default_payment_method"]
    return bool(found["default_payment_method"] or usual)


def renewed(store: Store, found: Json, **fields: object) -> Json | None:
    """The next period begins with an invoice, which stays a draft for a while; None: it ended."""
    start = store.now
    items = schedules.crossed(store, found, start)
    if items is None:
        return None
    anchor = fields.get("billing_cycle_anchor", found["billing_cycle_anchor"])
    assert isinstance(anchor, int)  # noqa: S101 - what callers give
    moved = within(items, start, end_after(items, anchor, start))
    before = found["items"]
    found["items"] = with_items(found, moved)
    lines = [whole_line(each, *period_of(found)) for each in moved]
    draft = drafted(store, found, "subscription_cycle", lines)
    found["items"] = before
    draft["auto_advance"] = found["status"] != "unpaid"
    draft["automatically_finalizes_at"] = start + store.settings.draft_seconds
    told = {**fields, "items": with_items(found, moved), "latest_invoice": draft["id"]}
    store.change(found, UPDATED, **told)
    store.at(draft["automatically_finalizes_at"], "finalize", draft["id"])
    watch(store, found)
    return draft


def finalize_due(store: Store, ident: str, _when: int) -> None:
    """A draft has stood long enough, and is charged, unless collection is paused."""
    draft = store.find("invoice", ident)
    own = subscription_of(store, draft)
    if own is None or draft["status"] != "draft" or not draft["auto_advance"]:
        return
    if store.settings.finalization_fails:
        _stuck(store, draft)
        return
    paused = own["pause_collection"] and own["pause_collection"]["behavior"]
    if paused == "keep_as_draft":
        draft["auto_advance"] = False
    elif paused:
        finalized(store, draft)
        (voided if paused == "void" else given_up)(store, draft)
    else:
        charged(store, draft)


def _stuck(store: Store, draft: Json) -> None:
    draft["last_finalization_error"] = {
        "type": "invalid_request_error",
        "code": "customer_tax_location_invalid",
        "message": "The customer's location isn't recognized.",
    }
    store.emit("invoice.finalization_failed", draft)


def upcoming(store: Store, ident: str, when: int) -> None:
    """A renewal is near. Its invoice is not made yet, and has no id."""
    found = store.find("subscription", ident)
    end = period_of(found)[1]
    near = end - store.settings.upcoming_days * 86_400 == when
    if found["status"] not in RUNNING or not near or found["cancel_at"] is not None:
        return
    ahead = previewed(store, found)
    del ahead["id"]
    store.emit("invoice.upcoming", ahead)


def previewed(store: Store, found: Json) -> Json:
    """The invoice of its next renewal, as things are."""
    end = period_of(found)[1]
    items = found["items"]["data"]
    following = end_after(items, found["billing_cycle_anchor"], end)
    lines = [whole_line(each, end, following) for each in items]
    waiting = store.waiting.get(found["id"], [])
    return composed(store, found, "upcoming", [*waiting, *lines])
