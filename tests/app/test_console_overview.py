"""The first page of who runs the servers: who is late, whose move it is, why, since when, and what
to press."""

import pytest

from app.web.console import fragments, render
from domain.ports import Allowance, Level
from tests.app.overview_world import DAY, EIGHT, MINUTE, NOW, Fleet, words

XSS = "<img src=x onerror=alert(1)>"
LIGHT = 150_000
"""Bytes that a page may weigh."""


@pytest.fixture
async def fleet(database, clock):
    clock.now = NOW
    fleet = Fleet(database)
    await fleet.empty()
    yield fleet
    await fleet.empty()


async def appointed(console, **more):
    """One of those who run the servers, at her browser."""
    vera = await console.anna(**more)
    async with console.database.driver() as driver:
        await driver.execute("UPDATE people SET staff = true WHERE user_id = $1", vera.person)
    return vera


@pytest.fixture
async def vera(console, fleet):
    await fleet.worker()
    return await appointed(console)


async def test_the_operator_begins_with_one_number(fleet, vera):
    for _ in range(3):
        await fleet.shop()
    await fleet.shop(owed=EIGHT)

    page = await vera.open("/overview")

    assert "Fresh by their hour 3 of 4" in words(page)
    assert "Nobody is due before 09:00." in words(page)


async def test_late_shops_stand_by_whose_move_it_is_with_cause_since_when_and_what_to_press(
    fleet, vera
):
    await fleet.shop("WB Дом", called="Домовой", owed=EIGHT - DAY, broken="sheet_deleted")
    run = await fleet.waits(*await fleet.shop(called="Тёплый дом", owed=EIGHT), "outage")
    await fleet.waits(*await fleet.shop(called="Пух и перо", owed=EIGHT), "google_quota")
    failed = await fleet.ended(*await fleet.shop(called="Полка", owed=EIGHT), "failed", "KeyError")

    page = await vera.open("/overview")
    read = words(page)

    places = [
        page.text.index(f'id="late-{each}"') for each in ("seller", "marketplace", "google", "us")
    ]
    assert places == sorted(places)
    assert "Домовой WB Дом The sheet was deleted, or lies in the bin of Google Drive." in read
    assert "22 Nov 08:00 1 day" in read
    assert "Wildberries does not answer. Next try: 08:21 08:00 20 min" in read
    assert "Google's limit of requests is used up" in page.text.replace("&#39;", "'")
    assert "A fault in our code; the run says where." in read
    assert f'<a class="btn" href="/runs/{run}">' in page.text
    assert f'action="/runs/{failed}/retry"' in page.text


async def test_shops_of_one_incident_are_one_row_with_their_names_inside(fleet, vera):
    for name in ("Кедр", "Глина", "Мёд"):
        await fleet.waits(*await fleet.shop(called=name, owed=EIGHT), "outage")

    page = await vera.open("/overview")

    assert page.text.count("Wildberries does not answer.") == 2  # the row, and its button's name
    assert 'href="/runs?q=kind%3Async%20state%3Awaiting"' in page.text
    assert "3 shops one incident" in words(page)
    assert all(name in page.text for name in ("Кедр", "Глина", "Мёд"))
    assert '<a href="#late-marketplace"><span><b>3</b> Marketplace</span>' in page.text


async def test_a_hold_says_whose_it_is_and_several_only_that_there_are_some(fleet, vera):
    mine, shop_id = await fleet.shop(called="Кедр", owed=EIGHT)
    hold = "INSERT INTO holds VALUES ($1, $2, $3, 'sync', NULL, $4)"
    await fleet.many(hold, [(mine, "mine", False, EIGHT)])
    await fleet.waits(mine, shop_id)
    one = words(await vera.open("/overview"))
    theirs, _ = await fleet.shop(called="Глина", owed=EIGHT)
    await fleet.many(hold, [(theirs, "theirs", False, EIGHT - MINUTE)])
    two = words(await vera.open("/overview"))
    await fleet.many(hold, [(theirs, "all", True, EIGHT - MINUTE)])
    everybodys = words(await vera.open("/overview"))

    assert "Such runs of the company have been on hold since 08:00 (somebody who has left)." in one
    assert "Next try:" not in one
    assert "2 shops one incident Their syncs are on hold." in two
    assert (
        "Such runs of all companies have been on hold since 07:59 (Stock Tracker's staff)."
    ) in everybodys.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("Not yet; in the sheet at 10:00", {}),
        ("10:00 in the sheet", {"fresh_at": EIGHT - 2 * DAY}),
        ("08:00 in the console", {"broken": "token_dead"}),
        ("Not told", {"fresh_at": None}),
    ],
)
async def test_whether_the_seller_knows_is_told_as_it_is(fleet, vera, said, more):
    await fleet.shop(owed=EIGHT, **more)

    assert said in words(await vera.open("/overview"))


async def test_that_her_console_tells_her_is_true_while_a_sync_tries_again_too(fleet, vera):
    shop = await fleet.shop(owed=EIGHT, broken="token_dead")
    await fleet.waits(*shop, state="running", worker="host:1")

    assert "08:00 in the console" in words(await vera.open("/overview"))


