"""The operator's first page, as one of those who run the servers sees it."""

from uuid import uuid4

import pytest

from tests.browser import ledger
from tests.browser.conftest import awaited
from tests.browser.test_browser_start import LOOKS

LATE = """
INSERT INTO shops (tenant_id, shop_id, marketplace, seller_id, token_id, token_kind, spreadsheet_id,
  broken, broken_since, connected_at)
SELECT c.id, c.id, 'wildberries', '100', c.id, 'base', 'file', c.broken, now(), now()
FROM unnest($1::uuid[], $2::text[]) AS c (id, broken)
"""
PROMISES = (
    "INSERT INTO promises SELECT id, id, now() - interval '1 hour' FROM unnest($1::uuid[]) AS id"
)
NAMES = """
INSERT INTO labels SELECT id, id, CASE n WHEN 3 THEN $2 ELSE 'Рыжий кот ' || n END
FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)
"""
CAUSES = ("token_dead", "token_dead", "sheet_full", "method_off", "google_quota", "google_api_off")


@pytest.fixture
def vera(person, city):
    """She runs the servers, and some shops are late."""
    person.register()
    ledger.appoint(city, person.email)
    awaited(late(city))
    return person


async def late(city):
    ids = [uuid4() for _ in CAUSES]
    async with ledger.opened(city) as database, database.driver() as driver:
        await driver.execute(LATE, ids, CAUSES)
        await driver.execute(PROMISES, ids)
        await driver.execute(NAMES, ids, ledger.LONG)


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values()))
def test_the_operator_sees_who_is_late_and_the_page_goes_on_by_itself(vera):
    page = vera.page
    vera.open("/overview")

    assert vera.looked_at("overview") == []
    assert page.locator("tbody[id^=late-]").count() == 4
    page.locator("#late-seller details summary").first.press("Enter")
    page.wait_for_selector('.live[data-link="open"]', timeout=20_000)
    assert page.locator("#late-seller details[open] li").count() >= 2
    assert vera.looked_at("overview-live") == []
