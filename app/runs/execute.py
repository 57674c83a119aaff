"""One run in a worker's hands: take it, keep it alive, do it, write down how it ended."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from app.runs.tail import tail
from app.runs.waiting import unknown_kind
from domain.errors import Malformed, Refused, Rejected, Unavailable
from domain.ports import Clock, Memory
from domain.run import EFFECT, TRIES, Cancel, Fail, Handed, Job, Ledger, Outcome, Task, Wait

HEARTBEAT = 3.0
REPORT_EVERY = 0.5
PATIENCE = 10.0
"""Seconds without a heartbeat in the ledger after which a worker gives up its run: less than the
fifteen after which the sweep takes it away."""
MOST_ATTEMPTS = 2 * TRIES
A_MINUTE = timedelta(minutes=1)
A_MOMENT = timedelta(seconds=3)
"""A run waits so long for what is ours and away, or as long again as it has been away; a minute at
most. It is the ledger that says so: by then it is back."""
WRITE_TRIES, LONGEST_PAUSE = 32, 2.0
OURS = "our_outage"
"""The cause by which the database and Redis are said to be away."""

log = logging.getLogger(__name__)


def _(message: str) -> str:
    """Marks a message of the console's catalogue."""
    return message


RESTARTS = _("The worker restarts; another one goes on.")
LOST_OFTEN = _("Its worker was lost again and again. This is on us; the log says more.")
OUR_FAULT = _("A fault on our side; it is tried again by itself.")
OUTAGE = _("The database or Redis did not answer.")
GIVEN_UP = _("A fault on our side, at every try. We look into it; you may run it again.")


@dataclass
class Execute:
    """What the queue calls. Never raises but on shutdown: the ledger knows how a run ended. `told`
    is called when a company's run began, went on or ended; `freed` when a slot is free again."""

    ledger: Ledger
    jobs: Mapping[str, Job]
    memory_of: Callable[[Task], Memory]
    clock: Clock
    worker: str
    told: Callable[[UUID], None] = lambda _: None
    freed: Callable[[], None] = lambda: None
    pulses: "dict[UUID, Pulse]" = field(default_factory=dict)
    away_since: datetime | None = None

    async def __call__(self, handed: Handed) -> None:
        try:
            task = await self.ledger.start(handed, self.worker)
        except Unavailable:
            return  # it stays handed out, until the sweep hands it out again
        if task is None:
            return
        self.told(task.tenant)
        with tail() as lines:
            await self._do(task, lines)
        self.told(task.tenant)
        self.freed()

    async def hasten(self) -> None:
        """Stop at once what somebody wants to stop, rather than with the next heartbeat."""
        if self.pulses:
            for run_id in await self.ledger.cancelling(self.worker):
                if pulse := self.pulses.get(run_id):
                    pulse.changed.set()

    async def _do(self, task: Task, lines: Sequence[str]) -> None:
        pulse = self.pulses[task.run_id] = Pulse(self.ledger, task, self.told)
        work = asyncio.create_task(self._outcome(task, pulse))
        beating = asyncio.create_task(pulse.beat_until_lost(work))
        try:
            outcome = await work
        except asyncio.CancelledError:
            if pulse.lost:
                return
            if pulse.cancelling is not None:
                outcome = Cancel(why=pulse.cancelling)
            else:
                outcome = Wait(until=self.clock(), why=RESTARTS)
                await asyncio.shield(self._write(task, outcome, lines))
                raise
        finally:
            del self.pulses[task.run_id]
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        await self._write(task, outcome, lines)

    async def _outcome(self, task: Task, pulse: "Pulse") -> Outcome:
        if task.cancelling is not None:
            return Cancel(why=task.cancelling)
        if task.attempt > MOST_ATTEMPTS:
            return Fail(why=LOST_OFTEN, error_type="lost", final=True)
        job = self.jobs.get(task.kind)
        if job is None:
            return Wait(until=self.clock() + A_MINUTE, why=unknown_kind(task.kind))
        try:
            outcome = await job(task, self.memory_of(task), pulse)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is how the run ended
            if isinstance(error, Unavailable) and error.cause == OURS:
                return self._ours()
            outcome = self._ended_by(error, task)
        self.away_since = None
        return outcome

    def _ours(self) -> Outcome:
        """A part of ours is away: nobody but us can do anything, so nobody is told to."""
        now = self.clock()
        self.away_since = self.away_since or now
        wait = min(max(now - self.away_since, A_MOMENT), A_MINUTE)
        return Wait(until=now + wait, why=OUTAGE, cause=OURS)

    def _ended_by(self, error: Exception, task: Task) -> Outcome:
        match error:
            case Unavailable(cause=cause, until=until):
                later = until or self.clock() + A_MINUTE
                outcome: Outcome = Wait(until=later, why=str(error), cause=cause)
            case Rejected(cause=cause):
                outcome = Fail(why=str(error), error_type=cause, final=True)
            case Malformed(cause=cause):
                outcome = Fail(why=str(error), error_type=cause)
            case Refused():
                outcome = Cancel(why=str(error))
            case _:
                log.error("run failed", extra={"run_id": str(task.run_id)}, exc_info=error)
                kind = type(error).__name__
                why = OUR_FAULT if task.attempt < TRIES else GIVEN_UP
                outcome = Fail(why=why, error_type=kind, traceback=_frames(error))
        return outcome

    async def _write(self, task: Task, outcome: Outcome, lines: Sequence[str]) -> None:
        """Insists: a database that is away for a moment must not cost the outcome."""
        for attempt in range(WRITE_TRIES):
            try:
                told = await self._with_effect(task, outcome)
                await self.ledger.finish(task, told, "\n".join(lines))
            except Unavailable:
                await asyncio.sleep(min(2**attempt / 4, LONGEST_PAUSE))
            else:
                ending = type(outcome).__name__.lower()
                log.info("run ended: %s", ending, extra={"run_id": str(task.run_id)})
                return
        log.error("outcome lost; the sweep repeats the run", extra={"run_id": str(task.run_id)})

    async def _with_effect(self, task: Task, outcome: Outcome) -> Outcome:
        """A run that did not come to its end, with what it had done until then, at any try."""
        if not isinstance(outcome, Cancel | Fail):
            return outcome
        kept = await self.memory_of(task).recall(EFFECT)
        return outcome if kept is None else replace(outcome, result=msgspec.json.decode(kept))


