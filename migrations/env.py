"""How Alembic reaches the database: over asyncpg, or over the connection `migrate` hands it."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine


def migrate(connection: Connection) -> None:
    """Run the asked steps in one transaction, one migrator at a time."""
    context.configure(connection=connection, transactional_ddl=True)
    with context.begin_transaction():
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('migrate'))")
        context.run_migrations()


async def connect() -> None:
    """For the plain `alembic` command, which knows only the environment."""
    url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


handed = context.config.attributes.get("connection")
if handed is None:
    asyncio.run(connect())
else:
    migrate(handed)
