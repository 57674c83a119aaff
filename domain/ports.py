"""What the domain needs from the world, in its own words."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Protocol

from domain.capability import Known, Reading
from domain.fact import fact
from domain.novelty import Novelty
from domain.stock import Card, CardPage, OrderPage, StockRead

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

    def order_sources(self, access: Access, known: Known) -> Sequence[Reading]:
        """What may tell of orders, the best first."""

    def orders(
        self,
        access: Access,
        cursor: str | None,
        since: datetime,
        source: Reading = Reading.ORDERS,
    ) -> AsyncIterator[OrderPage]:
        """Orders changed from this source's `cursor` on (None: from `since`), to the end."""


class Novelties(Protocol):
    """Remembers what a marketplace says that nobody has heard before. Never in the way of a sync:
    what cannot be kept now is kept when it is heard again."""

    async def note(self, found: Collection[Novelty]) -> None:
        """Each once, and that it was heard."""
