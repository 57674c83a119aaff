"""Each slot of each schedule is answered once: by a run, by the one that is alive, or by a skip."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.cron import following
from domain.schedule import EVERY_MORNING, CatchUp, Overlap, by_cron, ready_by
from domain.start import APART, jitter
from infrastructure.google.quota import PER_USER
from infrastructure.postgres.schedules import PostgresSchedules
from tests.infrastructure.scheduling import NOW, Planned

A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EIGHT_TOMORROW = datetime(2026, 11, 24, 5, tzinfo=UTC)
HOURLY = by_cron("0 * * * *", "Europe/Moscow")
SKIP = replace(HOURLY, catch_up=CatchUp.SKIP)
RERUN = replace(HOURLY, overlap=Overlap.RERUN)
FIVE = datetime(2026, 11, 23, 5, tzinfo=UTC)


@pytest.fixture
async def planned(database):
    planned = Planned(database)
    await planned.empty()
    return planned


async def test_a_slot_is_asked_for_once_and_the_next_one_is_planned(planned):
    shop = await planned.shop(HOURLY)

    assert await planned.tick() == 0
    assert await planned.tick(21 * A_MINUTE) == 1
    assert await planned.tick(A_MINUTE) == 0
    row = await planned.row(shop)
    assert (row["last_slot"], row["last_outcome"]) == (FIVE, "asked")
    assert row["slot"] == FIVE + AN_HOUR
    assert row["next_run_at"] == FIVE + AN_HOUR + jitter(shop, AN_HOUR)
    assert row["ready_by"] is None


async def test_a_run_says_which_slot_it_is_for(planned):
    shop = await planned.shop(HOURLY)
    start = (await planned.row(shop))["next_run_at"]
    await planned.tick(21 * A_MINUTE)
    (run,) = await planned.runs(shop)

    assert run["cause_key"] == f"schedule:{shop}:{FIVE.isoformat()}"
    assert run["causation"] == f"schedule:{start.isoformat()}"
    assert (run["kind"], run["source"], run["key"]) == ("sync", "schedule", f"sync:{shop}")


async def test_a_shop_without_a_sheet_has_nothing_to_sync(planned):
    shop = await planned.shop(HOURLY, sheet=None)

    assert await planned.tick(21 * A_MINUTE) == 0
    row = await planned.row(shop)
    assert (row["last_slot"], row["last_outcome"]) == (FIVE, "skipped")


# A promise


async def test_a_promise_is_planned_before_its_hour_and_then_for_the_next_day(planned):
    shop = await planned.shop(ready_by("09:00", "Europe/Moscow"))
    nine = datetime(2026, 11, 23, 6, tzinfo=UTC)
    await planned.tick()
    first = await planned.row(shop)

    assert (first["ready_by"], first["next_run_at"]) == (nine, nine - 15 * A_MINUTE)
    assert await planned.until(nine - 15 * A_MINUTE) == 1
    row = await planned.row(shop)
    assert row["ready_by"] == nine + A_DAY
    assert row["next_run_at"] == nine + A_DAY - 15 * A_MINUTE
    assert (row["last_slot"], row["last_outcome"]) == (nine, "asked")


async def test_shops_of_one_hour_begin_one_after_the_other_and_all_before_it(planned):
    shops = [await planned.shop(ready_by("12:00", "Europe/Moscow")) for _ in range(5)]
    noon = datetime(2026, 11, 23, 9, tzinfo=UTC)
    await planned.tick()
    starts = sorted([(await planned.row(shop))["next_run_at"] for shop in shops])

    assert starts[-1] == noon - 15 * A_MINUTE
    assert {later - earlier for earlier, later in pairwise(starts)} == {timedelta(seconds=1.25)}
    assert await planned.counted() == [(noon, 5)]


async def test_a_promise_that_is_too_near_begins_at_once(planned):
    shop = await planned.shop(EVERY_MORNING)
    planned.now = FIVE - 5 * A_MINUTE
    await planned.set(shop, EVERY_MORNING, (await planned.row(shop))["tenant_id"])

    assert await planned.tick() == 1
    assert (await planned.row(shop))["ready_by"] == EIGHT_TOMORROW


async def test_whoever_changes_her_mind_holds_one_place(planned):
    shop = await planned.shop(ready_by("12:00", "Europe/Moscow"))
    company = (await planned.row(shop))["tenant_id"]
    for hour in ("13:00", "12:00", "13:00", "14:00"):
        await planned.tick()
        await planned.set(shop, ready_by(hour, "Europe/Moscow"), company)
    await planned.tick()
    counted = await planned.counted()
    await planned.set(shop, HOURLY, company)
    await planned.tick()

    assert [count for _, count in counted] == [0, 0, 1]
    assert [count for _, count in await planned.counted()] == [0, 0, 0]
    row = await planned.row(shop)
    assert (row["planned"], row["ready_by"], row["slot"]) == (True, None, FIVE)


async def test_hours_that_are_over_are_forgotten(planned):
    await planned.shop(EVERY_MORNING)
    await planned.until(FIVE + A_MINUTE)
    await planned.until(FIVE + A_DAY)

    assert [hour for hour, _ in await planned.counted()] == [EIGHT_TOMORROW, EIGHT_TOMORROW + A_DAY]


# Catching up


@pytest.mark.parametrize(
    ("schedule", "away", "outcome"),
    [
        (HOURLY, 5 * AN_HOUR, "asked"),
        (SKIP, 5 * AN_HOUR, "skipped"),
        (SKIP, 40 * A_MINUTE, "asked"),
        (EVERY_MORNING, 10 * AN_HOUR, "asked"),
        (replace(EVERY_MORNING, catch_up=CatchUp.SKIP), 10 * AN_HOUR, "skipped"),
        (replace(EVERY_MORNING, catch_up=CatchUp.SKIP), AN_HOUR, "asked"),
    ],
)
async def test_what_was_missed_is_run_once_or_skipped(planned, schedule, away, outcome):
    shop = await planned.shop(schedule)
    await planned.tick()

    assert await planned.tick(away) == (outcome == "asked")
    assert await planned.tick() == 0
    row = await planned.row(shop)
    assert (row["last_slot"], row["last_outcome"]) == (FIVE, outcome)
    assert row["slot"] > planned.now


# Meeting a run that is alive


async def test_a_live_run_absorbs_the_slot(planned):
    shop = await planned.shop(HOURLY)
    await planned.tick(21 * A_MINUTE)
    await planned.running(shop)

    assert await planned.tick(AN_HOUR) == 0
    (run,) = await planned.runs(shop)
    assert not run["again"]
    assert (await planned.row(shop))["last_outcome"] == "absorbed"


async def test_a_run_under_way_goes_once_more_where_that_is_wished(planned):
    shop = await planned.shop(RERUN)
    await planned.tick(21 * A_MINUTE)
    await planned.running(shop)

    assert await planned.tick(AN_HOUR) == 0
    (run,) = await planned.runs(shop)
    assert run["again"]
    assert (await planned.row(shop))["last_outcome"] == "absorbed"


async def test_a_run_that_has_not_begun_is_for_the_slot_too(planned):
    shop = await planned.shop(RERUN)
    await planned.tick(21 * A_MINUTE)
    await planned.tick(AN_HOUR)
    (run,) = await planned.runs(shop)
    await planned.end(shop)

    assert not run["again"]
    assert await planned.tick(AN_HOUR) == 1


# Many at once


async def test_two_dispatchers_at_once_ask_once_for_each_slot(planned, database):
    shops = [await planned.shop(HOURLY) for _ in range(60)]
    planned.now = FIVE + A_MINUTE
    others = [PostgresSchedules(database, lambda: planned.now) for _ in range(4)]

    asked = await asyncio.gather(*(each.tick(following) for each in others))
    rest = await planned.tick()

    assert sum(asked) + rest == len(shops)
    assert [len(await planned.runs(shop)) for shop in shops] == [1] * len(shops)


async def test_two_dispatchers_at_once_give_each_shop_a_turn_of_its_own(planned, database):
    hours = ("12:00", "13:00", "14:00")
    shops = [await planned.shop(ready_by(hours[n % 3], "Europe/Moscow")) for n in range(60)]
    others = [PostgresSchedules(database, lambda: planned.now) for _ in range(4)]

    await asyncio.gather(*(each.tick(following) for each in others))
    await planned.tick()

    starts = {(await planned.row(shop))["next_run_at"] for shop in shops}
    assert len(starts) == len(shops)
    assert [count for _, count in await planned.counted()] == [20, 20, 20]


async def test_more_than_a_batch_is_done_in_one_tick(planned, monkeypatch):
    monkeypatch.setattr("infrastructure.postgres.schedules.BATCH", 4)
    for _ in range(11):
        await planned.shop(HOURLY)
        await planned.shop(ready_by("18:00", "Europe/Moscow"))

    assert await planned.tick(AN_HOUR) == 11
    assert [count for _, count in await planned.counted()] == [11]


async def test_a_company_whose_facts_are_being_written_is_asked_for_later(planned, database):
    shop = await planned.shop(HOURLY)
    company = (await planned.row(shop))["tenant_id"]
    async with database.writing() as driver:
        await driver.execute("SELECT FROM heads WHERE tenant_id = $1 FOR UPDATE", company)
        meanwhile = await planned.tick(AN_HOUR)

    assert meanwhile == 0
    assert await planned.tick() == 1


# Trouble


@pytest.mark.parametrize(
    "wrong",
    [
        "cron = 'often'",
        "zone = 'Atlantis'",
        "cron = '0 7 30 2 *'",
        "catch_up = 'twice'",
        "catch_up = 'skip', cron = 'often'",
        "ready_hour = '08:00', weekdays = ''",
        "ready_hour = '08:00', weekdays = 'xy'",
    ],
)
async def test_a_schedule_that_cannot_be_read_stops_no_other(planned, database, wrong, caplog):
    bad, good = await planned.shop(HOURLY), await planned.shop(HOURLY)
    async with database.driver() as driver:
        await driver.execute(f"UPDATE schedules SET {wrong} WHERE shop_id = $1", bad)

    assert await planned.tick(AN_HOUR) == 2
    assert len(await planned.runs(good)) == 1
    row = await planned.row(bad)
    assert row["slot"] == planned.now + A_DAY
    assert row["next_run_at"] > planned.now
    assert "schedule" in caplog.text


async def test_a_slot_of_before_this_version_is_what_was_planned(planned, database):
    shop = await planned.shop(HOURLY)
    async with database.driver() as driver:
        await driver.execute(
            "UPDATE schedules SET slot = NULL, next_run_at = $2 WHERE shop_id = $1", shop, FIVE
        )

    assert await planned.tick(AN_HOUR) == 1
    assert (await planned.row(shop))["last_slot"] == FIVE


async def test_the_soonest_start_is_what_a_dispatcher_may_sleep_until(planned):
    assert await planned.schedules.soonest() is None
    cron = await planned.shop(HOURLY)
    assert await planned.schedules.soonest() == (await planned.row(cron))["next_run_at"]
    await planned.shop(EVERY_MORNING)
    assert await planned.schedules.soonest() == NOW
    await planned.tick()

    assert await planned.schedules.soonest() == FIVE - 15 * A_MINUTE


def test_starts_are_as_far_apart_as_google_lets_a_service_account_write():
    _, interval = PER_USER

    assert timedelta(seconds=interval) == APART
