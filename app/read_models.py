"""What every feature's `read.py` is made of: projected rows going in, scoped reads coming out."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.access import Scope
from domain.events import Recorded
from domain.fact import fact

Verb: TypeAlias = Literal["put", "change", "drop"]


class Statement(str):
    """SQL about one row of a projected table, which also says what it does: so a rebuild folds the
    same rows in memory. A row is the key's values, then those of `columns`."""

    __slots__ = ("columns", "table", "verb")

    table: "Projected"
    verb: Verb
    columns: tuple[str, ...]


@fact
class Projected:
    """A read table that is nothing but the fold of its facts: disposable, rebuilt by replay."""

    name: str
    key: tuple[str, ...]

    def put(self, *columns: str) -> Statement:
        """A new row; what is not named stays null."""
        named = (*self.key, *columns)
        values = ", ".join(f"${n}" for n, _ in enumerate(named, 1))
        sql = f"INSERT INTO {self.name} ({', '.join(named)}) VALUES ({values})"  # noqa: S608 - constants
        return self._statement(sql, "put", columns)

    def change(self, *columns: str) -> Statement:
        """Some columns of a row, if it is there."""
        news = ", ".join(f"{each} = ${n}" for n, each in enumerate(columns, len(self.key) + 1))
        sql = f"UPDATE {self.name} SET {news} WHERE {self._this}"  # noqa: S608 - constants
        return self._statement(sql, "change", columns)

    def drop(self) -> Statement:
        """No such row any more."""
        return self._statement(f"DELETE FROM {self.name} WHERE {self._this}", "drop", ())  # noqa: S608 - constants

    @property
    def _this(self) -> str:
        return " AND ".join(f"{each} = ${n}" for n, each in enumerate(self.key, 1))

    def _statement(self, sql: str, verb: Verb, columns: tuple[str, ...]) -> Statement:
        statement = Statement(sql)
        statement.table, statement.verb, statement.columns = self, verb, columns
        return statement


Written: TypeAlias = Iterator[tuple[str, Sequence[Any]]]
"""(statement constant, row): equal statements are run together, in the transaction of the fact."""


@fact
class Projection:
    """How facts become rows. `tables` are projected whole; a statement about any other one is
    neither rebuilt nor verified. `reads`: no other fact yields a row; None is every fact."""

    project: Callable[[Recorded], Written]
    tables: tuple[Projected, ...]
    reads: frozenset[type] | None = None


class Database(Protocol):
    """Where read tables are read: never without saying as whom."""

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that sees the scope's tenant only, or everyone's rows."""


@asynccontextmanager
async def at_once(database: Database, scope: Scope) -> AsyncIterator[Database]:
    """For a page of many small reads, one after another: those by this scope share a transaction,
    so they cost their statements alone. What a read sets for its transaction stays for the rest."""
    async with database.reading(scope) as connection:
        yield _Shared(database, scope, connection)


class _Shared:
    def __init__(self, database: Database, scope: Scope, connection: AsyncConnection) -> None:
        self._database, self._scope, self._connection = database, scope, connection

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[AsyncConnection]:
        if scope != self._scope:
            return self._database.reading(scope)
        return nullcontext(self._connection)


class Remarked(Protocol):
    """A run, as much of it as a remark on how it goes needs; features tell of each other's."""

    @property
    def run_id(self) -> UUID: ...
    @property
    def state(self) -> str: ...
    @property
    def why(self) -> str: ...
