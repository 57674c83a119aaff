"""The inbox of the payment provider: what it sent is kept as it came, before it is thanked for it.

A queue could lose a message and a parser could misread it; a row can be read again. What an event
says is never taken for the truth: it says what has to be looked at anew.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from domain.access import Everyone
from domain.errors import Refused
from domain.fact import fact

PAUSES = (
    *(timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)),
    *(timedelta(hours=1), timedelta(hours=3)),
    *(timedelta(hours=6),) * 11,
)
"""Before each new try: three days in all, as long as the provider itself repeats its messages; then
somebody has to look."""
DAILY = timedelta(days=1)
"""Before each try after those, of what belongs to nobody yet: it may turn out to be a company's."""
AT_ONCE = 500
"""Messages that a look at one customer works on at most."""
SOUGHT = 2_000
"""Orphans for which a look searches companies at most."""
FEW, EACH, LONGEST = 100, timedelta(milliseconds=10), timedelta(seconds=30)
"""More than a few messages that wait are a storm: then a customer is looked at when her first one
has waited for as long as all of them take, or longest. What comes meanwhile is the same look."""
COUNTED = 10_000
"""Rows that are counted at most."""


class NotSigned(Refused):
    """This is not signed with a secret of ours. Compare STRIPE_WEBHOOK_SECRET with the signing
    secret of the endpoint in Stripe's dashboard."""

    def __init__(self, reason: str = "mismatch") -> None:
        """`reason`: one stable word, to be counted."""
        super().__init__(f"{' '.join((self.__doc__ or '').split())} What is wrong: {reason}.")
        self.reason = reason


class NotAnEvent(Refused):
    """This is signed, but it is no event of Stripe's."""


class State(StrEnum):
    """How a message stands. Orphans were looked for in vain, and wait until it is known whose they
    are; what is unclaimed was nobody's for too long, and what failed a company's, and tried too
    often: both wait for somebody to retry them. The last three were decided when it came."""

    WAITING = "waiting"
    ORPHAN = "orphan"
    UNCLAIMED = "unclaimed"
    FAILED = "failed"
    DONE = "done"
    IGNORED = "ignored"
    OTHER_MODE = "other_mode"
    OTHER_ACCOUNT = "other_account"


@fact
class EventKey:
    """`account`: "" is ours, else a connected one; ids are unique within account and mode alone."""

    account: str
    livemode: bool
    event_id: str


@fact
class Delivery:
    """A signed message, and what of it is read at once.

    `thin`: it names its object only. `customer`: "" where it does not say. `about`: what is to be
    looked at anew, together with all else that names it: the customer, else the charge, else the
    object itself. `tenant_hint`: the company that we once wrote on the object.
    """

    key: EventKey
    type: str
    thin: bool
    api_version: str
    created: datetime
    customer: str
    about: str
    tenant_hint: UUID | None
    body: bytes

    @property
    def subject(self) -> str:
        """Under whose key its body is sealed, and with whom it becomes unreadable."""
        return self.customer or str(self.tenant_hint or self.about)


@fact
class Pending:
    """A message that is still to be worked on. `body`: None where its subject was erased, and where
    it does not open; `shut`: why it does not, else ""."""

    key: EventKey
    seq: int
    type: str
    thin: bool
    api_version: str
    created: datetime
    customer: str
    tenant_hint: UUID | None
    tries: int
    body: bytes | None
    shut: str

    @property
    def given_up(self) -> bool:
        """It has been tried so often that it is not tried for its own sake any more."""
        return self.tries > len(PAUSES)


@fact
class Due:
    """What is to be looked at now. `newest`: id of the event that came last; `count`: how many wait
    for the same look."""

    tenant: UUID
    about: str
    newest: str
    count: int


@fact
class Linked:
    """What came of looking for companies. `found`: for how many messages there is one; `unknown`:
    what those are about of which somebody else has to be asked whose they are."""

    found: int
    unknown: Sequence[str]


@fact
class Wanted:
    """Which messages. Times are of arrival, `until` is not among them any more."""

    state: State | None = None
    type: str | None = None
    customer: str | None = None
    since: datetime | None = None
    until: datetime | None = None


