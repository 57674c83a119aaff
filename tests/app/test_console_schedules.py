"""Schedules: whose run is next, what came of the last hour, who is late or paused, and a sync now."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest

from tests.fakes import account

FILE = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
URL = f"https://docs.google.com/spreadsheets/d/{FILE}/edit#gid=0"


@pytest.fixture
async def anna(console, fleet):
    """With a shop and its sheet, whose first sync waits."""
    anna = await console.anna()
    anna.shop = await connected(console, anna)
    return anna


async def connected(console, browser, name="Рыжий кот"):
    console.marketplace.accounts[console.token] = account(f"{uuid4().int % 10**8}", name=name)
    console.sheet.share(FILE)
    answer = await browser.press("/start/shop", token=console.token)
    shop = answer.headers["location"].partition("=")[2]
    await browser.press("/start/sheet", shop=shop, url=URL)
    return shop


async def change(fleet, shop, **values):
    async with fleet.database.driver() as driver:
        for column, value in values.items():
            statement = f"UPDATE schedules SET {column} = $2 WHERE shop_id = $1"
            await driver.execute(statement, UUID(shop), value)


async def owe(fleet, shop, hour):
    async with fleet.database.driver() as driver:
        await driver.execute("UPDATE promises SET owed = $2 WHERE shop_id = $1", UUID(shop), hour)


async def forget_runs(fleet):
    async with fleet.database.driver() as driver:
        await driver.execute("DELETE FROM job_runs")


def rows(page):
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(row).split()) for row in body.split("<tr>")[1:]]


async def test_a_schedule_is_said_in_words_with_its_hour_and_its_next_times(anna):
    (row,) = rows(await anna.open("/schedules"))

    assert f'href="/runs?q=shop:{anna.shop}">Рыжий кот</a>' in row
    assert "Ready by 08:00 every day, Moscow" in row
    assert ">07:45</time>" in row
    assert "for <time" in row
    assert row.count("T08:00+03:00") == 6
    assert "is run once" in row
    assert "that run is for both" in row
    assert f'href="/start?shop={anna.shop}#when"' in row
    assert "A sync is waiting" in row


async def test_a_russian_reads_it_in_russian(console, fleet):
    anna = await console.anna(language="ru")
    await connected(console, anna)

    (row,) = rows(await anna.open("/schedules"))

    assert "Готово к 08:00 каждый день, Москва" in row
    assert "Обновить сейчас" in row


async def test_what_came_of_the_last_slot_is_told(fleet, anna, clock):
    await change(fleet, anna.shop, last_slot=clock(), last_outcome="skipped")

    (row,) = rows(await anna.open("/schedules"))

    assert "skipped: too late, or no sheet" in row


async def test_an_hour_that_is_yet_to_come_is_said_to_be_what_the_run_was_for(fleet, anna, clock):
    hour = clock() + timedelta(minutes=20)
    await change(fleet, anna.shop, last_slot=hour, last_outcome="absorbed")

    (row,) = rows(await anna.open("/schedules"))

    last = row.partition('<td class="wide">')[2].partition("</td>")[0]
    assert re.fullmatch(r"for <time .*>08:00</time><br><small>a run was under way</small>", last)


async def test_who_is_late_is_found_and_who_is_not_is_not(console, fleet, anna, clock):
    boris = await console.anna()
    his = await connected(console, boris, name="Серый кот")
    vera = await console.staff()
    for shop in (anna.shop, his):
        await change(fleet, shop, next_run_at=clock() + timedelta(days=1))
    await owe(fleet, anna.shop, clock() - timedelta(minutes=1))
    await owe(fleet, his, clock() + timedelta(minutes=1))

    late = await vera.open("/schedules?show=late")
    everybody = await vera.open("/schedules")

    (row,) = rows(late)
    assert "Рыжий кот" in row
    assert "Is late" in row
    assert len(rows(everybody)) == 2


async def test_a_shop_that_cannot_be_synced_says_what_to_do_before_it_is_late(console, anna):
    await console.break_shop(anna.shop, "token_dead")

    (row,) = rows(await anna.open("/schedules"))

    assert "Cannot be synced" in row
    assert "This token does not work" in row
    assert rows(await anna.open("/schedules?show=late")) == []


async def test_a_shop_whose_last_run_failed_says_so(fleet, anna, clock):
    async with fleet.database.driver() as driver:
        await driver.execute(
            "INSERT INTO job_history (tenant_id, run_id, kind, shop_id, source, correlation_id, "
            "causation, state, why, attempt, created_at, finished_at) SELECT tenant_id, run_id, "
            "kind, shop_id, source, correlation_id, causation, 'failed', '', 5, created_at, "
            "created_at FROM job_runs WHERE shop_id = $1",
            UUID(anna.shop),
        )
    await forget_runs(fleet)

    (row,) = rows(await anna.open("/schedules"))

    assert "The last run failed" in row


@pytest.mark.parametrize("held", ["company", "shop", "fleet", "another kind"])
async def test_who_is_paused_is_found(console, fleet, anna, held):
    hers = await fleet.company(anna)
    said = {
        "company": {},
        "shop": {"kind": "sync", "shop": UUID(anna.shop)},
        "fleet": {"fleet": True},
        "another kind": {"kind": "bulk"},
    }
    await fleet.hold(uuid4() if held == "fleet" else hers, **said[held])

    found = rows(await anna.open("/schedules?show=paused"))

    assert ["On hold" in row for row in found] == ([] if held == "another kind" else [True])


@pytest.mark.parametrize(
    ("show", "said"),
    [("late", "Nobody is late"), ("paused", "Nothing is on hold"), ("all", "No schedules yet")],
)
async def test_an_empty_list_says_why(console, fleet, show, said):
    anna = await console.anna()

    assert said in (await anna.open(f"/schedules?show={show}")).text


async def test_a_sync_is_asked_for_and_the_press_leads_to_its_run(fleet, anna):
    await forget_runs(fleet)

    answer = await anna.press(f"/schedules/{anna.shop}/run")
    again = await anna.press(f"/schedules/{anna.shop}/run")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/runs/")
    assert again.headers["location"] == answer.headers["location"]


async def test_the_staff_runs_a_sellers_sync_on_her_record(console, fleet, anna):
    vera = await console.staff()
    await forget_runs(fleet)
    before = await fleet.facts("tenant.read_by_staff")
    company = str(await fleet.company(anna))

    answer = await vera.press(f"/schedules/{anna.shop}/run", tenant=company)

    assert answer.headers["location"].startswith("/runs/")
    assert await fleet.facts("tenant.read_by_staff") == before + 1


async def test_nobody_else_sees_or_runs_a_sellers_schedules(console, fleet, anna):
    stranger = await console.anna()
    company = str(await fleet.company(anna))

    page = await stranger.open("/schedules")
    answers = [
        await stranger.press(f"/schedules/{anna.shop}/run", tenant=tenant)
        for tenant in ("", company, str(uuid4()))
    ]

    assert anna.shop not in page.text
    assert [each.status_code for each in answers] == [404, 404, 404]


async def test_a_viewer_looks_and_a_member_runs(console, fleet, anna):
    token = await anna.token()
    seen = {}
    for role in ("viewer", "member"):
        await console.change_role(anna, role)
        page = await anna.open("/schedules")
        answer = await anna.send(f"/schedules/{anna.shop}/run", csrf=token)
        seen[role] = "Sync now" in page.text, "#when" in page.text, answer.status_code

    assert seen == {"viewer": (False, False, 403), "member": (True, False, 303)}


async def test_a_shops_name_is_text_and_never_markup(console, fleet):
    anna = await console.anna()
    await connected(console, anna, name="<b>кот</b>")

    page = await anna.open("/schedules")

    assert "<b>кот" not in page.text
    assert "&lt;b&gt;кот&lt;/b&gt;" in page.text
