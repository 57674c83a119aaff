"""The list of runs at a browser: what is found, what is shown, and who may do what."""

import re
from datetime import timedelta
from itertools import chain
from uuid import uuid4

import pytest

from app.runs import pages
from app.web.console import fragments, render
from domain.errors import Unavailable
from infrastructure.postgres.database import Database
from tests.app.runs_world import NOW, Runs, company_of, ids

TAB = re.compile(r'<a href="([^"]+)"( aria-current="page")?>.*?<small>([^<]+)</small></a>')
EVIL = "<script>alert(1)</script>"
MINUTE = timedelta(minutes=1)


def tabs(page):
    """(address, count) of each, and which one is open."""
    found = TAB.findall(page.text)
    return [(href, count) for href, _, count in found], [each[0] for each in found if each[1]]


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


@pytest.mark.parametrize(
    ("language", "said"), [("en", "No syncs yet"), ("ru", "Обновлений пока нет")]
)
async def test_without_runs_it_says_what_makes_the_first_one(console, language, said):
    anna = await console.anna(language=language)

    page = await anna.open("/runs")

    assert page.status_code == 200
    assert said in page.text
    assert 'href="/start">' in page.text


async def test_runs_are_shown_with_what_happens_to_them(anna, mine):
    cat = await mine.shop("Рыжий кот")
    await mine.live("running", shop_id=cat, progress={"step": "orders", "done": 5, "total": 9})
    await mine.live(due_at=NOW + 5 * MINUTE, why="Лимит исчерпан. / The limit is used up.")
    await mine.ended(result={"cells": 1204, "products": 3})
    await mine.ended(result={"cells": 0})
    await mine.failed("Токен. / The token is dead.", "token_dead", "c" * 16)

    page = await anna.open("/runs")

    assert len(ids(page)) == 5
    for told in (
        "Рыжий кот",
        "Reading the orders, 5 of 9",
        "The limit is used up. It goes on by itself at <time",
        "1,204 cells written.",
        "Nothing had changed",
        "The token is dead.",
    ):
        assert told in page.text
    assert '<progress id="bar-' in page.text


async def test_the_tabs_count_and_narrow_what_is_looked_for(anna, mine):
    for state, number in (("succeeded", 3), ("failed", 1)):
        for _ in range(number):
            await mine.ended(state)

    everything, failed = await anna.open("/runs?q=kind:sync"), "/runs?q=kind%3Async+state%3Afailed"
    page = await anna.open(failed)

    assert tabs(everything)[0][0] == ("/runs?q=kind%3Async", "4")
    assert (failed, "1") in tabs(everything)[0]
    assert tabs(everything)[1] == ["/runs?q=kind%3Async"]
    assert (tabs(page)[1], len(ids(page))) == ([failed], 1)
    assert tabs(page)[0] == tabs(everything)[0]


async def test_counts_end_with_a_plus(anna, mine, monkeypatch):
    monkeypatch.setattr(pages, "COUNTED", 2)
    for _ in range(3):
        await mine.ended()

    page = await anna.open("/runs")

    assert ("/runs?q=state%3Asucceeded", "2+") in tabs(page)[0]


async def test_pages_go_on_from_the_last_run_and_keep_the_search(anna, mine, monkeypatch):
    monkeypatch.setattr(pages, "SIZE", 2)
    for n in range(5):
        await mine.ended(ago=n * MINUTE, kind="export")
        await mine.ended(ago=n * MINUTE)
    link = re.compile(r'href="([^"]+)" rel="(prev|next)"')
    seen, address = [], "/runs?q=kind:export"
    while address and len(seen) < 5:
        page = await anna.open(address)
        seen.append(ids(page))
        links = {rel: href.replace("&amp;", "&") for href, rel in link.findall(page.text)}
        address = links.get("next")
    back = await anna.open(links["prev"])

    assert [len(each) for each in seen] == [2, 2, 1]
    told = [*chain.from_iterable(seen)]
    assert told == sorted(told, reverse=True)
    assert ids(back) == seen[1]
    assert len(set(told)) == 5


@pytest.mark.parametrize("place", ["before=x", "after=", "before=" + "9" * 40])
async def test_a_place_that_is_none_is_the_first_page(anna, mine, place):
    await mine.ended()

    page = await anna.open(f"/runs?{place}")

    assert (page.status_code, len(ids(page))) == (200, 1)


async def test_a_run_that_the_database_failed_says_so_in_her_language(console):
    anna = await console.anna(language="ru")
    mine = Runs(console.database, await company_of(console, anna))
    gone = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable) as away:
        async with gone.driver():
            pass
    await mine.live(due_at=NOW + 5 * MINUTE, why=str(away.value))

    page = await anna.open("/runs")

    assert "База данных сейчас не отвечает." in page.text
    assert str(away.value) not in page.text


