"""What the domain needs from the world, in its own words."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.fact import fact
from domain.snapshot import Snapshot
from domain.stock import Card, CardPage, OrderPage, StockRead

# Time


class Clock(Protocol):
    """The only one who knows the time: aware, UTC."""

    def __call__(self) -> datetime: ...


# The event store. Envelopes are plain tuples: they are made by the hundred thousand.


class Stream(NamedTuple):
    """One aggregate's history. A person's stream has `tenant` = her own id."""

    kind: str
    tenant: UUID
    id: UUID


class Origin(NamedTuple):
    """Who asks, and through which door. `source`: user, api_token, run, stripe, staff, cli.

    `correlation` joins everything that follows from one request; `causation` names the one thing
    that led here: a request, an event, a run, `evt_…`.
    """

    source: str
    actor: UUID | None
    correlation: UUID
    causation: str


@fact
class Unread:
    """What this version cannot read: the fact of a newer one. Whoever only shows, passes on or
    projects facts may pass it over; nobody may decide on a history that has one."""

    schema_version: int
    payload: bytes


class Recorded(NamedTuple):
    """A fact in its envelope. `position` orders all facts, `version` those of the stream; `name` is
    what it is stored as, tenant.sheet_connected; `hash` is its link in the stream's chain."""

    position: int
    event_id: UUID
    stream: Stream
    version: int
    at: datetime
    origin: Origin
    command_id: UUID | None
    name: str
    event: Any
    hash: bytes = b""

    @property
    def tenant(self) -> UUID:
        """Whose fact it is."""
        return self.stream.tenant


class Head(NamedTuple):
    """Where a stream stands: the last version and the hash of its last event."""

    version: int
    hash: bytes


START = Head(version=0, hash=bytes(32))


@fact
class Change:
    """What one stream is to gain, if it still stands where it was read."""

    stream: Stream
    head: Head
    events: Sequence[Any]


Rows = Sequence[tuple[str, Sequence[Any]]]
"""Statements with one row each, to be run in the transaction of an append: people, secrets."""


@fact
class Moment:
    """Up to when: up to a position, up to a time, or both; the moment itself is included."""

    position: int | None = None
    at: datetime | None = None


NOW = Moment()


@fact
class Kept:
    """What a stream had come to at `head`: its last fact's position, and the latest time so far."""

    state: Any
    head: Head
    position: int
    latest: datetime


class EventStore(Protocol):
    """Every fact, in order, for ever."""

    async def read(
        self, stream: Stream, after: int = 0, *, until: Moment = NOW, limit: int | None = None
    ) -> list[Recorded]:
        """The stream's facts after version `after` in order; at most `limit`, none later than
        `until`, and after one that is later none at all: what is read is always a beginning."""

    async def kept(self, stream: Stream, shape: type, until: Moment = NOW) -> Kept | None:
        """The latest kept state of this type that is not later than `until`."""

    async def keep(self, stream: Stream, kept: Kept) -> None:
        """So that a long stream is not folded from its start again."""

    async def answered(self, tenant: UUID, command_id: UUID) -> Sequence[int] | None:
        """The positions that this command led to, if it was carried out before."""

    async def append(
        self,
        changes: Sequence[Change],
        origin: Origin,
        *,
        command_id: UUID | None = None,
        rows: Rows = (),
    ) -> list[Recorded]:
        """All or nothing. Raises Conflict when a stream has moved, Taken when a row is there."""


# Marketplace


class Budget(Protocol):
    """Token buckets shared by all workers. A call that a bucket forbids is not made."""

    async def take(self, key: str, *, burst: int, interval: float, cost: int = 1) -> float:
        """Take `cost` tokens, one of which grows back every `interval` seconds.

        Returns 0.0 when taken, else the seconds until it could be; nothing is taken then.
        """

    async def learn(self, key: str, *, remaining: int | None, retry_after: float | None) -> None:
        """Adopt what the neighbour said: `remaining` tokens, or none for `retry_after` seconds."""


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
    """What a token is good for: `works` and `fails` name sources; times are aware."""

    seller_id: str
    seller_name: str
    token_kind: str
    scopes: tuple[str, ...]
    read_only: bool
    expires_at: datetime | None
    works: tuple[str, ...]
    fails: tuple[tuple[str, str], ...]


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
        self, access: Access, cards: Collection[Card], memory: Memory, progress: Progress
    ) -> StockRead:
        """Every place's stock, by the best sources this token may use."""

    def orders(
        self, access: Access, cursor: str | None, since: datetime
    ) -> AsyncIterator[OrderPage]:
        """Orders changed from `cursor` on (None: from `since`), to the end."""


# Sheet


@fact
class Target:
    """Which tab of which file is written, and how."""

    spreadsheet_id: str
    shop_id: UUID
    title: str
    language: str
    deadline: datetime
    """When the header cell turns red by itself unless a newer write came."""
    look: bool = False
    """A person asked: even if nothing changed, find out that the tab is there, ours, writable."""


@fact
class TabState:
    """What we know of the tab since our last write: enough to write only differences.

    `order` is her row order as last seen: (zero-based row, nmID). `pending` is the revision of a
    call whose answer never came, with its snapshot's id; it is kept before the call is made.
    """

    sheet_id: int
    rev: int
    snapshot_id: UUID
    order: tuple[tuple[int, int], ...]
    layout: str
    written_at: datetime
    checked_at: datetime
    pending: tuple[int, UUID] | None = None


@fact
class Written:
    """What a write did. `notices` are finished sentences for the run, in the target's language."""

    state: TabState
    changed: bool
    reads: int
    writes: int
    cells: int
    notices: tuple[str, ...] = ()


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
        keep: Callable[[TabState], Awaitable[None]],
    ) -> Written:
        """Make our cells say `new`, in her order, and touch nothing of hers.

        `old` is the snapshot that `state` says was written; `keep` stores a state durably.
        """
