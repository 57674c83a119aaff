"""When what waits is looked at while very much comes."""

from asyncio import gather
from datetime import timedelta

import pytest

from domain.inbox_port import FEW
from infrastructure.postgres import inbox_due
from tests.infrastructure.inbox_world import alone


@pytest.fixture
async def world(database):
    async with alone(database) as world:
        yield world


async def test_in_a_storm_a_customer_waits_for_what_comes_about_her_meanwhile(world):
    await many(world, FEW)
    before = await world.due()
    await many(world, FEW)
    in_the_storm = await world.due()
    world.wait(seconds=1)

    assert [each.count for each in before] == [FEW]
    assert in_the_storm == []
    assert [each.count for each in await world.due()] == [2 * FEW]


async def test_however_much_comes_nobody_waits_for_long(world, monkeypatch):
    monkeypatch.setattr(inbox_due, "EACH", timedelta(hours=1))
    await many(world, 2 * FEW)
    world.wait(seconds=30)

    assert [each.count for each in await world.due()] == [2 * FEW]


async def many(world, count):
    """Messages about the world's customer, who is known."""
    await gather(*(world.came() for _ in range(count)))
    await world.linked()
