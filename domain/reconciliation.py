"""Our figures against those of the seller's own cabinet, product by product, and why they differ.

A reason stands there only if it accounts for the whole difference; without one a line says so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.cabinet import COUNTED, NOTHING, Figure, Number, Ours, Shown, agrees, ours
from domain.fact import fact
from domain.snapshot import Snapshot

Key = tuple[int, Figure]
"""A product's figure."""


class Reason(StrEnum):
    """Why a figure is another one there, in the order they are tried."""

    LAG = "lag"
    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    BOUNDARY = "boundary"
    LATE_CHANGE = "late_change"
    SCOPE = "scope"
    DELETED_CARD = "deleted_card"
    ROUNDING = "rounding"
    FOLLOWS = "follows"
    NOT_COMPUTED = "not_computed"
    SHORT_REPORT = "short_report"
    STALE = "stale"
    UNEXPLAINED = "unexplained"


@fact
class Discrepancy:
    """One figure of one product that is not the same. None: not known, or not defined. `reasons`:
    one, or two that make up the difference together."""

    nm_id: int
    sku: str
    figure: Figure
    ours: Number
    cabinet: Number
    reasons: tuple[Reason, ...] = (Reason.UNEXPLAINED,)

    @property
    def difference(self) -> Number:
        """Ours − cabinet; None where there is nothing to take it of."""
        if self.ours is None or self.cabinet is None:
            return None
        return round(self.ours - self.cabinet, 2)

    @property
    def explained(self) -> bool:
        """Has the reason been proven?"""
        return self.reasons != (Reason.UNEXPLAINED,)


@fact
class Reconciliation:
    """One check of all products: `equal` of the `compared` figures are so. `id` is its own,
    `taken_at` when our figures were read."""

    id: UUID
    at: datetime
    taken_at: datetime
    products: int
    compared: int
    equal: int
    discrepancies: tuple[Discrepancy, ...]

    @property
    def open(self) -> set[Key]:
        """What has no reason."""
        return {(each.nm_id, each.figure) for each in self.discrepancies if not each.explained}

    @property
    def explained(self) -> int:
        """Differing figures whose reason is known."""
        return sum(each.explained for each in self.discrepancies)

    @property
    def unexplained(self) -> int:
        """The others."""
        return len(self.discrepancies) - self.explained


@fact
class Compared:
    """What a comparison found, by product; `blank`: articles whose stock is not in our table for
    want of a source, and is in the cabinet's."""

    products: int
    equal: int
    differing: Mapping[int, Sequence[Discrepancy]]
    blank: Collection[int]

    @property
    def keys(self) -> set[Key]:
        """What differs."""
        return {(nm_id, each.figure) for nm_id, found in self.differing.items() for each in found}


def compare(snapshot: Snapshot, cabinet: Mapping[int, Shown]) -> Compared:
    """All that can be compared. A product that only one side knows is nothing on the other."""
    equal, differing, blank = 0, dict[int, list[Discrepancy]](), set[int]()
    for nm_id, sku, mine in zip(snapshot.nm_ids, snapshot.skus, ours(snapshot), strict=True):
        theirs = cabinet.get(nm_id)
        if theirs is None:
            if found := _only(nm_id, sku, mine):
                differing[nm_id] = found
            continue
        if mine.stock is None and theirs.stock:
            blank.add(nm_id)
        for figure in _FIGURES:
            same = agrees(figure, mine, theirs)
            if same:
                equal += 1
            elif same is not None:
                differing.setdefault(nm_id, []).append(_line(figure, sku, mine, theirs))
    known = set(snapshot.nm_ids)
    strangers = [theirs for nm_id, theirs in cabinet.items() if nm_id not in known]
    for theirs in strangers:
        if found := [_line(each, theirs.sku, None, theirs) for each in _there(theirs)]:
            differing[theirs.nm_id] = found
    return Compared(
        products=len(known) + len(strangers), equal=equal, differing=differing, blank=blank
    )


def agreeing(
    snapshot: Snapshot, cabinet: Mapping[int, Shown], wanted: Iterable[Key]
) -> Collection[Key]:
    """Which of these are the same in this snapshot and that report."""
    index = {nm_id: i for i, nm_id in enumerate(snapshot.nm_ids)}
    mine = list(ours(snapshot))
    return {
        (nm_id, figure)
        for nm_id, figure in wanted
        if nm_id in cabinet
        and agrees(figure, mine[index[nm_id]] if nm_id in index else NOTHING, cabinet[nm_id])
    }


_FIGURES = tuple(Figure)


def _line(figure: Figure, sku: str, mine: Ours | None, theirs: Shown) -> Discrepancy:
    return Discrepancy(
        nm_id=theirs.nm_id,
        sku=sku or theirs.sku,
        figure=figure,
        ours=mine.of(figure) if mine else None,
        cabinet=theirs.of(figure),
    )


def _only(nm_id: int, sku: str, mine: Ours) -> list[Discrepancy]:
    """What the cabinet does not know of; nothing is missing where there is nothing."""
    return [
        Discrepancy(nm_id=nm_id, sku=sku, figure=figure, ours=mine.of(figure), cabinet=None)
        for figure in COUNTED
        if mine.of(figure)
    ]


def _there(theirs: Shown) -> Iterable[Figure]:
    return (figure for figure in COUNTED if theirs.of(figure))