Place: TypeAlias = tuple[datetime, int]
"""(received_at, seq): where a page of messages ends."""


@fact
class Message:
    """One message in a list. `tenant`: whose it is, as far as that is known; `readable`: its body
    was kept and its subject is not erased; `cause` and `why`: of the last try, `due_at`: of the
    next one."""

    key: EventKey
    seq: int
    type: str
    thin: bool
    api_version: str
    created: datetime
    received_at: datetime
    customer: str
    about: str
    tenant: UUID | None
    state: State
    sha256: bytes
    readable: bool
    tries: int
    due_at: datetime | None
    cause: str
    why: str

    @property
    def place(self) -> Place:
        """For the page after this one."""
        return self.received_at, self.seq


@fact
class Backlog:
    """What is not done; each is counted up to COUNTED. What nobody is known for is an orphan and
    neither waits nor failed, unless nobody has looked for anybody yet. `oldest`: since when the
    first one of `waiting` waits."""

    waiting: int
    orphans: int
    failed: int
    oldest: datetime | None


class Inbox(Protocol):
    """Raises Unavailable while the database is away."""

    async def receive(self, delivery: Delivery) -> None:
        """Keep it; when this returns, it is kept. The same one again changes nothing."""

    async def lacking(self, keys: Sequence[EventKey]) -> Sequence[EventKey]:
        """Those of them that never came."""

    async def pending(self, about: str) -> Sequence[Pending]:
        """What waits for a look at this, in the order in which it was made: of more than AT_ONCE
        those that were tried least, and of those the ones that came first. The others stay due. A
        body that does not open is told as such, and keeps back no other one."""

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """What is to be looked at now and belongs to a company, the longest overdue first, in a
        storm later."""

    async def postpone(
        self, about: str, cause: str, why: str, seqs: Sequence[int] | None = None
    ) -> None:
        """It did not work, for these of them or for all: try again after a pause that grows, and in
        the end not by itself; for orphans DAILY."""

    async def belongs(self, about: str, customer: str) -> None:
        """Whose this is, as was found out: it is erased with that customer, and her company is
        looked for at once."""

    async def link(self, why: str, ask: Collection[str]) -> Linked:
        """Find companies, by customer or hint, for the orphans whose time has come, the latest
        first. What is found is due at once; all else waits on after a pause, and `why` says what
        for. But what names no customer, and begins like one of `ask`, stays as it is: whoever is
        told of it says `belongs` or `postpone`."""

    async def let_go(self, before: datetime) -> int:
        """Orphans that have waited since before then do so no more; how many. They stay readable,
        and can be retried."""

    async def retry(self, keys: Sequence[EventKey]) -> int:
        """Once more, whatever became of them; says how many. Others' and the other mode's not."""

    async def replay(self, wanted: Wanted) -> int:
        """The same for all that are wanted."""

    def handled(self, about: str, seqs: Sequence[int]) -> tuple[str, Sequence[Any]]:
        """A statement and its row: they belong into `rows` of the command that comes of these."""

    async def backlog(self) -> Backlog:
        """How much is not done."""

    async def messages(
        self, scope: Everyone, wanted: Wanted, first: int, after: Place | None = None
    ) -> Sequence[Message]:
        """A page of them, the newest first."""

    async def count(self, scope: Everyone, wanted: Wanted, most: int) -> int:
        """How many there are; `most` + 1 means more than that."""

    async def message(self, scope: Everyone, key: EventKey) -> Message | None:
        """One of them."""

    async def body(self, scope: Everyone, key: EventKey) -> bytes | None:
        """As it came; None for one that is not there or not readable any more."""


class Seals(Protocol):
    """Seals bodies under a key for each subject; without the key nobody reads them again."""

    async def seal(self, subject: str, event_id: str, body: bytes) -> bytes | None:
        """None for a subject that was erased. Raises Unavailable."""

    def open(self, subject: str, event_id: str, wrapped: bytes, sealed: bytes) -> bytes:
        """`wrapped`: the subject's key as it is kept. Raises WrongMasterKey."""
