"""Whoever runs the servers may act for other companies, whatever she is in her own; in her own one
she may what her role there allows."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest

from app.handle import Ask
from domain import fleet as domain_fleet
from domain.events import Origin
from tests.app.console_stock import Shop
from tests.app.runs_world import Runs

STAY = ("/sign-out", "/preferences")
ORIGIN = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:test")


class Buttons(HTMLParser):
    """The forms of a page, once for each of their buttons: where it leads, with which fields."""

    def __init__(self, page):
        super().__init__()
        self.found, self.form = [], None
        self.feed(page.text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.form = told if told.get("method") == "post" else None
            self.fields = {}
        elif self.form and tag == "input" and told.get("type") in {"hidden", "checkbox"}:
            if "name" in told and (told["type"], told["name"]) != ("checkbox", "all"):
                self.fields[told["name"]] = told["value"]
        elif self.form and tag == "button" and told.get("type") == "submit":
            chosen = {told["name"]: told["value"]} if "name" in told else {}
            if self.form["action"] not in STAY:
                self.found.append((self.form["action"], self.fields | chosen))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


@pytest.fixture
async def vera(console, fleet):
    """Of the staff, with a shop of her company's, in which she only looks on."""
    vera = await console.staff()
    vera.shop = await Shop.connected(console, vera)
    await console.change_role(vera, "viewer")
    yield vera
    release = Ask(
        decider=domain_fleet.decider,
        stream=domain_fleet.STREAM,
        command=domain_fleet.ReleaseRuns(kind=None),
    )
    await console.accounts.handle(release, origin=ORIGIN)


@pytest.fixture
async def anna(console, fleet):
    """A seller."""
    anna = await console.anna()
    anna.shop = await Shop.connected(console, anna, "200")
    return anna


async def made(fleet, browser):
    """What can be done something with: a run that waits and one that failed, and a hold. Ids."""
    company, shop_id = browser.shop.key
    runs = Runs(fleet.database, company)
    await fleet.hold(company, kind="bulk")
    await fleet.failed(company, f"{company.int:016x}"[:16])
    return await runs.live(key=f"{shop_id}"), await runs.ended(state="failed", shop_id=shop_id)


async def offered(browser, paths):
    """All buttons of these pages."""
    return [each for path in paths for each in Buttons(await browser.open(path)).found]


async def pressed(browser, buttons):
    """What each of them came to."""
    token = await browser.token()
    return {
        (path, *fields.values()): (await browser.send(path, **fields | {"csrf": token})).status_code
        for path, fields in buttons
    }


async def test_every_button_that_the_staff_is_offered_works_though_she_only_looks_on_at_home(
    fleet, vera, anna
):
    await fleet.works("w-01:7")
    own, theirs = await made(fleet, vera), await made(fleet, anna)
    places = ("overview", "runs", "failures", "schedules", "lanes", "workers")
    paths = [*(f"/{each}" for each in places), *(f"/runs/{each}" for each in (*own, *theirs))]

    buttons = await offered(vera, paths)
    answers = await pressed(vera, buttons)

    assert set(answers.values()) == {303}, answers
    # Whether what waits can be hastened depends on why it does: on the whole fleet.
    assert {path for path, _ in buttons} - {f"/runs/{theirs[0]}/retry"} == {
        *("/runs/bulk", "/holds", "/workers/drain", f"/schedules/{anna.shop.id}/run"),
        *(f"/runs/{theirs[0]}/cancel", f"/runs/{theirs[1]}/retry"),
    }


async def test_what_she_is_not_offered_at_home_is_refused_there_and_nothing_is_done(
    fleet, vera, anna
):
    waiting, failed = await made(fleet, vera)
    home = {"tenant": vera.shop.key[0]}
    refused = [
        (f"/runs/{waiting}/cancel", {}),
        (f"/runs/{failed}/retry", {}),
        (f"/schedules/{vera.shop.id}/run", {}),
        ("/holds", {"do": "hold"}),
        ("/holds", {"do": "release", "kind": "bulk"}),
        (f"/shops/{vera.shop.id}/disconnect", {}),
        ("/start/sync", {"shop": vera.shop.id}),
    ]

    wanted = [(path, {**told, **more}) for path, told in refused for more in ({}, home)]

    answers = await pressed(vera, wanted)

    assert set(answers.values()) == {403}, answers


async def test_with_a_role_at_home_she_acts_there_in_her_own_name(console, fleet, vera):
    waiting, _ = await made(fleet, vera)
    await console.change_role(vera, "member")
    buttons = await offered(vera, [f"/runs/{waiting}"])

    answers = await pressed(vera, buttons)

    assert list(answers.values()) == [303]
    async with fleet.database.driver() as driver:
        told = await driver.fetchval("SELECT cancelling FROM job_runs WHERE run_id = $1", waiting)
    assert "staff" not in told


async def test_who_is_no_staff_gains_nothing_by_naming_a_company(console, fleet, anna, vera):
    waiting, _ = await made(fleet, vera)
    own, _ = await made(fleet, anna)
    await console.change_role(anna, "viewer")
    there = {"tenant": vera.shop.key[0]}
    wanted = [
        (f"/runs/{waiting}/cancel", there),
        (f"/runs/{own}/cancel", there),
        (f"/runs/{own}/cancel", {}),
        (f"/schedules/{vera.shop.id}/run", there),
        ("/holds", {"do": "hold", **there}),
        ("/holds", {"do": "hold", "fleet": "1"}),
        ("/runs/bulk", {"do": "cancel", "run": own}),
    ]

    assert set((await pressed(anna, wanted)).values()) == {403}
