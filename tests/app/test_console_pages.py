"""What every page is made of: files, error pages, the menu, and parts that are rendered alone."""

import gzip
import re

import pytest
from jinja2 import UndefinedError

from app.web.console import assets, fragments, render
from app.web.console.menu import menu
from app.web.console.rendering import ENVIRONMENT
from tests.app.console_world import OURS
from tests.app.looking import looking

HEAVIEST = 150_000


async def test_a_file_has_an_address_of_its_own_and_is_kept_for_ever(console):
    browser, address = console.browser(), assets.address("console.css")

    plain = await browser.open(address, **{"accept-encoding": "identity"})
    small = await browser.open(address, **{"accept-encoding": "gzip, br"})

    assert re.fullmatch(r"/static/console\.[0-9a-f]{16}\.css", address)
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.content == small.content == gzip.decompress(assets.ASSETS["console.css"].small)
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(plain.content) / 3
    assert plain.headers["etag"] != small.headers["etag"]
    assert plain.headers["vary"] == "Accept-Encoding"


async def test_a_file_that_a_browser_has_is_not_sent_again(console):
    browser, address = console.browser(), assets.address("desk.js")
    tag = (await browser.open(address)).headers["etag"]

    answer = await browser.open(address, **{"if-none-match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("name", ["console.css", "console.0000.css", "..%2fvisitor.py", "é.js"])
async def test_there_is_nothing_else_among_the_files(console, name):
    assert (await console.browser().open(f"/static/{name}")).status_code == 404


async def test_a_page_with_all_that_belongs_to_it_is_light(console):
    anna = await console.anna()

    page = len((await anna.open("/start")).content)

    assert page + sum(len(each.plain) for each in assets.ASSETS.values()) < HEAVIEST


@pytest.mark.parametrize("name", sorted(ENVIRONMENT.list_templates()))
def test_no_template_brings_style_or_script_along(name):
    source = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0]

    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"(?:src|href)=\"https?:", source)


async def test_a_person_gets_a_page_and_a_program_its_problem(console):
    browser = console.browser(language="ru")

    page = await browser.open("/nothing-here")
    problem = await browser.open("/nothing-here", accept="*/*")
    api = await browser.open("/auth/nothing-here")

    assert (page.status_code, problem.status_code, api.status_code) == (404, 404, 404)
    assert "<h1>Здесь ничего нет</h1>" in page.text
    assert page.headers["x-request-id"] in page.text
    assert problem.headers["content-type"].startswith("application/problem+json")
    assert api.headers["content-type"].startswith("application/problem+json")


async def test_who_is_signed_in_finds_her_menu_at_an_address_that_is_none(console):
    anna = await console.anna()

    for path in ("/nothing-here", "/runs/nothing/here", "/workers/drain"):
        page = await anna.open(path)
        assert page.status_code in (404, 405)
        assert '<a href="/stock"' in page.text


async def test_without_the_database_an_address_that_is_none_is_still_a_page(console, monkeypatch):
    anna = await console.anna()

    def away(*_):
        raise ConnectionRefusedError

    monkeypatch.setattr(type(console.accounts.people), "driver", away)
    page = await anna.open("/nothing-here")

    assert page.status_code == 404
    assert "<h1>Nothing here</h1>" in page.text


async def test_a_fault_of_ours_is_a_page_in_words_without_our_insides(console, caplog, monkeypatch):
    anna = await console.anna(language="ru")

    def broken(*_):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(console.database, "reading", broken)
    answer = await anna.open("/start")

    assert answer.status_code == 500
    assert "Что-то пошло не так на нашей стороне" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "secret" not in answer.text
    assert "Рыжий кот" in answer.text


async def test_a_page_that_takes_no_form_says_so(console):
    answer = await console.browser().send("/start/nowhere", headers=OURS)

    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"].startswith("text/html")


def test_the_menu_offers_what_is_there_and_marks_where_one_is():
    (seller,) = menu(("/start", "/runs"), "/runs/1", staff=False)
    operate, sell = menu(("/start", "/runs"), "/start", staff=True)

    assert [(each.path, each.here) for each in seller.entries] == [
        ("/runs", True),
        ("/start", False),
    ]
    assert ([each.path for each in operate.entries], operate.heading) == (["/runs"], "Operate")
    assert [each.path for each in sell.entries] == ["/start"]


def test_a_live_part_of_a_page_is_rendered_alone_as_it_stands_in_the_page():
    values = {"status": 409, "words": "Why", "back": "", "reference": "1"}
    page = render("mishap.html", looking(), **values)
    parts = fragments("mishap.html", looking(), values)

    assert "<h1>This did not work</h1>" in page
    assert parts == {}


def test_a_value_that_nobody_gave_is_an_error_and_no_blank():
    with pytest.raises(UndefinedError):
        render("mishap.html", looking(), status=409)


def test_what_people_typed_stays_text():
    values = {"words": "<script>alert(1)</script>", "back": '/runs?q="', "reference": '"'}
    page = render("mishap.html", looking(), status=409, **values)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
