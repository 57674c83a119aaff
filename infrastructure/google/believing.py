"""What the tab holds, judged by its marker: our last write, one never answered, or neither."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.ports import TabState
from domain.snapshot import Snapshot
from domain.table.cells import Cells
from domain.table.layout import Layout, layout_of
from domain.table.order import Order, adopt
from infrastructure.google.marker import digest
from infrastructure.google.tab import Tab

Known = tuple[UUID, Snapshot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """`cells` are those of the snapshot that the tab holds, `order` where they stand; None: not
    known. `remembered` is the order of the last write that was answered, `layout` its layout."""

    cells: Cells | None = None
    order: Order | None = None
    remembered: Order = ()
    layout: Layout | None = None

    @property
    def enough(self) -> bool:
        """Can differences be worked out from the keys alone?"""
        return self.cells is not None and self.order is not None


def believed(tab: Tab, state: TabState | None, new: Known, old: Known | None) -> Believed:
    """A marker with any other number than ours means: somebody restored or edited the tab."""
    if state is None or tab.marker is None:
        return Believed()
    arrived = state.pending is not None and tab.marker.rev == state.pending[0]
    left = state.coming if arrived and state.coming else state.layout
    remembered, layout = state.order, layout_of(left)
    if not arrived and tab.marker.rev != state.rev:
        return Believed(remembered=remembered, layout=layout)
    snapshot_id = state.pending[1] if arrived and state.pending else state.snapshot_id
    snapshot = _snapshot(snapshot_id, new, old)
    return Believed(
        cells=Cells(snapshot) if snapshot else None,
        order=_order_after(tab, remembered, snapshot) if arrived else remembered,
        remembered=remembered,
        layout=layout,
    )


def next_rev(tabs: Iterable[Tab], state: TabState | None) -> int:
    """Above every number that a call of ours ever bore: a late one must not be taken for a new."""
    seen = [tab.marker.rev for tab in tabs if tab.marker]
    known = (state.rev, state.pending[0] if state.pending else 0) if state else (0,)
    return max(*seen, *known, 0) + 1


def _snapshot(wanted: UUID, *held: Known | None) -> Snapshot | None:
    return next((each[1] for each in held if each and each[0] == wanted), None)


def _order_after(tab: Tab, remembered: Order, snapshot: Snapshot | None) -> Order | None:
    """The order a lost answer would have told, if the tab still has it."""
    known = {nm for _, nm in remembered}.union(snapshot.nm_ids if snapshot else ())
    order = adopt(tab.keys, known).order
    return order if tab.marker and tab.marker.order == digest(order) else None
