"""Two pools: the driver's own for writing as the owner, and one for reading as a single tenant.

The first is the fast one, for appends and the ledger: no check before and no reset after each use.
Nothing sets anything for a session, so there is nothing to reset, and no role can leak from one
pool into the other.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec
from asyncpg.exceptions import (
    AdminShutdownError,
    CannotConnectNowError,
    CrashShutdownError,
    InterfaceError,
    InternalClientError,
    PostgresConnectionError,
    TooManyConnectionsError,
)
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.access import Everyone, Scope
from domain.errors import Unavailable

# set_config(…, true) ends with the transaction. Never false: a session-level setting would
# follow the connection back into the pool and open the next caller's reads.
_NARROW = "SELECT set_config('role', {role}, true), set_config('app.tenant', {tenant}, true)"

_AWAY = (
    PostgresConnectionError,
    InternalClientError,  # what asyncpg says when the server's last word came between two of ours
    CannotConnectNowError,
    AdminShutdownError,
    CrashShutdownError,
    TooManyConnectionsError,
)
PATIENCE = 10
"""Seconds to wait for a connection, from the pool or from the server."""
NAMED = {"application_name": "stock-tracker"}
_JSONB_1 = b"\x01"
"""The version of the binary form, which precedes it."""
_SILENT = "The database does not answer at the moment. Try again."


class Database:
    """Where facts, runs, snapshots, people and secrets live.

    `url` is a plain `postgresql://` one. Close with `close()`.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.engine: AsyncEngine = create_async_engine(
            _asyncpg(self.url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=PATIENCE,
            connect_args={"timeout": PATIENCE, "server_settings": NAMED},
        )
        event.listen(self.engine.sync_engine, "checkout", _alive)
        self._readers = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._pool_size = pool_size
        self._pool: asyncpg.Pool | None = None
        self._role = f"app_tenant_{self.url.database}"

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees the scope's tenant only, by the database's own policy; for
        everyone all of them. It changes nothing in either case."""
        begin = "BEGIN READ ONLY"
        if not isinstance(scope, Everyone):
            named = {"role": _quoted(self._role), "tenant": _quoted(str(scope.tenant))}
            begin = f"{begin}; {_NARROW.format(**named)}"
        async with _answering(), self._readers.connect() as connection:
            raw = await connection.get_raw_connection()
            async with _transaction(raw.driver_connection, begin):
                yield connection

    @asynccontextmanager
    async def writing(self, *local: str) -> AsyncIterator[asyncpg.Connection]:
        """The driver's connection in a transaction, as the owner: appends and the ledger. `local`
        are settings for this transaction alone, `name = value`; they cost no round trip."""
        begin = "; SET LOCAL ".join(("BEGIN", *local))
        async with self.driver() as driver, _transaction(driver, begin):
            yield driver

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[asyncpg.Connection]:
        """The driver's connection, as the owner, each statement for itself."""
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                self._dsn,
                min_size=0,
                max_size=self._pool_size,
                init=_prepared,
                reset=_as_it_is,
                timeout=PATIENCE,
                server_settings=NAMED,
            )
        async with _answering():
            pool = await self._pool
            async with pool.acquire(timeout=PATIENCE) as driver:
                yield driver

    async def connect(self) -> asyncpg.Connection:
        """A connection outside the pools, for who listens; the caller closes it."""
        async with _answering():
            return await asyncpg.connect(self._dsn, timeout=PATIENCE, server_settings=NAMED)

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.engine.dispose()
        if self._pool is not None:
            self._pool.terminate()

    @property
    def _dsn(self) -> str:
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)


@asynccontextmanager
async def _transaction(driver: asyncpg.Connection, begin: str) -> AsyncIterator[None]:
    """What begins it is one round trip, however much it says. A connection of which it is not known
    that the transaction ended is closed: whoever got it next would go on in it, in its role."""
    ended = False
    try:
        await driver.execute(begin)
        try:
            yield
        except (Exception, asyncio.CancelledError):
            # Left to the pool, each refusal would stand in the log as an error of ours.
            if not driver.is_closed():
                await driver.execute("ROLLBACK")
            ended = True
            raise
        await driver.execute("COMMIT")
        ended = True
    finally:
        if not ended:
            driver.terminate()


def _alive(connection: DBAPIConnection, *_: object) -> None:
    """As the driver's own pool does it: what is known to be closed is not handed out. A ping would
    know no more in most cases, and cost every read a round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


async def _prepared(driver: asyncpg.Connection) -> None:
    """As SQLAlchemy's connections have it: jsonb goes in as text and comes out as what it says."""
    await driver.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda text: _JSONB_1 + text.encode(),
        decoder=lambda stored: msgspec.json.decode(stored[1:]),
    )


async def _as_it_is(_: asyncpg.Connection) -> None:
    """Nothing is done before it goes back: what was left open the pool has rolled back before this.
    Without this it would send four statements each time (asyncpg, PoolConnectionHolder.release)."""


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """A database that went away, in the words of `domain.errors`: what was begun is undone, unless
    it was the answer to COMMIT that got lost."""
    try:
        yield
    except (*_AWAY, OSError, PoolTimeout) as away:
        raise Unavailable(_SILENT, cause="our_outage") from away
    except InterfaceError as error:
        # closed, closing, released: asyncpg says a misuse by the same class
        if not any(word in str(error) for word in ("clos", "released")):
            raise
        raise Unavailable(_SILENT, cause="our_outage") from error
    except DBAPIError as error:
        if not error.connection_invalidated and not isinstance(error.orig, OSError):
            raise
        raise Unavailable(_SILENT, cause="our_outage") from error


def _asyncpg(url: URL) -> URL:
    """libpq's `sslmode`, as hosting platforms write it, is `ssl` for asyncpg's dialect."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)
