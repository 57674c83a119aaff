"""Lanes, holds and budgets: of all companies for who runs the servers, her own for everybody else."""

import re
from html import unescape
from uuid import uuid4

import pytest

from app.audit.run_sentences import EVERY, ONE
from app.web.console import fragments, render
from domain.errors import Unavailable
from domain.ports import Allowance, Level
from domain.run import KINDS
from infrastructure.postgres.ledger import PostgresLedger

OPTION = re.compile(r'<option value="(\w*)">([^<]+)</option>')
EGRESS = Allowance(key="wb:egress", what="egress", of="", burst=30, interval=0.1)
WRITES = Allowance(key="w", what="writes", of="robot@example.com", burst=12, interval=1.25)


def part(page, name):
    """What stands in one section, as text on one line."""
    text = page.text.partition(f'id="{name}"')[2].partition("</section>")[0]
    return " ".join(unescape(text).split())


async def test_lanes_say_in_words_why_they_move_or_not(fleet, vera):
    capped, woken = uuid4(), uuid4()
    await fleet.name(capped, "Рыжий кот")
    await fleet.queue(capped, 5, minutes=20)
    await fleet.take(capped, 3)
    await fleet.lane(capped, cap=3, ready=False)
    await fleet.queue(woken, 1, minutes=-20, why="Google writes are used up.")

    lanes = part(await vera.open("/lanes"), "list")

    first, second = lanes.split("<tr>")[2:]
    assert f'href="/runs?q=tenant:{capped}">Рыжий кот</a>' in first
    assert "3 of 3 in hand: its cap" in first
    assert "waiting: 2" in first
    assert "20 min</td>" in first
    assert "Wakes at" in second
    assert "08:00" in second
    assert "Google writes are used up." in second


async def test_a_lane_is_at_work_only_when_a_run_of_it_has_begun(fleet, vera):
    waiting, working = uuid4(), uuid4()
    for company in (waiting, working):
        await fleet.queue(company, 1)
        await fleet.lane(company, ready=False)
    await fleet.hand_out(waiting)
    await fleet.take(working, 1)

    lanes = part(await vera.open("/lanes"), "list").split("<tr>")[2:]

    for lane in lanes:
        assert ("Not begun yet" in lane, "At work" in lane) == (
            f"{waiting}" in lane,
            f"{working}" in lane,
        )


@pytest.mark.parametrize("everybody", [False, True], ids=["one company", "everybody"])
async def test_a_lane_whose_runs_are_all_on_hold_stands_there_too(
    database, clock, fleet, vera, everybody
):
    company, idle = uuid4(), uuid4()
    await fleet.name(company, "Рыжий кот")
    await fleet.name(idle, "Белый кот")
    await fleet.queue(company, 2)
    await fleet.queue(idle, 1)
    await fleet.hold(company, fleet=everybody, kind="sync" if everybody else None)
    await fleet.take(idle, 1)
    await fleet.lane(idle, ready=False)

    assert await PostgresLedger(database, clock).admit(10) == []
    async with database.driver() as driver:
        await driver.execute("DELETE FROM job_runs WHERE tenant_id = $1", idle)

    listed = part(await vera.open("/lanes"), "list")
    assert "Рыжий кот" in listed
    assert "Белый кот" not in listed


async def test_many_that_wait_are_not_counted_to_the_end(fleet, vera):
    await fleet.queue(uuid4(), 1200)

    assert "999+" in part(await vera.open("/lanes"), "list")


async def test_holds_are_released_and_made_by_a_press(fleet, vera):
    company = uuid4()
    await fleet.name(company, "Серый кот")
    await fleet.hold(company, kind="sync")
    await fleet.hold(uuid4(), fleet=True)

    page = await vera.open("/lanes")
    holds = part(page, "holds")

    whole, one = holds.split("<tr>")[2:]
    assert "of all companies" in whole
    assert 'name="fleet" value="1"' in whole
    assert "Серый кот" in one
    assert f'name="tenant" value="{company}"' in one
    assert 'name="kind" value="sync"' in one
    assert 'name="do" value="hold"' in page.text


