"""What a whole page needs is read once, and only if somebody asks for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """The answer of one question, asked when it is first awaited and then shared."""

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._lock = asyncio.Lock()
        self._answers: list[T] = []

    async def __call__(self) -> T:
        """Asks; raises what asking raises."""
        async with self._lock:
            if not self._answers:
                self._answers.append(await self._ask())
        return self._answers[0]
