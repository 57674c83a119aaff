"""What those who run the servers do all day: failures, workers, lanes, schedules, and a look into
a company."""

import pytest

from tests.browser import ledger
from tests.browser.conftest import LAMP, PATIENCE, awaited
from tests.browser.test_browser_start import LOOKS
from tests.stories.town import Town

HELD = '#holds table form:has([name="fleet"][value="1"])'


@pytest.fixture(scope="module")
def company(city):
    """A seller's, with a shop that was really synced: its id and the shop's."""

    async def made():
        async with Town(city, "operator") as town:
            shop = await town.shop()
            return shop.person.email

    tenant, shop = ledger.company_of(city, awaited(made()))
    ledger.busy(city, tenant)
    return tenant, shop


@pytest.fixture
def vera(person, city, company):
    """She runs the servers."""
    person.register()
    ledger.appoint(city, person.email)
    return person


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values()))
def test_the_operator_walks_through_her_pages(vera, city, company):
    look_at_failures(vera)
    drain_one(vera, ledger.crew(city))
    hold_and_release(vera)
    run_one_now(vera, company)
    look_into(vera, company)


def look_at_failures(person):
    page = person.page
    person.open("/failures")
    page.wait_for_selector(LAMP, timeout=PATIENCE)
    assert page.locator(".list tbody tr").count() >= 2
    assert person.looked_at("failures") == []
    page.locator('form:has([value*="d4e5f6"]) button').click()
    page.wait_for_load_state()
    person.open("/runs?q=kind:bulk")
    assert page.locator(".list tbody tr").count() >= 1
    assert person.looked_at("runs-of-all") == []


def drain_one(person, worker):
    page = person.page
    person.open("/workers")
    assert page.locator(".list tbody tr").count() == 4
    assert person.looked_at("workers") == []
    page.locator(f'form:has([value="{worker}"]) button').click()
    page.wait_for_selector(f'form:has([value="{worker}"])', state="detached")
    assert person.looked_at("workers-drained") == []


def hold_and_release(person):
    page = person.page
    person.open("/lanes")
    assert page.locator("#list tbody tr").count() >= 2
    assert person.looked_at("lanes") == []
    for kind in ("sync", ""):
        page.locator('#holds [popovertarget="hold"]').click()
        page.select_option("#hold #kind", kind)
        page.locator('#hold [type="submit"]').click()
        page.wait_for_selector(f'{HELD}:has([name="kind"][value="{kind}"])')
    assert person.looked_at("lanes-held") == []
    for kind in ("", "sync"):
        page.locator(f'{HELD}:has([name="kind"][value="{kind}"]) button').click()
        page.wait_for_selector(f'{HELD}:has([name="kind"][value="{kind}"])', state="detached")


def run_one_now(person, company):
    page = person.page
    person.open("/schedules")
    assert person.looked_at("schedules") == []
    for show in ("late", "paused"):
        page.locator(f'.tabs [href$="show={show}"]').click()
        page.wait_for_selector(f'.tabs [href$="show={show}"][aria-current]')
        assert person.looked_at(f"schedules-{show}") == []
    person.open("/schedules")
    page.locator(f"#more-{company[1]} summary").click()
    person.submit(f"/schedules/{company[1]}/run")
    page.wait_for_selector('#now [data-state="succeeded"]', timeout=PATIENCE)
    assert person.looked_at("run-of-another-company") == []


def look_into(person, company):
    tenant, shop = company
    person.open(f"/shops/{shop}?tenant={tenant}")
    person.page.wait_for_selector("main > .note")
    assert person.looked_at("shop-of-another-company") == []
    person.open(f"/audit?tenant={tenant}")
    assert person.looked_at("audit-of-another-company") == []


def test_a_failed_run_shows_its_traceback_to_who_runs_the_servers(vera, city, company):
    made = ledger.fill(city, vera.email)
    vera.open(f"/runs/{made['failed']}")

    assert "Traceback (most recent call last)" in vera.text("#attempts")
    assert vera.looked_at("run-failed-for-staff") == []
