"""A plan is bought on Stripe's page with a few clicks, changed, owed for and cancelled."""

import httpx
import pytest

from tests.browser import ledger
from tests.browser.conftest import PATIENCE

LOOKS = [
    {"language": "ru", "theme": "light", "size": "desk"},
    {"language": "en", "theme": "dark", "size": "phone"},
]
MONTH = 32 * 86_400


@pytest.fixture
def city(paid_city):
    """Where companies pay."""
    return paid_city


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values()))
def test_an_owner_buys_changes_owes_and_cancels(person, city):
    page = person.page
    person.register()
    person.open("/billing")
    assert person.looked_at("billing-1-trial") == []
    page.locator('form[action="/billing/checkout"]:has([value="pro"]) button').click()
    page.wait_for_url("**/stripe/checkout/**")
    page.fill("[name=email]", person.email)
    page.locator("button.main").click()
    page.wait_for_url("**/billing?checkout=done")
    page.wait_for_selector("#state .note.t-ok", timeout=PATIENCE)
    page.wait_for_selector("#invoices tbody a", timeout=PATIENCE)
    assert person.looked_at("billing-2-paid") == []

    company, _shop = ledger.company_of(city, person.email)
    ledger.joined(city, company, people=4)
    page.locator('[href="/billing?change=starter"]').click()
    assert page.locator(".note.t-wait").is_visible()
    assert person.looked_at("billing-3-question") == []
    person.submit("/billing/change")
    page.wait_for_selector('#state form[action="/billing/change"]')
    assert person.looked_at("billing-4-agreed") == []
    person.submit("/billing/change")
    page.wait_for_selector('[href="/billing?change=starter"]')

    page.locator('[href="/billing?cancel=yes"]').click()
    assert person.looked_at("billing-5-cancel") == []
    person.submit("/billing/cancel")
    page.wait_for_selector('form[action="/billing/resume"]')
    assert person.looked_at("billing-6-cancelled") == []
    person.submit("/billing/resume")
    page.wait_for_selector('[href="/billing?cancel=yes"]')

    decline_next_month(city, company)
    page.wait_for_selector("#state .t-fail", timeout=PATIENCE)
    assert person.looked_at("billing-7-owing") == []
    person.open("/stock")
    assert person.looked_at("billing-8-elsewhere") == []
    page.locator("#above a").click()
    person.submit("/billing/portal")
    page.wait_for_url("**/stripe/portal/**")
    page.locator("main a").last.click()
    page.wait_for_url("**/billing")
    page.locator("#invoices tbody a").last.click()
    page.wait_for_url("**/stripe/invoice/**")


def decline_next_month(city, company):
    """The time at Stripe goes on, and her bank no longer pays."""
    stripe = city.outside.stage["stripeUrl"]
    state = httpx.get(f"{stripe}/control/state", trust_env=False).json()
    (hers,) = [
        each for each in state["subscriptions"] if each["metadata"]["tenant_id"] == str(company)
    ]
    for verb, body in (
        ("card", {"customer": hers["customer"], "card": "decline"}),
        ("advance", {"seconds": MONTH}),
    ):
        httpx.post(f"{stripe}/control/{verb}", json=body, trust_env=False).raise_for_status()
