"""What the first page reads: counts that agree with the definition, and causes that are true."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.runs.overview import read as overview_read
from app.runs.overview.read import A_DAY, LOST_AFTER, counts
from app.runs.overview.shops import all_shops, late_shops
from domain.access import Role, TenantScope
from domain.freshness import Freshness, Promise, standing
from domain.lateness import Move
from domain.start import MARGIN
from tests.app.overview_world import DAY, EIGHT, MINUTE, NOW, PROMISE, SCHEDULE, SHOP, Fleet

STAFF = TenantScope.everyone(uuid4(), "tests")


@pytest.fixture
async def fleet(database):
    fleet = Fleet(database)
    await fleet.empty()
    yield fleet
    await fleet.empty()


def owner(company):
    return TenantScope(tenant=company, person=uuid4(), role=Role.OWNER)


async def late(fleet, *, working=True):
    return await late_shops(fleet.database, STAFF, NOW, workers=working)


async def test_nobody_is_counted_where_nobody_is(fleet):
    found = await counts(fleet.database, STAFF, NOW)

    assert (found.fresh, found.due, found.late, found.coming) == (0, 0, 0, 0)


async def test_whoever_is_due_is_fresh_or_late_and_who_came_late_is_told(fleet):
    await fleet.shop()
    await fleet.shop(kept_at=EIGHT + 5 * MINUTE)
    await fleet.shop(owed=EIGHT)
    await fleet.shop(kept_for=None, kept_at=None, fresh_at=None)
    await fleet.shop(coming=EIGHT + 60 * MINUTE)
    await fleet.shop(owed=EIGHT + 30 * MINUTE, coming=EIGHT + DAY)

    found = await counts(fleet.database, STAFF, NOW)

    assert (found.fresh, found.due, found.late) == (4, 5, 1)
    assert (found.tardy, found.coming, found.soon) == (1, 2, EIGHT + 60 * MINUTE)


async def test_the_counts_are_those_of_the_one_definition(fleet):
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    around = [None, *(EIGHT + n * 10 * MINUTE for n in range(-3, 6))]
    promises = []
    for _ in range(300):
        owed, kept_for, coming = (chance.choice(around) for _ in range(3))
        coming = coming or EIGHT + DAY
        starts = chance.choice([coming - MARGIN, coming])
        kept_at = kept_for and kept_for + chance.randint(-9, 9) * MINUTE
        ids = uuid4(), uuid4()
        await fleet.many(SHOP, [(*ids, "f", EIGHT, None, None)])
        await fleet.many(SCHEDULE, [(*ids, coming, starts)])
        await fleet.many(PROMISE, [(*ids, owed, kept_for, kept_at, kept_at)])
        promises.append(
            Promise(owed=owed, kept_for=kept_for, kept_at=kept_at, coming=coming, starts=starts)
        )
    defined = [standing(each, NOW).freshness for each in promises]

    found = await counts(fleet.database, STAFF, NOW)

    assert found.late == defined.count(Freshness.LATE) == len(await late(fleet))
    assert found.fresh == defined.count(Freshness.FRESH)


async def test_a_late_shop_tells_what_stands_in_its_way(fleet):
    shops = [await fleet.shop(name, owed=EIGHT + n * MINUTE) for n, name in enumerate("abcdef")]
    await fleet.waits(*shops[0], "outage", why="Wildberries не отвечает.")
    await fleet.waits(*shops[1], outcome="lost", state="running")
    await fleet.ended(*shops[2], "succeeded", at=EIGHT - 2 * DAY)
    failed = await fleet.ended(*shops[2], "failed", "KeyError")
    await fleet.waits(*shops[3])
    await fleet.ended(*shops[4], "succeeded", at=EIGHT - DAY)
    await fleet.shop("g", owed=EIGHT - DAY, broken="token_dead")
    await fleet.shop("h", owed=EIGHT + 9 * MINUTE, sheet=None)
    await fleet.shop("fresh")

    found = await late(fleet)

    assert [(each.name, each.why.cause) for each in found] == [
        ("g", "token_dead"),
        ("a", "outage"),
        ("b", "lost"),
        ("c", "fault"),
        ("d", "queued"),
        ("e", "unasked"),
        ("f", "unasked"),
        ("h", "not_connected"),
    ]
    assert found[0].since == EIGHT - DAY
    assert (found[1].said, found[1].company) == ("Wildberries не отвечает.", "Рыжий кот")
    assert found[3].run_id == failed


async def test_a_hold_of_the_company_is_its_move_and_one_of_the_fleet_is_ours(fleet):
    shop = await fleet.shop(owed=EIGHT)
    await fleet.waits(*shop)
    hold = "INSERT INTO holds VALUES ($1, $2, $3, 'sync', NULL, $4)"
    await fleet.many(hold, [(shop[0], "mine", False, NOW)])
    (mine,) = await late(fleet)
    await fleet.many(hold, [(uuid4(), "all", True, NOW)])
    (ours,) = await late(fleet)

    assert (mine.why.cause, mine.why.move) == ("held", Move.SELLER)
    assert (ours.why.cause, ours.why.move) == ("paused", Move.US)


async def test_where_nobody_works_that_is_why(fleet):
    await fleet.waits(*await fleet.shop(owed=EIGHT), "outage")

    (found,) = await late(fleet, working=False)

    assert (found.why.cause, found.why.move) == ("no_worker", Move.US)


async def test_a_slot_whose_run_nobody_asked_for_is_missed(fleet):
    await fleet.shop(coming=EIGHT, kept_for=EIGHT - DAY, kept_at=EIGHT - DAY)

    (found,) = await late(fleet)

    assert (found.since, found.why.cause) == (EIGHT, "unasked")


async def test_a_company_sees_its_own_shops_and_nobody_elses(fleet):
    company, shop_id = await fleet.shop("mine", owed=EIGHT)
    await fleet.shop("theirs", owed=EIGHT)
    scope = owner(company)

    seen = await all_shops(fleet.database, scope, NOW, 10)
    found = await counts(fleet.database, scope, NOW)

    assert [each.shop_id for each in seen] == [shop_id]
    assert [each.name for each in await late_shops(fleet.database, scope, NOW, workers=True)] == [
        "mine"
    ]
    assert (found.due, found.late) == (1, 1)


async def test_figures_and_workers_are_those_of_the_last_hour_and_day(fleet):
    await fleet.figures(NOW - MINUTE, 5)
    await fleet.figures(NOW - 61 * MINUTE, 7)
    await fleet.figures(EIGHT, 11, 2, table="fleet_quarters")
    await fleet.figures(EIGHT - DAY, 13, table="fleet_quarters")
    await fleet.worker("alive:1")
    await fleet.worker("gone:1", at=NOW - LOST_AFTER - timedelta(seconds=1))

    found = await overview_read.fleet(fleet.database, STAFF, NOW)

    assert [each.succeeded for each in found.hour] == [5]
    assert [each.failed for each in found.day] == [2]
    assert [(each.worker, state) for each, state in found.workers] == [
        ("alive:1", "working"),
        ("gone:1", "lost"),
    ]
    assert found.works


async def test_but_for_one_pass_over_the_promises_the_one_number_is_read_off_indexes(fleet):
    ids = [(uuid4(), uuid4()) for _ in range(5_000)]
    times = (EIGHT, EIGHT - 8 * MINUTE, EIGHT)
    await fleet.many(PROMISE, [(*each, None, *times) for each in ids])
    await fleet.many(SCHEDULE, [(*each, EIGHT + DAY, EIGHT + DAY) for each in ids])
    told = {"now": NOW, "margin": MARGIN, "soon": NOW, "yesterday": NOW - A_DAY}
    async with fleet.database.driver() as driver:
        await driver.execute("VACUUM (ANALYZE) promises")
        await driver.execute("VACUUM (ANALYZE) schedules")

    async with fleet.database.reading(STAFF) as connection:
        plan = await connection.execute(text(f"EXPLAIN {overview_read._COUNTS}"), told)
        steps = [row[0].split("(cost")[0].strip(" ->") for row in plan]

    assert [each for each in steps if "Seq Scan" in each] == ["Seq Scan on promises"]
    assert "Index Scan using promises_owed on promises promises_2" in steps
    assert "Index Scan using schedules_due on schedules s" in steps
