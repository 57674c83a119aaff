"""Every address answers every method in words: a browser, a proxy or a prober may send any."""

import re
from uuid import uuid4

import pytest
from litestar.routes import HTTPRoute

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

    assert {each: status for each, status in found.items() if status >= 500} == {}


async def test_head_is_a_page_without_its_body(console):
    anna = await console.anna()
    looked, asked = await anna.open("/start"), await anna.http.head("/start")

    assert (looked.status_code, asked.status_code, asked.content) == (200, 200, b"")
    assert asked.headers["content-type"] == looked.headers["content-type"]
