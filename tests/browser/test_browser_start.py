"""From registering to a filled sheet, as a seller sees it."""

import pytest

from tests.browser.conftest import PATIENCE

LOOKS = [
    {"language": language, "theme": theme, "size": size}
    for language, theme, size in (
        ("ru", "light", "desk"),
        ("en", "dark", "desk"),
        ("ru", "dark", "phone"),
        ("en", "light", "phone"),
    )
]
NO_TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzaWQiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values()))
def test_a_seller_walks_start_to_the_end(person, seller):
    page = person.page
    person.open("/")
    assert person.looked_at("sign-in") == []
    person.register()
    assert person.looked_at("start-1-token") == []

    page.fill("#token", NO_TOKEN)
    page.wait_for_selector("#insight .note")
    assert person.looked_at("start-1-wrong-token") == []
    person.submit("/start/shop")
    assert marked(page) == ('"!"', 1)
    page.fill("#token", seller.tokens["base"])
    page.wait_for_selector("#insight .can")
    assert marked(page) == ("counter(step)", 0)
    assert person.looked_at("start-1-insight") == []
    person.submit("/start/shop")

    assert person.looked_at("start-2-sheet") == []
    page.fill("#url", seller.url)
    person.submit("/start/sheet")
    page.wait_for_selector("#url-error")
    assert person.looked_at("start-2-unshared") == []
    seller.share(person.text("#addr"))
    person.submit("/start/sheet")

    page.wait_for_selector("#first")
    assert person.looked_at("start-3-running") == []
    page.wait_for_selector('#first [data-state="succeeded"]', timeout=PATIENCE)
    page.wait_for_selector('.steps > [data-step="done"]:nth-child(3)', timeout=PATIENCE)

    assert person.looked_at("start-4-done") == []
    assert page.locator("#first a.primary").get_attribute("href") == seller.url.partition("#")[0]

    person.open("/overview")
    assert person.looked_at("overview-mine") == []
    assert page.locator("#shops article").count() == 1


def marked(page):
    """What stands beside the first step, and how many fields are marked as wrong."""
    mark = "getComputedStyle(document.querySelector('.steps > li'), '::before').content"
    return page.evaluate(mark), page.locator('[aria-invalid="true"]').count()
