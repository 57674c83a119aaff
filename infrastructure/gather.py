"""Many small requests to a server as one: while one is under way, the next one's rows collect.

A lone caller waits for nobody. Without it, twenty slots that start and end runs of a few
milliseconds would spend their time in round trips and flushes.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from domain.errors import Unavailable

In = TypeVar("In")
Out = TypeVar("Out")

MOST = 200


class Gather(Generic[In, Out]):
    """Calls `carry` with what has collected, and gives everybody his own answer. `away`: errors
    that are no one row's fault, so that none is tried by itself."""

    def __init__(
        self,
        carry: Callable[[Sequence[In]], Awaitable[Sequence[Out]]],
        away: tuple[type[Exception], ...] = (Unavailable,),
    ) -> None:
        self._carry = carry
        self._away = away
        self._waiting: deque[tuple[In, asyncio.Future[Out]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, item: In) -> Out:
        """Raises what carrying it out raises."""
        answer: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            size = min(len(self._waiting), MOST)
            await self._answer([self._waiting.popleft() for _ in range(size)])

    async def _answer(self, batch: Sequence[tuple[In, asyncio.Future[Out]]]) -> None:
        try:
            answers = await self._carry([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            if len(batch) == 1 or isinstance(error, self._away):
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
            else:  # one that the server refuses must not cost the others theirs
                for each in batch:
                    await self._answer([each])
        else:
            for (_, answer), result in zip(batch, answers, strict=True):
                if not answer.done():
                    answer.set_result(result)
