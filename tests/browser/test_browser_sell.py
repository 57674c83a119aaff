"""What a seller looks at every day, on a shop that was really synced: stock, its sheet, the log."""

import pytest

from tests.browser.conftest import PATIENCE
from tests.browser.test_browser_start import LOOKS


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values()))
def test_a_seller_looks_at_her_stock_her_sheet_and_her_log(person, seller):
    page = person.page
    person.open("/")
    person.register()
    person.open("/stock")
    assert person.looked_at("stock-1-empty") == []

    person.open("/start")
    page.fill("#token", seller.tokens["base"])
    person.submit("/start/shop")
    seller.share(person.text("#addr"))
    page.fill("#url", seller.url)
    person.submit("/start/sheet")
    page.wait_for_selector('#first [data-state="succeeded"]', timeout=PATIENCE)

    person.open("/stock")
    assert person.looked_at("stock-2-filled") == []
    page.locator(".grid tbody a").first.click()
    page.wait_for_selector("#places-h")
    assert person.looked_at("stock-3-product") == []

    person.open("/stock")
    page.locator('.head a[href^="/shops/"]').click()
    page.wait_for_selector("#connected-h")
    assert person.looked_at("shop-1") == []
    page.locator('[commandfor="disconnect"]').click()
    assert page.locator("#disconnect").is_visible()
    assert person.looked_at("shop-2-asked") == []
    page.keyboard.press("Escape")

    person.open("/lanes")
    assert person.looked_at("lane") == []
    fields = page.locator("#kind"), page.locator("#holding button")
    assert len({each.bounding_box()["y"] for each in fields}) == 1

    person.open("/audit")
    page.locator(".log summary").first.click()
    page.locator("#more summary").click()
    assert person.looked_at("audit-1") == []
    with page.expect_download() as file:
        page.locator('button[value="csv"]').click()
    assert file.value.suggested_filename.endswith(".csv")
    with page.expect_download() as another:
        page.locator('button[value="jsonl"]').click()
    assert another.value.suggested_filename.endswith(".jsonl")
