"""Databases that a test has for itself, on the server that all tests share."""

from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import urlsplit

import asyncpg

from infrastructure.postgres.database import Database
from infrastructure.postgres.migrations import migrate

END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = $1 AND usename = current_user
"""
KEPT, IN_USE = set(), set()
"""Names of migrated databases that this process copies, and of those that a test has."""


async def empty_database(server, name):
    """The URL of a new one, on the server of that URL."""
    connection = await asyncpg.connect(server)
    try:
        await _drop(connection, name)
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return urlsplit(server)._replace(path=f"/{name}").geturl()


@asynccontextmanager
async def of_its_own(beside, *, migrated=True):
    """The URL of a new database on the server of `beside`, with the schema of this version."""
    stem = urlsplit(beside).path.lstrip("/")
    name = next(each for n in count(1) if (each := f"{stem}_{n}") not in IN_USE)
    IN_USE.add(name)
    try:
        yield await (_migrated_database if migrated else empty_database)(beside, name)
    finally:
        connection = await asyncpg.connect(beside)
        try:
            await _drop(connection, name)
        finally:
            await connection.close()
        IN_USE.remove(name)


@asynccontextmanager
async def connected(url, pool_size):
    """Its pools, closed at the end."""
    database = Database(url, pool_size=pool_size)
    try:
        yield database
    finally:
        await database.close()


async def _migrated_database(server, name):
    """As its migrations leave it: they run once, under its own name, by which their role is called,
    and what they made is kept under another one to be copied."""
    kept = f"{name}_kept"
    if kept not in KEPT:
        url = await empty_database(server, name)
        async with connected(url, 1) as database:
            await migrate(database)
    connection = await asyncpg.connect(server)
    try:
        if kept not in KEPT:
            await _drop(connection, kept)
            await connection.execute(END, name)
            await connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{kept}"')
            KEPT.add(kept)
        await _drop(connection, name)
        # Not through the WAL, which here would take three times as long.
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept}" STRATEGY file_copy')
    finally:
        await connection.close()
    return urlsplit(server)._replace(path=f"/{name}").geturl()


async def _drop(connection, name):
    """Not by FORCE, which may not end an autovacuum worker; the server does that by itself."""
    await connection.execute(END, name)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
