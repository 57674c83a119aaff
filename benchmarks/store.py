"""Servers to measure on: PostgreSQL as it comes, with nothing of its durability traded away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app import collector, settings
from app.wiring import Product, opened, prepare
from benchmarks.world import keys
from infrastructure.postgres.database import Database
from infrastructure.postgres.migrations import migrate
from sandbox.servers import postgres, temporary_folder, valkey


@asynccontextmanager
async def empty() -> AsyncIterator[Database]:
    """Migrated, without a fact. Gone with the block."""
    with temporary_folder() as folder, postgres(folder / "postgres") as server:
        database = Database(server.url)
        try:
            await migrate(database)
            collector.calm()  # as the product does at its start; the peer does so too
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def product() -> AsyncIterator[Product]:
    """The whole of it, except for its neighbours outside."""
    with (
        temporary_folder() as folder,
        postgres(folder / "postgres") as server,
        valkey(folder / "valkey") as memory,
    ):
        environ = {"DATABASE_URL": server.url, "REDIS_URL": memory.url, **keys()}
        read = settings.load(environ)
        await prepare(read)
        async with opened(read) as made:
            yield made