async def test_all_companies_are_held_only_after_a_question(console, fleet, vera):
    anna = await console.anna()

    everybody, own = (await vera.open("/lanes")).text, (await anna.open("/lanes")).text

    asked = everybody.index('<dialog id="hold" popover')
    assert asked < everybody.index('<select id="kind"') < everybody.index('type="submit">Hold for')
    assert 'value="hold"' not in everybody[:asked]
    assert everybody.index('<option value="sync">') < everybody.index('<option value="">')
    assert '<button class="btn danger" type="submit">Hold</button>' in own


@pytest.mark.parametrize("path", ["/lanes", "/failures", "/workers"])
async def test_the_parts_that_update_themselves_can_be_rendered_alone(
    console, fleet, vera, monkeypatch, path
):
    alone = {}

    def spying(template, visitor, **values):
        alone.update(fragments(template, visitor, values))
        return render(template, visitor, **values)

    monkeypatch.setattr("app.runs.fleet.pages.render", spying)
    people = [vera] if path == "/workers" else [vera, await console.anna()]
    for person in people:
        page = await person.open(path)

        assert page.status_code == 200
        assert "list" in alone
        shown = {name: each for name, each in alone.items() if f'id="{name}"' in page.text}
        assert all(each in page.text for each in shown.values())
        alone.clear()


async def test_budgets_are_meters_with_what_is_left_and_when_they_open(console, fleet, vera):
    console.budgets = [(EGRESS, Level(tokens=27.4)), (WRITES, Level(tokens=3.0, closed=41.0))]

    budgets = part(await vera.open("/lanes"), "budgets")

    egress, writes = budgets.split("<tr>")[2:]
    assert '<meter min="0" max="30" value="3"' in egress
    assert "600 a minute" in egress
    assert 'value="12"' in writes
    assert "robot@example.com" in writes
    assert "in 41" in writes


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_without_redis_the_lanes_are_shown_all_the_same(console, fleet, language):
    vera = await console.staff(language=language)
    company = uuid4()
    await fleet.name(company, "Рыжий кот")
    await fleet.queue(company, 1)
    console.budgets = Unavailable("away", cause="our_outage")

    page = await vera.open("/lanes")

    assert page.status_code == 200
    assert "Рыжий кот" in part(page, "list")
    assert "Redis" in part(page, "budgets")


async def test_a_seller_sees_her_own_lane_and_what_holds_her(console, fleet):
    anna = await console.anna()
    hers = await fleet.company(anna)
    await fleet.queue(hers, 2)
    await fleet.queue(stranger := uuid4(), 3)
    await fleet.name(stranger, "Чужой кот")
    await fleet.hold(stranger)
    await fleet.hold(hers, kind="sync")
    await fleet.hold(uuid4(), fleet=True, kind="bulk")

    page = await anna.open("/lanes")

    assert "Your lane" in page.text
    assert "Чужой кот" not in page.text
    assert str(stranger) not in page.text
    assert part(page, "holds").count('value="release"') == 1
    assert 'name="fleet" value="1"' not in page.text
    assert 'id="budgets"' not in page.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_kind_that_there_is_can_be_put_on_hold_and_has_a_name(console, fleet, language):
    anna = await console.anna(language=language)

    page = await anna.open("/lanes")

    named = dict(OPTION.findall(page.text))
    assert list(named) == [*KINDS, ""]
    assert all(named[kind] != kind for kind in KINDS)
    assert {*ONE, *EVERY} == {None, *KINDS}


@pytest.mark.parametrize("role", ["member", "viewer"])
async def test_who_may_only_look_is_offered_nothing_to_press(console, fleet, role):
    anna = await console.anna()
    await fleet.hold(await fleet.company(anna))
    await console.change_role(anna, role)

    assert 'action="/holds"' not in (await anna.open("/lanes")).text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "All lanes are empty"), ("ru", "Все очереди пусты")]
)
async def test_when_nothing_is_to_do_the_page_says_so(console, fleet, language, said):
    vera = await console.staff(language=language)

    page = await vera.open("/lanes")

    assert said in page.text
    assert page.status_code == 200


async def test_a_companys_name_is_text_and_never_markup(fleet, vera):
    company = uuid4()
    await fleet.name(company, "<script>alert(1)</script>")
    await fleet.queue(company, 1)
    await fleet.hold(company)

    page = await vera.open("/lanes")

    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)") == 2
