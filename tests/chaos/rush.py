"""Eight in the morning: many shops are due at once, one company has many runs, one has to wait."""

from collections import defaultdict
from uuid import uuid4

from domain.plan import SHARES, Plan
from tests.infrastructure.shift import LONGEST, SHORTEST, STEP, Shift

LARGE = 50
CAP = SHARES[Plan.FREE].cap
MEAN = (SHORTEST + LONGEST) / 2 + STEP.total_seconds() / 2


def a_turn_of_all(shops, slots):
    """Seconds that the slots need for one run of each company, and a little more."""
    return 1.15 * shops * MEAN / slots + LONGEST


async def ends_fairly(night, shops, slots, refusals, seed):
    """Nobody starves: not behind a large company that asks first, nor for one whose marketplace
    refuses it so often."""
    turn = a_turn_of_all(shops, slots)
    large, patient, *small = [uuid4() for _ in range(shops + 2)]
    await night.queue(large, LARGE)
    (slow,) = await night.queue(patient, 1, kind="slow")
    (beside,) = await night.queue(patient, 1)
    await night.queue_each(small)

    shift = Shift(night, slots, seed, refusals=refusals)
    await shift.work()

    waits, waited = defaultdict(list), defaultdict(list)
    for company, run_id, seconds in shift.begun:
        waits[company].append(seconds)
        waited[run_id].append(seconds)
    order = [company for company, *_ in shift.begun]
    last_small = max(n for n, company in enumerate(order) if company in {*small})

    assert shift.twice == []
    assert len(waited) == shops + LARGE + 2
    assert await left(night) == 0

    assert max(waits[company][0] for company in small) <= turn
    assert order[:last_small].count(large) <= 3

    assert shift.most[large] == CAP
    assert max(waits[large]) <= turn + LONGEST * LARGE / CAP

    assert len(waited[slow]) == refusals + 1
    assert sum(waited[slow]) + sum(waited[beside]) <= 2 * turn


async def left(night):
    async with night.database.driver() as driver:
        return await driver.fetchval("SELECT count(*) FROM job_runs")
