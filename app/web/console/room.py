"""Those who look at the same page in the same way: it is read and drawn once for all of them.

What a viewer has is compared with what is drawn now, so there are no queues: who is slow, or was
away, gets the newest, and nothing of what lay between.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from app.web.console.parts import Part
from domain.errors import Unavailable

PAUSE = 0.25
"""Seconds between two looks, though it rings all the time."""
SHARE = 4
"""A look that takes long is followed by so many times its length without one."""
LONGEST_PAUSE = 2.0

Draw: TypeAlias = Callable[[], Awaitable[Mapping[str, Part]]]
"""The live parts of a page as they are now, by their ids."""


@dataclass(eq=False)
class Viewer:
    """One stream. `depends`: whose facts may tell that she may not look on. `doubted`: that must be
    asked anew. `lost`: what she sees is no page any more, so she has to ask for it as a whole."""

    person: UUID
    depends: frozenset[UUID]
    draw: Draw
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    doubted: bool = False
    over: bool = False
    lost: bool = False

    def end(self, *, lost: bool = False) -> None:
        """She gets nothing more."""
        self.over, self.lost = True, lost
        self.woken.set()

    def doubt(self) -> None:
        """Something happened to those she depends on."""
        self.doubted = True
        self.woken.set()


class Room:
    """Draws the page when it rings and every `quiet()` seconds, while somebody is there. `company`
    is whose rings count; None: everybody's. `turn` is what it waits for before it reads."""

    def __init__(
        self, company: UUID | None, quiet: Callable[[], float], turn: asyncio.Semaphore
    ) -> None:
        self.viewers: dict[Viewer, None] = {}
        self.parts: Mapping[str, Part] = {}
        self._company, self._quiet, self._turn = company, quiet, turn
        self._rung = asyncio.Event()
        self._begun = self._ended = 0
        self._error: Exception | None = None

    @property
    def away(self) -> bool:
        """What it is drawn from does not answer: what is shown may be older than it looks."""
        return isinstance(self._error, Unavailable)

    def concerns(self, those: Collection[UUID]) -> bool:
        """Is what happened to these companies to be seen here? Without any, it may be."""
        return not those or self._company is None or self._company in those

    def ring(self) -> None:
        """Something may have changed."""
        self._rung.set()

    async def drawn(self, viewer: Viewer) -> None:
        """Until the page was drawn anew: what was drawn before may be older than what she has.
        Raises what stood against it."""
        wanted = self._begun + 1
        self._rung.set()
        while self._ended < wanted and not viewer.over:
            viewer.woken.clear()
            await viewer.woken.wait()
        if self._error is not None:
            raise self._error

    async def keep(self) -> None:
        """As long as somebody is there."""
        while self.viewers:
            async with self._turn:
                self._rung.clear()
                self._begun += 1
                began = time.monotonic()
                await self._look()
            self._ended = self._begun
            for viewer in self.viewers:
                viewer.woken.set()
            pause = SHARE * (time.monotonic() - began)
            await asyncio.sleep(min(max(PAUSE, pause), LONGEST_PAUSE))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._quiet()):
                    await self._rung.wait()

    async def _look(self) -> None:
        """In the name of one who is there. An outage passes; after anything else there is no such
        page for those who look on."""
        viewer = next(iter(self.viewers), None)
        if viewer is None:
            return
        try:
            self.parts = await viewer.draw()
        except Unavailable as away:
            self._error = away
        except Exception as error:  # noqa: BLE001 - raised to who comes in
            self._error = error
            for each in self.viewers:
                each.end(lost=True)
        else:
            self._error = None
