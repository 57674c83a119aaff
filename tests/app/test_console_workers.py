"""Workers as those who run the servers see them, and how one is asked to go."""

from html import unescape

import pytest

from infrastructure.postgres.workers import Heard, Workers


def rows(page):
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(row).split()) for row in body.split("<tr>")[1:]]


async def test_each_worker_says_how_it_is(fleet, vera):
    await fleet.works("w-01:7", ago=1)
    await fleet.works("w-02:7", draining=True)
    await fleet.works("w-03:7", busy=8, ago=22 * 60)
    await fleet.works("w-04:7", ago=12)
    for worker, busy in (("w-01:7", 3), ("w-02:7", 2), ("w-04:7", 4)):
        await fleet.busy(worker, busy)

    page = await vera.open("/workers")

    works, drains, lost, silent = rows(page)
    assert "Takes runs" in works
    assert "3 / 8" in works
    assert works.count('class="on"') == 3
    assert "Draining" in drains
    assert "goes when its runs have ended: 2" in drains
    assert "Lost" in lost
    assert "22 min ago" in lost
    assert "Silent" in silent
    assert "; its runs are given to others after 15 seconds" in silent
    assert "12 s ago" in silent.replace("\xa0", " ")
    assert "<b>3</b> of 8" in page.text
    assert page.text.count('action="/workers/drain"') == 1
    assert "Several versions" not in page.text


@pytest.mark.parametrize(
    ("language", "had_some", "had_none"),
    [
        (
            "en",
            "it had runs when last heard of: 2; those that had not ended were given to others",
            "it had no runs",
        ),
        (
            "ru",
            "по последним сведениям у него были задания: 2; незавершённые отданы другим",
            "заданий у него не было",
        ),
    ],
)
async def test_a_lost_worker_gave_away_what_it_had_and_nothing_else(
    console, fleet, language, had_some, had_none
):
    await fleet.works("w-01:7", busy=2, ago=60)
    await fleet.works("w-02:7", busy=0, ago=60)
    await fleet.works("w-03:7", busy=0, ago=60)
    await fleet.busy("w-03:7", 1)
    vera = await console.staff(language=language)

    some, none, still = rows(await vera.open("/workers"))

    assert had_some in some
    assert had_none in none
    assert had_none not in still


async def test_one_that_misses_two_heartbeats_is_not_counted_on_anywhere(console, fleet, vera):
    anna = await console.anna()
    await fleet.queue(await fleet.company(anna), 1, minutes=0)
    await fleet.works("w-01:7", ago=11)

    page, waiting = (await vera.open("/workers")).text, (await anna.open("/runs")).text
    seen = Workers(database=fleet.database, clock=fleet.clock, version="2.4.0")
    heard = await seen.beat("w-02:7", slots=8, busy=0)

    assert "No worker takes runs." in page
    assert "No worker is running" in waiting
    assert 'action="/workers/drain"' not in page
    assert "Silent" in (await vera.open("/overview")).text
    assert heard.slots == 8


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
    assert "There is no such worker any more" in answer.text
    assert "Open Workers again" in answer.text


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
