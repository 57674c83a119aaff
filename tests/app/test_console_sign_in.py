"""The console's way in and out: pages, errors beside their fields, and nothing for who guesses."""

import re
from datetime import timedelta

import pytest

from tests.app.console_world import PASSWORD

BESIDE = re.compile(r'id="(\w+)-error" role="alert">.*?<p>(.*?)</p>')
"""A field, and what is wrong with it."""


async def test_a_stranger_is_led_to_the_sign_in_and_back(console):
    browser, anna = console.browser(), await console.anna()

    asked = await browser.open("/start?shop=1")
    page = await browser.open(asked.headers["location"])
    entered = await browser.sign_in(anna.email, after="/start?shop=1")

    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?after=/start%3Fshop%3D1"
    assert 'name="after" value="/start?shop=1"' in page.text
    assert (entered.status_code, entered.headers["location"]) == (303, "/start?shop=1")


async def test_the_first_page_leads_to_where_the_day_begins(console):
    stranger, anna = console.browser(), await console.anna()

    assert (await stranger.open("/")).headers["location"] == "/sign-in"
    assert (await anna.open("/")).headers["location"] == "/overview"
    assert (await anna.open("/overview")).headers["location"] == "/start"


async def test_registering_makes_a_person_with_her_company_and_signs_her_in(console):
    anna = await console.anna()

    page = (await anna.open("/start")).text

    assert "Рыжий кот" in page
    assert anna.session.startswith("bs_")


@pytest.mark.parametrize("path", ["/sign-in", "/register"])
async def test_who_is_signed_in_needs_no_form_for_it(console, path):
    anna = await console.anna()

    assert (await anna.open(path)).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "no address", "Введите адрес почты, например anna@example.com."),
        ("full_name", "  ", "Введите имя длиной от 1 до 200 знаков."),
        ("password", "short", "В пароле должно быть от 8 до 256 знаков."),
        ("password", "password", "Это один из 3 000 самых частых паролей. Выберите другой."),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    console, field, value, said
):
    browser = console.browser(language="ru")
    browser.email = "new@example.com"

    answer = await browser.send("/register", **browser.registration(**{field: value}))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert said in answer.text
    assert 'value="Рыжий кот"' in answer.text
    assert PASSWORD not in answer.text


ALL_WRONG = {
    "en": {
        "full_name": "Enter a name of 1 to 200 characters.",
        "company_name": "A name has no control characters and no line breaks.",
        "email": "Enter an e-mail address such as anna@example.com.",
        "password": "The password must have 8 to 256 characters.",
    },
    "ru": {
        "full_name": "Введите имя длиной от 1 до 200 знаков.",
        "company_name": "В имени не должно быть управляющих знаков и переносов строк.",
        "email": "Введите адрес почты, например anna@example.com.",
        "password": "В пароле должно быть от 8 до 256 знаков.",
    },
}


@pytest.mark.parametrize("language", ALL_WRONG)
async def test_all_that_is_wrong_is_said_at_once_each_beside_its_own_field(console, language):
    browser = console.browser(language=language)
    wrong = {"full_name": "", "company_name": "a\nb", "email": "no address", "password": "canary"}

    answer = await browser.send("/register", **wrong)

    assert answer.status_code == 422
    assert dict(BESIDE.findall(answer.text)) == ALL_WRONG[language]
    assert 'value="no address"' in answer.text
    assert "canary" not in answer.text


async def test_who_leaves_all_empty_hears_nothing_of_the_company_that_is_optional(console):
    answer = await console.browser().send("/register", email="", password="", full_name="")

    assert {field for field, _ in BESIDE.findall(answer.text)} == {"full_name", "email", "password"}


async def test_the_browser_leaves_it_to_us_to_say_what_is_wrong(console):
    """Its own bubble stands at the first field alone, and in its own language."""
    page = await console.browser().open("/register")

    assert '<form class="gap" action="/register" method="post" novalidate>' in page.text


async def test_an_address_registers_once(console):
    anna, other = await console.anna(), console.browser()
    other.email = anna.email

    answer = await other.send("/register", **other.registration())

    assert answer.status_code == 409
    assert "This e-mail address is already registered. Sign in instead." in answer.text
    assert other.session is None


async def test_a_wrong_password_and_an_unknown_address_get_the_same_page(console):
    anna = await console.anna()

    wrong = await console.browser().sign_in(anna.email, "not her password")
    unknown = await console.browser().sign_in("nobody@example.com", "not her password")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text.replace("nobody@example.com", anna.email)
    assert "E-mail or password is wrong." in wrong.text


async def test_a_guesser_is_slowed_down_in_words_and_no_cookie_helps_him(console):
    anna, guesser = await console.anna(), console.browser()
    for _ in range(10):
        await guesser.sign_in(anna.email, "a guess")
    guesser.http.cookies.set("session", f"login:{anna.email}")
    guesser.http.cookies.set("RateLimit", "0")

    answer = await guesser.sign_in(anna.email, "a guess")

    assert answer.status_code == 429
    assert "Too many attempts. Try again in" in answer.text


@pytest.mark.parametrize(
    "after", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "/\r\nx"]
)
async def test_a_link_to_us_leads_nowhere_else(console, after):
    anna = await console.anna()

    answer = await console.browser().sign_in(anna.email, after=after)

    assert answer.headers["location"] == "/"


async def test_signing_out_ends_the_session_and_not_the_cookie_alone(console):
    anna = await console.anna()
    stolen = anna.session

    answer = await anna.press("/sign-out")
    thief = console.browser()
    thief.http.cookies.set("session", stolen)

    assert answer.headers["location"] == "/sign-in"
    assert anna.session is None
    assert (await thief.open("/start")).status_code == 303


@pytest.mark.parametrize(
    ("idle", "times", "status"),
    [
        (timedelta(days=13), 1, 200),
        (timedelta(days=15), 1, 303),
        (timedelta(days=10), 2, 200),
        (timedelta(days=10), 4, 303),
    ],
    ids=["13 idle days", "15 idle days", "busy for 20 days", "busy for 40 days"],
)
async def test_a_session_lasts_fourteen_idle_days_and_thirty_at_most(
    console, clock, idle, times, status
):
    anna = await console.anna()

    for _ in range(times):
        clock.now += idle
        answer = await anna.open("/start")

    assert answer.status_code == status


async def test_language_and_theme_are_kept_by_the_browser(console):
    browser = console.browser(language="ru")
    before = await browser.open("/sign-in")

    answer = await browser.send("/preferences", language="en", theme="dark", back="/register")
    after = await browser.open("/sign-in")

    assert answer.headers["location"] == "/register"
    assert '<html lang="ru">' in before.text
    assert '<html lang="en">' in after.text
    assert 'value="dark" checked' in after.text


async def test_nonsense_as_a_preference_changes_nothing(console):
    browser = console.browser(language="ru")

    answer = await browser.send("/preferences", language="xx", theme="\0", back="//evil.example")

    assert answer.headers["location"] == "/"
    assert "set-cookie" not in answer.headers
