"""The worker's clockwork: what is due is asked for, what is asked for is handed out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from app.cron import following
from domain.fact import fact
from domain.run import Ledger, Schedules

POLL = 0.25
SWEEP_EVERY = 10.0
TICK_EVERY = 1.0
KEEP_HOUSE_EVERY = 3600.0
SEAL_EVERY = 3600.0

log = logging.getLogger(__name__)


@fact
class Dispatch:
    """`hand_over` puts admitted runs into the queue; `room` says how many more it may hold; `seal`
    seals the histories that are due for it."""

    ledger: Ledger
    schedules: Schedules
    upkeep: Callable[[], Awaitable[object]]
    hand_over: Callable[[Sequence[tuple[UUID, UUID, int]]], Awaitable[None]]
    room: Callable[[], Awaitable[int]]
    seal: Callable[[], Awaitable[object]] | None = None

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as loops:
            loops.create_task(_every(POLL, self.hand_out))
            loops.create_task(_every(SWEEP_EVERY, self.ledger.sweep))
            loops.create_task(_every(TICK_EVERY, self.tick))
            loops.create_task(_every(KEEP_HOUSE_EVERY, self.upkeep))
            if self.seal is not None:
                loops.create_task(_every(SEAL_EVERY, self.seal))

    async def hand_out(self) -> None:
        """Admit as many due runs as the queue has room for."""
        room = await self.room()
        if room > 0 and (admitted := await self.ledger.admit(room)):
            await self.hand_over(admitted)

    async def tick(self) -> None:
        """Ask for the runs that are due by their schedule."""
        await self.schedules.tick(following)


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
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
            await asyncio.sleep(1)
        else:
            if stumbled:
                log.info("the clockwork goes on")
            stumbled = False
        await asyncio.sleep(seconds)
