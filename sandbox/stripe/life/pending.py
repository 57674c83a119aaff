"""A change that holds once it is paid for, and is forgotten when it is not."""

from sandbox.stripe.errors import Json
from sandbox.stripe.life.cards import subscription_of
from sandbox.stripe.life.ending import FIRST_PAYMENT_SECONDS
from sandbox.stripe.life.invoices import unpaid_of, voided
from sandbox.stripe.life.periods import UPDATED, period_of, with_items
from sandbox.stripe.shapes import nulls
from sandbox.stripe.store import Store


def put_off(store: Store, subscription: Json, items: list[Json], invoice_id: str) -> None:
    """Until this invoice is paid, for 23 hours and within the period (Pending updates reference,
    Expiration)."""
    expires_at = min(store.now + FIRST_PAYMENT_SECONDS, period_of(subscription)[1])
    held = {
        "expires_at": expires_at,
        "subscription_items": items,
        **nulls("billing_cycle_anchor cancel_at_period_end discount discounts metadata"),
        **nulls("trial_end trial_from_plan"),
    }
    store.change(subscription, UPDATED, pending_update=held, latest_invoice=invoice_id)
    store.at(expires_at, "pending_update", subscription["id"])


def applied(store: Store, subscription: Json) -> None:
    """Paid: now it has the items that were wanted."""
    items = with_items(subscription, subscription["pending_update"]["subscription_items"])
    store.change(subscription, UPDATED, items=items, pending_update=None)
    store.emit("customer.subscription.pending_update_applied", subscription)


def waits_for(subscription: Json, of: Json) -> bool:
    """Whether the change holds once this invoice is paid."""
    return bool(subscription["pending_update"]) and subscription["latest_invoice"] == of["id"]


def latest_of_periods(store: Store, subscription: Json) -> str:
    """The latest invoice but for those of changes that are not made."""
    waiting = subscription["latest_invoice"] if subscription["pending_update"] else ""
    billed = (store.find("invoice", each) for each in reversed(store.billed[subscription["id"]]))
    for each in billed:
        dropped = each["status"] == "void" and each["billing_reason"] == "subscription_update"
        if each["id"] != waiting and not dropped:
            return str(each["id"])
    return ""


def invoice_voided(store: Store, of: Json) -> None:
    """Its invoice is void: nobody will pay for it (Pending updates, Cancel or change)."""
    found = subscription_of(store, of)
    if found and waits_for(found, of):
        _forgotten(store, found)


def lapsed(store: Store, ident: str, when: int) -> None:
    """Not paid in time."""
    found = store.find("subscription", ident)
    held = found["pending_update"]
    if held is None or held["expires_at"] != when:
        return
    for each in unpaid_of(store, found):
        if each["id"] == found["latest_invoice"]:
            voided(store, each)
    _forgotten(store, found)


def _forgotten(store: Store, found: Json) -> None:
    store.change(found, UPDATED, pending_update=None)
    store.emit("customer.subscription.pending_update_expired", found)
