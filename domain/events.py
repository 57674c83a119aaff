"""Facts in their envelopes, and the store that keeps them.

Envelopes are plain tuples: they are made by the hundred thousand.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.fact import fact


class Stream(NamedTuple):
    """One aggregate's history. A person's stream has `tenant` = her own id."""

    kind: str
    tenant: UUID
    id: UUID


class Origin(NamedTuple):
    """Who asks, and through which door. `source`: user, api_token, run, stripe, staff, cli,
    mail.

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


class Form(NamedTuple):
    """What a kept state is read as: its type, and whatever tells that it still means the same."""

    type: type
    digest: bytes


class EventStore(Protocol):
    """Every fact, in order, for ever."""

    async def read(
        self, stream: Stream, after: int = 0, *, until: Moment = NOW, limit: int | None = None
    ) -> list[Recorded]:
        """The stream's facts after version `after` in order; at most `limit`, none later than
        `until`, and after one that is later none at all: what is read is always a beginning."""

    async def kept(self, stream: Stream, form: Form, until: Moment = NOW) -> Kept | None:
        """The latest kept state of this form that is not later than `until`."""

    async def keep(self, stream: Stream, form: Form, kept: Kept) -> None:
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
