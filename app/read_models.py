"""What every feature's `read.py` is made of: projected rows going in, scoped reads coming out."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.access import TenantScope

Written: TypeAlias = Iterator[tuple[str, Sequence[Any]]]
"""(statement constant, row): equal statements are run together, in the transaction of the fact."""


class Database(Protocol):
    """Where read tables are read: never without saying as whom."""

    def reading(self, scope: TenantScope) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that sees the scope's tenant only."""
