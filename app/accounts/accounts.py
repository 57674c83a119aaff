"""What signing in needs from the world, in one value that the wiring makes."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from app.handle import Handle
from domain.events import Origin
from domain.fact import fact
from domain.ports import Clock
from domain.secrecy import Keys, Limiter, Passwords, Tokens


class People(Protocol):
    """The database as its owner. Signing in happens before anybody knows as whom to read, so these
    few statements name the person themselves; everything else goes through a `TenantScope`."""

    def driver(self) -> AbstractAsyncContextManager[Any]:
        """asyncpg's connection, each statement for itself."""

    def writing(self) -> AbstractAsyncContextManager[Any]:
        """asyncpg's connection in a transaction."""


@fact
class Accounts:
    """Everything the features below ask for. `trial`: for how long a new company tries the larger
    plan; None where nothing is paid for. `part`: with a company that nobody will be left in, ends
    what it has elsewhere; whatever it raises, nobody is erased."""

    handle: Handle
    people: People
    passwords: Passwords
    tokens: Tokens
    keys: Keys
    limiter: Limiter
    clock: Clock
    trial: timedelta | None = None
    part: Callable[[UUID, Origin], Awaitable[None]] | None = None
