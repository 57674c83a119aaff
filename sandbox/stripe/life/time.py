"""What the passing of time brings about, in the order in which it is due."""

import heapq
from collections.abc import Callable
from typing import Final

from sandbox.stripe.life import (
    checkout,
    ending,
    invoices,
    pausing,
    pending,
    periods,
    renewal,
    schedules,
    standing,
)
from sandbox.stripe.store import Cause, Store

_HAPPENINGS: Final[dict[str, Callable[[Store, str, int], None]]] = {
    "cancel": renewal.cancel_due,
    "checkout": checkout.expired,
    "collection": pausing.collection_resumes,
    "debit": standing.debited,
    "expire": ending.expired,
    "finalize": renewal.finalize_due,
    "overdue": invoices.overdue,
    "pending_update": pending.lapsed,
    "phase": schedules.phase_due,
    "resumption": pausing.resumption_lapsed,
    "retry": standing.tried_again,
    "trial_will_end": periods.trial_will_end,
    "turn": renewal.turn,
    "upcoming": renewal.upcoming,
}


def settle(store: Store) -> None:
    """Let everything happen whose time has come."""
    until, cause = store.now, store.cause
    store.cause = Cause()
    try:
        while store.timers and store.timers[0].when <= until:
            due = heapq.heappop(store.timers)
            store.past = due.when
            _HAPPENINGS[due.what](store, due.about, due.when)
    finally:
        store.past, store.cause = None, cause


def advance(store: Store, seconds: int) -> None:
    """Time passes; never backwards."""
    store.shift += max(seconds, 0)
    settle(store)
