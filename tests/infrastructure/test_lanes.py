"""Lanes: every company's runs come in turn, whatever another one has queued."""

import asyncio
from datetime import timedelta
from itertools import chain
from uuid import uuid4

import pytest

from domain.run import PATIENT, URGENT, Wait
from infrastructure.postgres.lanes import wake
from infrastructure.postgres.ledger import PostgresLedger
from infrastructure.postgres.taking_back import take_back
from tests.infrastructure.night import DONE, EIGHT


@pytest.fixture
def large():
    return uuid4()


@pytest.fixture
def small():
    return uuid4()


async def test_one_who_comes_later_with_little_is_served_before_the_thousands_of_another(
    night, large, small
):
    await night.queue(large, 1000)
    await night.pass_through(4, 5)
    await night.queue(small, 2)

    assert (await night.served(4))[small] == 2


async def test_a_company_has_no_more_in_hand_than_its_cap(night, large):
    await night.queue(large, 50)
    await night.set(large, cap=3)

    assert (await night.served(20))[large] == 3
    assert (await night.served(20))[large] == 0


async def test_what_is_cancelled_leaves_a_full_lane_and_a_paused_one(night, large):
    await night.queue(large, 3)
    await night.set(large, cap=1)
    await night.hold(large, kind="bulk")
    assert (await night.served(20))[large] == 1
    (bulk,) = await night.queue(large, 1, kind="bulk", priority=URGENT)
    async with night.database.writing() as driver:
        await wake(driver, [large])
        stop = "UPDATE job_runs SET cancelling = 'not today' WHERE run_id = $1"
        await driver.execute(stop, bulk)

    assert [each.run_id for each in await night.ledger.admit(20)] == [bulk]
    assert (await night.served(20))[large] == 0


async def test_a_run_that_ends_makes_room_for_the_next_of_its_company(night, large):
    await night.queue(large, 5)
    await night.set(large, cap=1)

    assert await night.pass_through(10, 5) == {large: 5}


async def test_with_twice_the_weight_twice_as_many_are_done(night, large, small):
    for company in (large, small):
        await night.queue(company, 300)
    await night.set(large, weight=2)
    done = await night.pass_through(6, 30)

    assert done[large] == pytest.approx(2 * done[small], abs=6)


async def test_who_had_nothing_to_do_hoards_no_credit(night, large, small):
    await night.queue(small, 1)
    await night.pass_through(4, 1)
    await night.queue(large, 400)
    await night.pass_through(4, 50)
    await night.queue(small, 100)
    done = await night.pass_through(4, 20)

    assert done[large] == pytest.approx(40, abs=8)


async def test_of_one_company_what_somebody_looks_at_goes_first_and_bulk_work_last(night, large):
    (bulk,) = await night.queue(large, 1, priority=PATIENT)
    (usual,) = await night.queue(large, 1)
    (urgent,) = await night.queue(large, 1, priority=URGENT)

    assert [each.run_id for each in await night.ledger.admit(10)] == [urgent, usual, bulk]


async def test_a_run_is_not_handed_out_before_it_is_due_and_then_without_being_called(night, small):
    await night.queue(small, 1, due=EIGHT + timedelta(minutes=1))

    assert await night.ledger.admit(10) == []
    night.now += timedelta(minutes=1)
    assert len(await night.ledger.admit(10)) == 1


async def test_a_run_that_waits_for_a_neighbour_leaves_its_lane_to_the_others(night, small):
    first, second = await night.queue(small, 2)
    await night.set(small, cap=1)
    (handed,) = await night.ledger.admit(10)
    task = await night.ledger.start(handed, "w")
    await night.ledger.finish(task, Wait(until=EIGHT + timedelta(hours=1), why="quota"))

    assert [each.run_id for each in await night.ledger.admit(10)] == [second]
    assert task.run_id == first


@pytest.mark.parametrize("held", ["kind", "shop", "all", "fleet"])
async def test_what_is_held_stays_until_it_is_resumed(night, small, large, held):
    shop = uuid4()
    await night.queue(small, 1, shop=shop)
    match held:
        case "kind":
            await night.hold(small, kind="sync")
        case "shop":
            await night.hold(small, shop=shop)
        case "all":
            await night.hold(small)
        case "fleet":
            await night.hold(large, fleet=True)

    assert await night.ledger.admit(10) == []
    await night.resume(small)
    assert len(await night.ledger.admit(10)) == 1


async def test_what_is_not_held_goes_on(night, small, large):
    await night.queue(small, 1, shop=uuid4())
    await night.hold(small, kind="bulk")
    await night.hold(small, shop=uuid4())
    await night.hold(large)

    assert len(await night.ledger.admit(10)) == 1


async def test_several_dispatchers_hand_out_each_run_once_and_miss_none(night, database):
    companies = [uuid4() for _ in range(40)]
    for company in companies:
        await night.queue(company, 12)
    ledgers = [PostgresLedger(database, lambda: EIGHT) for _ in range(4)]

    async def dispatch(ledger):
        found = []
        for _ in range(60):
            handed = await ledger.admit(7)
            found += [each.run_id for each in handed]
            tasks = await asyncio.gather(*(ledger.start(each, "w") for each in handed))
            await asyncio.gather(*(ledger.finish(each, DONE) for each in tasks))
        return found

    found = [*chain.from_iterable(await asyncio.gather(*map(dispatch, ledgers)))]

    assert len(found) == len(set(found)) == 40 * 12


async def test_a_run_that_an_older_version_asked_for_finds_its_lane(night, database, small):
    await night.queue(small, 1)
    async with database.driver() as driver:
        await driver.execute("DELETE FROM lanes")

    assert await night.ledger.admit(10) == []
    async with database.writing() as driver:
        await take_back(driver, [], night.now)
    assert len(await night.ledger.admit(10)) == 1


async def test_runs_that_end_are_counted_by_minute_kind_and_company(night, database, large, small):
    await night.queue(large, 3)
    await night.queue(small, 1, kind="bulk")
    await night.pass_through(10, 1)
    night.now += timedelta(minutes=1)
    await night.queue(large, 1)
    await night.pass_through(10, 1)

    async with database.driver() as driver:
        rows = await driver.fetch(
            "SELECT minute, kind, succeeded, waited, ran FROM run_minutes "
            "WHERE tenant_id = ANY ($1) ORDER BY minute, kind",
            [large, small],
        )
    told = [(row["kind"], row["succeeded"], sum(row["waited"]), sum(row["ran"])) for row in rows]
    assert told == [("bulk", 1, 1, 1), ("sync", 3, 3, 3), ("sync", 1, 1, 1)]
