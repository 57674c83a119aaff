"""Why a shop is late and whose move it is: of all that is known of it, the one true cause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from domain.fact import fact
from domain.limits import OVER_PLAN, PLAN_INTERVAL


class Move(StrEnum):
    """Who has to do the next step, in the order in which they are shown."""

    SELLER = "seller"
    MARKETPLACE = "marketplace"
    GOOGLE = "google"
    US = "us"


NOT_CONNECTED, HELD, PAUSED = "not_connected", "held", "paused"
UNDER_WAY, QUEUED, NO_WORKER, CANCELLED = "under_way", "queued", "no_worker", "cancelled"
FAULT, LOST, UNASKED, FAILED = "fault", "lost", "unasked", "failed"

MOVES: Mapping[str, Move] = {
    **dict.fromkeys(
        (
            *("token_dead", "no_scope", NOT_CONNECTED, HELD, OVER_PLAN, PLAN_INTERVAL),
            *("sheet_unshared", "sheet_deleted", "sheet_protected", "sheet_full"),
            *("sheet_key_deleted", "robot_gone", "consent_revoked", "own_sheet_gone"),
            *("own_key_refused", "own_api_off"),
        ),
        Move.SELLER,
    ),
    **dict.fromkeys(
        ("outage", "no_quota", "method_off", "malformed", "held_back"), Move.MARKETPLACE
    ),
    **dict.fromkeys(
        ("google_unavailable", "google_quota", "google_malformed", "google_refused"), Move.GOOGLE
    ),
}
"""By the stable word of the cause; everything else is ours: what nobody foresaw most of all."""
OURS = frozenset(
    (
        *("our_outage", "no_funds", "google_credentials", "google_api_off", "storage_quota"),
        "google_client_refused",
        *(PAUSED, UNDER_WAY, QUEUED, NO_WORKER, CANCELLED, FAULT, LOST, UNASKED, FAILED),
    )
)
TOGETHER = timedelta(minutes=30)
"""What became late within such a time of each other, of one cause, is one incident."""


@fact
class Seen:
    """What is known of a late shop. `state` is that of its newest run, None without one; `error`
    the word of its last attempt that did not succeed; `held` by the company, `paused` by us."""

    has_sheet: bool = True
    broken: str | None = None
    state: str | None = None
    error: str | None = None
    held: bool = False
    paused: bool = False
    workers: bool = True


@fact
class Why:
    """A cause of the vocabulary above, and whose move it is."""

    cause: str
    move: Move


def why(seen: Seen) -> Why:
    """What stands in the way first, before what would stand behind it."""
    return meant(next(_causes(seen)))


def meant(word: str) -> Why:
    """What a word for a cause means. An error's own name, such as KeyError, is a fault of ours."""
    cause = word if word in MOVES or word in OURS else FAULT
    return Why(cause=cause, move=MOVES.get(cause, Move.US))


def _causes(seen: Seen) -> Iterator[str]:
    if not seen.has_sheet:
        yield NOT_CONNECTED
    if seen.state == "running":
        yield LOST if seen.error == LOST else UNDER_WAY
    if seen.broken:
        yield seen.broken
    if seen.paused or seen.held:
        yield PAUSED if seen.paused else HELD
    idle = seen.state in {None, "succeeded"}
    if not seen.workers and (idle or seen.state == "waiting"):
        yield NO_WORKER
    if idle or seen.state == "cancelled":
        yield UNASKED if idle else CANCELLED
    if seen.error:
        yield seen.error
    yield QUEUED if seen.state == "waiting" else FAILED


class Late(Protocol):
    """What can be folded: a shop that is late since a moment, and why."""

    @property
    def why(self) -> Why: ...
    @property
    def since(self) -> datetime: ...


T = TypeVar("T", bound=Late)


def folded(late: Iterable[T]) -> Sequence[Sequence[T]]:
    """Incidents: shops of one cause, each late soon after another one. By whose move it is, then
    the oldest first; so are the shops within one."""
    order = list(Move)
    ranked = sorted(late, key=lambda each: (each.why.cause, each.since))
    groups = list(_runs(ranked))
    return sorted(groups, key=lambda group: (order.index(group[0].why.move), group[0].since))


def _runs(ranked: Sequence[T]) -> Iterator[Sequence[T]]:
    group: list[T] = []
    for each in ranked:
        last = group[-1] if group else None
        if last and (each.why != last.why or each.since - last.since > TOGETHER):
            yield group
            group = []
        group.append(each)
    if group:
        yield group
