"""What a write aims at, and each tab's part of the batch that gets it there: plain data, no calls.

The parts of all tabs of a shop go in one call. A part ends in its tab's marker, which then says
what the tab holds; so a lost answer is judged tab by tab.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from domain.sheet_port import Target
from domain.snapshot import Snapshot
from domain.table.blocks import Packer
from domain.table.columns import Column, Group
from domain.table.figures import Figures
from domain.table.keyed import KeyedTab, Shown, columns_of
from domain.table.layout import Layout
from domain.table.listing import Listed, Listing
from domain.table.look import thresholds
from domain.table.order import Order
from domain.table.tracker import STOCK, StockTracker
from infrastructure.google.marker import Marker, digest, short
from infrastructure.google.spans import Json, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """The snapshot to be shown and where, in a tab whose rows are products; `now` is for what
    people read. In the aim of «Stock Tracker», by their words in markers: `beside`, the aims of
    such tabs beside it, and `listed`, what the tabs show that are ours entirely."""

    target: Target
    snapshot_id: UUID
    snapshot: Snapshot
    definition: KeyedTab
    shown: Shown
    now: datetime
    beside: Mapping[str, "Aim"] = field(default_factory=dict)
    listed: Mapping[str, Listed] = field(default_factory=dict)

    @property
    def tab(self) -> str:
        """Its word in markers."""
        return self.definition.tab

    @property
    def cells(self) -> Figures:
        """What our cells shall hold."""
        return self.shown.figures

    @property
    def groups(self) -> tuple[Group, ...]:
        """Our columns, as a new tab shows them."""
        return self.shown.groups

    @property
    def columns(self) -> Mapping[str, Column]:
        """The same by tag."""
        return columns_of(self.groups)

    @property
    def heads(self) -> tuple[str, ...]:
        """The tags of the rows on top: titles, terms with their captions, captions."""
        return ("h1", *(TERMS if self.shown.terms else ()), "h2")

    @property
    def coloured(self) -> tuple[int, int] | None:
        """By which days of turnover its cells are; None: nobody says."""
        terms = self.target.terms if self.tab == STOCK else None
        return thresholds(terms) if terms else None

    def hers(self, tag: str) -> bool:
        """Is a column that we made for her to fill in?"""
        column = self.columns.get(tag)
        return column is not None and column.hers

    def values(self, columns: Mapping[str, int]) -> dict[str, int]:
        """Those of these columns that hold values of ours: no formula, and nothing of hers."""
        others = {tag for tag, each in self.columns.items() if each.formula or each.hers}
        return {tag: at for tag, at in columns.items() if tag not in others}

    @property
    def language(self) -> str:
        """Of every text of ours."""
        return self.target.language


TERMS = ("q1", "q2")
"""Tags of the rows that hold what formulas depend on: captions, and values below them."""
MOST = 10_000_000
"""Cells of a file (Drive help, "Files you can store in Google Drive")."""


Tab = TypeVar("Tab", Listing, KeyedTab)


def fitting(tabs: Iterable[Tab], snapshot: Snapshot) -> Sequence[Tab]:
    """Those of the tabs beside «Stock Tracker» that a file can hold."""
    return [each for each in tabs if each.cells(snapshot) <= MOST]


def aim_at(target: Target, snapshot_id: UUID, snapshot: Snapshot, now: datetime) -> Aim:
    """Prepare the cells and columns of a snapshot."""

    def aim(tab: KeyedTab) -> Aim:
        return Aim(
            target=target,
            snapshot_id=snapshot_id,
            snapshot=snapshot,
            definition=tab,
            shown=tab.shown(snapshot),
            now=now,
        )

    return replace(
        aim(StockTracker(title=target.title)),
        beside={each.tab: aim(each) for each in fitting(target.keyed, snapshot)},
        listed={
            each.tab: each.listed((snapshot_id, snapshot), target.language)
            for each in fitting(target.listings, snapshot)
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
    """The part of a tab whose rows are products; that of «Stock Tracker» is in every call.

    `rows` are those on top by their tags, `order` is where every product then stands, `marks` the
    rows whose key was struck through or freed. `alone` are cells merged with hers. A first write
    has a number of `chunk`, and leaves `rest` to the later ones.
    """

    tab: str = STOCK
    title: str
    columns: dict[str, int]
    rows: Mapping[str, int]
    top: int
    sign: str | None
    layout: Layout
    order: Order = ()
    marks: dict[int, bool] = field(default_factory=dict)
    alone: Sequence[Span] = ()
    rest: tuple[tuple[int, ...], ...] = ()
    pasting: bool = True
    chunk: int = 0

    def marker(self, aim: Aim, rev: int) -> Marker:
        """With the number of chunks while there are more to come."""
        return Marker(
            v=1,
            shop=aim.target.shop_id,
            tab=self.tab,
            sheet=self.sheet_id,
            rev=rev,
            snap=aim.snapshot_id,
            order=digest(self.order),
            layout=short(str(self.layout)),
            fill=self.chunk if self.rest else 0,
            file=short(aim.target.spreadsheet_id),
        )

    def packer(self, aim: Aim) -> Packer:
        """Of the columns that hold values of ours."""
        return Packer(aim.cells, aim.values(self.columns), self.sign, pasting=self.pasting)


def unchanged(batch: Batch) -> Batch:
    """Nothing but the marker once more, in a call for the sake of another tab."""
    return replace(batch, requests=[], notices=[], marks={}, cells=0, creates=False)


def following(batch: Batch, rest: tuple[tuple[int, ...], ...]) -> Batch:
    """The next chunk of a first write, still without its rows."""
    return replace(unchanged(batch), rest=rest, chunk=batch.chunk + 1)


def says_so(marker: Marker, batch: Batch) -> bool:
    """Is there nothing to write, not even the marker?"""
    complete = not batch.requests and not batch.rest and not marker.fill
    return complete and marker.order == digest(batch.order)
