"""What a write aims at, and the batch that gets it there: plain data, no calls."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from domain.ports import Target
from domain.snapshot import Snapshot
from domain.table.cells import Cells
from domain.table.columns import Group
from domain.table.layout import Layout
from domain.table.order import Order
from domain.table.place_columns import groups
from infrastructure.google.marker import STOCK, Marker, digest, short
from infrastructure.google.spans import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """The snapshot to be shown and where; `now` is for what people read."""

    target: Target
    snapshot_id: UUID
    snapshot: Snapshot
    cells: Cells
    groups: tuple[Group, ...]
    now: datetime

    @property
    def language(self) -> str:
        """Of every text of ours."""
        return self.target.language


def aim_at(target: Target, snapshot_id: UUID, snapshot: Snapshot, now: datetime) -> Aim:
    """Prepare the cells and columns of a snapshot."""
    return Aim(
        target=target,
        snapshot_id=snapshot_id,
        snapshot=snapshot,
        cells=Cells(snapshot),
        groups=groups(columns.place for columns in snapshot.places),
        now=now,
    )


@dataclass(slots=True, kw_only=True)
class Batch:
    """Requests in order, and what the tab will be like after them.

    `order` is where every product then stands, `marks` the rows whose key was struck through or
    freed. A first write has a number of `chunk`, and leaves `rest` to the later ones.
    """

    sheet_id: int
    title: str
    marker_id: int
    columns: dict[str, int]
    top: int
    sign: str | None
    layout: Layout
    order: Order = ()
    requests: list[Json] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    marks: dict[int, bool] = field(default_factory=dict)
    rest: tuple[tuple[int, ...], ...] = ()
    cells: int = 0
    pasting: bool = True
    creates: bool = False
    chunk: int = 0


def marker_of(aim: Aim, batch: Batch, rev: int, fill: int = 0) -> Marker:
    """What the tab says of itself after the batch."""
    return Marker(
        v=1,
        shop=aim.target.shop_id,
        tab=STOCK,
        sheet=batch.sheet_id,
        rev=rev,
        snap=aim.snapshot_id,
        order=digest(batch.order),
        layout=short(str(batch.layout)),
        fill=fill,
    )


def following(batch: Batch, rest: tuple[tuple[int, ...], ...]) -> Batch:
    """The next chunk of a first write, still without its rows."""
    made = replace(batch, requests=[], notices=[], marks={}, rest=rest, cells=0, creates=False)
    made.chunk += 1
    return made


def says_so(marker: Marker, batch: Batch) -> bool:
    """Is there nothing to write, not even the marker?"""
    complete = not batch.requests and not batch.rest and not marker.fill
    return complete and marker.order == digest(batch.order)
