"""One open answer: server-sent events (WHATWG HTML, 9.2) until somebody has enough of them.

It begins with what its browser lacks, then brings each part that has changed. What was missed is
drawn from the tables, never remembered: any process goes on where another one ended.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from litestar.types import Receive, Scope, Send

from app.web.console.parts import prints, replacing
from app.web.console.room import Room, Viewer

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
)
RETRY = (1_000, 3_000)
"""Milliseconds until a browser comes back: not all at once when a server has restarted."""
LIFE = (480.0, 720.0)
"""Seconds until a stream ends by itself, and its browser is looked at anew."""
ALIVE = 15.0
"""Seconds of silence that proxies endure."""
ASK_EVERY, ASK_SOON = 60.0, 0.5
"""Seconds between two looks at a session; the shorter ones in doubt, before anything is sent."""
PATIENCE = 10.0
"""Seconds for a browser to take what it is sent."""
RESYNC = "event: resync\ndata:\n\n"
AWAY, BACK = "event: away\ndata:\n\n", "event: back\ndata:\n\n"
"""Nothing can be read at the moment, though the stream is open; and again it can."""


@dataclass
class Stream:
    """An ASGI callable. `seen`: what the browser has; `filled` puts her token into an event."""

    room: Room
    viewer: Viewer
    leave: Callable[[], None]
    may_stay: Callable[[], Awaitable[bool]]
    filled: Callable[[str], str]
    seen: Mapping[str, str]
    asked: float = field(default_factory=time.monotonic)
    said: float = field(default_factory=time.monotonic)
    away: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        tasks = asyncio.create_task(self._tell(send)), asyncio.create_task(_gone(receive))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.leave()
        for each in done:
            each.result()

    async def _tell(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        with suppress(TimeoutError):  # she takes nothing: let her come back
            await self._say(send, f"retry: {random.randint(*RETRY)}\n\n")  # noqa: S311 - no secret
            await self._go_on(send, time.monotonic() + random.uniform(*LIFE))  # noqa: S311 - likewise
            if self.viewer.lost:
                await self._say(send, RESYNC)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _go_on(self, send: Send, until: float) -> None:
        viewer = self.viewer
        while not viewer.over and time.monotonic() < until:
            viewer.woken.clear()
            if time.monotonic() >= self._ask_at:
                self.asked, viewer.doubted = time.monotonic(), False
                if not await self.may_stay():
                    viewer.end(lost=True)
                    return
            if not viewer.doubted:
                await self._catch_up(send)
            with suppress(TimeoutError):
                next_at = min(self._ask_at, until if viewer.doubted else self.said + ALIVE, until)
                async with asyncio.timeout(next_at - time.monotonic()):
                    await viewer.woken.wait()

    async def _catch_up(self, send: Send) -> None:
        if self.away is not self.room.away:
            self.away = self.room.away
            await self._say(send, AWAY if self.away else BACK)
        parts = self.room.parts
        if event := replacing(parts, self.seen):
            await self._say(send, self.filled(event))
            self.seen = prints(parts)
        elif time.monotonic() >= self.said + ALIVE:
            await self._say(send, ":\n\n")

    @property
    def _ask_at(self) -> float:
        return self.asked + (ASK_SOON if self.viewer.doubted else ASK_EVERY)

    async def _say(self, send: Send, words: str) -> None:
        async with asyncio.timeout(PATIENCE):
            await send({"type": "http.response.body", "body": words.encode(), "more_body": True})
        self.said = time.monotonic()


async def head(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's
    """An ASGI callable: how a stream begins, for who asks for that alone (RFC 9110, 9.3.2)."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    """Until her browser has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
