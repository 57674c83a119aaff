"""Failures by cause: added up over companies for who runs the servers, to everybody else her own."""

from html import unescape
from uuid import UUID, uuid4

import pytest

from app.graphql.connection import cursor
from app.runs.fleet.failures import MOST_COMPANIES, failures
from domain.access import TenantScope

CAUSE, OTHER = "00000000000000aa", "00000000000000bb"


def rows(page):
    """The cells of each cause, as text."""
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(row).split()) for row in body.split("<tr>")[1:]]


async def test_a_seller_sees_her_own_causes_the_last_one_first(console, fleet):
    anna = await console.anna()
    hers = await fleet.company(anna)
    await fleet.failed(hers, CAUSE, ago=60, error="KeyError", count=1_982)
    run_id = await fleet.failed(hers, OTHER, ago=5, error="Malformed", why="No such field.")
    await fleet.failed(uuid4(), CAUSE, error="Stranger")

    page = await anna.open("/failures")

    first, second = rows(page)
    assert 'href="/runs?q=error%3A00000000000000bb">Malformed</a>' in first
    assert "No such field." in first
    assert f'href="/runs/{run_id}"' in first
    assert "5 min ago" in first
    assert "1,982" in second
    assert "Stranger" not in page.text
    assert "Companies" not in page.text


async def test_who_runs_the_servers_sees_each_cause_once_over_all_companies(console, fleet):
    vera = await console.staff()
    await fleet.failed(uuid4(), CAUSE, ago=60, count=3, shops=2, why="The older one.")
    await fleet.failed(uuid4(), CAUSE, ago=5, count=4, shops=1, why="The newest one.")

    page = await vera.open("/failures")

    (row,) = rows(page)
    assert "The newest one." in row
    assert "The older one." not in row
    assert '<td class="num wide">2</td> <td class="num wide">3</td>' in row
    assert '<span class="wide">7</span>' in row
    assert await fleet.facts("fleet.read_by_staff") >= 1


async def test_a_cause_that_has_words_is_called_by_them(console, fleet):
    anna = await console.anna(language="ru")
    hers = await fleet.company(anna)
    await fleet.failed(hers, CAUSE, error="token_dead")
    await fleet.failed(hers, OTHER, error="lost")

    page = await anna.open("/failures")

    assert ">Обработчик пропадал снова и снова</a>" in page.text
    assert ">Токен больше не работает; новый может выпустить только владелец</a>" in page.text


async def test_all_runs_of_a_cause_are_retried_by_one_press(console, fleet):
    anna = await console.anna()
    await fleet.failed(await fleet.company(anna), CAUSE)

    page = await anna.open("/failures")

    form = page.text.partition('<form action="/runs/bulk"')[2].partition("</form>")[0]
    for name, value in (("do", "retry"), ("q", f"state:failed error:{CAUSE}"), ("all", "1")):
        assert f'name="{name}" value="{value}"' in form


@pytest.mark.parametrize("role", ["member", "viewer"])
async def test_who_may_only_look_is_offered_nothing_to_press(console, fleet, role):
    anna = await console.anna()
    await fleet.failed(await fleet.company(anna), CAUSE)
    await console.change_role(anna, role)

    page = await anna.open("/failures")

    assert "KeyError" in page.text
    assert "/runs/bulk" not in page.text


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing failed"), ("ru", "Сбоев нет")])
async def test_without_failures_the_page_says_so(console, fleet, language, said):
    anna = await console.anna(language=language)

    assert said in (await anna.open("/failures")).text


async def test_what_an_error_says_is_text_and_never_markup(console, fleet):
    anna = await console.anna()
    evil = "<script>alert(1)</script>"
    await fleet.failed(await fleet.company(anna), CAUSE, error=evil, why=evil)

    page = await anna.open("/failures")

    assert evil not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_causes_are_turned_over_page_by_page(console, fleet):
    anna = await console.anna()
    hers = await fleet.company(anna)
    for n in range(30):
        await fleet.failed(hers, f"{n:016x}", ago=n, error=f"Error{n}")

    page = await anna.open("/failures")
    more = unescape(page.text.partition('href="/failures?after=')[2].partition('"')[0])
    rest = await anna.open(f"/failures?after={more}")

    assert [len(rows(each)) for each in (page, rest)] == [25, 5]
    assert "Error24<" in page.text
    assert "Error25<" in rest.text
    assert "More" not in rest.text


BEFORE_ALL_TIME = "0001-01-01T00:00:00+14:00"


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "%00",
        cursor(),
        cursor("2026-11-23T00:00:00Z", "\0"),
        cursor("2026-11-23T00:00:00", "aa"),
        cursor(BEFORE_ALL_TIME, "aa"),
        cursor(BEFORE_ALL_TIME, UUID(int=7)),
        cursor(0, 2**70, "2026-11-23T00:00:00Z", UUID(int=7)),
        cursor(7, 0, "2026-11-23T00:00:00Z", UUID(int=7)),
    ],
)
async def test_a_page_that_begins_nowhere_is_refused_in_words(console, after):
    vera = await console.staff()

    for path in ("/failures", "/lanes", "/schedules"):
        answer = await vera.open(f"{path}?after={after}")
        assert answer.status_code == 422, path


async def test_a_cause_of_very_many_companies_is_added_up_over_the_newest(database, fleet):
    async with database.driver() as driver:
        await driver.execute(
            "INSERT INTO run_failures SELECT gen_random_uuid(), $1, 'sync', 'Away', '', 2, now(), "
            "now() - n * interval '1 second', gen_random_uuid() FROM generate_series(1, 2000) n",
            CAUSE,
        )
    (row,) = await failures(database, TenantScope.everyone(uuid4(), "test"), None, 5)

    assert (row.companies, row.more) == (MOST_COMPANIES, True)
    assert row.count >= 2 * MOST_COMPANIES
