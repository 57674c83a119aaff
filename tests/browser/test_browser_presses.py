"""The buttons that no other walk presses, each of them once and to its end."""

from tests.browser import ledger
from tests.browser.conftest import PATIENCE

DONE = '#now [data-state="succeeded"]'


def test_many_runs_are_cancelled_at_once(anna, city):
    made, page = ledger.fill(city, anna.email), anna.page
    anna.open("/runs")
    for state in ("waiting", "running"):
        page.locator(f'tbody [value="{made[state]}"]').check()
    page.locator('.bulk [popovertarget="cancel"]').click()
    page.locator('#cancel [value="cancel"]').click()
    page.wait_for_load_state()
    anna.open("/runs?q=kind:bulk")
    page.locator(".list .title a").click()
    page.wait_for_selector(DONE, timeout=PATIENCE)

    anna.open(f"/runs/{made['waiting']}")
    assert page.locator('#now [data-state="cancelled"]').is_visible()
    anna.open(f"/runs/{made['running']}")
    assert page.locator("#now .note").is_visible()
    assert page.locator("#acts button").count() == 0


def test_a_sync_is_begun_wherever_its_button_stands(anna):
    page = anna.page
    anna.open("/stock")
    shop = page.locator('.head a[href^="/shops/"]').get_attribute("href")
    for place in ("/overview", "/stock", shop, "/schedules"):
        anna.open(place)
        page.locator('form[action$="/run"] button').click()
        page.wait_for_url("**/runs/*")
        page.wait_for_selector(DONE, timeout=PATIENCE)
    done = page.url
    page.locator("#acts button").click()
    page.wait_for_function("done => location.href !== done", arg=done)
    page.wait_for_selector(DONE, timeout=PATIENCE)

    anna.open("/runs?q=kind:sync")
    # One more shows what was read beside the first, unless a press found it still under way.
    assert page.locator('.list [data-state="succeeded"]').count() in {6, 7}


def test_a_shop_is_changed_and_disconnected(anna, seller):
    page = anna.page
    anna.open("/start")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-copy]").first.click()
    page.wait_for_function("document.querySelector('[data-copy]').textContent === 'Скопировано'")
    assert page.evaluate("navigator.clipboard.readText()") == anna.text("#addr")
    page.locator("#when summary").click()
    page.select_option("#hour", "9")
    anna.submit("/start/schedule")
    assert "09:00" in anna.text('.steps > [data-step="done"]:nth-child(3)')
    page.locator("#another summary").click()
    anna.submit("/start/sheet")
    page.locator("#replace summary").click()
    page.fill("#token", seller.tokens["personal"])
    anna.submit("/start/shop")
    assert page.locator(".note.t-fail").count() == 0
    page.wait_for_selector('form[action="/start/sync"]', timeout=PATIENCE)
    anna.submit("/start/sync")
    page.wait_for_selector('#first [data-state="succeeded"]', timeout=PATIENCE)

    anna.open("/stock")
    page.locator('.head a[href^="/shops/"]').click()
    page.locator('[commandfor="disconnect"]').click()
    page.locator("#disconnect form[action] button").click()
    page.wait_for_url("**/stock")
    assert page.locator("main .empty").is_visible()


def test_the_log_is_searched_and_filtered(anna):
    page = anna.page
    anna.open("/audit")
    everything = page.locator(".log > li").count()
    page.locator("#more summary").click()
    page.select_option("#action", index=1)
    page.locator('#more [type="submit"]').click()
    page.wait_for_url("**action=*")
    assert 0 < page.locator(".log > li").count() < everything
    page.locator("#more .row a").click()
    page.wait_for_url("**/audit")
    page.fill("#target", "нет такого")
    page.locator('.filter [type="submit"]').click()
    page.wait_for_load_state()
    assert page.locator(".empty, #target-error").first.is_visible()
