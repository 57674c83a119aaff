"""Eight in the morning: hundreds of shops are due at once, and nobody starves."""

from uuid import uuid4

import pytest

from tests.chaos.rush import a_turn_of_all, ends_fairly, left
from tests.infrastructure.shift import STEP, Shift

SHOPS, SLOTS = 500, 40


@pytest.mark.parametrize("seed", [2])
async def test_hundreds_of_shops_a_large_company_and_a_slow_marketplace(night, seed):
    await ends_fairly(night, SHOPS, SLOTS, refusals=10, seed=seed)


async def test_who_comes_in_the_middle_of_the_rush_waits_no_longer_than_the_others(night):
    early, late = [uuid4() for _ in range(SHOPS // 3)], uuid4()
    await night.queue_each([*early, *early, *early])
    shift = Shift(night, SLOTS // 3, seed=3)
    await shift.work(until=night.now + 20 * STEP)
    asked = (night.now - night.began).total_seconds()
    await night.queue(late, 1)
    await shift.work()

    (begun,) = (seconds for company, _, seconds in shift.begun if company == late)
    assert begun - asked <= a_turn_of_all(SHOPS, SLOTS)
    assert len({company for company, *_ in shift.begun[: len(early)]}) > 0.99 * len(early)
    assert await left(night) == 0
