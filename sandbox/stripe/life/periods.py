"""The period of a subscription, and what is to happen in it."""

from sandbox.stripe.errors import Json
from sandbox.stripe.life.months import next_end
from sandbox.stripe.store import DAY, Store

UPDATED = "customer.subscription.updated"
RUNNING = ("trialing", "active", "past_due", "unpaid")
ENDED = ("canceled", "incomplete_expired")
WARNING_DAYS = 3


def period_of(subscription: Json) -> tuple[int, int]:
    """Of its items, which all have the same."""
    first = subscription["items"]["data"][0]
    return first["current_period_start"], first["current_period_end"]


def with_items(subscription: Json, items: list[Json]) -> Json:
    """Its list of items, holding others."""
    return {**subscription["items"], "data": items}


def within(items: list[Json], start: int, end: int) -> list[Json]:
    """The items in another period."""
    return [{**e, "current_period_start": start, "current_period_end": end} for e in items]


def end_after(items: list[Json], anchor: int, moment: int) -> int:
    """Where a period ends that holds this moment."""
    return next_end(anchor, moment, items[0]["price"]["recurring"])


def watch(store: Store, subscription: Json) -> None:
    """What its new period brings is put on the calendar."""
    _, end = period_of(subscription)
    ident = subscription["id"]
    store.at(end, "turn", ident)
    upcoming = end - store.settings.upcoming_days * DAY
    if upcoming > store.now:
        store.at(upcoming, "upcoming", ident)
    if subscription["status"] == "trialing":
        store.at(max(end - WARNING_DAYS * DAY, store.now), "trial_will_end", ident)


def trial_will_end(store: Store, ident: str, when: int) -> None:
    """Three days before; at once for a shorter trial."""
    found = store.find("subscription", ident)
    warned = found["trial_end"] and max(
        found["trial_end"] - WARNING_DAYS * DAY, period_of(found)[0]
    )
    if found["status"] == "trialing" and when >= warned:
        store.emit("customer.subscription.trial_will_end", found)
