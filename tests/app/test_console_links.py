"""Every link of the console leads somewhere: from page to page, each address once."""

import re
from collections import deque
from datetime import timedelta
from html import unescape
from urllib.parse import urldefrag, urljoin

import pytest

from domain.ports import Allowance, Level
from tests.app.console_stock import ROWS, Shop
from tests.app.runs_world import Runs

LINK = re.compile(r'\s(?:href|src)="(/[^"]*|[?#][^"]+)"')
ALIKE = re.compile(r"(?<=sort=)-?\w+|(?<=state%3A)\w+|(?<=view=)\w+")
DEAD = "a" * 16
LEFT_BY_OTHERS = ("job_runs", "job_attempts", "job_history", "run_failures")
"""What our staff would walk through, and tests have made to be wrong."""
EGRESS = Allowance(key="wb:egress", what="egress", of="", burst=30, interval=0.1)


async def filled(console, fleet, browser):
    """Something on every page: a shop with products, one without a sheet, and runs of all kinds."""
    shop = await Shop.connected(console, browser)
    await Shop.connected(console, browser, seller="200", sheet=False, name="Серый кот")
    await shop.stocked(ROWS[:2])
    runs = Runs(console.database, shop.key[0])
    asked = await runs.live(due_at=runs.now + timedelta(hours=1), shop_id=shop.id)
    await runs.live("running", shop_id=shop.id, causation=f"run:{asked}")
    failed = await runs.failed("Токен.", "token_dead", DEAD, shop_id=shop.id)
    await runs.tried(failed, ended_at=runs.now, outcome="fail", message="Токен.")
    await runs.ended("cancelled", shop_id=shop.id)
    await fleet.works("w-1:7")
    await fleet.hold(shop.key[0], kind="sync", shop=shop.id)
    await shop.owed(console.clock() - timedelta(hours=1))
    console.budgets = [(EGRESS, Level(tokens=27.4))]
    return shop


async def crawled(browser, others, begin="/"):
    """Each address that is found from there on: what came of it, and which page led there. One
    order, state or view of a list stands for all of them; companies of `others`, whose histories
    tests have spoilt, are left alone."""
    led, waiting, seen = {begin: ""}, deque([begin]), {begin}
    came = {}
    while waiting:
        at = waiting.popleft()
        came[at] = page = await browser.open(at)
        links = [unescape(each) for each in LINK.findall(page.text)]
        links += [page.headers["location"]] if "location" in page.headers else []
        for link in links:
            leads, place = urldefrag(urljoin(at, link))
            led.setdefault(f"{leads}#{place}" if place else leads, at)
            if (alike := ALIKE.sub("", leads)) not in seen and not others.match(leads):
                seen.add(alike)
                waiting.append(leads)
    return came, led


@pytest.mark.parametrize("who", ["owner", "staff"])
async def test_no_link_is_dead(console, fleet, who, monkeypatch):
    monkeypatch.setattr("app.runs.pages.SIZE", 3)
    async with console.database.driver() as driver:
        for table in LEFT_BY_OTHERS:
            await driver.execute(f"DELETE FROM {table}")
    person = await (console.anna() if who == "owner" else console.staff())
    shop = await filled(console, fleet, person)

    others = re.compile(rf"/operate/billing/companies/(?!{shop.key[0]})")
    came, led = await crawled(person, others)

    dead = {at: led[at] for at, page in came.items() if page.status_code not in {200, 303}}
    places = {at: at.partition("#") for at in led if "#" in at}
    nowhere = {
        at: led[at]
        for at, (page, _, place) in places.items()
        if page in came and f'id="{place}"' not in came[page].text
    }
    assert (dead, nowhere) == ({}, {})
    assert {f"/shops/{shop.id}", "/lanes", "/failures", "/audit"} <= came.keys()
