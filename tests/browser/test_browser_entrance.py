"""Coming in and going out, and how one likes to see it."""

import pytest

from tests.browser.person import PASSWORD

LOOKS = [
    {"language": "ru", "theme": "light", "size": "desk"},
    {"language": "en", "theme": "dark", "size": "phone"},
]
named = pytest.mark.parametrize(
    "look", LOOKS, indirect=True, ids=lambda look: "-".join(look.values())
)


@named
def test_what_is_wrong_stands_beside_its_field(person):
    person.open("/register")
    assert person.looked_at("register") == []

    person.page.fill("#full_name", "Анна Котова")
    person.page.fill("#email", "anna@example.com")
    person.page.fill("#password", "password")
    person.submit("/register")

    assert person.looked_at("register-refused") == []
    assert person.page.locator("#password-error").is_visible()
    assert person.page.input_value("#full_name") == "Анна Котова"


@named
def test_a_wrong_password_is_told_and_the_right_one_leads_on(person):
    person.register()
    person.leave()

    person.sign_in("not her password")
    assert person.looked_at("sign-in-refused") == []
    person.sign_in()

    assert person.page.url.endswith("/start")


@named
def test_a_page_that_is_not_there_leads_back(person):
    person.open("/nothing-here")
    assert person.looked_at("nothing-here") == []
    person.register()
    person.open("/nothing-here")

    assert person.looked_at("nothing-here-signed-in") == []
    person.page.locator("main a.btn").click()
    person.page.wait_for_url("**/start")


def test_a_theme_is_taken_at_once_and_kept(person):
    person.open("/sign-in")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = person.page.evaluate(ground)

    with person.page.expect_response("**/preferences"):
        person.page.locator('[name="theme"][value="dark"]').check(force=True)
    dark = person.page.evaluate(ground)
    person.page.reload()

    assert dark != light
    assert person.page.evaluate(ground) == dark


def test_a_language_is_one_press_away(person):
    person.open("/sign-in")
    person.page.get_by_role("button", name="English").click()
    person.page.wait_for_load_state()

    assert person.text("h1") == "Sign in to your account"
    assert person.page.url.endswith("/sign-in")


def test_all_is_reached_by_keyboard_alone(person):
    person.register()
    person.page.keyboard.press("Tab")
    skipped = person.page.evaluate("document.activeElement.className")
    person.page.keyboard.press("Enter")
    person.page.keyboard.press("Tab")

    assert skipped == "skip"
    assert person.page.evaluate("document.activeElement.id") == "token"


@pytest.mark.parametrize("look", [{"script": False}], indirect=True, ids=["without scripts"])
def test_start_is_walked_without_scripts(person, seller):
    person.register()
    person.page.fill("#token", seller.tokens["personal"])
    person.submit("/start/shop")
    seller.share(person.text("#addr"))
    person.page.fill("#url", seller.url)
    person.submit("/start/sheet")

    person.page.wait_for_selector('#first [data-state="succeeded"]', timeout=60_000)

    assert person.page.locator('.steps > [data-step="done"]').count() == 3


def test_nothing_comes_from_elsewhere(person, city):
    seen = []
    person.page.on("request", lambda request: seen.append(request.url))
    person.register()

    assert seen
    assert [url for url in seen if not url.startswith(city.product.address)] == []
    assert PASSWORD not in str(seen)
