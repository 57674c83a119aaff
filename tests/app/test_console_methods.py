"""Every address answers every method in words: a browser, a proxy or a prober may send any."""

import re
from uuid import uuid4

import pytest
from litestar.routes import HTTPRoute

from app.web.console.assets import ASSETS
from app.web.console.routes import NEEDS

PLACE = re.compile(r"{\w+:(\w+)}")
METHODS = ("HEAD", "OPTIONS", "TRACE", "PATCH", "PUT", "DELETE", "PROPFIND")
VALUES = {"uuid": str(uuid4()), "int": "1", "date": "2026-11-28"}


@pytest.fixture(params=["nobody", "anna"])
async def browser(console, request):
    return console.browser() if request.param == "nobody" else await console.anna()


async def test_no_method_at_any_address_is_a_fault_of_ours(console, browser):
    routes = [each for each in console.app.routes if isinstance(each, HTTPRoute)]
    paths = {PLACE.sub(lambda at: VALUES.get(at[1], "x"), each.path) for each in routes}
    asked = [(method, path) for path in sorted(paths) for method in METHODS]

    found = {each: (await browser.http.request(*each)).status_code for each in asked}

    # The parts that these two tell of are not all here.
    honest = {("HEAD", "/health"), ("HEAD", "/health/ready")}
    assert {each for each, status in found.items() if status >= 500} - honest == set()


async def test_head_is_a_page_without_its_body(console):
    anna = await console.anna()
    looked, asked = await anna.open("/start"), await anna.http.head("/start")

    assert (looked.status_code, asked.status_code, asked.content) == (200, 200, b"")
    assert asked.headers["content-type"] == looked.headers["content-type"]


async def test_head_of_a_stream_says_what_it_is_and_ends(console):
    anna = await console.anna()

    asked = await anna.http.head("/live/runs")
    nobody = await console.browser().http.head("/live/runs")
    nothing = await anna.http.head(f"/live/runs/{VALUES['uuid']}")

    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (nobody.status_code, nothing.status_code) == (303, 404)


async def test_every_page_and_stream_that_answers_to_get_answers_to_head(console):
    routes = [each for each in console.app.routes if isinstance(each, HTTPRoute)]
    ours = [each for each in routes if any(NEEDS in handler.opt for handler in each.route_handlers)]
    looked_at = [each for each in ours if "GET" in each.methods]

    assert [each.path for each in looked_at if "HEAD" not in each.methods] == []
    assert "/live/runs" in {each.path for each in looked_at}


async def test_who_watches_from_outside_or_looks_after_a_file_may_ask_without_a_body(console):
    http = console.browser().http
    paths = ("/health", "/health/ready", "/health/live", ASSETS["console.css"].address)

    for path in paths:
        looked, asked = await http.get(path), await http.head(path)

        assert (asked.status_code, asked.content) == (looked.status_code, b""), path
