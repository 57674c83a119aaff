"""What a write aims at, and each tab's part of the batch that gets it there: plain data, no calls.

The parts of all tabs of a shop go in one call. A part ends in its tab's marker, which then says
what the tab holds; so a lost answer is judged tab by tab.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from domain.ports import Target
from domain.snapshot import Snapshot
from domain.table.cells import Cells
from domain.table.columns import Group
from domain.table.layout import Layout
from domain.table.listing import Listed, Listing
from domain.table.order import Order
from domain.table.place_columns import groups
from infrastructure.google.marker import STOCK, Marker, digest, short
from infrastructure.google.spans import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """The snapshot to be shown and where; `now` is for what people read. `listed`: what the tabs
    show that are ours entirely, by their words in markers."""

    target: Target
    snapshot_id: UUID
    snapshot: Snapshot
    cells: Cells
    groups: tuple[Group, ...]
    now: datetime
    listed: Mapping[str, Listed] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """Of every text of ours."""
        return self.target.language


MOST = 10_000_000
"""Cells of a file (Drive help, "Files you can store in Google Drive")."""


def fitting(target: Target, snapshot: Snapshot) -> Sequence[Listing]:
    """The tabs beside «Stock Tracker» that a file can hold."""
    return [each for each in target.listings if each.cells(snapshot) <= MOST]


def aim_at(target: Target, snapshot_id: UUID, snapshot: Snapshot, now: datetime) -> Aim:
    """Prepare the cells and columns of a snapshot."""
    return Aim(
        target=target,
        snapshot_id=snapshot_id,
        snapshot=snapshot,
        cells=Cells(snapshot),
        groups=groups(columns.place for columns in snapshot.places),
        now=now,
        listed={
            each.tab: each.listed((snapshot_id, snapshot), target.language)
            for each in fitting(target, snapshot)
        },
    )


@dataclass(slots=True, kw_only=True)
class Part(ABC):
    """One tab's requests in order, and `marker`: what the tab then says of itself, but for the
    call's number. `cells` counts those of ours that change, `notices` are true once it arrived."""

    sheet_id: int
    marker_id: int
    requests: list[Json] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    cells: int = 0
    creates: bool = False

    @abstractmethod
    def marker(self, aim: Aim, rev: int) -> Marker | None:
        """None: the tab is not ours any more."""


@dataclass(slots=True, kw_only=True)
class Batch(Part):
    """The part of «Stock Tracker».

    `order` is where every product then stands, `marks` the rows whose key was struck through or
    freed. A first write has a number of `chunk`, and leaves `rest` to the later ones.
    """

    title: str
    columns: dict[str, int]
    top: int
    sign: str | None
    layout: Layout
    order: Order = ()
    marks: dict[int, bool] = field(default_factory=dict)
    rest: tuple[tuple[int, ...], ...] = ()
    pasting: bool = True
    chunk: int = 0

    def marker(self, aim: Aim, rev: int) -> Marker:
        """With the number of chunks while there are more to come."""
        return Marker(
            v=1,
            shop=aim.target.shop_id,
            tab=STOCK,
            sheet=self.sheet_id,
            rev=rev,
            snap=aim.snapshot_id,
            order=digest(self.order),
            layout=short(str(self.layout)),
            fill=self.chunk if self.rest else 0,
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
