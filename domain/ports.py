"""What the domain needs from the world, in its own words."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.capability import Known
from domain.fact import fact
from domain.snapshot import Snapshot
from domain.stock import Card, CardPage, OrderPage, StockRead
from domain.table.listing import Listing

# Time


class Clock(Protocol):
    """The only one who knows the time: aware, UTC."""

    def __call__(self) -> datetime: ...


# Marketplace


@fact
class Allowance:
    """A bucket, and what it is for: `what` is a stable word (egress, reads, writes, project_reads,
    project_writes), `of` whom it is for. `burst` saved up, one more every `interval` seconds."""

    key: str
    what: str
    of: str
    burst: int
    interval: float


@fact
class Level:
    """What a bucket holds: `tokens`, none of which may be spent for `closed` seconds."""

    tokens: float
    closed: float = 0.0


class Budget(Protocol):
    """Token buckets shared by all workers. A call that a bucket forbids is not made."""

    async def take(self, *of: Allowance, cost: int = 1) -> float:
        """Take `cost` tokens of each of these buckets at once, for a call that is made at once.

        Returns 0.0 when taken, else the seconds until it could be; nothing is taken then.
        """

    async def learn(self, key: str, *, remaining: int | None, retry_after: float | None) -> None:
        """Adopt what the neighbour said: `remaining` tokens, or none for `retry_after` seconds."""

    async def levels(self, allowances: Sequence[Allowance]) -> Sequence[Level]:
        """How full these buckets are at this moment, in their order; nothing is taken."""


@fact
class Opened:
    """An endpoint outside that nobody of the fleet calls before `until`: it has been failing since
    `since`, and `cause` is a stable word for how it failed last. Times are aware."""

    endpoint: str
    since: datetime
    until: datetime
    cause: str


class Breaker(Protocol):
    """Keeps all workers from calling an endpoint that is away; `domain.breaker` has the rules."""

    async def enter(self, endpoint: str) -> int | Opened:
        """Before a call: a ticket, with which the caller must tell how it ended; or who is away.
        When `until` has come, one caller of the fleet gets a ticket, to try."""

    async def worked(self, endpoint: str, ticket: int) -> None:
        """It answered as it should."""

    async def failed(self, endpoint: str, ticket: int, caller: str, cause: str) -> Opened | None:
        """It is the endpoint's own fault. `caller`: in whose name; one alone opens nothing. Who is
        away now, if nobody is to call any more."""

    async def left(self, endpoint: str, ticket: int) -> None:
        """The call was not made, or says nothing of how the endpoint is."""

    async def open_breakers(self) -> Sequence[Opened]:
        """All that are away, longest first; an endpoint that nobody wanted for an hour is not."""


class Memory(Protocol):
    """Results of the steps of one run, so that a killed worker resumes and spends no call twice."""

    async def recall(self, step: str) -> bytes | None: ...
    async def keep(self, step: str, result: bytes) -> None: ...


class Progress(Protocol):
    """Where a run is: `step` is a stable word, `done` of `total` if known."""

    async def __call__(self, step: str, done: int = 0, total: int | None = None) -> None: ...


@fact
class Access:
    """What is needed to read a shop. Never printed, logged, stored in a fact or returned."""

    token: str
    secret: str | None = None

    def __repr__(self) -> str:
        return "Access(***)"


@fact
class Account:
    """What a token is good for: `works` and `fails` name sources, the latter with a sentence;
    `causes` has a stable word for each of those. Times are aware."""

    seller_id: str
    seller_name: str
    token_kind: str
    scopes: tuple[str, ...]
    read_only: bool
    expires_at: datetime | None
    works: tuple[str, ...]
    fails: tuple[tuple[str, str], ...]
    causes: tuple[tuple[str, str], ...] = ()


class Marketplace(Protocol):
    """A seller's account, read whole or not at all.

    All raise Rejected (dead token, missing right), Unavailable (quota, outage; with `until`)
    or Malformed (an answer of another shape).
    """

    async def reach(self) -> None:
        """Does anybody answer there? Raises Unavailable."""

    def seller_id(self, access: Access) -> str:
        """Whose the token says it is: decoded without a call, hence not proven."""

    async def inspect(self, access: Access) -> Account:
        """Try the token live and say what works."""

    def cards(self, access: Access, cursor: str | None) -> AsyncIterator[CardPage]:
        """The catalogue from `cursor` on (None: from the beginning), oldest change first."""

    async def stock(
        self,
        access: Access,
        cards: Collection[Card],
        memory: Memory,
        progress: Progress,
        known: Known,
    ) -> StockRead:
        """Every place's stock, by the best sources this token may use; what they say of themselves
        is told to `known`."""

    def orders(
        self, access: Access, cursor: str | None, since: datetime
    ) -> AsyncIterator[OrderPage]:
        """Orders changed from `cursor` on (None: from `since`), to the end."""


# Sheet


@fact
class Effect:
    """What a run has done to a sheet so far, over all its tries. `changed`: something arrived;
    `cells`: those that did; `sent`: the number of a batch whose answer has not come, and its cells.
    """

    changed: bool = False
    cells: int = 0
    reads: int = 0
    writes: int = 0
    sent: tuple[int, int] | None = None


@fact
class Target:
    """Which tabs of which file are written, and how. `before`: what the run's earlier tries did.
    `listings`: the tabs beside «Stock Tracker» that are ours entirely; one that the state knows and
    that is no longer among them becomes hers. `empty`: the numbers of places whose columns are
    hidden; `returned`: when columns that she deleted were last asked for."""

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
    listings: tuple[Listing, ...] = ()
    empty: frozenset[int] = frozenset()
    returned: datetime | None = None
    mailed: bool = False
    """Are her people written to when it turns red?"""


@fact
class ListingState:
    """A tab that is ours entirely, by its word in markers. `shows` is the id of its contents; None:
    it is half filled."""

    tab: str
    sheet_id: int
    shows: UUID | None


@fact
class TabState:
    """What we know of the tabs since our last write: enough to write only differences.

    All but `listings` is about «Stock Tracker». `order` is her row order as last seen: (zero-based
    row, nmID). `pending` is the revision of a call whose answer never came, with its snapshot's id;
    it is kept before the call is made, and `coming` is the layout it leaves.
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


@fact
class Written:
    """What a write did, with what the run's earlier tries did. `notices` are finished sentences for
    the run, in the target's language."""

    state: TabState
    effect: Effect
    notices: tuple[str, ...] = ()


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
    """A seller's spreadsheet. Both raise Rejected (unshared, deleted, protected: with the cure)
    and Unavailable (quota, outage)."""

    @property
    def address(self) -> str:
        """The e-mail address that a file has to be shared with."""

    async def reach(self) -> None:
        """Are we let in at all? Raises Rejected or Unavailable."""

    async def check(self, spreadsheet_id: str) -> File:
        """Can we open and edit it?"""

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
