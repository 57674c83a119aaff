"""What moves: goods on their way to the marketplace's warehouses, and what became of each order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, StrEnum

from domain.fact import fact
from domain.snapshot import MOSCOW

ACCEPTED_COUNTS = timedelta(days=14)
"""How long accepted goods that are not on sale yet are waited for. Later they are lost, or counted
otherwise."""


class Flow(StrEnum):
    """Sources that are read on a slower rhythm than stock: their stable words."""

    SUPPLIES = "supplies"
    FEED = "order_feed"
    CABINET = "cabinet"


ORDERS_FED, ALL_FED = "orders_fed", "all_orders_fed"
"""Bookmarks of the feed where it tells of orders in place of their own source: how far, and when to
the end. What became of orders is then known as far, too."""
MOVING = (Flow.SUPPLIES, Flow.FEED)
"""Those that figures of what moves are worked out from."""


# Supplies


class Stage(IntEnum):
    """How far a supply has come, by the marketplace's own numbers (its OpenAPI, 07-orders-fbw)."""

    NOT_PLANNED = 1
    PLANNED = 2
    ALLOWED = 3
    ACCEPTING = 4
    ACCEPTED = 5
    UNLOADED = 6


SENT = (Stage.ALLOWED, Stage.ACCEPTING, Stage.ACCEPTED, Stage.UNLOADED)
"""The other two are plans."""


@fact
class Supply:
    """One supply. Times are aware; `changed_at` is when the marketplace last touched it."""

    supply_id: int
    stage: Stage
    made_at: datetime
    shipped_at: datetime | None
    changed_at: datetime | None

    @property
    def mark(self) -> str:
        """What is another when something has happened to it."""
        changed = self.changed_at.astimezone(UTC).isoformat() if self.changed_at else ""
        return f"{self.stage:d}@{changed}"

    @property
    def counts_until(self) -> date | None:
        """The last day its goods are waited for; None while it is under way."""
        if self.stage is not Stage.ACCEPTED:
            return None
        accepted = self.changed_at or self.shipped_at or self.made_at
        return accepted.astimezone(MOSCOW).date() + ACCEPTED_COUNTS


@fact
class Good:
    """One size in a supply, pieces: sent, counted in, and on sale of those."""

    nm_id: int
    quantity: int
    accepted: int
    on_sale: int


def coming(stage: Stage, goods: Iterable[Good]) -> Mapping[int, int]:
    """What is not on sale yet, by product: of what was sent, or of what was accepted once that is
    settled. More on sale than sent is somebody's mistake in counting, not a debt."""
    pieces: dict[int, int] = defaultdict(int)
    for good in goods:
        expected = good.accepted if stage is Stage.ACCEPTED else good.quantity
        pieces[good.nm_id] += max(0, expected - good.on_sale) if stage in SENT else 0
    return dict(pieces)


# What became of orders


class Became(StrEnum):
    """Where an ordered piece is by now, in the marketplace's own words."""

    CREATED = "created"
    BOUGHT = "buyout"
    CANCELLED = "cancel"
    RETURNED = "return"
    DEFECTIVE = "returnDefective"


@fact
class OrderState:
    """One ordered piece since `updated_at`. `how` it was cancelled; `district` is where the buyer
    is. Times are aware."""

    srid: str
    nm_id: int
    created_at: datetime
    updated_at: datetime
    became: Became
    how: str | None
    district: str
    by_seller: bool


@fact
class FeedPage:
    """Some states. `cursor` goes on after them; with the `last` page, all that happened from
    `since` to `until` is known."""

    states: tuple[OrderState, ...]
    cursor: str
    since: datetime
    until: datetime
    last: bool
