"""Who looks at pages that update themselves, in this process, and what wakes whom."""

import asyncio
import secrets
from collections.abc import Collection, Hashable
from uuid import UUID

from app.errors import TooManyOpen
from app.web.console.room import Room, Viewer
from domain.errors import Unavailable

MOST = 20
"""Streams of one person in one process."""
EARS = 2
TOGETHER = 4
"""Pages that are read at once, and sessions: who asks for a page needs connections too."""
HEARING, DEAF = 10.0, 3.0
"""Seconds after which a page is looked at though nothing rang: what nobody calls out, and calls
that got lost, come that much later."""


class Hub:
    """`ears` counts who listens to the other processes just now, `asking` lets few sessions be
    looked at together. `blank` stands in shared parts for the token of each viewer's forms: nobody
    can guess it, so nobody can write it into a page."""

    def __init__(self) -> None:
        self.ears = 0
        self.asking = asyncio.Semaphore(TOGETHER)
        self._reading = asyncio.Semaphore(TOGETHER)
        self.blank = f"blank-{secrets.token_hex(16)}"
        self._closed = False
        self._rooms: dict[Hashable, Room] = {}
        self._kept: set[asyncio.Task[None]] = set()

    def ring(self, those: Collection[UUID]) -> None:
        """Runs of these companies went on; without any: of all, maybe."""
        for room in self._rooms.values():
            if room.concerns(those):
                room.ring()

    def changed(self, those: Collection[UUID]) -> None:
        """There are facts of these companies, and of people: somebody may have been removed."""
        self.ring(those)
        for viewer in self._viewers():
            if not those or not viewer.depends.isdisjoint(those):
                viewer.doubt()

    async def enter(self, key: Hashable, company: UUID | None, viewer: Viewer) -> Room:
        """The room of all with this key, drawn after she came. Raises TooManyOpen, and what stood
        against drawing."""
        if self._closed:
            raise Unavailable("This server restarts. Try again.", cause="our_outage")
        if sum(each.person == viewer.person for each in self._viewers()) >= MOST:
            raise TooManyOpen
        room = self._rooms.get(key) or self._opened(key, company)
        room.viewers[viewer] = None
        try:
            await room.drawn(viewer)
        except BaseException:
            self.leave(key, viewer)
            raise
        return room

    def leave(self, key: Hashable, viewer: Viewer) -> None:
        """The last one puts the light out."""
        room = self._rooms[key]
        room.viewers.pop(viewer, None)
        if not room.viewers:
            del self._rooms[key]
            room.ring()

    def close(self) -> None:
        """All streams end now; their browsers come back by themselves."""
        self._closed = True
        for viewer in self._viewers():
            viewer.end()

    async def emptied(self) -> None:
        """Until nobody reads a page any more, after `close`."""
        if self._kept:
            await asyncio.wait(self._kept)

    def _opened(self, key: Hashable, company: UUID | None) -> Room:
        room = self._rooms[key] = Room(company, self._quiet, self._reading)
        task = asyncio.create_task(room.keep())
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)
        return room

    def _viewers(self) -> Collection[Viewer]:
        return [viewer for room in self._rooms.values() for viewer in room.viewers]

    def _quiet(self) -> float:
        return HEARING if self.ears == EARS else DEAF
