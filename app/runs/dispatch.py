"""The worker's clockwork: what is due is asked for, what is asked for is handed out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from app.cron import following
from domain.fact import fact
from domain.run import Handed, Ledger, Schedules

LOOK_EVERY = 0.5
"""Seconds after which it is looked for due runs although nobody rang."""
SWEEP_EVERY = 5.0
TICK_EVERY = 1.0
FOLD_EVERY = 5.0
KEEP_HOUSE_EVERY = 3600.0
SEAL_EVERY = 3600.0
TOGETHER = 0.015
"""Seconds in which freed slots become one look; meanwhile they find what was handed out ahead."""
AHEAD = 2
"""Runs in the queue for each slot: one in hand, one that the slot finds when it is free. When
somebody asks, one more: the queue is full of another company's."""

log = logging.getLogger(__name__)


class Queue(Protocol):
    """What carries runs to workers, and may lose them."""

    async def hand_over(self, runs: Sequence[Handed]) -> None:
        """Put admitted runs where a worker finds them."""

    async def look(self) -> tuple[int, UUID | None]:
        """How many runs are in it, and which life of it this is."""

    async def begin(self, epoch: UUID) -> None:
        """A new life."""

    async def missing(self, runs: Sequence[Handed]) -> Sequence[Handed]:
        """Those of them that no worker will find in it."""

    async def listed(self) -> Collection[str]:
        """Whatever is in it, by its own names."""

    async def forget(self, listed: Collection[str], but: Sequence[Handed]) -> None:
        """Leave no trace of what is listed, but of these runs."""


@fact
class Chores:
    """What is done now and then: sums for the charts, the house, and seals that are due."""

    fold: Callable[[], Awaitable[object]]
    house: Callable[[], Awaitable[object]]
    seal: Callable[[], Awaitable[object]]


class Rung(asyncio.Event):
    """Ends the wait for work: at once when some was `asked` for, soon where a slot became free."""

    asked = False
    _soon: asyncio.TimerHandle | None = None

    def ring(self) -> None:
        """There may be new work."""
        self.asked = True
        self.set()

    def soon(self) -> None:
        """In a moment, and once for many."""
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(TOGETHER, self.set)

    def heard(self) -> bool:
        """Wait anew. Was there new work?"""
        asked, self.asked = self.asked, False
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        self.clear()
        return asked


@dataclass
class Dispatch:
    """`slots` tells how many all workers have; `rung` ends early the wait for new work; `epoch` is
    the life of the queue that was seen last."""

    ledger: Ledger
    schedules: Schedules
    queue: Queue
    chores: Chores
    slots: Callable[[], int]
    rung: Rung = field(default_factory=Rung)
    epoch: UUID | None = None

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._hand_out())
            loops.create_task(every(SWEEP_EVERY, self.sweep))
            loops.create_task(every(TICK_EVERY, self.tick))
            loops.create_task(every(FOLD_EVERY, self.chores.fold))
            loops.create_task(every(KEEP_HOUSE_EVERY, self.chores.house))
            loops.create_task(every(SEAL_EVERY, self.chores.seal))

    async def hand_out(self, *, asked: bool = False) -> int:
        """Admit as many due runs as the queue has room for; more if somebody `asked`. How many."""
        length, epoch = await self.queue.look()
        if epoch is None or epoch != self.epoch:
            self.epoch = await self.ledger.renew_epoch(epoch)
            if epoch != self.epoch:
                await self.queue.begin(self.epoch)
        room = (AHEAD + asked) * self.slots() - length
        if room <= 0:
            return 0
        admitted = await self.ledger.admit(room)
        try:
            if admitted:
                await self.queue.hand_over(admitted)
        except Exception:
            await self.ledger.take_back(admitted)  # else they lie about until they are missed
            raise
        return len(admitted)

    async def sweep(self) -> None:
        """Take back what lost workers hold, even while the queue is away, and what it has lost.
        Then rid it of what is in nobody's hands: what was taken back, or ended while it was away,
        would take up room for ever. It is listed before the ledger is asked: there a run is handed
        out first.
        """
        quiet = await self.ledger.quiet()
        await self._take_back(quiet.taken)
        await self._take_back(await self.queue.missing(quiet.handed))
        listed = await self.queue.listed()
        await self.queue.forget(listed, await self.ledger.in_hands())

    async def tick(self) -> None:
        """Ask for the runs that are due by their schedule."""
        if await self.schedules.tick(following):
            self.rung.ring()

    async def _take_back(self, lost: Sequence[Handed]) -> None:
        if await self.ledger.take_back(lost):
            log.warning("runs taken back", extra={"runs": [str(each.run_id) for each in lost]})
            self.rung.ring()

    async def _hand_out(self) -> None:
        async def once() -> None:
            await self.hand_out(asked=self.rung.heard())
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self.rung.wait()

        await every(0, once)


async def every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """A neighbour that is away for a while delays the work; it does not end the loop, and an
    outage is two lines in the log, whatever its length."""
    stumbled = False
    while True:
        try:
            await work()
        except Exception as error:
            if not stumbled:
                log.exception("the clockwork stumbles; trying again", exc_info=error)
            stumbled = True
            await asyncio.sleep(max(1, seconds / 60))
        else:
            if stumbled:
                log.info("the clockwork goes on")
            stumbled = False
            await asyncio.sleep(seconds)
