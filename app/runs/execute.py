"""One run in a worker's hands: take it, keep it alive, do it, write down how it ended."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from domain.errors import Malformed, Refused, Rejected, Unavailable
from domain.fact import fact
from domain.ports import Clock, Memory
from domain.run import TRIES, Cancel, Fail, Job, Ledger, Outcome, Task, Wait

HEARTBEAT = 5.0
REPORT_EVERY = 0.5
PATIENCE = 20.0
"""Seconds without a heartbeat in the ledger after which a worker gives up its run: less than the
thirty after which the sweep takes it away."""
MOST_ATTEMPTS = 2 * TRIES
A_MINUTE = timedelta(minutes=1)
WRITE_TRIES = 8

log = logging.getLogger(__name__)


@fact
class Execute:
    """What the queue calls. Never raises but on shutdown: the ledger knows how a run ended."""

    ledger: Ledger
    jobs: Mapping[str, Job]
    memory_of: Callable[[Task], Memory]
    clock: Clock
    worker: str

    async def __call__(self, tenant: UUID, run_id: UUID, fence: int) -> None:
        try:
            task = await self.ledger.start(tenant, run_id, fence, self.worker)
        except Unavailable:
            return  # it stays handed out, until the sweep hands it out again
        if task is None:
            return
        pulse = Pulse(self.ledger, task, fence)
        work = asyncio.create_task(self._outcome(task, pulse))
        beating = asyncio.create_task(pulse.beat_until_lost(work))
        try:
            outcome = await work
        except asyncio.CancelledError:
            if pulse.lost:
                return
            outcome = Wait(until=self.clock(), why="The worker restarts; another one goes on.")
            await asyncio.shield(self._write(task, fence, outcome))
            raise
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        await self._write(task, fence, outcome)

    async def _outcome(self, task: Task, pulse: "Pulse") -> Outcome:
        if task.attempt > MOST_ATTEMPTS:
            why = "Its worker was lost again and again. This is on us; the log says more."
            return Fail(why=why, error_type="lost", final=True)
        job = self.jobs.get(task.kind)
        if job is None:
            why = f"This worker does not know runs of kind {task.kind!r}; a newer one will."
            return Wait(until=self.clock() + A_MINUTE, why=why)
        try:
            return await job(task, self.memory_of(task), pulse)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is how the run ended
            return self._ended_by(error, task)

    def _ended_by(self, error: Exception, task: Task) -> Outcome:
        match error:
            case Unavailable(until=until):
                outcome: Outcome = Wait(until=until or self.clock() + A_MINUTE, why=str(error))
            case Rejected(cause=cause):
                outcome = Fail(why=str(error), error_type=cause, final=True)
            case Malformed(cause=cause):
                outcome = Fail(why=str(error), error_type=cause)
            case Refused():
                outcome = Cancel(why=str(error))
            case _:
                log.error("run failed", extra={"run_id": str(task.run_id)}, exc_info=error)
                why = "A fault on our side; it is tried again by itself."
                kind = type(error).__name__
                outcome = Fail(why=why, error_type=kind, traceback=_frames(error))
        return outcome

    async def _write(self, task: Task, fence: int, outcome: Outcome) -> None:
        """Insists: a database that is away for a moment must not cost the outcome."""
        for attempt in range(WRITE_TRIES):
            try:
                await self.ledger.finish(task, fence, outcome)
            except Unavailable:
                await asyncio.sleep(2**attempt / 4)
            else:
                ending = type(outcome).__name__.lower()
                log.info("run ended: %s", ending, extra={"run_id": str(task.run_id)})
                return
        log.error("outcome lost; the sweep repeats the run", extra={"run_id": str(task.run_id)})


@dataclass
class Pulse:
    """Progress and heartbeat of one task; callable as `domain.ports.Progress`."""

    ledger: Ledger
    task: Task
    fence: int
    state: dict[str, object] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False
    beaten_at: float = field(default_factory=time.monotonic)

    async def __call__(self, step: str, done: int = 0, total: int | None = None) -> None:
        """Remember where the run is; it is written twice a second at most."""
        self.state = {"step": step, "done": done, "total": total}
        self.changed.set()

    async def beat_until_lost(self, work: "asyncio.Task[Outcome]") -> None:
        """Write the heartbeat; stop the work when the run was given to another worker, or may
        have been: a worker that cannot reach the ledger for long must not write on."""
        while await self._alive():
            await asyncio.sleep(REPORT_EVERY)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), HEARTBEAT - REPORT_EVERY)
            self.changed.clear()
        self.lost = True
        work.cancel()

    async def _alive(self) -> bool:
        try:
            ours = await self.ledger.beat(self.task, self.fence, self.state)
        except Unavailable:
            return time.monotonic() - self.beaten_at < PATIENCE
        self.beaten_at = time.monotonic()
        return ours


def _frames(error: Exception) -> str:
    """Where it broke. Messages are left out: they may quote what a neighbour or a person sent."""
    return "".join(traceback.format_tb(error.__traceback__))
