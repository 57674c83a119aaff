"""What the neighbours' budgets hold: for the pages of those who run the servers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from domain.errors import Unavailable
from domain.ports import Allowance, Level

Budgets: TypeAlias = Callable[[], Awaitable[Sequence[tuple[Allowance, Level]]]]
"""Each bucket that is known by name, and how full it is. Raises Unavailable."""


async def levels(budgets: Budgets) -> Sequence[tuple[Allowance, Level]] | None:
    """None while they cannot be read: the rest of the page is shown all the same."""
    try:
        return await budgets()
    except Unavailable:
        return None
