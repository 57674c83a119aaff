"""What is for sale, asked of Stripe once in some minutes: a page of plans waits for it.

That Stripe does not answer is remembered too, for a shorter while: else each look at the page would
wait for it again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from domain.errors import Outside
from domain.payments_port import Price
from domain.ports import Clock
from infrastructure.stripe.faults import fault

KEPT = timedelta(minutes=10)
AWAY = timedelta(seconds=30)
PATIENCE = 5.0
"""Seconds."""


class PriceList:
    """Shared by all who ask in this process; `ask` is what asks Stripe."""

    def __init__(self, ask: Callable[[], Awaitable[Sequence[Price]]], clock: Clock) -> None:
        self._ask, self._clock = ask, clock
        self._turn = asyncio.Lock()
        self._told: Sequence[Price] | Outside = ()
        self._until: datetime | None = None

    async def __call__(self) -> Sequence[Price]:
        """Raises what asking raises."""
        async with self._turn:
            if self._until is None or self._until <= self._clock():
                self._told = await self._asked()
                kept = AWAY if isinstance(self._told, Outside) else KEPT
                self._until = self._clock() + kept
        if isinstance(self._told, Outside):
            raise self._told.with_traceback(None)
        return self._told

    async def _asked(self) -> Sequence[Price] | Outside:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._ask()
        except TimeoutError as late:
            return fault(late, self._clock())
        except Outside as no:
            return no
