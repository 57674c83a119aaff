"""Start's other ways to a sheet: a service account of hers, a sheet in her own Drive, and back."""

from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest

from app.stock.google_state import LIFE
from domain.access import Role
from domain.errors import Rejected
from domain.table.refusals import refusal
from tests.app.test_console_start import FILE, URL
from tests.fakes import ADDRESS, KEY, account

HERS = "hers@project.iam.gserviceaccount.com"
SECRETS = """
SELECT field FROM secrets WHERE tenant_id = (SELECT tenant_id FROM shops WHERE shop_id = $1)
"""
FACTS = "SELECT convert_from(payload, 'UTF8') FROM events WHERE tenant_id = $1"


@pytest.fixture
async def anna(console):
    console.marketplace.accounts[console.token] = account("100")
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    """Her shop, without a sheet."""
    made = await anna.press("/start/shop", token=console.token)
    return made.headers["location"].partition("=")[2]


@pytest.fixture
async def sheet(console, anna, shop):
    console.sheet.share(FILE)
    return await anna.press("/start/sheet", shop=shop, url=URL)


async def kept(console, shop):
    """Names of what the vault has of her."""
    async with console.database.driver() as driver:
        rows = await driver.fetch(SECRETS, shop)
    return sorted(row["field"] for row in rows)


async def set_out(browser, shop):
    """What Google is asked on her behalf."""
    answer = await browser.open(f"/google/sign-in?shop={shop}")
    assert answer.status_code == 303, answer.text
    query = urlsplit(answer.headers["location"]).query
    return {name: many[0] for name, many in parse_qs(query).items()}