@dataclass
class Pulse:
    """Progress and heartbeat of one task; callable as `domain.ports.Progress`."""

    ledger: Ledger
    task: Task
    told: Callable[[UUID], None]
    state: dict[str, object] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False
    cancelling: str | None = None
    beaten_at: float = field(default_factory=time.monotonic)

    async def __call__(self, step: str, done: int = 0, total: int | None = None) -> None:
        """Remember where the run is; it is written twice a second at most. Who was frozen for so
        long that the run may be another's goes on from here only if it is not."""
        self.state = {"step": step, "done": done, "total": total}
        self.changed.set()
        if time.monotonic() - self.beaten_at >= PATIENCE and not await self._goes_on():
            raise asyncio.CancelledError

    async def beat_until_lost(self, work: "asyncio.Task[Outcome]") -> None:
        """Write the heartbeat; stop the work when somebody wants it to stop, when the run was given
        to another worker, or may have been: a worker that cannot reach the ledger for long must
        not write on."""
        going_on = True
        while going_on:
            await asyncio.sleep(REPORT_EVERY)
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT - REPORT_EVERY):
                    await self.changed.wait()
            self.changed.clear()
            going_on = await self._goes_on()
        work.cancel()

    async def _goes_on(self) -> bool:
        beaten_at = time.monotonic()  # an answer may come long after what it says was so
        try:
            beat = await self.ledger.beat(self.task, self.state)
        except Unavailable:
            self.lost = time.monotonic() - self.beaten_at >= PATIENCE
        else:
            self.beaten_at = beaten_at
            self.lost, self.cancelling = not beat.ours, beat.cancelling
            self.told(self.task.tenant)
        return not self.lost and self.cancelling is None


def _frames(error: Exception) -> str:
    """Where it broke. Messages are left out: they may quote what a neighbour or a person sent."""
    return "".join(traceback.format_tb(error.__traceback__))
