"""Eight in the morning: two thousand shops are due at once, and nobody starves."""

from collections import defaultdict
from uuid import uuid4

import pytest

from domain.plan import SHARES, Plan
from tests.infrastructure.shift import LONGEST, SHORTEST, STEP, Shift

SHOPS, LARGE, REFUSALS, SLOTS = 2_000, 50, 20, 150
CAP = SHARES[Plan.FREE].cap
MEAN = (SHORTEST + LONGEST) / 2 + STEP.total_seconds() / 2
A_TURN_OF_ALL = 1.15 * SHOPS * MEAN / SLOTS + LONGEST
"""Seconds that the slots need for one run of each company, and a little more."""


@pytest.mark.parametrize("seed", [2])
async def test_two_thousand_shops_a_large_company_and_a_slow_marketplace(night, seed):
    large, patient, *small = [uuid4() for _ in range(SHOPS + 2)]
    await night.queue(large, LARGE)  # it asks first
    (slow,) = await night.queue(patient, 1, kind="slow")
    (beside,) = await night.queue(patient, 1)
    await night.queue_each(small)

    shift = Shift(night, SLOTS, seed, refusals=REFUSALS)
    await shift.work()

    waits, waited = defaultdict(list), defaultdict(list)
    for company, run_id, seconds in shift.begun:
        waits[company].append(seconds)
        waited[run_id].append(seconds)
    order = [company for company, *_ in shift.begun]
    last_small = max(n for n, company in enumerate(order) if company in {*small})

    assert shift.twice == []
    assert len(waited) == SHOPS + LARGE + 2
    assert await left(night) == 0

    assert max(waits[company][0] for company in small) <= A_TURN_OF_ALL
    assert order[:last_small].count(large) <= 3

    assert shift.most[large] == CAP
    assert max(waits[large]) <= A_TURN_OF_ALL + LONGEST * LARGE / CAP

    assert len(waited[slow]) == REFUSALS + 1
    assert sum(waited[slow]) + sum(waited[beside]) <= 2 * A_TURN_OF_ALL


async def test_who_comes_in_the_middle_of_the_rush_waits_no_longer_than_the_others(night):
    early, late = [uuid4() for _ in range(SHOPS // 4)], uuid4()
    await night.queue_each([*early, *early, *early])
    shift = Shift(night, SLOTS // 4, seed=3)
    await shift.work(until=night.now + 20 * STEP)
    asked = (night.now - night.began).total_seconds()
    await night.queue(late, 1)
    await shift.work()

    (begun,) = (seconds for company, _, seconds in shift.begun if company == late)
    assert begun - asked <= A_TURN_OF_ALL
    assert len({company for company, *_ in shift.begun[: len(early)]}) > 0.99 * len(early)
    assert await left(night) == 0


async def left(night):
    async with night.database.driver() as driver:
        return await driver.fetchval("SELECT count(*) FROM job_runs")
