"""Schedules of before this version go on as they were, and back."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from alembic import command

from infrastructure.postgres.database import Database
from infrastructure.postgres.migrations import _config, migrate
from tests.databases import of_its_own

DUE = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OLD_SHOP = """
INSERT INTO shops (tenant_id, shop_id, marketplace, seller_id, token_id, token_kind, cron, zone,
                   connected_at)
VALUES ($1, $1, 'wildberries', 's', $1, 'base', '0 7 * * *', 'Asia/Omsk', now())
"""


@pytest.fixture
async def moved(postgres_url):
    """Brings a database of its own to a revision."""
    async with of_its_own(postgres_url) as url:
        database = Database(url)
        await migrate(database)

        async def to(revision):
            def change(connection):
                config = _config()
                config.attributes["connection"] = connection
                turn = command.downgrade if revision < "0010" else command.upgrade
                turn(config, revision)

            async with database.engine.begin() as connection:
                await connection.run_sync(change)
            return database

        yield to
        await database.close()


async def test_cron_stays_cron_with_the_policies_that_there_were(moved):
    database, one = await moved("0009"), uuid4()
    async with database.driver() as driver:
        await driver.execute(OLD_SHOP, one)
        await driver.execute(
            "INSERT INTO schedules VALUES ($1, $1, '0 7 * * *', 'Asia/Omsk', $2)", one, DUE
        )
    await moved("0010")
    async with database.driver() as driver:
        shop = await driver.fetchrow("SELECT * FROM shops WHERE shop_id = $1", one)
        row = await driver.fetchrow("SELECT * FROM schedules WHERE shop_id = $1", one)

    assert (shop["cron"], shop["ready_hour"], shop["catch_up"]) == ("0 7 * * *", None, "once")
    assert (row["slot"], row["next_run_at"], row["ready_by"]) == (DUE, DUE, None)
    assert (row["catch_up"], row["overlap"], row["planned"]) == ("once", "skip", True)


async def test_a_promise_is_its_hour_in_cron_for_the_version_before(moved):
    database, one = await moved("0010"), uuid4()
    async with database.driver() as driver:
        await driver.execute(
            "INSERT INTO schedules (tenant_id, shop_id, cron, zone, ready_hour, weekdays, slot, "
            "next_run_at) VALUES ($1, $1, '0 8 * * *', 'UTC', '08:00', '1234567', $2, $2)",
            one,
            DUE,
        )
    await moved("0009")
    async with database.driver() as driver:
        row = await driver.fetchrow("SELECT * FROM schedules WHERE shop_id = $1", one)

    assert dict(row) == {
        "tenant_id": one,
        "shop_id": one,
        "cron": "0 8 * * *",
        "zone": "UTC",
        "next_run_at": DUE,
    }
