"""What the tab holds, judged by its marker: our last write, one never answered, or neither."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.sheet_port import ListingState, TabState
from domain.snapshot import Snapshot
from domain.table.figures import Figures
from domain.table.layout import Layout, layout_of
from domain.table.order import Order, adopt
from infrastructure.google.batch import Aim
from infrastructure.google.marker import digest
from infrastructure.google.tab import Tab

Known = tuple[UUID, Snapshot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """`cells` are those of the snapshot that the tab holds, `order` where they stand; None: not
    known. `remembered` is the order of the last write that was answered, `layout` its layout."""

    cells: Figures | None = None
    order: Order | None = None
    remembered: Order = ()
    layout: Layout | None = None

    @property
    def enough(self) -> bool:
        """Can differences be worked out from the keys alone?"""
        return self.cells is not None and self.order is not None


def believed(aim: Aim, tab: Tab, state: TabState | None, old: Known | None) -> Believed:
    """Of «Stock Tracker». A marker with any other number than ours means: somebody restored or
    edited the tab."""
    if state is None or tab.marker is None:
        return Believed()
    arrived = state.pending is not None and tab.marker.rev == state.pending[0]
    left = state.coming if arrived and state.coming else state.layout
    remembered, layout = state.order, layout_of(left)
    if not arrived and tab.marker.rev != state.rev:
        return Believed(remembered=remembered, layout=layout)
    snapshot_id = state.pending[1] if arrived and state.pending else state.snapshot_id
    snapshot = _snapshot(snapshot_id, aim, old)
    return Believed(
        cells=aim.definition.shown(snapshot).figures if snapshot else None,
        order=_order_after(tab, remembered, snapshot) if arrived else remembered,
        remembered=remembered,
        layout=layout,
    )


def believed_beside(aim: Aim, tab: Tab, state: ListingState | None, old: Known | None) -> Believed:
    """Of a tab beside it, whose own marker names the contents and the order that it holds."""
    if tab.marker is None:
        return Believed()
    snapshot = _snapshot(tab.marker.snap, aim, old)
    remembered = state.order if state else ()
    same = digest(remembered) == tab.marker.order
    return Believed(
        cells=aim.definition.shown(snapshot).figures if snapshot else None,
        order=remembered if same else _order_after(tab, remembered, snapshot),
        remembered=remembered,
        layout=layout_of(state.layout) if state else None,
    )


def next_rev(tabs: Iterable[Tab], state: TabState | None) -> int:
    """Above every number that a call of ours ever bore: a late one must not be taken for a new."""
    seen = [tab.marker.rev for tab in tabs if tab.marker]
    known = (state.rev, state.pending[0] if state.pending else 0) if state else (0,)
    return max(*seen, *known, 0) + 1


def _snapshot(wanted: UUID, aim: Aim, old: Known | None) -> Snapshot | None:
    held = ((aim.snapshot_id, aim.snapshot), old)
    return next((each[1] for each in held if each and each[0] == wanted), None)


def _order_after(tab: Tab, remembered: Order, snapshot: Snapshot | None) -> Order | None:
    """The order a lost answer would have told, if the tab still has it."""
    known = {nm for _, nm in remembered}.union(snapshot.nm_ids if snapshot else ())
    order = adopt(tab.keys, known).order
    return order if tab.marker and tab.marker.order == digest(order) else None
