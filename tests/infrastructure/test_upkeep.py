"""The house is kept: months are made ahead, and what is old enough is let go."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from infrastructure.postgres.upkeep import ORIGINS_KEPT, Upkeep

NOW = datetime(2031, 11, 23, tzinfo=UTC)
ORIGIN = (
    "INSERT INTO origins (tenant_id, correlation_id, ip, agent, at) VALUES ($1, $1, NULL, '', $2)"
)
TODAYS = b"today's shape"
STATE = """
INSERT INTO states (tenant_id, kind, stream_id, shape, version, hash, position, latest, state)
VALUES ($1, 'tenant', $1, $2, 200, '', 200, now(), '{}')
"""


@pytest.fixture
def upkeep(database):
    return Upkeep(database, [TODAYS], lambda: NOW)


async def test_finished_runs_of_the_coming_months_have_their_own_tables(database, upkeep):
    await upkeep()
    await upkeep()

    async with database.driver() as driver:
        names = await driver.fetch(
            "SELECT inhrelid::regclass::text AS name FROM pg_inherits "
            "WHERE inhparent = 'job_history'::regclass"
        )
    assert {row["name"] for row in names} >= {
        "job_history_2031_11",
        "job_history_2031_12",
        "job_history_2032_01",
    }


async def test_addresses_of_requests_are_forgotten_after_ninety_days(database, upkeep):
    old, young = uuid4(), uuid4()
    async with database.driver() as driver:
        await driver.execute(ORIGIN, old, NOW - ORIGINS_KEPT - timedelta(seconds=1))
        await driver.execute(ORIGIN, young, NOW - ORIGINS_KEPT + timedelta(seconds=1))

    await upkeep()

    async with database.driver() as driver:
        left = await driver.fetch(
            "SELECT tenant_id FROM origins WHERE tenant_id = ANY($1)", [old, young]
        )
    assert [row["tenant_id"] for row in left] == [young]


async def test_kept_states_of_another_shape_are_dropped(database, upkeep):
    company = uuid4()
    async with database.driver() as driver:
        await driver.execute(STATE, company, b"a shape of before")
        await driver.execute(STATE, company, TODAYS)

    await upkeep()

    async with database.driver() as driver:
        left = await driver.fetch("SELECT shape FROM states WHERE tenant_id = $1", company)
    assert [row["shape"] for row in left] == [TODAYS]
