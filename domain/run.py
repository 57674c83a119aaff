"""Work to do and done: what a run is, and the four ways it can end.

waiting ──► running ──► succeeded
   ▲           ├──────► failed
   └───────────┤        (waiting: until when, why)
               └──────► cancelled
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias
from uuid import UUID

from domain.fact import fact
from domain.ports import Memory, Progress
from domain.schedule import Schedule

TRIES = 5
"""Attempts a run has. Waiting for a neighbour's quota is not an attempt."""

KINDS = ("sync", "bulk", "notice", "flows", "billing")
"""What kinds of runs there are."""

EFFECT = "effect"
"""The step in which a job keeps, as the JSON of a result, what it has done to the world so far."""

SILENT_AFTER = timedelta(seconds=10)
"""Without a sign of life for so long, which is two that are missing, nobody counts on a worker."""
LOST_AFTER = timedelta(seconds=15)
"""And for so long it is lost, and its runs are given to others."""
URGENT, USUAL, PATIENT = 1, 5, 9
"""Which of its company's runs goes first: somebody looks on, a clock asked, it is bulk work."""


@fact
class Run:
    """A request for work. While one with the same `key` lives, another adds nothing. `run_id`: for
    who has to know it beforehand."""

    kind: str
    key: str
    shop_id: UUID | None = None
    args: Mapping[str, object] = field(default_factory=dict)
    priority: int = USUAL
    run_id: UUID | None = None


@fact
class Again:
    """A request for the work of a finished run once more; the new run has the id of the cause."""

    run_id: UUID


@fact
class Stop:
    """A live run is to end as cancelled, wherever it stands; `why` names nobody."""

    run_id: UUID
    why: str


@fact
class Hasten:
    """A waiting run is to be tried at once."""

    run_id: UUID


@fact
class Resume:
    """What was held may go on: of the cause's company, or of `everyone`."""

    everyone: bool = False


Wish: TypeAlias = Run | Again | Stop | Hasten | Resume
"""What a fact may ask of the ledger."""


@fact
class Wanted:
    """A run that no fact asks for. `cause`: of one and the same it is asked for once; `causation`:
    what led to it, and `source`: through which door that came."""

    tenant: UUID
    run: Run
    cause: str
    causation: str
    source: str


@fact
class Handed:
    """A run on its way to a worker. `fence` tells this hand-over from those before it; of two that
    lie in the queue the one with the smaller `turn` goes first."""

    tenant: UUID
    run_id: UUID
    fence: int
    turn: int = 0


@fact
class Task:
    """A run in a worker's hands, `attempt` of its tries. `cancelling`: why it is to stop before it
    has begun; that is no try, and `attempt` counts those before."""

    tenant: UUID
    run_id: UUID
    fence: int
    kind: str
    shop_id: UUID | None
    attempt: int
    source: str
    correlation: UUID
    args: Mapping[str, object] = field(default_factory=dict)
    cancelling: str | None = None


@fact
class Done:
    """It is done; `result` says what came of it, in words and counts."""

    why: str
    result: Mapping[str, object]


@fact
class Wait:
    """Not now: at `until`, because of `why`; `cause` is a neighbour's word for it. Costs no
    attempt."""

    until: datetime
    why: str
    cause: str | None = None


@fact
class Cancel:
    """There is nothing to do any more; `result` says what had been done."""

    why: str
    result: Mapping[str, object] = field(default_factory=dict)


@fact
class Fail:
    """It went wrong. `final` when trying again cannot help before a person acts; `result` says
    what had been done."""

    why: str
    error_type: str
    traceback: str = ""
    final: bool = False
    result: Mapping[str, object] = field(default_factory=dict)


Outcome: TypeAlias = Done | Wait | Cancel | Fail


class Job(Protocol):
    """What a kind of run does. Raises what it must; the engine turns that into Fail."""

    async def __call__(self, task: Task, memory: Memory, progress: Progress) -> Outcome: ...


@fact
class Beat:
    """What a heartbeat brought back. Not `ours`: the run was given to another worker. `cancelling`
    says why somebody wants it to stop."""

    ours: bool
    cancelling: str | None = None


@fact
class Quiet:
    """Runs without a sign of life: those a worker took, and those handed out that none took."""

    taken: Sequence[Handed]
    handed: Sequence[Handed]


class Ledger(Protocol):
    """The truth about runs. Every change of a running one is fenced: a worker that was given up
    for lost cannot overwrite the one that took over."""

    async def admit(self, limit: int) -> Sequence[Handed]:
        """Hand out due runs, fair between companies."""

    async def start(self, handed: Handed, worker: str) -> Task | None:
        """Take a handed run; None when it is not ours any more."""

    async def beat(self, task: Task, progress: Mapping[str, object]) -> Beat:
        """Still alive, and this far."""

    async def cancelling(self, worker: str) -> Sequence[UUID]:
        """Which of this worker's runs somebody wants to stop."""

    async def finish(self, task: Task, outcome: Outcome, log: str = "") -> bool:
        """Write the outcome, and the log of the attempt: to history, or back to waiting. False: it
        was given to another."""

    async def quiet(self) -> Quiet:
        """Runs without a sign of life."""

    async def in_hands(self) -> Sequence[Handed]:
        """All that are handed out, taken up or not."""

    async def take_back(self, lost: Sequence[Handed]) -> int:
        """Let others do what is still with whoever lost it. How many."""

    async def renew_epoch(self, seen: UUID | None) -> UUID:
        """The life of the queue. When another one than `seen` is known here, the queue was lost:
        all that lay in it is handed out anew, in the new life that is returned."""


class Schedules(Protocol):
    """When each shop is due. `following` is a schedule's next time after a moment, aware."""

    async def tick(self, following: Callable[[Schedule, datetime], datetime]) -> int:
        """Ask for a run of each shop that is due, once per slot, and move on. How many."""

    async def soonest(self) -> datetime | None:
        """When there is something to do next: None without schedules; may be past."""


def backoff(attempt: int) -> timedelta:
    """How long to wait after the nth failed attempt: 15 s, then four times longer each, ≤ 1 h."""
    return timedelta(seconds=min(15 * 4 ** (attempt - 1), 3600))


_FRAME = re.compile(r'File "(?:.*/)?([^/"]+/[^/"]+)", line \d+, in (\S+)')


def fingerprint(kind: str, failure: Fail) -> str:
    """Equal for failures of one cause: 16 hex digits over the kind of run, the error's own type,
    and where in the code it broke; line numbers are left out, for every version moves them."""
    place = _FRAME.findall(failure.traceback)[-1:]
    told = "\0".join((kind, failure.error_type, *(part for frame in place for part in frame)))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
