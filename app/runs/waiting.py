"""Why a run waits: one true answer, worked out in the order in which the dispatcher decides.

A hold comes first, for what is held does not begin whatever else happens; then its own time; then
those who could do it; then its company's share and its turn.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from app.runs.holds import Hold
from domain.both import Both
from domain.fact import fact
from domain.run import TRIES


class Why(StrEnum):
    """The one thing that it waits for."""

    STOPPING = "stopping"
    HELD = "held"
    NEIGHBOUR = "neighbour"
    BACKOFF = "backoff"
    UNKNOWN_KIND = "unknown_kind"
    LATER = "later"
    NO_WORKER = "no_worker"
    BUSY = "busy"
    CAP = "cap"
    BEHIND = "behind"
    HANDED = "handed"
    SOON = "soon"
    STUCK = "stuck"


@fact
class Waits:
    """A waiting run and all that its beginning depends on.

    `told`: why it went back to waiting; `last`: how its last try ended. `under_way` and `cap`: runs
    of its company; `ahead`: due ones of its company whose turn is before its own. `workers`,
    `slots` and `busy`: of those who take up runs.
    """

    kind: str
    due_at: datetime
    told: str
    attempt: int
    last: str | None
    handed_at: datetime | None
    cancelling: str | None
    hold: Hold | None
    under_way: int
    cap: int
    ahead: int
    workers: int
    slots: int
    busy: int


@fact
class Reason:
    """The answer. `until`: when it goes on by itself; `since`: since when it is so; `told`: in the
    words of whoever made it wait; `number` of `most`, as the reason counts."""

    why: Why
    until: datetime | None = None
    since: datetime | None = None
    told: str = ""
    number: int = 0
    most: int = 0
    hold: Hold | None = None


PATIENCE, IN_HAND = timedelta(seconds=5), timedelta(seconds=10)
"""How long after its turn a run may take to be handed out, where nothing holds it up, and how long
then to begin, before something is wrong: it is looked for due runs each half second."""


def unknown_kind(kind: str) -> str:
    """Why a worker puts a run back that it does not know."""
    ru = f"Этот рабочий процесс не знает запусков вида {kind!r}; узнает более новый"
    return str(Both(ru=ru, en=f"This worker does not know runs of kind {kind!r}; a newer one will"))


def reason(waits: Waits, now: datetime) -> Reason:
    """Why it waits at this moment."""
    return next(_reasons(waits, now))


def _reasons(waits: Waits, now: datetime) -> Iterator[Reason]:
    """All that are true, the one that decides first."""
    handed = waits.handed_at
    if waits.cancelling is not None:
        yield Reason(why=Why.STOPPING)
    if handed is None and waits.hold is not None:
        yield Reason(why=Why.HELD, hold=waits.hold, since=waits.hold.since)
    if handed is None and waits.due_at > now:
        yield _later(waits)
    if waits.workers == 0:
        yield Reason(why=Why.NO_WORKER)
    if handed is None and waits.under_way >= waits.cap:
        yield Reason(why=Why.CAP, number=waits.under_way, most=waits.cap)
    if handed is None and waits.ahead:
        yield Reason(why=Why.BEHIND, number=waits.ahead)
    if waits.busy >= waits.slots:
        yield Reason(why=Why.BUSY, number=waits.busy, most=waits.slots)
    since, patience = (handed, IN_HAND) if handed else (waits.due_at, PATIENCE)
    if now - since > patience:
        yield Reason(why=Why.STUCK, since=since)
    yield Reason(why=Why.SOON if handed is None else Why.HANDED)


def _later(waits: Waits) -> Reason:
    until, told = waits.due_at, waits.told
    if told == unknown_kind(waits.kind):
        return Reason(why=Why.UNKNOWN_KIND, until=until)
    if waits.last == "fail":
        number = waits.attempt + 1
        return Reason(why=Why.BACKOFF, until=until, told=told, number=number, most=TRIES)
    if told:
        return Reason(why=Why.NEIGHBOUR, until=until, told=told)
    return Reason(why=Why.LATER, until=until)
