"""Runs as the people of a company see them: found, picked, followed, begun again and stopped."""

import pytest
from playwright.sync_api import expect

from tests.browser import ledger
from tests.browser.conftest import LAMP, PATIENCE
from tests.browser.test_browser_start import LOOKS

ALL = 9
"""Her first sync, what is read beside it and then shown, and those of the ledger."""


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values()))
def test_runs_are_found_followed_and_acted_on(anna, city):
    made = ledger.fill(city, anna.email)
    find_runs(anna)
    look_at_each_state(anna, made)
    follow_one_to_its_end(anna, made["waiting"])
    stop_one(anna, made["running"])
    pick_some(anna)
    hold_her_lane(anna)
    read_what_failed_and_what_is_planned(anna)


def find_runs(person):
    page = person.page
    person.open("/runs")
    page.wait_for_selector(LAMP, timeout=PATIENCE)
    expect(page.locator(".list tbody tr")).to_have_count(ALL, timeout=PATIENCE)
    assert person.looked_at("runs-1") == []
    page.locator("#help summary").click()
    page.fill("#q", "state:failed since:soon")
    page.keyboard.press("Enter")
    page.wait_for_selector("#q-error")
    assert person.looked_at("runs-2-wrong") == []
    page.fill("#q", "state:failed since:24h")
    page.keyboard.press("Enter")
    page.wait_for_selector('.chip[aria-current="true"]')
    assert page.locator(".list tbody tr").count() == 2
    page.locator('.tabs [data-state="cancelled"]').click()
    page.wait_for_selector('.tabs [aria-current] [data-state="cancelled"]')
    assert page.locator(".list tbody tr").count() == 1
    person.open("/runs?q=state:succeeded+nobody")
    assert person.looked_at("runs-3-nothing") == []


def look_at_each_state(person, made):
    for state in ("waiting", "running", "failed", "succeeded", "cancelled"):
        person.open(f"/runs/{made[state]}")
        person.page.wait_for_selector(f'#now [data-state="{state}"]')
        assert person.looked_at(f"run-{state}") == []
    person.open(f"/runs/{made['failed']}")
    assert "KeyError" in person.text("#attempts")
    assert "Traceback" not in person.text("#attempts")


def follow_one_to_its_end(person, waiting):
    """The page moves by itself: nothing here asks for it again."""
    page = person.page
    person.open(f"/runs/{waiting}")
    page.wait_for_selector(LAMP, timeout=PATIENCE)
    page.locator("#acts form button").first.click()
    page.wait_for_selector('#now [data-state="succeeded"]', timeout=PATIENCE)
    page.wait_for_selector('#effect a[href^="https"], #effect dl')
    assert person.looked_at("run-moved") == []


def stop_one(person, running):
    page = person.page
    person.open(f"/runs/{running}")
    page.locator('[popovertarget="cancel"]').first.click()
    page.wait_for_selector("#cancel:popover-open")
    assert person.looked_at("run-cancel-asked") == []
    person.submit(f"/runs/{running}/cancel")
    page.wait_for_selector("#now .note")
    assert person.looked_at("run-stopping") == []


def pick_some(person):
    page = person.page
    person.open("/runs?q=state:failed")
    page.locator("[data-check-all]").check() if page.locator("thead").is_visible() else None
    for box in page.locator('tbody [name="run"]').all():
        box.check()
    assert person.looked_at("runs-4-picked") == []
    page.locator('.bulk [popovertarget="cancel"]').click()
    page.wait_for_selector("#cancel:popover-open")
    assert person.looked_at("runs-5-cancel-asked") == []
    page.keyboard.press("Escape")
    page.locator('.bulk [value="retry"]').click()
    page.wait_for_load_state()
    person.open("/runs?q=kind:bulk")
    assert page.locator(".list tbody tr").count() == 1
    page.locator(".list .title a").click()
    page.wait_for_selector('#now [data-state="succeeded"]', timeout=PATIENCE)
    assert person.looked_at("run-of-many") == []


def hold_her_lane(person):
    page = person.page
    person.open("/lanes")
    person.submit("/holds")
    page.wait_for_selector("#holds table")
    assert person.looked_at("lane-held") == []
    page.locator("#holds table form button").click()
    page.wait_for_selector("#holds table", state="detached")


def read_what_failed_and_what_is_planned(person):
    person.open("/failures")
    assert person.page.locator(".list tbody tr").count() == 1
    assert person.looked_at("failures-mine") == []
    person.open("/schedules")
    person.page.locator(".list details summary").click()
    assert person.looked_at("schedules-mine") == []
    person.open("/overview")
    assert person.looked_at("overview-mine-full") == []


def test_the_list_is_walked_by_keyboard(anna, city):
    ledger.fill(city, anna.email)
    page = anna.page
    anna.open("/runs")
    page.wait_for_selector(LAMP, timeout=PATIENCE)
    expect(page.locator(".list tbody tr")).to_have_count(ALL, timeout=PATIENCE)
    rows = [row.get_attribute("href") for row in page.locator(".list .title a").all()]
    here = "document.activeElement.getAttribute('href')"

    for key in "jjk":
        page.keyboard.press(key)
    assert page.evaluate(here) == rows[0]
    ledger.fill(city, anna.email)
    expect(page.locator(".list tbody tr")).not_to_have_count(ALL, timeout=PATIENCE)
    assert page.evaluate(here) == rows[0]
    page.keyboard.press("x")
    assert page.locator('tbody [name="run"]:checked').count() == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Tab")
    page.keyboard.press("s")
    page.wait_for_url("**/schedules")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert anna.looked_at("keys") == []