async def test_beyond_the_last_page_there_is_a_way_back(anna, mine):
    run_id = await mine.ended()

    page = await anna.open(f"/runs?before={run_id}")

    assert "Nothing further" in page.text
    assert 'href="/runs">Go to the newest</a>' in page.text
    assert ids(await anna.open(f"/runs?after={'f' * 32}")) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "“done” is no state."), ("ru", "«done» — не состояние.")],
)
async def test_a_search_that_is_wrong_says_so_beside_its_line_and_the_page_stands(
    console, language, said
):
    anna = await console.anna(language=language)
    await Runs(console.database, await company_of(console, anna)).ended()

    page = await anna.open("/runs?q=state:done")

    assert page.status_code == 422
    assert said in page.text
    assert 'aria-describedby="q-error"' in page.text
    assert 'value="state:done"' in page.text
    assert (tabs(page)[0][0], tabs(page)[1], ids(page)) == (("/runs", "1"), [], [])


async def test_a_search_that_finds_nothing_says_what_to_leave_out(anna, mine):
    await mine.ended()

    page = await anna.open("/runs?q=kind:seal")

    assert "Nothing matches" in page.text
    assert 'href="/runs">Show everything</a>' in page.text


async def test_what_people_and_neighbours_wrote_is_text_and_nothing_else(anna, mine):
    shop = await mine.shop(EVIL)
    await mine.failed(EVIL, "x", "d" * 16, shop_id=shop)
    await mine.live(due_at=NOW + MINUTE, why=EVIL, kind=EVIL)
    await mine.live("running", progress={"step": EVIL, "done": 1})
    await mine.ended(result={EVIL: EVIL, "notices": [EVIL]})

    page = await anna.open(f'/runs?q="{EVIL}"')
    all_of_them = await anna.open("/runs")

    assert len(ids(all_of_them)) == 4
    for each in (page, all_of_them):
        assert EVIL not in each.text
        assert "&lt;script&gt;" in each.text


async def test_a_long_error_is_cut_and_the_page_stays_small(anna, mine):
    for n in range(51):
        await mine.ended("failed", why="б" * (1_000_000 if n == 0 else 2_000))

    page = await anna.open("/runs")

    assert len(page.content) < 150_000
    assert "б" * 300 + "…" in page.text


async def test_another_companys_runs_are_not_shown(console, anna, mine):
    stranger = await console.anna()
    shop = await mine.shop("Рыжий кот")
    await mine.ended(shop_id=shop)

    for address in ("/runs", f"/runs?q=shop:{shop}"):
        assert ids(await stranger.open(address)) == []


async def test_a_viewer_reads_and_has_nothing_to_press(console, anna, mine):
    await mine.ended("failed")
    owner = await anna.open("/runs")
    await console.change_role(anna, "viewer")

    viewer = await anna.open("/runs")

    assert len(ids(viewer)) == 1
    for tool in ('name="run"', 'name="do"', 'class="bulk"'):
        assert tool in owner.text
        assert tool not in viewer.text


async def test_picked_runs_are_sent_with_the_search_they_were_found_by(anna, mine):
    run_id = await mine.ended("failed")

    page = await anna.open("/runs?q=state:failed")

    assert '<form action="/runs/bulk" method="post"' in page.text
    assert '<input type="hidden" name="q" value="state:failed">' in page.text
    assert f'name="run" value="{run_id}"' in page.text
    assert 'name="do" value="retry"' in page.text
    assert 'name="do" value="cancel"' in page.text


async def test_the_staff_sees_all_companies_by_name(vera, mine):
    name = f"Рыжий кот {uuid4().hex}"
    await mine.rename(name)
    run_id = await mine.ended(shop_id=await mine.shop("Сад"))

    page = await vera.open(f'/runs?q=tenant:"{name[:30]}"')

    assert ids(page) == [run_id]
    assert f"{name} · Сад" in page.text


async def test_a_paused_run_says_since_when(console, anna, mine):
    await mine.live()
    async with console.database.driver() as driver:
        await driver.execute(
            "INSERT INTO holds VALUES ($1, 'all', true, NULL, NULL, $2)", uuid4(), NOW
        )

    page = await anna.open("/runs")

    assert "On hold" in page.text
    assert "All runs of all companies have been on hold since <time" in page.text


async def test_the_parts_that_update_themselves_can_be_rendered_alone(anna, mine, monkeypatch):
    await mine.ended()
    alone = {}

    def spying(template, visitor, **values):
        alone.update(fragments(template, visitor, values))
        return render(template, visitor, **values)

    monkeypatch.setattr("app.runs.pages.render", spying)
    page = await anna.open("/runs")

    assert alone.keys() == {"tabs", "list"}
    assert all(each in page.text for each in alone.values())