async def come_back(browser, **sent):
    """Where she is led after Google."""
    answer = await browser.open(f"/google/back?{urlencode(sent)}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def sign_in(browser, shop, code="4/code"):
    there = await set_out(browser, shop)
    return await come_back(browser, state=there["state"], code=code)


# Her own service account


async def test_sharing_with_our_address_stays_the_first_way(anna, shop):
    page = (await anna.open(f"/start?shop={shop}")).text

    assert page.index(ADDRESS) < page.index("Sign in with Google") < page.index("JSON key")


async def test_a_key_of_hers_is_sealed_and_only_its_address_is_told(console, anna, shop):
    answer = await anna.press("/start/key", shop=shop, key=KEY)
    page = (await anna.open(f"/start?shop={shop}")).text

    assert answer.status_code == 303
    assert HERS in page
    assert KEY not in page
    assert await kept(console, shop) == ["google_key", "marketplace_token"]


async def test_what_is_no_key_is_said_beside_the_field_and_not_shown_again(console, anna, shop):
    answer = await anna.press("/start/key", shop=shop, key="canary")

    assert answer.status_code == 422
    assert 'aria-invalid="true" aria-describedby="key-error"' in answer.text
    assert "This is not a key" in answer.text
    assert "canary" not in answer.text
    assert await kept(console, shop) == ["marketplace_token"]


async def test_a_connected_sheet_never_stops_by_being_handed_over(console, anna, shop, sheet):
    console.sheet.files.clear()  # shared with nobody that could take it over

    given = await anna.press("/start/key", shop=shop, key=KEY)
    returned = await anna.press("/start/robot", shop=shop)

    assert (given.status_code, returned.status_code) == (409, 409)
    assert await kept(console, shop) == ["marketplace_token"]


async def test_back_with_us_nothing_of_hers_is_kept(console, anna, shop, sheet):
    await anna.press("/start/key", shop=shop, key=KEY)
    assert "Back to our address" in (await anna.open(f"/start?shop={shop}")).text

    await anna.press("/start/robot", shop=shop)

    assert await kept(console, shop) == ["marketplace_token"]
    assert HERS not in (await anna.open(f"/start?shop={shop}")).text


async def test_the_page_of_the_shop_says_who_writes(anna, shop, sheet):
    before = (await anna.open(f"/shops/{shop}")).text
    await anna.press("/start/key", shop=shop, key=KEY)

    assert f"<dt>Written by</dt><dd>{ADDRESS}</dd>" in before
    assert "the shop's own service account" in (await anna.open(f"/shops/{shop}")).text


# Her own Google account


async def test_she_signs_in_and_a_sheet_is_made_in_her_drive(console, anna, shop):
    back = await sign_in(anna, shop)
    await anna.press("/start/file", shop=shop)
    page = (await anna.open(f"/start?shop={shop}")).text

    assert back == f"/start?shop={shop}#google"
    assert console.principals.used[-1] == "consent-of-4/code"
    assert "It is in your own Google Drive" in page
    assert f"/spreadsheets/d/{next(iter(console.sheet.files))}" in page
    assert await kept(console, shop) == ["google_consent", "marketplace_token"]


async def test_signing_in_again_replaces_the_consent(console, anna, shop):
    await sign_in(anna, shop)
    await sign_in(anna, shop, code="4/newer")

    assert await kept(console, shop) == ["google_consent", "marketplace_token"]


async def test_where_the_operator_registered_nothing_there_is_no_button(console, anna, shop):
    console.principals.sign_in.on = False

    page = await anna.open(f"/start?shop={shop}")

    assert "Sign in with Google" not in page.text
    assert (await anna.open(f"/google/sign-in?shop={shop}")).status_code == 404


async def test_who_says_no_at_google_is_told_that_nothing_was_changed(console, anna, shop):
    there = await set_out(anna, shop)

    back = await come_back(anna, state=there["state"], error="access_denied")

    assert "You did not let us in at Google" in (await anna.open(back)).text
    assert await kept(console, shop) == ["marketplace_token"]


async def test_what_google_does_not_confirm_is_said_in_words(anna, shop):
    back = await sign_in(anna, shop, code="wrong")

    assert "Google did not confirm the sign-in" in (await anna.open(back)).text


async def test_a_state_is_good_for_once(console, anna, shop):
    there = await set_out(anna, shop)
    await come_back(anna, state=there["state"], code="4/code")

    again = await come_back(anna, state=there["state"], code="4/other")

    assert "is no longer valid" in (await anna.open(again)).text
    assert console.principals.used == []


async def test_a_state_of_another_session_is_worth_nothing(console, anna, shop):
    elsewhere = console.browser()
    await elsewhere.sign_in(anna.email)
    hers = await set_out(elsewhere, shop)

    back = await come_back(anna, state=hers["state"], code="4/attackers")

    assert back == "/start?google=astray"
    assert await kept(console, shop) == ["marketplace_token"]


@pytest.mark.parametrize("state", ["", "x", "A" * 96, "%00", "я" * 96, "A" * 5_000])
async def test_what_is_no_state_leads_back_to_start(anna, shop, state):
    assert await come_back(anna, state=state, code="4/code") == "/start?google=astray"


async def test_a_state_does_not_wait_for_ever(console, anna, shop, clock):
    there = await set_out(anna, shop)
    clock.now += LIFE

    assert await come_back(anna, state=there["state"], code="4/c") == "/start?google=astray"


async def test_the_secret_half_of_a_sign_in_stays_with_us(anna, shop):
    first, second = [await set_out(anna, shop) for _ in range(2)]

    assert first["state"] != second["state"]
    assert first["verifier"] != second["verifier"]
    assert len(first["verifier"]) >= 43
    assert first["verifier"] not in first["state"]


async def test_a_revoked_consent_says_what_to_do_where_she_looks(console, anna, shop):
    await sign_in(anna, shop)
    await anna.press("/start/file", shop=shop)
    await console.break_shop(shop, "consent_revoked")

    page = (await anna.open(f"/start?shop={shop}")).text

    assert "Google no longer lets us write in your name" in page
    assert f'<a class="btn primary" href="/google/sign-in?shop={shop}">' in page
    assert "sign in with Google again" in (await anna.open(f"/shops/{shop}")).text


async def test_a_consent_that_ended_before_the_sheet_was_made_is_told_beside_the_button(
    console, anna, shop
):
    await sign_in(anna, shop)
    console.sheet.down = Rejected(refusal("consent_revoked"), cause="consent_revoked")

    answer = await anna.press("/start/file", shop=shop)

    assert answer.status_code == 409
    assert 'id="google-error"' in answer.text


async def test_without_signing_in_nothing_is_made(console, anna, shop):
    answer = await anna.press("/start/file", shop=shop)

    assert answer.status_code == 409
    assert "Sign in with Google first" in answer.text
    assert console.sheet.files == {}


# Who may


WAYS = ("/start/key", "/start/robot", "/start/file")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_a_member_and_a_viewer_change_nothing(console, anna, shop, role):
    await console.change_role(anna, role)

    for path in WAYS:
        assert (await anna.press(path, shop=shop, key=KEY)).status_code == 403
    assert (await anna.open(f"/google/sign-in?shop={shop}")).status_code == 403
    assert (await anna.open("/google/back?state=x&code=y")).status_code == 403
    assert "JSON key" not in (await anna.open(f"/start?shop={shop}")).text


async def test_another_companys_shop_is_none(console, anna, shop):
    boris = await console.anna()

    for path in WAYS:
        assert (await boris.press(path, shop=shop, key=KEY)).status_code == 404
    assert (await boris.open(f"/google/sign-in?shop={shop}")).status_code == 404
    assert (await boris.open(f"/google/sign-in?shop={uuid4()}")).status_code == 404
    assert (await boris.open("/google/sign-in?shop=x")).status_code == 404


async def test_a_form_from_elsewhere_hands_nothing_over(anna, shop):
    for path in WAYS:
        forged = await anna.send(path, shop=shop, key=KEY)
        assert forged.status_code == 403


async def test_no_fact_knows_more_than_an_address(console, anna, shop):
    await anna.press("/start/key", shop=shop, key=KEY)
    await sign_in(anna, shop, code="4/canary")

    async with console.database.driver() as driver:
        company = await driver.fetchval("SELECT tenant_id FROM shops WHERE shop_id = $1", shop)
        facts = "".join(row[0] for row in await driver.fetch(FACTS, company))
    assert HERS in facts
    assert "canary" not in facts
    assert "client_email" not in facts
