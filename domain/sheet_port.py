"""A seller's spreadsheet, as the domain needs it: what is written, what is known of it since."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.fact import fact
from domain.replenishment import Terms
from domain.snapshot import Snapshot
from domain.table.banner import Banner
from domain.table.keyed import KeyedTab
from domain.table.listing import Listing


@fact
class Effect:
    """What a run has done to a sheet so far, over all its tries. `changed`: something arrived;
    `cells`: those that did; `sent`: the number of a batch whose answer has not come, and its cells;
    `notices`: what it found and did there, in finished sentences of the target's language."""

    changed: bool = False
    cells: int = 0
    reads: int = 0
    writes: int = 0
    sent: tuple[int, int] | None = None
    notices: tuple[str, ...] = ()


@fact
class Target:
    """Which tabs of which file are written, and how. `before`: what the run's earlier tries did.
    Beside «Stock Tracker»: `keyed`, the tabs whose rows are products in her order, and `listings`,
    those that are ours entirely; one that the state knows and that is no longer among them becomes
    hers. `empty`: the numbers of places whose columns are
    hidden; `returned`: when columns that she deleted were last asked for. `banner`: what the first
    cell says instead of its title; `remarks`: lines more in its note."""

    spreadsheet_id: str
    shop_id: UUID
    title: str
    language: str
    deadline: datetime
    """When the header cell turns red by itself unless a newer write came."""
    look: bool = False
    """A person asked: even if nothing changed, find out that the tab is there, ours, writable."""
    before: Effect = Effect()
    former: str | None = None
    """What the old single-user tool called its tab, beside the names that it usually had."""
    keyed: tuple[KeyedTab, ...] = ()
    listings: tuple[Listing, ...] = ()
    empty: frozenset[int] = frozenset()
    returned: datetime | None = None
    banner: Banner | None = None
    remarks: tuple[str, ...] = ()
    mailed: bool = False
    """Are her people written to when it turns red?"""
    terms: Terms | None = None
    """By which cells are coloured, unless her tab says otherwise. None: nobody knows, and colours
    stay as they are."""

    @property
    def beside(self) -> tuple[str, ...]:
        """What the tabs beside «Stock Tracker» are called."""
        keyed = tuple(each.title for each in self.keyed)
        return keyed + tuple(each.title for each in self.listings)


@fact
class ListingState:
    """A tab beside «Stock Tracker», by its word in markers. `shows` is the id of its contents;
    None: it is half filled. `order` and `layout` are those of a tab whose rows are products."""

    tab: str
    sheet_id: int
    shows: UUID | None
    order: tuple[tuple[int, int], ...] = ()
    layout: str = ""


@fact
class TabState:
    """What we know of the tabs since our last write: enough to write only differences.

    All but `listings` is about «Stock Tracker». `order` is her row order as last seen: (zero-based
    row, nmID). `pending` is the revision of a call whose answer never came, with its snapshot's id;
    it is kept before the call is made, and `coming` is the layout it leaves. `closed`: from when to
    when nobody let us in, the last time.
    """

    sheet_id: int
    rev: int
    snapshot_id: UUID
    order: tuple[tuple[int, int], ...]
    layout: str
    written_at: datetime
    checked_at: datetime
    pending: tuple[int, UUID] | None = None
    coming: str = ""
    listings: tuple[ListingState, ...] = ()
    closed: tuple[datetime, datetime] | None = None


@fact
class Written:
    """What a write did, with what the run's earlier tries did. `terms`: those that her tab
    «Пополнение» says; None: no such tab was seen."""

    state: TabState
    effect: Effect
    terms: Terms | None = None

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know of it."""
        return self.effect.notices


class Stored(Protocol):
    """Opens what is stored of a shop. It takes a while, and all the memory of what is in it."""

    def snapshot(self, body: bytes) -> Snapshot: ...
    def tab(self, state: bytes) -> TabState: ...


@fact
class File:
    """A spreadsheet we can write to."""

    spreadsheet_id: str
    title: str
    locale: str
    time_zone: str


class Sheet(Protocol):
    """A seller's spreadsheet, in one principal's name. All raise Rejected (unshared, deleted,
    protected: with the cure) and Unavailable (quota, outage)."""

    @property
    def address(self) -> str:
        """The e-mail address that a file has to be shared with."""

    async def reach(self) -> None:
        """Are we let in at all? Raises Rejected or Unavailable."""

    async def check(self, spreadsheet_id: str) -> File:
        """Can we open and edit it?"""

    async def make(self, title: str) -> File:
        """A new file in the principal's own Drive."""

    async def write(
        self,
        target: Target,
        new: tuple[UUID, Snapshot],
        old: tuple[UUID, Snapshot] | None,
        state: TabState | None,
        keep: Callable[[TabState, Effect], Awaitable[None]],
    ) -> Written:
        """Make our cells say `new`, in her order, and touch nothing of hers: all tabs of the target
        in one call.

        `old` is the snapshot that `state` says was written; `keep` stores durably what is known of
        the tab and what this run has done to it.
        """
