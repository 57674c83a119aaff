"""That something happened, and to which companies: all that processes call out to each other.

What happened is in the tables; so a call that is lost costs a look, and nothing else.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeAlias
from uuid import UUID

LETTERS = 32
"""Of an id as it is called out."""

Heard: TypeAlias = Callable[[Collection[UUID]], None]
"""Called with the companies that something happened to; with none of them: any may be meant."""


class Ear(Protocol):
    """Hears what other processes call out."""

    def listening(self, heard: Heard) -> AbstractAsyncContextManager[Callable[[], bool]]:
        """As long as its connection lives; the answer says whether it does not any more. Raises
        Unavailable."""


def called(companies: Collection[UUID]) -> str:
    """As it is called out."""
    return "".join(each.hex for each in companies)


def companies(call: str) -> Collection[UUID]:
    """What was called out. What nobody of ours would call means all of them."""
    try:
        return [UUID(call[at : at + LETTERS]) for at in range(0, len(call), LETTERS)]
    except ValueError:
        return ()
