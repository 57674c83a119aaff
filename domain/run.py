"""Work to do and done: what a run is, and the four ways it can end.

waiting ──► running ──► succeeded
   ▲           ├──────► failed
   └───────────┤        (waiting: until when, why)
               └──────► cancelled
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias
from uuid import UUID

from domain.fact import fact
from domain.ports import Memory, Progress
from domain.schedule import Schedule

TRIES = 5
"""Attempts a run has. Waiting for a neighbour's quota is not an attempt."""


@fact
class Run:
    """A request for work. While one with the same `key` lives, another adds nothing."""

    kind: str
    key: str
    shop_id: UUID | None = None


@fact
class Task:
    """A run in a worker's hands."""

    tenant: UUID
    run_id: UUID
    kind: str
    shop_id: UUID | None
    attempt: int
    source: str
    correlation: UUID


@fact
class Done:
    """It is done; `result` says what came of it, in words and counts."""

    why: str
    result: Mapping[str, object]


@fact
class Wait:
    """Not now: at `until`, because of `why`. Costs no attempt."""

    until: datetime
    why: str


@fact
class Cancel:
    """There is nothing to do any more."""

    why: str


@fact
class Fail:
    """It went wrong. `final` when trying again cannot help before a person acts."""

    why: str
    error_type: str
    traceback: str = ""
    final: bool = False


Outcome: TypeAlias = Done | Wait | Cancel | Fail


class Job(Protocol):
    """What a kind of run does. Raises what it must; the engine turns that into Fail."""

    async def __call__(self, task: Task, memory: Memory, progress: Progress) -> Outcome: ...


class Ledger(Protocol):
    """The truth about runs. Every change of a running one is fenced: a worker that was given up
    for lost cannot overwrite the one that took over."""

    async def admit(self, limit: int) -> list[tuple[UUID, UUID, int]]:
        """Hand out due runs: (tenant, run, fence)."""

    async def start(self, tenant: UUID, run_id: UUID, fence: int, worker: str) -> Task | None:
        """Take a handed run; None when it is not ours any more."""

    async def beat(self, task: Task, fence: int, progress: Mapping[str, object]) -> bool:
        """Still alive, and this far. False: it was given to another."""

    async def finish(self, task: Task, fence: int, outcome: Outcome) -> bool:
        """Write the outcome: to history, or back to waiting. False: it was given to another."""

    async def sweep(self) -> int:
        """Take back what lost workers and a lost queue held. How many."""


class Schedules(Protocol):
    """When each shop is due. `following` is a schedule's next time after a moment, aware."""

    async def tick(self, following: Callable[[Schedule, datetime], datetime]) -> int:
        """Ask for a run of each shop that is due, once per slot, and move on. How many."""

    async def soonest(self) -> datetime | None:
        """When there is something to do next: None without schedules; may be past."""


def backoff(attempt: int) -> timedelta:
    """How long to wait after the nth failed attempt: 15 s, then four times longer each, ≤ 1 h."""
    return timedelta(seconds=min(15 * 4 ** (attempt - 1), 3600))
