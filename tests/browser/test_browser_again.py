"""What failed is run again: all of one cause by a press, and a late shop's run by another."""

import pytest

from tests.browser import ledger
from tests.browser.conftest import PATIENCE, awaited
from tests.stories.town import Town

NEW = {"kind": "add_product", "brand": "Сирин", "subject": "Шапки", "vendor_code": "a-1"}


@pytest.fixture
def vera(person, city):
    """She runs the servers."""
    person.register()
    ledger.appoint(city, person.email)
    return person


@pytest.fixture
def failed(city):
    """Two shops of two companies whose syncs failed by one cause, which has gone since."""

    async def made():
        async with Town(city, "again") as town:
            shops = [await town.shop() for _ in range(2)]
            for shop in shops:
                await shop.seller.change(NEW)
                address = await shop.person.sheet_address()
                await shop.sheet.unshare(address)
                assert (await shop.ended(await shop.request()))["state"] == "FAILED"
                await shop.sheet.share(address)
            return [shop.id for shop in shops]

    return awaited(made())


def test_all_that_failed_by_one_cause_run_again_by_one_press(vera, failed):
    page = vera.page
    vera.open("/failures")
    row = page.locator(".list tbody tr", has_text="Доступ к таблице для нас закрыт")
    assert row.locator("td.foot .wide").inner_text() == "2"
    row.locator("form button").click()
    page.wait_for_load_state()
    vera.open("/runs?q=kind:bulk")
    page.locator(".list .title a").first.click()
    page.wait_for_selector('#now [data-state="succeeded"]', timeout=PATIENCE)

    assert "2" in vera.text("#effect")
    for shop in failed:
        vera.open(f"/runs?q=kind:sync+shop:{shop}")
        newest = '.list tbody tr:first-child [data-state="succeeded"]'
        page.wait_for_selector(newest, timeout=PATIENCE)
        assert page.locator(".list tbody tr").count() == 3


def test_a_late_shop_is_fresh_after_one_press_on_the_overview(vera, city):
    async def made():
        async with Town(city, "late") as town:
            return (await town.shop()).person.email

    run = ledger.late(city, awaited(made()))
    button = f'#late-us form[action="/runs/{run}/retry"] button'
    vera.open("/overview")
    vera.page.locator(button).click()
    vera.page.wait_for_url("**/overview")

    vera.page.wait_for_selector(button, state="detached", timeout=PATIENCE)
