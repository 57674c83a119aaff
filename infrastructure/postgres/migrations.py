"""Bringing a database to the schema this version was written for."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from infrastructure.postgres.database import Database

SCRIPTS = Path(__file__).parents[2] / "migrations"


async def migrate(database: Database) -> None:
    """Run what is missing, in one transaction; a second migrator waits for the first."""
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def pending(database: Database) -> tuple[str | None, str]:
    """(revision of the database, revision of this version): equal when nothing is to be done."""
    async with database.engine.connect() as connection:
        now = await connection.run_sync(_revision)
    return now, str(ScriptDirectory.from_config(_config()).get_current_head())


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
