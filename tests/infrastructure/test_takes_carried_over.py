"""Tries of runs that were kept by the version before go on as they were, and back."""

from datetime import UTC, datetime
from uuid import uuid4

from alembic import command

from infrastructure.postgres.database import Database
from infrastructure.postgres.migrations import _config, migrate
from tests.databases import of_its_own

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TRY = "INSERT INTO job_attempts (tenant_id, run_id, attempt, number, worker, started_at) VALUES "
KEPT = "SELECT attempt, worker FROM job_attempts ORDER BY attempt"


async def test_of_many_take_ups_the_version_before_has_the_last_of_each_try(postgres_url):
    async with of_its_own(postgres_url) as url:
        database, one = Database(url), uuid4()
        await migrate(database)
        takes = [(1, None, "old"), (4, 2, "waited"), (5, 2, "failed"), (9, 3, "done")]
        async with database.driver() as driver:
            rows = [(one, one, take, number, worker, AT) for take, number, worker in takes]
            await driver.executemany(f"{TRY} ($1, $2, $3, $4, $5, $6)", rows)

        def change(connection):
            config = _config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0016")

        async with database.engine.begin() as connection:
            await connection.run_sync(change)
        async with database.driver() as driver:
            kept = [tuple(row) for row in await driver.fetch(KEPT)]
        await migrate(database)
        await database.close()

    assert kept == [(1, "old"), (2, "failed"), (3, "done")]
