"""Bringing a database to the schema this version was written for."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from asyncpg.exceptions import DuplicateTableError
from sqlalchemy import Connection

from domain.errors import Refused
from infrastructure.postgres.database import Database

SCRIPTS = Path(__file__).parents[2] / "migrations"


class ForeignTables(Refused):
    """This database holds tables of another product, the old Stock Tracker perhaps. Give
    DATABASE_URL a database of its own; nothing was changed here."""


class ForeignRevision(Refused):
    """This database was brought to its form by another product, the old Stock Tracker perhaps, or
    by a newer version of this one. Give DATABASE_URL a database of its own, or update; nothing was
    changed here."""


async def migrate(database: Database) -> None:
    """Run what is missing, in one transaction; a second migrator waits for the first.

    Raises ForeignTables, ForeignRevision.
    """
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(_upgrade)
    except DuplicateTableError as foreign:
        raise ForeignTables from foreign


async def pending(database: Database) -> tuple[str | None, str]:
    """(revision of the database, revision of this version): equal when nothing is to be done."""
    async with database.engine.connect() as connection:
        now = await connection.run_sync(_revision)
    return now, str(ScriptDirectory.from_config(_config()).get_current_head())


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        ScriptDirectory.from_config(config).get_revision(_revision(connection) or "base")
    except CommandError as unknown:
        raise ForeignRevision from unknown
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
