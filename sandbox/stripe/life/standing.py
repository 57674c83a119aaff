"""What a paid or unpaid invoice makes of its subscription."""

from sandbox.stripe.errors import Json
from sandbox.stripe.life import ending, pending
from sandbox.stripe.life.cards import card_behind, subscription_of
from sandbox.stripe.life.invoices import finalized, settled
from sandbox.stripe.life.payments import Outcome, attempt, bounced, succeeded
from sandbox.stripe.life.periods import ENDED, UPDATED
from sandbox.stripe.store import DAY, Store

_WORDS = {True: "succeeded", False: "failed"}


def collect(store: Store, of: Json, *, present: bool = False, by_hand: bool = False) -> Outcome:
    """Try to be paid, and see what follows. A try by hand moves no retry: only the first counts."""
    counts = not by_hand or of["attempt_count"] == 0
    again_at = _again_at(store, of) if counts else of["next_payment_attempt"]
    of["attempt_count"] += counts
    outcome = attempt(store, of, again_at, present=present)
    _followed(store, of, outcome, counts=counts)
    return outcome


def opened(store: Store, draft: Json) -> None:
    """Finalize a draft, and leave it to be paid; one of nothing is paid with that."""
    finalized(store, draft)
    if draft["amount_due"] == 0:
        collect(store, draft)


def charged(store: Store, draft: Json, *, present: bool = False) -> Outcome:
    """Finalize a draft, and collect it at once."""
    finalized(store, draft)
    return collect(store, draft, present=present)


def paid_elsewhere(store: Store, of: Json) -> None:
    """The money came past Stripe."""
    settled(store, of)
    _followed(store, of, "paid", counts=False)


def debited(store: Store, ident: str, _when: int) -> None:
    """A bank debit comes through, or bounces."""
    of = store.find("invoice", ident)
    if of["status"] != "open":
        return
    good = card_behind(store, of) == "delayed"
    again_at = None if good else _again_at(store, of)
    outcome = succeeded(store, of) if good else bounced(store, of, again_at)
    _followed(store, of, outcome, counts=True)
    for session in store.all("checkout.session"):
        if session["invoice"] == ident:
            session["payment_status"] = "paid" if good else "unpaid"
            store.emit(f"checkout.session.async_payment_{_WORDS[good]}", session)


def tried_again(store: Store, ident: str, when: int) -> None:
    """A retry that is due, unless it was called off."""
    of = store.find("invoice", ident)
    if of["status"] == "open" and of["next_payment_attempt"] == when:
        collect(store, of)


def _again_at(store: Store, of: Json) -> int | None:
    own, tries = subscription_of(store, of), of["attempt_count"]
    days = store.settings.retry_days
    if own is None or pending.waits_for(own, of):
        return None
    if own["status"] in ("incomplete", "paused", *ENDED):
        return None
    if of["status"] != "open" or tries >= len(days):
        return None
    return store.now + days[tries] * DAY


def _followed(store: Store, of: Json, outcome: Outcome, *, counts: bool) -> None:
    own = subscription_of(store, of)
    if own is None or own["status"] in ENDED:
        return
    if outcome == "paid":
        _recovered(store, of, own)
    elif outcome == "processing":
        _trusted(store, own)
    else:
        _slipped(store, of, own, counts=counts)


def _recovered(store: Store, of: Json, own: Json) -> None:
    if pending.waits_for(own, of):
        pending.applied(store, own)
    elif of["id"] != pending.latest_of_periods(store, own):
        return
    if own["status"] == "paused":
        _resumed(store, of, own)
    elif own["status"] != "trialing":
        store.change(own, UPDATED, status="active")


def _resumed(store: Store, of: Json, own: Json) -> None:
    """By the invoice of its resumption; an older one that is paid wakes nobody."""
    since = own["status_details"]["paused"]["transitioned_at"]
    if of["billing_reason"] == "subscription_update" and of["created"] >= since:
        store.change(own, UPDATED, status="active", status_details=None)
        store.emit("customer.subscription.resumed", own)


def _trusted(store: Store, own: Json) -> None:
    if own["status"] == "incomplete":
        store.change(own, UPDATED, status="active")


def _slipped(store: Store, of: Json, own: Json, *, counts: bool) -> None:
    if pending.waits_for(own, of) or own["status"] in ("incomplete", "paused"):
        return
    if own["status"] in ("active", "trialing"):
        store.change(own, UPDATED, status="past_due")
    if not counts:
        return
    if of["next_payment_attempt"] is not None:
        store.at(of["next_payment_attempt"], "retry", of["id"])
    elif store.settings.when_unpaid == "canceled":
        ending.cancelled(store, own, "payment_failed")
    else:
        store.change(own, UPDATED, status=store.settings.when_unpaid)
