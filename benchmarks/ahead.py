"""A day in a second: an event loop whose time jumps to the next thing to do, and Wildberries in it.

Nothing here leaves the process, so nothing is ever waited for in earnest.
"""

import asyncio
import selectors
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx

from domain.ports import Allowance
from sandbox.sellers import World
from sandbox.wildberries import app
from sandbox.wildberries.market import Market


class _Jumping(selectors.SelectSelector):
    """Where the loop would sleep, its time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.seconds += max(0.0, timeout or 0.0)
        return super().select(0)


class Ahead(asyncio.SelectorEventLoop):
    """An event loop on a clock of its own, which begins at 0."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since it began."""
        return self._jumping.seconds


class Gate:
    """What an outsider sees of a bucket: the calls that came, and whether they were too many."""

    def __init__(self, of: Allowance) -> None:
        self._of, self._seen = of, deque[float](maxlen=of.burst + 1)

    def passes(self, at: float) -> bool:
        """Of each burst + 1 calls in a row, the last is at least one interval after the first."""
        self._seen.append(at)
        full = len(self._seen) == self._of.burst + 1
        return not full or self._seen[-1] - self._seen[0] >= self._of.interval - 1e-6


class Wildberries:
    """The sandbox without a wire, for what asks an `aiohttp.ClientSession`. Each answer takes
    `latency` seconds; `pushed` counts the calls that came too many at once from one address."""

    def __init__(
        self, world: World, clock: Callable[[], float], latency: float, gate: Gate
    ) -> None:
        application = app(world, clock)
        self.market: Market = application.state.market
        self.pushed = 0
        self._latency, self._gate = latency, gate
        transport = httpx.ASGITransport(cast("Any", application))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://wildberries")

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str],
        data: bytes | None,
        headers: Mapping[str, str],
        **_: object,
    ) -> AsyncIterator["_Answer"]:
        """As aiohttp has it."""
        self.pushed += not self._gate.passes(asyncio.get_running_loop().time())
        answer = await self._http.request(
            method, url, params=params, content=data, headers=dict(headers)
        )
        await asyncio.sleep(self._latency)
        yield _Answer(answer)

    @property
    def forbidden(self) -> int:
        """Calls that were refused by a limit or a right, or came too many at once."""
        refused = (401, 402, 403, 404, 429)
        return self.pushed + sum(self.market.calls.by_status[status] for status in refused)


class _Answer:
    def __init__(self, answer: httpx.Response) -> None:
        self.status, self.headers, self.content = answer.status_code, answer.headers, self
        self._body = answer.content

    async def iter_any(self) -> AsyncIterator[bytes]:
        yield self._body


def run(main: Callable[[], Any]) -> Any:  # noqa: ANN401 - what main gives
    """All of it, in no time."""
    with asyncio.Runner(loop_factory=Ahead) as runner:
        return runner.run(main())
