"""One pool for everything: writes as the owner, reads as a role that sees one tenant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from asyncpg.exceptions import (
    AdminShutdownError,
    CannotConnectNowError,
    CrashShutdownError,
    InterfaceError,
    PostgresConnectionError,
    TooManyConnectionsError,
)
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.access import TenantScope
from domain.errors import Unavailable

# set_config(…, true) ends with the transaction. Never false: a session-level setting would
# follow the connection back into the pool and open the next caller's reads.
_NARROW = text("SELECT set_config('role', :role, true), set_config('app.tenant', :tenant, true)")


_AWAY = (
    PostgresConnectionError,
    InterfaceError,
    CannotConnectNowError,
    AdminShutdownError,
    CrashShutdownError,
    TooManyConnectionsError,
)
_SILENT = "The database does not answer at the moment. Nothing was changed; try again."


class Database:
    """Where facts, runs, snapshots, people and secrets live.

    `url` is a plain `postgresql://` one. Close with `close()`.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = _asyncpg(make_url(url))
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            connect_args={"timeout": 10, "server_settings": {"application_name": "stock-tracker"}},
        )
        self._role = f"app_tenant_{self.url.database}"

    @asynccontextmanager
    async def reading(self, scope: TenantScope) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees the scope's tenant only, by the database's own policy."""
        async with _answering(), self.engine.begin() as connection:
            await connection.execute(_NARROW, {"role": self._role, "tenant": str(scope.tenant)})
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[asyncpg.Connection]:
        """The driver's connection in a transaction, as the owner: appends and the ledger."""
        async with self.driver() as driver, driver.transaction():
            yield driver

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[asyncpg.Connection]:
        """The driver's connection, as the owner, each statement for itself."""
        async with _answering(), self.engine.connect() as connection:
            yield (await connection.get_raw_connection()).driver_connection

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.engine.dispose()


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """A database that went away, in the words of `domain.errors`: what was begun is undone."""
    try:
        yield
    except (*_AWAY, OSError, PoolTimeout) as away:
        raise Unavailable(_SILENT, cause="our_outage") from away
    except DBAPIError as error:
        if not error.connection_invalidated and not isinstance(error.orig, OSError):
            raise
        raise Unavailable(_SILENT, cause="our_outage") from error


def _asyncpg(url: URL) -> URL:
    """libpq's `sslmode`, as hosting platforms write it, is `ssl` for asyncpg's dialect."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)
