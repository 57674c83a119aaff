"""The page on which a person chooses her mails, and the one behind the link of a mail."""

import re

import pytest

from app.notices.links import Links, Off
from domain.notices import Notice
from infrastructure.postgres.notices import PostgresBooks
from tests.app.console_stock import Shop
from tests.app.console_world import FORM

ALL = [str(each) for each in Notice]


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def link(console, anna, ring):
    """Of a mail about a dead token, as a path."""
    scope = (await console.identified(anna)).scope
    off = Off(company=scope.tenant, person=scope.person, kind=Notice.TOKEN_DEAD)
    return Links(base="", keys=ring).off(off)


async def chosen(browser):
    page = (await browser.open("/notices")).text
    return [each for each in ALL if f'value="{each}" checked' in page]


async def test_an_owner_is_told_of_everything_until_she_says_otherwise(anna):
    assert await chosen(anna) == ALL
    answer = await anna.press("/notices", kind="late", language="en", at_night="yes")
    page = (await anna.open(answer.headers["location"])).text

    assert answer.status_code == 303
    assert await chosen(anna) == ["late"]
    assert "Saved." in page
    assert 'name="at_night" value="yes" checked' in page
    assert '<option value="en" lang="en" selected>' in page


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_who_registers_in_a_language_is_written_to_in_it(console, language):
    person = await console.anna(language=language)
    page = (await person.open("/notices")).text

    assert f'<option value="{language}" lang="{language}" selected>' in page


async def test_nothing_at_all_can_be_chosen(anna):
    await anna.press("/notices", language="ru")

    assert await chosen(anna) == []


@pytest.mark.parametrize(
    ("field", "says"),
    [({"language": "fr"}, "Choose Russian or English"), ({"kind": "gossip"}, "no mails of this")],
)
async def test_what_is_not_on_the_page_is_refused_in_words(anna, field, says):
    answer = await anna.press("/notices", **{"language": "ru", **field})

    assert answer.status_code == 422
    assert says in answer.text


async def test_where_no_mail_is_sent_the_page_says_so_and_to_the_staff_what_to_do(console, anna):
    staff = await console.staff()

    assert "Nobody is written to until" in (await anna.open("/notices")).text
    assert "Set SMTP_URL, MAIL_FROM and PUBLIC_URL" in (await staff.open("/notices")).text


async def test_an_address_that_nobody_is_at_is_told_and_can_be_tried_again(console, anna, clock):
    await PostgresBooks(console.database).failed(anna.person, clock())
    told = (await anna.open("/notices")).text
    await anna.press("/notices/again")

    assert f"Nobody could be reached at {anna.email}" in told
    assert "Nobody could be reached" not in (await anna.open("/notices")).text


async def test_a_viewer_chooses_as_well(console, anna):
    await console.change_role(anna, "viewer")
    assert await chosen(anna) == []


async def test_a_notice_is_a_run_that_is_found_and_looked_at(console, anna):
    shop = await Shop.connected(console, anna)
    await shop.report_broken("token_dead", (await console.identified(anna)).origin)
    found = (await anna.open("/runs?q=kind:notice")).text
    run_id = re.search(r'href="/runs/([0-9a-f-]{36})', found)[1]
    page = (await anna.open(f"/runs/{run_id}")).text

    assert "Notice by mail" in found
    assert "Notice by mail" in page
    assert "its token no longer works" in page
    assert anna.email not in page


# By the link of a mail


async def test_one_click_turns_all_mails_off_without_signing_in(console, anna, link):
    answer = await console.browser().http.post(
        link, content="List-Unsubscribe=One-Click", headers=FORM
    )

    assert answer.status_code == 200
    assert await chosen(anna) == []


async def test_looking_at_the_link_turns_nothing_off(console, anna, link):
    stranger = console.browser()
    looked = await stranger.open(link)
    page = await stranger.open(looked.headers["location"])

    assert (looked.status_code, page.status_code) == (303, 200)
    assert "None about: A token no longer works" in page.text
    assert await chosen(anna) == ALL


async def test_a_person_may_turn_one_kind_off_and_sees_that_it_is_done(console, anna, link):
    stranger = console.browser()
    answer = await stranger.http.post(link, content="back=yes&only=kind", headers=FORM)
    page = await stranger.open(answer.headers["location"])

    assert answer.status_code == 303
    assert "You get no such mails any more" in page.text
    assert await chosen(anna) == [each for each in ALL if each != "token_dead"]


async def test_the_log_says_that_it_was_a_link_in_a_mail(console, anna, link):
    await console.browser().http.post(link, content="only=kind", headers=FORM)
    page = (await anna.open("/audit")).text

    assert "A link in a mail chose what Анна Котова is told of by mail" in page


@pytest.mark.parametrize(
    "forge", [lambda link: link[:-2], lambda link: link + "AA", lambda _: "/x"]
)
async def test_what_we_did_not_make_turns_nothing_off(console, anna, link, forge):
    token = forge(link).rpartition("/")[2]
    answers = [
        await console.browser().http.post(f"/notices/off/{token}"),
        await console.browser().open(f"/notices/stop/{token}"),
    ]

    assert [each.status_code for each in answers] == [404, 404]
    assert await chosen(anna) == ALL


async def test_a_link_says_nothing_of_whom_it_is_for(anna, link):
    assert anna.email not in link
    assert "anna" not in link.lower()


async def test_who_has_left_gets_none_anyway(console, anna, link):
    async with console.database.driver() as driver:
        await driver.execute("DELETE FROM members WHERE user_id = $1", anna.person)
    answer = await console.browser().http.post(link)

    assert answer.status_code == 200
