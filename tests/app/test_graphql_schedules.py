"""Schedules over GraphQL: an hour that is promised, five fields, and what is planned from them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from app.cron import following
from app.stock.writing import deadline
from app.wiring.facts import CODEC
from domain import shop
from domain.schedule import EVERY_MORNING, by_cron, ready_by
from infrastructure.postgres.schedules import PostgresSchedules
from tests.app.graphql_world import NOW, World

SCHEDULE = """schedule { form hour weekdays cron zone words nextRunAt readyBy upcoming nextTimes
  catchUp overlap lastSlot lastOutcome shopId shopName }"""
LIST = """query($first: Int! = 20, $after: String) { schedules(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { shopId shopName words nextRunAt } } } }"""


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


async def tick(world):
    await PostgresSchedules(world.database, lambda: world.now).tick(following)


async def seen(client, shop_id, **headers):
    query = f"query($id: UUID!) {{ shop(id: $id) {{ {SCHEDULE} }} }}"
    return (await client.ask(query, headers, id=shop_id))["shop"]["schedule"]


async def test_a_new_shop_is_ready_by_eight_every_morning(anna):
    shop_id = await anna.connected_shop(sheet=False)

    told = await seen(anna, shop_id, accept_language="en")
    assert told["words"] == "Ready by 08:00 every day, Moscow"
    assert (told["form"], told["hour"], told["zone"]) == ("READY_BY", "08:00", "Europe/Moscow")
    assert len(told["weekdays"]) == 7
    assert told["readyBy"] == "2026-11-23T05:00:00+00:00"
    assert told["nextRunAt"] == "2026-11-23T04:45:00+00:00"
    assert (told["catchUp"], told["overlap"]) == ("ONCE", "SKIP")
    assert (told["shopId"], told["lastSlot"], told["lastOutcome"]) == (shop_id, None, None)


async def test_an_hour_is_promised_on_the_days_and_in_the_zone_it_is_meant_in(anna):
    shop_id = await anna.connected_shop(sheet=False)
    wish = {"readyBy": "9:30", "zone": "Asia/Omsk", "weekdays": ["FRIDAY", "MONDAY", "FRIDAY"]}

    made = await anna.change(
        "setSchedule", SCHEDULE, shopId=shop_id, catchUp="SKIP", overlap="RERUN", **wish
    )
    told = made["schedule"]

    assert made["userErrors"] == []
    assert (told["hour"], told["weekdays"]) == ("09:30", ["MONDAY", "FRIDAY"])
    assert told["words"].startswith("Готово к 09:30 по понедельникам и пятницам, Омск")
    assert told["cron"] == "30 9 * * 1,5"
    assert (told["catchUp"], told["overlap"]) == ("SKIP", "RERUN")
    assert told["upcoming"] == told["nextTimes"]
    assert [each[5:] for each in told["upcoming"]] == [
        f"{day}T09:30:00+06:00" for day in ("11-27", "11-30", "12-04", "12-07", "12-11")
    ]
    assert await seen(anna, shop_id) == told


async def test_five_fields_go_on_to_work_as_they_did(anna):
    shop_id = await anna.connected_shop(sheet=False)

    made = await anna.change("setSchedule", SCHEDULE, shopId=shop_id, cron="30 8 * * 1-5")
    told = made["schedule"]

    assert (told["form"], told["cron"], told["zone"]) == ("CRON", "30 8 * * 1-5", "Europe/Moscow")
    assert (told["hour"], told["weekdays"], told["readyBy"]) == (None, [], None)
    assert "2026-11-23T05:30:00" <= told["nextRunAt"] < "2026-11-23T05:31:00"


@pytest.mark.parametrize(
    ("wish", "field", "cure"),
    [
        ({}, "readyBy", "`readyBy` such as 08:00, or `cron`"),
        ({"readyBy": "08:00", "cron": "0 7 * * *"}, "cron", "not both"),
        ({"readyBy": "24:00"}, "readyBy", "00:00 to 23:59"),
        ({"readyBy": "eight"}, "readyBy", "00:00 to 23:59"),
        ({"readyBy": ""}, "readyBy", "00:00 to 23:59"),
        ({"readyBy": "٠٨:٠٠"}, "readyBy", "00:00 to 23:59"),
        ({"readyBy": "08:00", "weekdays": []}, "weekdays", "at least one day"),
        ({"cron": "0 7 * * *", "weekdays": ["MONDAY"]}, "weekdays", "fifth field"),
        ({"readyBy": "08:00", "zone": "Moscow"}, "zone", "Europe/Moscow"),
        ({"readyBy": "08:00", "zone": "x" * 300}, "zone", "at most 200"),
        ({"cron": "often"}, "cron", "Five fields"),
    ],
)
async def test_what_is_wrong_is_named_with_its_cure_and_the_old_schedule_stays(
    anna, wish, field, cure
):
    shop_id = await anna.connected_shop(sheet=False)
    before = await seen(anna, shop_id)

    made = await anna.change("setSchedule", "schedule { words }", shopId=shop_id, **wish)
    (told,) = made["userErrors"]

    assert (told["path"], told["code"]) == (["input", field], "INVALID")
    assert cure in told["message"]
    assert await seen(anna, shop_id) == before


async def test_a_day_that_does_not_exist_is_refused_by_the_schema(anna):
    shop_id = await anna.connected_shop(sheet=False)
    query = "mutation($input: SetScheduleInput!) { setSchedule(input: $input) { __typename } }"
    wish = {"shopId": shop_id, "readyBy": "08:00", "weekdays": ["SOMEDAY"]}

    assert "Weekday" in (await anna.errors(query, input=wish))[0]["message"]


async def test_what_came_of_the_last_slot_is_told(world, anna, database):
    shop_id = await anna.connected_shop()
    async with database.driver() as driver:
        await driver.execute("DELETE FROM job_runs WHERE shop_id = $1", UUID(shop_id))
    world.now = NOW + timedelta(hours=1)
    await tick(world)

    told = await seen(anna, shop_id)
    assert (told["lastSlot"], told["lastOutcome"]) == ("2026-11-23T05:00:00+00:00", "ASKED")
    assert told["readyBy"] == "2026-11-24T05:00:00+00:00"


async def test_schedules_are_listed_whose_run_is_next_comes_first(anna):
    shops = [await anna.connected_shop(token=f"t{n}", seller=str(n), sheet=False) for n in range(3)]
    for shop_id, hour in zip(shops, ("12:00", "23:00", "10:00"), strict=True):
        await anna.change("setSchedule", "schedule { words }", shopId=shop_id, readyBy=hour)
    page = (await anna.ask(LIST, first=2))["schedules"]
    rest = (await anna.ask(LIST, first=2, after=page["pageInfo"]["endCursor"]))["schedules"]
    listed = [edge["node"]["shopId"] for edge in (*page["edges"], *rest["edges"])]

    assert listed == [shops[2], shops[0], shops[1]]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    assert not rest["pageInfo"]["hasNextPage"]


async def test_the_log_says_a_schedule_as_people_say_it(anna):
    shop_id = await anna.connected_shop(sheet=False)
    await anna.change("setSchedule", "schedule { words }", shopId=shop_id, readyBy="09:00")
    log = await anna.ask(
        "{ auditLog(first: 1) { edges { node { sentence changes { field before after } } } } }"
    )
    newest = log["auditLog"]["edges"][0]["node"]

    assert newest["sentence"].endswith("новое расписание: Готово к 09:00 каждый день, Москва")
    assert newest["changes"] == [
        {
            "field": "shops.Рыжий кот.schedule",
            "before": "Готово к 08:00 каждый день, Москва",
            "after": "Готово к 09:00 каждый день, Москва",
        }
    ]


def test_a_fact_of_before_is_the_cron_that_it_was():
    shop_id = UUID(int=7)
    told = {"shop_id": str(shop_id), "cron": "0 7 * * *", "zone": "Asia/Omsk"}

    read = CODEC.decode("tenant.schedule_set", 1, msgspec.json.encode(told))

    schedule = by_cron("0 7 * * *", "Asia/Omsk")
    assert read == shop.ScheduleSet(shop_id=shop_id, schedule=schedule)


@pytest.mark.parametrize("schedule", [EVERY_MORNING, by_cron("0 8 * * *", "Europe/Moscow")])
def test_a_sheet_turns_red_two_hours_after_the_next_promised_hour(schedule):
    assert deadline(schedule, NOW).isoformat() == "2026-11-24T07:00:00+00:00"
    assert deadline(schedule, NOW - timedelta(hours=8)).isoformat() == "2026-11-23T07:00:00+00:00"


def test_a_sheet_that_is_promised_on_mondays_is_not_red_before_the_next_one():
    mondays = ready_by("08:00", "Europe/Moscow", (1,))
    skipping = replace(EVERY_MORNING.ready_by, weekdays=(1,))

    assert mondays.ready_by == skipping
    assert deadline(mondays, NOW).isoformat() == "2026-11-30T07:00:00+00:00"
