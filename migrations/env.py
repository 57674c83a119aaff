"""How Alembic reaches the database: over asyncpg, or over the connection `migrate` hands it."""

import asyncio

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection

from app import settings
from infrastructure.postgres.database import Database


def migrate(connection: Connection) -> None:
    """Run the asked steps in one transaction, one migrator at a time."""
    context.configure(connection=connection, transactional_ddl=True)
    with context.begin_transaction():
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('migrate'))")
        context.run_migrations()


async def connect() -> None:
    """For the plain `alembic` command. Raises CommandError, which it shows as a sentence."""
    try:
        url = settings.database_url()
    except settings.WrongSettings as wrong:
        raise CommandError(str(wrong)) from wrong
    database = Database(url.reveal(), pool_size=1)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await database.close()


handed = context.config.attributes.get("connection")
if handed is None:
    asyncio.run(connect())
else:
    migrate(handed)
