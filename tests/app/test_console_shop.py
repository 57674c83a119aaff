"""The page of a shop and its sheet: what is connected, is it fresh, when is the next time."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.app.console_stock import FILE, Shop
from tests.app.graphql_audit_world import statements
from tests.fakes import ADDRESS

RUNS = re.compile(r'<a href="/runs/([0-9a-f-]{36})">')


def words(page):
    return " ".join(page.text.split())


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    return await Shop.connected(console, anna)


@pytest.fixture
async def look(anna, shop):
    return lambda: anna.open(f"/shops/{shop.id}")


NUMBERS = {
    "none": ("No data yet", "Данных ещё нет"),
    "fresh": (
        "Fresh data as of 06:40, next update by 08:00.",
        "Свежие данные на 06:40, следующее обновление к 08:00.",
    ),
    "late": (
        "Is late: data as of 06:40, next update by 08:00.",
        "Опаздывает: данные на 06:40, следующее обновление к 08:00.",
    ),
    "broken": ("Not updated: data as of 06:40.", "Не обновляется: данные на 06:40."),
}


@pytest.mark.parametrize("age", NUMBERS)
async def test_it_says_of_when_its_numbers_are_and_when_there_are_newer_ones(
    console, anna, shop, age
):
    if age != "none":
        await shop.stocked()
    if age == "late":
        await shop.owed(console.clock() - timedelta(minutes=1))
    if age == "broken":
        await console.break_shop(str(shop.id), "token_dead")

    for language, said in zip(("en", "ru"), NUMBERS[age], strict=True):
        page = await anna.open(f"/shops/{shop.id}", **{"accept-language": language})
        read = re.sub(r"<[^>]+>", "", page.text.partition("</h1>")[2].partition("</p>")[0])
        assert " ".join(read.split()).startswith(said)


async def test_it_says_what_is_connected_and_with_whom_to_share(look, shop):
    page = await look()

    assert "<h1>Рыжий кот</h1>" in page.text
    assert "Wildberries, seller 100" in page.text
    assert "Personal token, without an end" in words(page)
    assert f'href="https://docs.google.com/spreadsheets/d/{FILE}/edit"' in page.text
    assert f'<code id="addr">{ADDRESS}</code>' in page.text
    assert "not written yet" in page.text


@pytest.mark.parametrize(
    ("days", "said"), [(90, "works until"), (9, "It ends soon:"), (-1, "It has ended:")]
)
async def test_a_token_that_ends_soon_is_spoken_of_before_it_does(console, anna, days, said):
    ends = console.clock() + timedelta(days=days)
    shop = await Shop.connected(console, anna, expires_at=ends)

    page = await anna.open(f"/shops/{shop.id}")

    assert said in page.text
    assert f'<time datetime="{ends:%Y-%m-%d}">' in page.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Ready by 09:00 on weekdays, Omsk."), ("ru", "Готово к 09:00 по будням, Омск.")],
)
async def test_the_schedule_is_said_in_words_with_its_next_times(console, language, said):
    anna = await console.anna(language=language)
    shop = await Shop.connected(console, anna)
    wish = {"hour": "9", "days": "1-5", "zone": "Asia/Omsk"}
    await anna.press("/start/schedule", shop=shop.id, **wish)

    page = await anna.open(f"/shops/{shop.id}")

    assert said in page.text
    assert [f'datetime="2026-11-{day}T09:00+06:00"' in page.text for day in (24, 25, 26)] == 3 * [
        True
    ]


async def test_without_a_sheet_the_next_step_is_to_connect_one(console, anna):
    shop = await Shop.connected(console, anna, sheet=False)

    page = await anna.open(f"/shops/{shop.id}")

    assert "Connect a sheet" in page.text
    assert "None yet: the first one begins when a sheet is connected." in page.text
    assert "Sync now" not in page.text


async def test_the_last_syncs_stand_in_order_with_how_they_ended(console, look, shop):
    now = console.clock()
    ended = [
        await shop.ran(now - timedelta(hours=3), "failed", "Wildberries не отвечает."),
        await shop.ran(now - timedelta(hours=2), why="unchanged"),
        await shop.ran(now - timedelta(hours=1), why="with gaps"),
    ]

    page = await look()

    first, *others = RUNS.findall(page.text)
    assert others == [str(each) for each in reversed(ended)]
    said = [page.text.index(each) for each in ("Waiting", "Some cells are blank", "Nothing had")]
    assert said == sorted(said)
    assert "Wildberries не отвечает." in page.text
    assert f'href="/runs?q=shop:{shop.id}"' in page.text
    assert first != others[0]


async def test_a_sync_that_is_on_hold_says_so(anna, look, shop):
    await anna.press("/holds", do="hold")

    page = await look()

    assert "Your syncs have been on hold since <time" in page.text


async def test_the_sheet_is_shown_as_it_looks_with_a_few_products(look, shop):
    before = await look()
    await shop.stocked()

    page = await look()

    assert 'class="sheet scroll"' not in before.text
    assert "Оборачиваемость (дни)" in page.text
    assert page.text.count("<td class=") > 60
    assert '<td class="num thick">10,0</td>' in page.text


@pytest.mark.parametrize(("hours", "red"), [(1, False), (80, True)])
async def test_the_sheet_is_shown_red_from_the_hour_at_which_it_turns_so(look, shop, hours, red):
    await shop.stocked(hours=hours)

    page = await look()

    assert ("has-note stale" in page.text) is red


async def test_an_owner_disconnects_a_shop_after_being_asked_and_its_sheet_stays(
    console, anna, shop, look
):
    page = await look()
    answer = await anna.press(f"/shops/{shop.id}/disconnect")
    gone = await look()

    assert '<dialog id="disconnect"' in page.text
    assert "Disconnect Рыжий кот?" in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/stock")
    assert gone.status_code == 404
    assert console.sheet.files.keys() == {FILE}


@pytest.mark.parametrize("role", ["member", "viewer"])
async def test_whoever_is_no_admin_reads_all_of_it_and_changes_nothing(
    console, anna, shop, look, role
):
    token = await anna.token()
    await console.change_role(anna, role)

    page = await look()
    answer = await anna.send(f"/shops/{shop.id}/disconnect", csrf=token)

    assert "Wildberries, seller 100" in page.text
    assert "Disconnect" not in page.text
    assert "Replace the token" not in page.text
    assert ("Sync now" in page.text) == (role == "member")
    assert answer.status_code == 403


async def test_another_companys_shop_cannot_be_disconnected(console, shop):
    stranger = await console.anna()

    assert (await stranger.press(f"/shops/{shop.id}/disconnect")).status_code == 404
    assert (await stranger.press(f"/shops/{uuid4()}/disconnect")).status_code == 404


async def test_staff_looks_at_another_companys_shop_and_is_offered_nothing_to_change(
    console, anna, shop
):
    vera, company = await console.staff(), shop.key[0]

    page = await vera.open(f"/shops/{shop.id}?tenant={company}")
    log = await anna.open("/audit?source=staff")

    assert "<h1>Рыжий кот</h1>" in page.text
    assert [each in page.text for each in ("Sync now", "Replace the token", "Disconnect")] == [
        False
    ] * 3
    assert "looked into the company&#39;s data" in log.text
    for nobodys in ("x", uuid4(), shop.id):
        assert (await vera.open(f"/shops/{shop.id}?tenant={nobodys}")).status_code == 404
    assert (await vera.open(f"/shops/{shop.id}")).status_code == 404


async def test_the_page_takes_no_more_statements_for_more_runs(console, look, shop):
    await shop.stocked()
    await look()  # a new connection asks for the types of its parameters first
    with statements(console.database) as few:
        await look()
    for hours in range(2, 6):
        await shop.ran(console.clock() - timedelta(hours=hours))
    with statements(console.database) as many:
        await look()

    assert len(many) == len(few)
