"""Neighbours for the adapters: real ones, on loopback; and a ledger that a test has for itself."""

import pytest

from tests.infrastructure.night import EMPTY, Night


@pytest.fixture
async def night(database):
    """Without runs and lanes of others."""
    async with database.driver() as driver:
        await driver.execute(EMPTY)
    yield Night(database)
    async with database.driver() as driver:
        await driver.execute(EMPTY)
