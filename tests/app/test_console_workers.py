"""Workers as those who run the servers see them, and how one is asked to go."""

from html import unescape

import pytest

from infrastructure.postgres.workers import Heard, Workers
from tests.app.operating import Fleet


@pytest.fixture
async def fleet(database, clock):
    fleet = Fleet(database, clock)
    await fleet.clear()
    yield fleet
    await fleet.clear()


@pytest.fixture
async def vera(console, fleet):
    return await console.staff()


def rows(page):
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(row).split()) for row in body.split("<tr>")[1:]]


async def test_each_worker_says_how_it_is(fleet, vera):
    await fleet.works("w-01:7", busy=3, ago=1)
    await fleet.works("w-02:7", busy=2, draining=True)
    await fleet.works("w-03:7", busy=8, ago=22 * 60)

    page = await vera.open("/workers")

    works, drains, lost = rows(page)
    assert "Takes runs" in works
    assert "3 / 8" in works
    assert works.count('class="on"') == 3
    assert "Draining" in drains
    assert "goes when its runs have ended: 2" in drains
    assert "Lost" in lost
    assert "22 min ago" in lost
    assert "<b>3</b> of 8" in page.text
    assert page.text.count('action="/workers/drain"') == 1
    assert "Several versions" not in page.text


async def test_versions_that_differ_are_pointed_out_the_usual_one_first(fleet, vera):
    await fleet.works("w-01:7", version="2.3.1")
    await fleet.works("w-02:7", version="2.4.0")
    await fleet.works("w-03:7", version="2.4.0")
    await fleet.works("w-04:7", version="1.0.0", ago=600)

    page = await vera.open("/workers")

    assert "Several versions are at work: 2.4.0, 2.3.1." in " ".join(page.text.split())


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "No worker takes runs."), ("ru", "Ни один обработчик не берёт задания.")],
)
async def test_when_nobody_works_the_page_says_what_to_do(console, fleet, language, said):
    await fleet.works("w-01:7", ago=600)
    vera = await console.staff(language=language)

    page = await vera.open("/workers")

    assert said in page.text
    assert "stock-tracker serve --worker" in page.text


async def test_a_worker_is_asked_to_go_and_that_is_seen_at_once(fleet, vera):
    await fleet.works("w-01:7")
    before = await fleet.facts("fleet.worker_drained")

    answer = await vera.press("/workers/drain", worker="w-01:7")
    again = await vera.press("/workers/drain", worker="w-01:7")
    page = await vera.open("/workers")

    assert (answer.status_code, answer.headers["location"]) == (303, "/workers")
    assert again.status_code == 303
    assert "Draining" in rows(page)[0]
    assert await fleet.facts("fleet.worker_drained") == before + 1


async def test_from_then_on_it_takes_no_runs_on_any_page_and_is_not_counted(console, fleet, vera):
    anna = await console.anna()
    await fleet.queue(await fleet.company(anna), 1, minutes=0)
    await fleet.works("w-01:7", slots=8, busy=0)
    before = (await anna.open("/runs")).text

    await vera.press("/workers/drain", worker="w-01:7")
    seen = Workers(database=fleet.database, clock=fleet.clock, version="2.4.0")
    heard = await seen.beat("w-01:7", slots=8, busy=0)  # as it does before it knows

    assert "Nothing holds it up" in before
    assert "No worker is running" in (await anna.open("/runs")).text
    assert "No worker takes runs." in (await vera.open("/workers")).text
    assert "Draining" in (await vera.open("/overview")).text
    assert heard == Heard(slots=0, drain=True)


async def test_a_worker_that_is_not_there_is_told_in_words(vera):
    answer = await vera.press("/workers/drain", worker="<b>")

    assert answer.status_code == 404


async def test_nobody_else_sees_workers_or_sends_them_away(console, fleet):
    await fleet.works("w-01:7")
    anna = await console.anna()

    looked, pressed = (
        await anna.open("/workers"),
        await anna.press("/workers/drain", worker="w-01:7"),
    )
    page = await anna.open("/failures")

    assert (looked.status_code, pressed.status_code) == (403, 403)
    assert "w-01" not in looked.text
    assert 'href="/workers"' not in page.text


async def test_a_name_of_a_machine_is_text_and_never_markup(fleet, vera):
    await fleet.works("<img src=x>:7")

    page = await vera.open("/workers")

    assert "<img" not in page.text
    assert "&lt;img src=x&gt;:7" in page.text
