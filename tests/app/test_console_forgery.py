"""Sessions and forms: what cannot be planted, guessed, forged or taken over."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.app.console_world import FORM, OURS, PASSWORD


async def test_a_session_that_was_planted_before_the_sign_in_is_worth_nothing_after_it(console):
    anna, mallory = await console.anna(), await console.anna()
    planted = mallory.session
    victim = console.browser()
    victim.http.cookies.set("session", planted)

    entered = await victim.sign_in(anna.email)
    intruder = console.browser()
    intruder.http.cookies.set("session", planted)

    assert entered.status_code == 303
    assert planted not in entered.headers["set-cookie"]
    assert (await intruder.open("/start")).status_code == 303


@pytest.mark.parametrize(
    "cookie", ["chosen", "bs_" + "0" * 32 + "_" + "A" * 43, "bs_é", "a" * 5_000, "'; --"]
)
async def test_a_cookie_that_nobody_was_given_is_nobodys(console, cookie):
    browser = console.browser()

    answer = await browser.open("/start", cookie=f"session={cookie}".encode())

    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers


async def test_only_a_hash_of_the_cookie_is_kept(console):
    anna = await console.anna()

    async with console.database.driver() as driver:
        rows = await driver.fetch("SELECT * FROM sessions WHERE token_hash IS NOT NULL")

    assert rows
    assert anna.session[-20:] not in str(rows)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://console.evil.example"},
        {},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "path", ["/sign-in", "/register", "/preferences", "/start/shop", "/billing/checkout"]
)
async def test_a_form_from_elsewhere_is_refused_in_words(console, path, headers):
    anna = await console.anna()
    sent = {"csrf": await anna.token(), "email": anna.email, "password": PASSWORD}

    answer = await anna.send(path, headers=headers, **sent)

    assert answer.status_code == 403
    assert "This form did not come from our page" in answer.text


async def test_a_browser_without_fetch_metadata_says_where_it_comes_from(console):
    anna = await console.anna()

    answer = await console.browser().sign_in(anna.email, headers={"origin": "http://console"})

    assert answer.status_code == 303


@pytest.mark.parametrize("kind", ["none", "another's", "earlier", "non-ascii", "cut"])
async def test_a_token_of_another_session_opens_nothing(console, kind):
    anna, mallory = await console.anna(), await console.anna()
    old, hers = await anna.token(), await mallory.token()
    await anna.press("/sign-out")
    await anna.sign_in(anna.email)
    token = {"none": "", "another's": hers, "earlier": old, "non-ascii": "é☃", "cut": old[:-1]}

    answer = await anna.send("/sign-out", csrf=token[kind])

    assert answer.status_code == 403
    assert "This form did not come from our page" in answer.text
    assert (await anna.open("/start")).status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe", b"csrf=" + b"x=1&" * 3_000, b"%", b"\0"])
async def test_a_form_that_cannot_be_read_is_a_page_in_words(console, body):
    anna = await console.anna()

    answer = await anna.http.post("/sign-out", content=body, headers={**FORM, **OURS})

    assert answer.status_code in (403, 422)
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_form_of_another_kind_or_size_is_refused(console):
    anna = await console.anna()
    huge = urlencode({"csrf": "x" * 70_000}).encode()

    json = await anna.http.post("/sign-out", json={"csrf": "x"}, headers=OURS)
    large = await anna.http.post("/sign-out", content=huge, headers={**FORM, **OURS})

    assert (json.status_code, large.status_code) == (422, 413)
    assert "text/html" in large.headers["content-type"]


async def test_over_https_the_cookie_belongs_to_this_host_alone(console):
    plain = await console.anna()
    safe = await console.anna(**{"x-forwarded-proto": "https"})
    fooled = console.browser(**{"x-forwarded-proto": "https"})
    fooled.http.cookies.set("session", plain.session)

    answer = await safe.sign_in(safe.email)
    cookie = answer.headers["set-cookie"].lower()

    assert cookie.startswith("__host-session=bs_")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert (await fooled.open("/start")).status_code == 303


async def test_what_a_stranger_writes_before_our_proxy_does_not_count(console):
    browser = console.browser(**{"x-forwarded-proto": "https, http"})

    assert "strict-transport-security" not in (await browser.open("/sign-in")).headers


async def test_over_plain_http_nothing_is_promised_that_cannot_be_kept(console):
    answer = await console.browser().open("/sign-in")

    assert "strict-transport-security" not in answer.headers


async def test_the_console_takes_no_bearer_token_and_the_api_no_cookie(console):
    anna = await console.anna()
    login = {"email": anna.email, "password": PASSWORD}
    tokens = (await anna.http.post("/auth/login", json=login)).json()
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}

    page = await console.browser().open("/start", **bearer)
    answer = await anna.http.post("/graphql", json={"query": "{ viewer { role } }"})

    assert page.status_code == 303
    assert answer.status_code == 401


async def test_a_role_that_changes_counts_from_the_next_page_on(console):
    anna = await console.anna()
    token = await anna.token()
    await console.change_role(anna, "viewer")

    page = await anna.open("/start")
    form = await anna.send("/start/shop", csrf=token, token="x")

    assert "You can look, not change." in page.text
    assert form.status_code == 403


async def test_who_left_the_company_is_out(console):
    anna = await console.anna()
    await console.change_role(anna, None)

    assert (await anna.open("/start")).status_code == 303


async def test_each_answer_forbids_the_browser_what_a_page_does_not_need(console):
    anna = await console.anna()

    answers = [
        await anna.open("/start"),
        await anna.open("/sign-in"),
        await anna.open("/nothing-here"),
        await anna.send("/sign-out", csrf="wrong"),
        await console.browser().open("/start"),
    ]

    for answer in answers:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("referer", ["http://[", "\\", "//evil.example/x", ""])
async def test_a_strange_referrer_does_no_harm(console, referer):
    browser = console.browser()

    answer = await browser.send("/sign-in", headers={**OURS, "referer": referer}, email="x")

    assert answer.status_code == 401
    assert "evil.example" not in answer.headers.get("location", "")


async def test_who_runs_the_servers_is_known_from_the_next_page_on(console):
    anna = await console.anna()
    before = await console.identified(anna)
    async with console.database.driver() as driver:
        await driver.execute("UPDATE people SET staff = true WHERE user_id = $1", anna.person)

    after = await console.identified(anna)

    assert (before.staff, after.staff) == (False, True)


async def test_too_many_changes_are_counted_for_the_company(console):
    anna = await console.anna()
    token = await anna.token()

    statuses = []
    while 429 not in statuses and len(statuses) < 1_000:
        statuses.append((await anna.send("/start/sync", csrf=token, shop=uuid4())).status_code)

    # One grows back each second, so a slow machine is refused a little later.
    assert statuses[:60] == [404] * 60
    assert statuses[-1] == 429
