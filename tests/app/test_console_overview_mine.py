"""A seller's first page: is her sheet fresh, and if not, when, and whose move it is."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from app.runs.overview.words import TO_DO
from domain.lateness import HELD, MOVES, Move
from tests.app.overview_world import DAY, EIGHT, MINUTE, NOW, Fleet, words


@pytest.fixture
async def fleet(database, clock):
    clock.now = NOW
    fleet = Fleet(database)
    await fleet.empty()
    yield fleet
    await fleet.empty()


@pytest.fixture
async def anna(console, fleet):
    anna = await console.anna()
    anna.company = (await console.identified(anna)).scope.tenant
    return anna


async def test_a_seller_sees_that_her_sheet_is_fresh_and_when_it_is_next(fleet, anna):
    company, shop_id = await fleet.shop("Рыжий кот", company=anna.company)
    await fleet.ended(company, shop_id, "succeeded", at=EIGHT - 8 * MINUTE)

    page = await anna.open("/overview")
    read = words(page)

    assert "<h1>Your sheet is fresh</h1>" in page.text
    assert "The sheet shows data as of 07:52 Next update by 24 Nov 08:00" in read
    assert 'href="https://docs.google.com/spreadsheets/d/file/edit"' in page.text
    assert f'action="/schedules/{shop_id}/run"' in page.text
    assert "23 Nov: ready by its hour" in read


async def test_a_seller_whose_move_it_is_reads_what_to_do_and_where(fleet, anna):
    _, shop_id = await fleet.shop(company=anna.company, owed=EIGHT, broken="token_dead")

    page = await anna.open("/overview")

    assert "1 sheet is late" in page.text
    assert "Your Wildberries token no longer works. Issue a new one" in words(page)
    assert "Late since 08:00 Whose move Yours" in words(page)
    assert f'<a class="btn primary" href="/start?shop={shop_id}">' in page.text


@pytest.mark.parametrize(
    ("cause", "said", "whose"),
    [
        ("token_dead", "Your Wildberries token no longer works. Issue a new one", "Yours"),
        ("sheet_unshared", "Your sheet is not shared with us any more. Share it again", "Yours"),
        ("google_credentials", "for us to mend. You need not do anything.", "Ours"),
    ],
)
async def test_what_broke_her_shop_is_told_at_once_and_not_only_when_it_is_late(
    fleet, anna, cause, said, whose
):
    _, shop_id = await fleet.shop(company=anna.company, broken=cause)

    page = await anna.open("/overview")
    read = words(page)

    assert "<h1>1 sheet is not updated</h1>" in page.text
    assert said in read
    assert (
        f"Cannot be updated since 08:00 Whose move {whose} The sheet shows data as of 07:52" in read
    )
    assert "Fresh" not in read
    assert (f'class="btn primary" href="/start?shop={shop_id}"' in page.text) is (whose == "Yours")


async def test_what_broke_her_shop_is_told_while_a_sync_tries_again(fleet, anna):
    shop = await fleet.shop(company=anna.company, owed=EIGHT, broken="token_dead")
    await fleet.waits(*shop, state="running", worker="host:1")

    read = words(await anna.open("/overview"))

    assert "Your Wildberries token no longer works." in read
    assert "Late since 08:00 Whose move Yours" in read


@pytest.mark.parametrize("whose", ["everybody's", "the company's"])
async def test_while_runs_are_on_hold_she_reads_that_and_not_that_her_sync_waits(
    fleet, anna, whose
):
    shop = await fleet.shop(company=anna.company)
    await fleet.waits(*shop)
    hold = "INSERT INTO holds VALUES ($1, '*/*', $2, NULL, NULL, $3, 'user', $4)"
    held = (uuid4(), True) if whose == "everybody's" else (anna.company, False)
    await fleet.many(hold, [(*held, EIGHT, anna.person)])

    page = await anna.open("/overview")
    read = words(page)

    everybody = "Everybody's syncs have been on hold since 08:00 (Stock Tracker's staff)."
    company = "Your syncs have been on hold since 08:00 (Анна Котова)."
    assert (everybody if whose == "everybody's" else company) in unescape(read)
    assert "A sync is on hold" in read
    assert "A sync is waiting" not in read


async def test_a_seller_whose_syncs_are_on_hold_reads_by_whom_and_where_to_release_them(
    fleet, anna
):
    await fleet.shop(company=anna.company, owed=EIGHT)
    hold = "INSERT INTO holds VALUES ($1, '*/*', false, NULL, NULL, $2, 'user', $3)"
    await fleet.many(hold, [(anna.company, EIGHT, anna.person)])

    page = await anna.open("/overview")

    assert "Your syncs have been on hold since 08:00 (Анна Котова)." in words(page)
    assert '<a href="/lanes">What is on hold</a>' in page.text
    assert "Mend it" not in page.text


def test_there_is_something_to_do_for_every_cause_that_is_hers_but_a_hold():
    hers = {cause for cause, move in MOVES.items() if move is Move.SELLER}

    assert {*TO_DO, HELD} == hers


async def test_a_seller_who_can_do_nothing_reads_that_and_when_it_goes_on(fleet, anna):
    await fleet.waits(*await fleet.shop(company=anna.company, owed=EIGHT), "outage")

    page = await anna.open("/overview")

    assert "Wildberries does not answer. You need not do anything." in words(page)
    assert "Whose move Wildberries Next try 08:21 The sheet shows data as of 22 Nov 08:00" in words(
        page
    )
    assert "A sync is waiting" in page.text


async def test_a_seller_sees_nothing_of_another_company(fleet, anna):
    await fleet.shop("чужой", called="Чужая", owed=EIGHT)
    await fleet.shop("мой", company=anna.company)

    page = await anna.open("/overview")

    assert "мой" in page.text
    assert "чужой" not in page.text


async def test_who_has_no_shop_yet_is_led_to_start_and_who_may_not_connect_one_is_told(
    console, fleet, anna
):
    led = await anna.open("/overview")
    await console.change_role(anna, "viewer")
    told = await anna.open("/overview")

    assert (led.status_code, led.headers["location"]) == (303, "/start")
    assert "No shop is connected yet" in told.text
    assert 'href="/start"' not in told.text.partition("<main")[2]


async def test_a_viewer_looks_and_presses_nothing(console, fleet, anna):
    await fleet.shop(company=anna.company)
    await console.change_role(anna, "viewer")

    page = await anna.open("/overview")

    assert "Your sheet is fresh" in page.text
    assert "/run" not in page.text.partition("<main")[2]


async def test_her_week_is_seven_days_each_with_what_became_of_its_hour(fleet, anna):
    company, shop_id = await fleet.shop(company=anna.company)
    for days, minutes in ((0, -8), (2, 25), (3, -1)):
        at = EIGHT - days * DAY + timedelta(minutes=minutes)
        await fleet.ended(company, shop_id, "succeeded", at=at)

    kinds = squares(await anna.open("/overview"))

    assert kinds == ["missed", "missed", "missed", "ok", "late", "missed", "ok"]


def squares(page):
    """What each of her seven days is, the oldest first."""
    return re.findall(r'<rect class="(\w+)" x="\d+" y="\d+" width="12"', page.text)


async def test_a_day_is_green_only_if_its_hour_was_kept_as_the_card_means_it(fleet, anna):
    """What was ready before its slot's run was to begin is no answer to that slot."""
    shop = await fleet.shop(company=anna.company, owed=EIGHT, fresh_at=EIGHT - 35 * MINUTE)
    await fleet.ended(*shop, "succeeded", at=EIGHT - 35 * MINUTE)
    late = squares(await anna.open("/overview"))
    async with fleet.database.driver() as driver:
        kept = "UPDATE promises SET owed = NULL, kept_for = $1, kept_at = $2, fresh_at = $2"
        await driver.execute(kept, EIGHT, EIGHT + 10 * MINUTE)
    page = await anna.open("/overview")

    assert late[-1] == "missed"
    assert squares(page)[-1] == "late"
    assert "The sheet shows data as of 08:10 10 min after its hour" in words(page)


