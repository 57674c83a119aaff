"""Snapshots are opened one at a time in a process, in a thread: each is all the memory it needs.

Thus requests of pages go on meanwhile, and a hundred downloads at once need the memory of one.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Lane:
    """Work waits for its turn, first come first served."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "lane")

    async def __call__(
        self, work: Callable[[], T], undo: Callable[[T], None] = lambda _: None
    ) -> T:
        """What the work returns, or raises. `undo` it if nobody waits for it any more."""
        turn = self._thread.submit(work)
        try:
            return await asyncio.wrap_future(turn)
        except asyncio.CancelledError:
            turn.add_done_callback(lambda ended: _drop(ended, undo))
            raise

    def close(self) -> None:
        """What waits is not begun any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _drop(ended: "Future[T]", undo: Callable[[T], None]) -> None:
    if not ended.cancelled() and ended.exception() is None:
        undo(ended.result())
