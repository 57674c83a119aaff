"""The tab «Stock Tracker» as a definition among the tabs whose rows belong to products."""

from collections.abc import Iterable, Sequence

from domain.fact import fact
from domain.snapshot import Gap, Snapshot
from domain.table.cells import Cells
from domain.table.columns import Group
from domain.table.keyed import Term
from domain.table.order import first_order
from domain.table.place_columns import groups

STOCK = "stock"


class ShownStock:
    """A `domain.table.keyed.Shown`."""

    terms: Sequence[Term] = ()

    def __init__(self, snapshot: Snapshot) -> None:
        self.figures = Cells(snapshot)
        self.groups: tuple[Group, ...] = groups(each.place for each in snapshot.places)
        self.gaps: Sequence[Gap] = snapshot.gaps
        self._snapshot = snapshot

    def first_order(self, nm_ids: Iterable[int]) -> tuple[int, ...]:
        """By brand, subject, SKU, nmID."""
        return first_order(self._snapshot, nm_ids)


@fact
class StockTracker:
    """A `domain.table.keyed.KeyedTab`, and the one that every shop has."""

    title: str
    tab: str = STOCK

    def cells(self, snapshot: Snapshot) -> int:
        """Of all products."""
        return len(snapshot.nm_ids) * len(groups(each.place for each in snapshot.places))

    def shown(self, snapshot: Snapshot) -> ShownStock:
        """Places follow from the snapshot."""
        return ShownStock(snapshot)