async def test_a_past_day_is_judged_by_when_its_own_run_was_to_begin(fleet, anna):
    shop = await fleet.shop(company=anna.company)
    await fleet.ended(*shop, "succeeded", at=EIGHT - DAY - 35 * MINUTE, source="user")
    await fleet.ended(*shop, "failed", at=EIGHT - DAY - 10 * MINUTE)
    await fleet.ended(*shop, "succeeded", at=EIGHT - DAY + 30 * MINUTE, source="user")

    assert squares(await anna.open("/overview"))[-2:] == ["late", "ok"]


async def test_a_new_shop_has_missed_nothing(fleet, anna):
    await fleet.shop(company=anna.company)
    async with fleet.database.driver() as driver:
        await driver.execute("UPDATE shops SET connected_at = $1", EIGHT - 60 * MINUTE)

    read = (await anna.open("/overview")).text

    assert read.count('<rect class="rest"') == 6


async def test_a_sheet_that_was_filled_before_its_first_hour_is_fresh(fleet, anna):
    await fleet.shop(company=anna.company, kept_for=None, kept_at=None, fresh_at=EIGHT - MINUTE)
    async with fleet.database.driver() as driver:
        await driver.execute("UPDATE shops SET connected_at = $1", EIGHT + MINUTE)

    page = await anna.open("/overview")

    assert "Your sheet is fresh" in page.text
    assert "The sheet shows data as of 07:59" in words(page)
    assert "the last seven days" not in page.text


async def test_twenty_one_fresh_sheets_are_many_in_russian_too(console, fleet):
    anna = await console.anna(language="ru")
    company = (await console.identified(anna)).scope.tenant
    for _ in range(21):
        await fleet.shop(company=company)

    assert "<h1>Все ваши таблицы свежие</h1>" in (await anna.open("/overview")).text


async def test_a_seller_reads_it_in_russian(console, fleet):
    anna = await console.anna(language="ru")
    company = (await console.identified(anna)).scope.tenant
    await fleet.shop(company=company, owed=EIGHT, broken="sheet_full")
    await fleet.shop(company=company, owed=EIGHT, broken="sheet_full")

    read = words(await anna.open("/overview"))

    assert "Опаздывают 2 таблицы" in read
    assert "Файл таблицы заполнен. Удалите пустые строки и столбцы на других вкладках." in read
