"""Databases that a test has for itself, on the server that all tests share."""

from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from infrastructure.postgres.database import Database
from infrastructure.postgres.migrations import migrate


@asynccontextmanager
async def of_its_own(beside, name):
    """The URL of a new database with the schema of this version, on the server of `beside`."""
    url = urlsplit(beside)
    name = f"{url.path.lstrip('/')}_{name}"
    server = await asyncpg.connect(beside)
    await server.execute(f'DROP DATABASE IF EXISTS "{name}"')
    await server.execute(f'CREATE DATABASE "{name}"')
    try:
        own = url._replace(path=f"/{name}").geturl()
        database = Database(own)
        await migrate(database)
        await database.close()
        yield own
    finally:
        await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await server.close()