async def test_a_quiet_morning_says_so(fleet, vera):
    await fleet.shop()

    page = await vera.open("/overview")

    assert "Every sheet is fresh by its hour" in page.text
    assert 'class="moves"' not in page.text


async def test_before_anybody_is_due_the_page_says_what_it_will_be(console, fleet):
    page = await (await appointed(console)).open("/overview")

    assert "No promised hour has come yet." in page.text
    assert "No worker is alive" in page.text


async def test_the_fleets_day_and_hour_are_drawn_and_told_as_tables(fleet, vera):
    await fleet.figures(EIGHT - 15 * MINUTE, 1_500, 30, 41_000, table="fleet_quarters")
    await fleet.figures(NOW - 2 * MINUTE, 480, 20)

    day, hour = await vera.open("/overview"), await vera.open("/overview?over=hour")

    assert "33 a minute now, 102 at the peak" in words(day)
    assert "100 a minute now, 100 at the peak" in words(hour)
    assert "4.0 % of runs this hour, 2.0 % at 07:45" in words(day)
    assert (
        '<tr><th scope="row">07:30</th><td class="num">1,500</td><td class="num">30</td></tr>'
        in day.text
    )
    assert "The last hour" in hour.text
    assert '<th scope="row">08:16</th><td class="num">480</td>' in hour.text
    assert day.text.count('role="img" aria-labelledby') == 3


async def test_the_peak_is_never_below_what_is_said_of_now(fleet, vera):
    """The quarter under way has all its minutes still before it."""
    for minute in range(2, 7):
        await fleet.figures(NOW - minute * MINUTE, 10)
    await fleet.figures(EIGHT + 15 * MINUTE, 20, table="fleet_quarters")

    day, hour = await vera.open("/overview"), await vera.open("/overview?over=hour")

    assert "3.3 a minute now, 3.3 at the peak" in words(day)
    assert "8 a minute now, 10 at the peak" in words(hour)


async def test_workers_stand_with_their_slots_and_a_lost_one_is_told(fleet, vera):
    await fleet.worker("alive:1")
    await fleet.worker("gone:1", at=NOW - 4 * MINUTE)
    for _ in range(3):
        await fleet.waits(*await fleet.shop(), state="running", worker="alive:1")

    read = words(await vera.open("/overview"))

    assert "alive:1 Takes runs 3 / 10 just now 0.1.0" in read
    assert "gone:1 Lost 0 / 10 4 min ago 0.1.0" in read


async def test_incidents_and_budgets_are_shown(console, fleet, vera):
    writes = Allowance(key="google:write:1", what="writes", of="robot", burst=12, interval=1.25)
    console.budgets = [(writes, Level(tokens=3))]
    for caller in ("seller 1", "seller 2", "seller 3", "seller 1", "seller 2"):
        await console.breaker.failed("wb-stock", 0, caller, "HTTP 503")

    page = words(await vera.open("/overview"))

    failing = "it failed several sellers in a row, the last time with HTTP 503."
    assert f"wb-stock has not been asked since 08:20: {failing}" in page
    assert "Google: writes of the account robot 9 / 12 9 of 12" in page


async def test_the_parts_that_update_themselves_can_be_rendered_alone(fleet, vera, monkeypatch):
    await fleet.shop(owed=EIGHT)
    alone = {}

    def spied(template, visitor, **values):
        alone.update(fragments(template, visitor, values))
        return render(template, visitor, **values)

    monkeypatch.setattr("app.runs.overview.page.render", spied)
    page = await vera.open("/overview")

    assert alone.keys() == {"now", "incidents", "fresh", "late", "flow", "machines"}
    assert all(each in page.text and "data-part" in each for each in alone.values())


async def test_it_is_all_there_in_russian_with_the_right_forms(console, fleet):
    vera = await appointed(console, language="ru")
    await fleet.worker()
    for n in range(5):
        await fleet.waits(*await fleet.shop(owed=EIGHT + n * MINUTE), "outage")
    await fleet.shop(kept_at=EIGHT + 5 * MINUTE)
    await fleet.shop(owed=EIGHT, broken="token_dead")

    read = words(await vera.open("/overview"))

    assert "Свежие к своему часу 1 из 7" in read
    assert "Из них 1 за сутки обновился позже своего часа." in read
    assert "5 магазинов одна причина Wildberries не отвечает." in read
    assert "Токен больше не работает; новый может выпустить только владелец." in read


async def test_names_that_people_chose_are_only_ever_text(fleet, vera):
    await fleet.shop(XSS, called=XSS, owed=EIGHT, broken="token_dead")

    page = await vera.open("/overview")

    assert XSS not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text


async def test_a_morning_on_which_everything_is_late_still_makes_a_light_page(fleet, vera):
    for n in range(120):
        shop = await fleet.shop(f"Магазин {n}", called=f"Компания номер {n}", owed=EIGHT - n * DAY)
        await fleet.ended(*shop, "failed", ("KeyError", "outage", "google_quota")[n % 3])

    page = await vera.open("/overview")

    assert "and 15 more shops, late for a shorter time" in words(page)
    assert len(page.content) < LIGHT
