"""Errors that mean: a part of ours is away. One list, for answers and for starts."""

import errno
from socket import gaierror

import asyncpg
import redis.exceptions
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.settings import WrongSettings
from domain.errors import Outside, Refused
from domain.secrecy import WrongMasterKey

AWAY = (
    ConnectionError,
    TimeoutError,
    gaierror,
    FileNotFoundError,  # the socket of a database that runs on this machine
    PoolTimeout,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InterfaceError,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
)


def away(error: BaseException) -> bool:
    """Whether a database or a queue did not answer, as opposed to: answered that we are wrong."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _away_below(error)
    # asyncpg calls a wrong argument an interface error too, but also a ValueError.
    return isinstance(error, AWAY) and not isinstance(error, ValueError)


def sentence(error: BaseException) -> str | None:
    """What an operator can do about an error at the start; None if it is a fault of ours."""
    if isinstance(error, WrongSettings):
        return str(error)
    if isinstance(error, Refused | Outside | WrongMasterKey):
        return " ".join(str(error).split())
    if isinstance(error, asyncpg.UndefinedTableError):
        return "The database has not been migrated to this version. Run `stock-tracker migrate`."
    if isinstance(error, OSError) and (error.filename or error.errno == errno.ENOSPC):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}."
    if isinstance(error, OSError) or away(error):
        first = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
        return f"{first}. `stock-tracker doctor` tries every part."
    return None


def _away_below(error: DBAPIError) -> bool:
    driver = error.orig.__cause__ if error.orig else None
    if driver is not None:
        return away(driver)
    return isinstance(error, InterfaceError | OperationalError)
