"""The page of a run: its cause, its course, why it waits, and who may see and do what."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.web.console import fragments, render
from tests.app.runs_world import NOW, Runs, company_of
from tests.app.test_console_start import FILE, UNTIL, URL
from tests.fakes import account

EVIL = "<script>alert(1)</script>"
MINUTE = timedelta(minutes=1)
FRAMES = 'File "app/stock/jobs.py", line 41, in sync'


@pytest.fixture(autouse=True)
async def nobody_works(database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM workers; DELETE FROM holds")


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def mine(console, anna):
    return Runs(console.database, await company_of(console, anna))


@pytest.fixture
async def broken(mine):
    """A run that failed for good at its second try."""
    run_id = await mine.failed(
        "Не вышло. / It did not work.",
        "KeyError",
        "e" * 16,
        attempt=2,
        shop_id=await mine.shop("Рыжий кот", FILE),
        finished_at=NOW,
    )
    tried = {"outcome": "fail", "error_type": "KeyError", "traceback": FRAMES}
    await mine.tried(
        run_id, 1, ago=6 * MINUTE, ended_at=NOW - 5 * MINUTE, message="First.", **tried
    )
    await mine.tried(run_id, 2, ended_at=NOW, message="Last.", log="a line of the log", **tried)
    return run_id


def told(page):
    """Its text, on one line."""
    return " ".join(page.text.split())


@pytest.mark.parametrize(
    ("language", "sentence", "asked"),
    [
        ("en", "Анна Котова connected the sheet", "By a person."),
        ("ru", "Анна Котова: к магазину «Рыжий кот» подключена таблица", "Человеком."),
    ],
)
async def test_a_run_tells_the_fact_that_led_to_it(console, language, sentence, asked):
    console.marketplace.accounts[console.token] = account("100", expires_at=UNTIL)
    console.sheet.share(FILE)
    anna = await console.anna(language=language)
    shop = await anna.press("/start/shop", token=console.token)
    await anna.press("/start/sheet", shop=shop.headers["location"].partition("=")[2], url=URL)
    listed = (await anna.open("/runs")).text
    address = "/runs/" + listed.partition('<a href="/runs/')[2][:36]

    page = await anna.open(address)

    assert page.status_code == 200
    assert sentence in told(page)
    assert 'href="/audit?correlation=' in page.text
    assert "tenant.sheet_connected" not in page.text
    assert asked.lower() in told(page).lower()
    assert f'href="https://docs.google.com/spreadsheets/d/{FILE}/edit"' in page.text


@pytest.mark.parametrize(
    ("causation", "said"),
    [
        ("schedule:2026-11-23T04:40:00+00:00", "The schedule: its time was <time"),
        (f"run:{UUID(int=7)}", f'Another run asked for it. <a href="/runs/{UUID(int=7)}">'),
        (f"event:{UUID(int=7)}", "Asked for by a person."),
        ("schedule:never", "Asked for by a person."),
        ("cli:once", "Asked for by a person."),
    ],
)
async def test_a_run_tells_any_other_cause_as_well_as_it_is_known(anna, mine, causation, said):
    run_id = await mine.ended(causation=causation)

    assert said in told(await anna.open(f"/runs/{run_id}"))


async def test_the_timeline_has_each_moment_in_its_order(anna, broken):
    page = told(await anna.open(f"/runs/{broken}"))
    line = page[page.index('id="timeline"') : page.index('id="attempts"')]

    moments = ["Asked for", "Try 1 of 5", "The try failed", "Try 2 of 5", "Failed for good"]
    places = [line.index(f"<b>{each}</b>") for each in moments]
    assert places == sorted(places)
    assert line.count("<b>The try failed</b>") == 1
    assert "07:40:00</time>" in line
    assert "First." in line


async def test_a_waiting_run_says_why_and_what_may_be_done(anna, mine):
    waits = {"due_at": NOW + 5 * MINUTE, "why": "Лимит. / The limit is used up."}
    run_id = await mine.live(**waits)

    page = told(await anna.open(f"/runs/{run_id}"))

    assert "Why is it waiting?" in page
    assert "The limit is used up. It goes on by itself at <time" in page
    assert ">Begin now</button>" in page
    assert f'<form action="/runs/{run_id}/cancel" method="post">' in page
    assert f'name="tenant" value="{mine.tenant}"' in page
    assert 'data-live="/live/runs/' in page


async def test_a_running_run_shows_how_far_it_is(anna, mine):
    known = await mine.live("running", progress={"step": "orders", "done": 5, "total": 9})
    unknown = await mine.live("running", progress={"step": "cards", "done": 300, "total": None})
    stopping = await mine.live("running", cancelling="Не нужно.")

    assert 'max="9" value="5"' in told(await anna.open(f"/runs/{known}"))
    assert "Reading the products, 300" in told(await anna.open(f"/runs/{unknown}"))
    page = told(await anna.open(f"/runs/{stopping}"))
    assert "it stops within a few seconds" in page
    assert f"/runs/{stopping}/cancel" not in page


async def test_a_finished_run_tells_its_effect_and_is_asked_for_no_more(anna, mine):
    result = {
        "products": 2214,
        "cells": 21,
        "changed": True,
        "googleWrites": 1,
        "gaps": [{"source": "orders", "cause": "outage"}],
        "notices": ["3 новых товара в конце."],
    }
    run_id = await mine.ended(result=result, shop_id=await mine.shop("Рыжий кот", FILE))

    page = told(await anna.open(f"/runs/{run_id}"))

    assert "21 cells written." in page
    assert "<dt>Products</dt><dd>2,214</dd>" in page
    assert "Some cells are blank: Wildberries did not answer." in page
    assert "3 новых товара в конце." in page
    assert ">Run again</button>" in page
    assert "data-live" not in page
    assert f"/runs/{run_id}/cancel" not in page


@pytest.mark.parametrize(("role", "log"), [("admin", True), ("member", False), ("viewer", False)])
async def test_the_log_is_for_owners_and_admins(console, anna, broken, role, log):
    owner = await anna.open(f"/runs/{broken}")
    await console.change_role(anna, role)
    seen = await anna.open(f"/runs/{broken}")

    assert ("a line of the log" in seen.text) is log
    assert "a line of the log" in owner.text
    assert "KeyError" in seen.text


async def test_the_traceback_and_the_workers_are_for_the_staff(anna, vera, broken):
    owner, hers = await anna.open(f"/runs/{broken}"), await vera.open(f"/runs/{broken}")

    for secret in ("line 41, in sync", "w-1"):
        assert secret not in owner.text
        assert secret in hers.text


async def test_a_viewer_has_nothing_to_press(console, anna, mine, broken):
    waiting = await mine.live(due_at=NOW + MINUTE)
    await console.change_role(anna, "viewer")

    for run_id in (broken, waiting):
        page = await anna.open(f"/runs/{run_id}")
        assert page.status_code == 200
        assert f"/runs/{run_id}/" not in page.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("There is no such run", "There is no such page")),
        ("ru", ("Такого задания нет", "Такой страницы нет")),
    ],
)
async def test_what_is_not_hers_is_a_page_in_words(console, broken, language, said):
    stranger = await console.anna(language=language)

    run, page = said
    for address, words in ((broken, run), (uuid4(), run), ("nonsense", page)):
        answer = await stranger.open(f"/runs/{address}")
        assert (answer.status_code, words in answer.text) == (404, True)


async def test_the_staffs_look_into_a_company_is_on_its_record(console, vera, mine, broken):
    page = await vera.open(f"/runs/{broken}")

    assert page.status_code == 200
    assert "Рыжий кот · Рыжий кот" in told(page)
    assert f'name="tenant" value="{mine.tenant}"' in page.text
    async with console.database.driver() as driver:
        seen = await driver.fetch(
            "SELECT actor_id FROM events WHERE tenant_id = $1 AND name = 'tenant.read_by_staff'",
            mine.tenant,
        )
    assert [row["actor_id"] for row in seen] == [vera.person]


async def test_what_people_and_neighbours_wrote_is_text_and_nothing_else(anna, vera, mine):
    run_id = await mine.failed(EVIL, EVIL, "f" * 16, kind=EVIL, args={EVIL: EVIL}, attempt=1)
    evil = {"outcome": "fail", "message": EVIL, "error_type": EVIL, "log": EVIL, "traceback": EVIL}
    await mine.tried(run_id, ended_at=NOW, **evil)
    held = await mine.live(shop_id=await mine.shop(EVIL), why=EVIL, due_at=NOW + MINUTE)

    for browser in (anna, vera):
        for each in (run_id, held):
            page = await browser.open(f"/runs/{each}")
            assert page.status_code == 200
            assert EVIL not in page.text


async def test_a_page_stays_small_whatever_was_logged(vera, mine):
    run_id = await mine.failed("б" * 1_000_000, "x", "0" * 16, attempt=5)
    long = {"log": "б" * 1_000_000, "traceback": "a" * 1_000_000, "message": "б" * 1_000_000}
    await mine.tried(run_id, ended_at=NOW, outcome="fail", **long)

    page = await vera.open(f"/runs/{run_id}")

    assert len(page.content) < 150_000
    assert page.text.count("<pre") == 2


async def test_the_parts_that_update_themselves_can_be_rendered_alone(anna, mine, monkeypatch):
    run_id = await mine.live("running")
    alone = {}

    def spying(template, visitor, **values):
        alone.update(fragments(template, visitor, values))
        return render(template, visitor, **values)

    monkeypatch.setattr("app.runs.run_page.render", spying)
    page = await anna.open(f"/runs/{run_id}")

    assert alone.keys() == {"acts", "now", "timeline", "attempts", "effect"}
    assert all(each in page.text for each in alone.values())
