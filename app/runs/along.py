"""What is read along with a page of runs, once for all of it, and only if it is asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from app.graphql.context import Info
from app.read_models import Database
from app.runs.names import names_of
from app.runs.read import AttemptRow, RunRow, attempts
from app.runs.standing import reasons
from app.runs.waiting import Reason
from domain.access import Role, Scope, TenantScope

T = TypeVar("T")


@dataclass
class Once(Generic[T]):
    """Read at the first call, and remembered."""

    read: Callable[[], Awaitable[T]]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    found: list[T] = field(default_factory=list)

    async def __call__(self) -> T:
        async with self.lock:
            if not self.found:
                self.found.append(await self.read())
        return self.found[0]


@dataclass
class Along:
    """Of `rows`, as they stand `now`. `staff`: who asks runs the servers, and sees tracebacks."""

    database: Database
    scope: Scope
    rows: Sequence[RunRow]
    now: datetime
    language: str
    staff: bool

    def __post_init__(self) -> None:
        self._tries = Once(lambda: attempts(self.database, self.scope, self.rows))
        self._waiting = Once(lambda: reasons(self.database, self.scope, self.rows, self.now))
        self._names = Once(lambda: names_of(self.database, self.scope, self.rows))

    @property
    def logs(self) -> bool:
        """May she see what runs logged?"""
        scope = self.scope
        inside = isinstance(scope, TenantScope) and scope.role in (Role.OWNER, Role.ADMIN)
        return self.staff or inside

    async def attempts_of(self, run_id: UUID) -> Sequence[AttemptRow]:
        """Its tries, in order."""
        return (await self._tries())[run_id]

    async def reason_of(self, run_id: UUID) -> Reason | None:
        """Why it waits, if it does."""
        return (await self._waiting()).get(run_id)

    async def name_of(self, ident: UUID) -> str | None:
        """What a company or shop is called, if anybody named it."""
        return (await self._names()).get(ident)


def along_of(info: Info, scope: Scope, rows: Sequence[RunRow], *, staff: bool) -> Along:
    """For what a document asks about these rows."""
    ports = info.context.ports
    return Along(
        database=ports.database,
        scope=scope,
        rows=rows,
        now=ports.clock(),
        language=info.context.language,
        staff=staff,
    )
