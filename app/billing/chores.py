"""What is done about the payment provider by the clock, by whichever worker comes first."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from app.billing.backfill import Backfill
from app.billing.reconcile import Reconcile
from domain.causation import CLOCK
from domain.chores import Calendar, Turn
from domain.fact import fact
from domain.inbox_port import Inbox
from domain.ports import Clock

LOOK_EVERY = 60.0
"""Seconds between two looks at what is due."""
HOLD = timedelta(hours=1)
"""So long a chore is one worker's; it is broken off before that."""
SPARE = timedelta(minutes=1)
PAUSE = timedelta(minutes=10)
"""After a failure."""
KEPT = timedelta(days=30)
"""So long the provider keeps its messages (Stripe: List all events), and so long those wait whose
customer nobody here is."""
BACK = timedelta(hours=25)
"""How far is looked back: what may come late, and what a try in vain left out, is in it twice."""
SLACK = timedelta(hours=1)

log = logging.getLogger(__name__)


@fact
class Chore:
    """`work` says how much there was to do."""

    name: str
    every: timedelta
    work: Callable[[Turn], Awaitable[int]]


class Chores:
    """Of one worker. A failure is told once, until it has worked again."""

    def __init__(self, calendar: Calendar, clock: Clock, chores: Sequence[Chore]) -> None:
        self._calendar, self._clock, self._chores = calendar, clock, chores
        self._failing: set[str] = set()

    async def __call__(self) -> None:
        """Do what is due and in nobody's hands. Raises Unavailable."""
        for chore in self._chores:
            if (turn := await self._calendar.take(chore.name, HOLD)) is not None:
                await self._do(chore, turn)

    async def _do(self, chore: Chore, turn: Turn) -> None:
        try:
            async with asyncio.timeout((HOLD - SPARE).total_seconds()):
                count = await chore.work(turn)
        except Exception as no:
            if chore.name not in self._failing:
                log.exception("%s of billing failed; it is tried again", chore.name, exc_info=no)
            self._failing.add(chore.name)
            await self._calendar.again(turn, self._clock() + PAUSE)
            return
        self._failing.discard(chore.name)
        if count:
            log.info("%s of billing had this much to do: %s", chore.name, count)
        await self._calendar.done(turn, turn.begun + chore.every)


def chores(reconcile: Reconcile, backfill: Backfill, inbox: Inbox) -> Sequence[Chore]:
    """Messages come before the comparison: it finds the less."""

    async def fetch(turn: Turn) -> int:
        return await backfill(since(turn))

    async def compare(turn: Turn) -> int:
        return len(await reconcile("schedule", f"{CLOCK}:{turn.begun.isoformat()}"))

    async def let_go(turn: Turn) -> int:
        return await inbox.let_go(turn.begun - KEPT)

    return (
        Chore(name="backfill", every=timedelta(hours=1), work=fetch),
        Chore(name="reconcile", every=timedelta(days=1), work=compare),
        Chore(name="unclaimed", every=timedelta(days=1), work=let_go),
    )


def since(turn: Turn) -> datetime:
    """All that is kept when it was never done; else from before it was done last."""
    oldest = turn.begun - KEPT
    return oldest if turn.last is None else max(oldest, min(turn.last - SLACK, turn.begun - BACK))
