"""What those who run the servers see of payments: companies, messages, and what differs."""

import httpx
import pytest

from tests.browser import ledger
from tests.browser.conftest import PATIENCE

LOOKS = [
    {"language": "ru", "theme": "light", "size": "desk"},
    {"language": "en", "theme": "dark", "size": "phone"},
]


@pytest.fixture
def city(paid_city):
    """Where companies pay."""
    return paid_city


@pytest.fixture
def vera(person, city):
    """She runs the servers, and her company has just bought a plan."""
    page = person.page
    person.register()
    person.open("/billing")
    page.locator('form[action="/billing/checkout"]:has([value="pro"]) button').click()
    page.wait_for_url("**/stripe/checkout/**")
    page.fill("[name=email]", person.email)
    page.locator("button.main").click()
    page.wait_for_url("**/billing?checkout=done")
    page.wait_for_selector("#state .note.t-ok", timeout=PATIENCE)
    ledger.appoint(city, person.email)
    return person


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values()))
def test_the_operator_walks_through_the_payments(vera, city):
    look_at_companies(vera)
    look_at_messages(vera)
    look_at_drift(vera, city)


def look_at_companies(person):
    page = person.page
    person.open("/operate/billing")
    assert person.looked_at("payments-1-companies") == []
    page.locator("#list tbody a").last.click()
    page.fill("#until", "2020-01-01")
    page.fill("#reason", "INV-7")
    page.locator('form[action$="/grant"] button').click()
    page.wait_for_selector("#until-error")
    page.fill("#until", "2030-01-01")
    page.locator('form[action$="/grant"] button').click()
    page.wait_for_selector('form[action$="/withdraw"]')
    assert person.looked_at("payments-2-company") == []
    page.fill("#why", "INV-7")
    page.locator('form[action$="/withdraw"] button').click()
    page.wait_for_selector('form[action$="/withdraw"]', state="detached")


def look_at_messages(person):
    page = person.page
    person.open("/operate/billing/inbox?since=2020-01-01")
    assert page.locator('form[action$="/replay"] button').is_visible()
    assert person.looked_at("payments-3-messages") == []
    page.locator("tbody a[href^='/operate/billing/inbox/']").first.click()
    page.fill("#reason", "ticket 7")
    page.locator('form[action$="/open"] button').click()
    page.wait_for_selector("pre")
    assert person.looked_at("payments-4-message") == []


def look_at_drift(person, city):
    stripe = city.outside.stage["stripeUrl"]
    person.open("/operate/billing/drift")
    assert person.page.locator(".empty").is_visible()
    hook = {"url": "http://127.0.0.1:1/", "secrets": ["whsec_nobody"], "types": []}
    httpx.post(f"{stripe}/control/hook", json=hook, trust_env=False).raise_for_status()
    state = httpx.get(f"{stripe}/control/state", trust_env=False).json()
    for each in state["subscriptions"]:
        body = {"customer": each["customer"], "card": "decline"}
        httpx.post(f"{stripe}/control/card", json=body, trust_env=False).raise_for_status()
    httpx.post(f"{stripe}/control/advance", json={"seconds": 32 * 86_400}, trust_env=False)
    person.open("/operate/billing/drift")
    assert person.page.locator("tbody tr").count() >= 1
    assert person.looked_at("payments-5-drift") == []
    person.submit("/operate/billing/drift")
    person.page.wait_for_selector(".note.t-ok")
    city.outside.send_messages(city.product.address)
