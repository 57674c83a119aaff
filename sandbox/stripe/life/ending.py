"""How a subscription ends."""

from sandbox.stripe.errors import Json
from sandbox.stripe.life.invoices import unpaid_of, voided
from sandbox.stripe.life.periods import UPDATED
from sandbox.stripe.store import Store

FIRST_PAYMENT_SECONDS = 23 * 3_600


def cancelled(store: Store, subscription: Json, reason: str | None) -> None:
    """For good. What is unpaid stays so, and is not tried again."""
    details = {**subscription["cancellation_details"]}
    details["reason"] = details["reason"] or reason
    for each in unpaid_of(store, subscription):
        each.update(auto_advance=False, next_payment_attempt=None)
    schedule_id = subscription["schedule"]
    subscription.update(
        status="canceled",
        ended_at=store.now,
        canceled_at=subscription["canceled_at"] or store.now,
        cancellation_details=details,
        pause_collection=None,
        pending_update=None,
        schedule=None,
    )
    store.emit("customer.subscription.deleted", subscription)
    if schedule_id:
        _schedule_ended(store, store.find("subscription_schedule", schedule_id), reason)


def expired(store: Store, ident: str, _when: int) -> None:
    """Never paid for: after 23 hours it is too late."""
    found = store.find("subscription", ident)
    if found["status"] != "incomplete":
        return
    for each in unpaid_of(store, found):
        voided(store, each)
    store.change(found, UPDATED, status="incomplete_expired", ended_at=store.now)


def _schedule_ended(store: Store, schedule: Json, reason: str | None) -> None:
    if schedule["status"] != "active":
        return
    word = "aborted" if reason == "payment_failed" else "canceled"
    schedule.update(status="canceled", canceled_at=store.now, current_phase=None)
    store.emit(f"subscription_schedule.{word}", schedule)
