"""Time as the adapter spends it: how patient it is, and how fast; quicker in tests and demos."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from domain.fact import fact
from domain.ports import Clock


@fact
class Pace:
    """Seconds, unless said otherwise.

    `patience`: waits up to this are slept, longer ones become Unavailable with the next slot.
    `speed` divides every limit and pause: a stand-in's may run faster than Wildberries' own.
    `egress`: at most `egress_burst` calls at once from one address, then one per `egress`
    (reported, not documented: calls of different sellers in the same millisecond met a 429);
    0 leaves that gate open. `address`: a name of that address; processes that name the same one
    share its gate.
    """

    patience: float = 30.0
    attempts: int = 3
    pause: float = 1.0
    speed: float = 1.0
    egress: float = 0.1
    egress_burst: int = 3
    address: str = ""
    poll: float = 5.0
    polls: int = 36
    connect: float = 10.0
    silence: float = 60.0
    whole: float = 300.0
    full_page: int = 60_000
    """Rows of orders that may be a full page: the documented 80,000 are approximate."""
    largest: int = 256 * 2**20
    """Bytes of one answer."""


class Time:
    """The clock, and how to wait for it."""

    def __init__(
        self,
        clock: Clock,
        pace: Pace,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.now, self.pace, self.sleep = clock, pace, sleep

    async def pause(self, seconds: float) -> None:
        """Wait as long as Wildberries asks for, or as much less as its stand-in does."""
        await self.sleep(seconds / self.pace.speed)

    def ahead(self, seconds: float) -> datetime:
        """The moment so many seconds from now."""
        return self.now() + timedelta(seconds=seconds)
