"""Start: three steps that are read off the tables, each with what to do when it is refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.web.console import fragments, render
from domain.errors import Unavailable
from tests.fakes import ADDRESS, account

FILE = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
URL = f"https://docs.google.com/spreadsheets/d/{FILE}/edit#gid=0"
UNTIL = datetime(2027, 5, 22, tzinfo=UTC)
STEPS = re.compile(r'<li data-step="(\w+)"')
WRONG = re.compile(r'aria-invalid="true" aria-describedby="(\w+)-error"')


def steps(page):
    """Where the three stand."""
    return STEPS.findall(page.text)


@pytest.fixture
async def anna(console):
    console.marketplace.accounts[console.token] = account("100", expires_at=UNTIL)
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    """Her shop, without a sheet: the address of its page."""
    return (await anna.press("/start/shop", token=console.token)).headers["location"]


@pytest.fixture
def shop_id(shop):
    return shop.partition("=")[2]


@pytest.fixture
async def sheet(console, anna, shop_id):
    """And its sheet, which starts the first sync."""
    console.sheet.share(FILE)
    return await anna.press("/start/sheet", shop=shop_id, url=URL)


async def test_start_begins_with_the_token(anna):
    page = await anna.open("/start")

    assert page.status_code == 200
    assert steps(page) == ["now", "later", "later"]


async def test_a_token_is_looked_at_while_she_is_still_in_the_field(console, anna):
    answer = await anna.press("/start/insight", token=console.token)
    page = await anna.open("/start")

    assert "Рыжий кот" in answer.text
    assert "Personal token, read only" in " ".join(answer.text.split())
    assert '<time datetime="2027-05-22">22 May 2027</time>' in answer.text
    assert "The token lacks the category “Statistics”" in answer.text
    assert steps(page)[0] == "now"


async def test_a_token_is_asked_about_once_though_it_is_looked_at_and_connected(console, anna):
    await anna.press("/start/insight", token=console.token)
    await anna.press("/start/insight", token=console.token)
    await anna.press("/start/shop", token=console.token)

    assert console.marketplace.inspected == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Токен Wildberries не работает: создайте новый."),
        ("en", "The token no longer works:"),
    ],
)
async def test_a_dead_token_is_refused_beside_its_field_and_never_shown_again(
    console, language, said
):
    anna = await console.anna(language=language)

    looked = await anna.press("/start/insight", token="dead-canary")
    answer = await anna.press("/start/shop", token="dead-canary")

    assert answer.status_code == 409
    assert said in looked.text
    assert said in answer.text
    assert WRONG.findall(answer.text) == ["token"]
    assert "dead-canary" not in answer.text
    assert steps(answer) == ["now", "later", "later"]


async def test_what_is_no_token_is_said_in_one_language(console):
    anna = await console.anna(language="ru")

    answer = await anna.press("/start/shop", token="два слова")

    assert "Это не токен: скопируйте его целиком, без пробелов и переносов." in answer.text
    assert "Not a token" not in answer.text


async def test_wildberries_being_away_is_nobodys_fault_and_says_so(console, anna):
    console.marketplace.down = Unavailable(
        "Wildberries не отвечает. / Wildberries is silent.", cause="outage"
    )

    answer = await anna.press("/start/shop", token=console.token)

    assert "<p>Wildberries is silent.</p>" in answer.text


async def test_a_connected_shop_waits_for_its_sheet_with_the_address_to_share_with(
    console, anna, shop
):
    page = await anna.open(shop)

    assert steps(page) == ["done", "now", "later"]
    assert f'<code id="addr">{ADDRESS}</code>' in page.text
    assert console.token not in page.text


async def test_one_may_leave_and_come_back_by_another_browser(console, anna, shop):
    elsewhere = console.browser()
    await elsewhere.sign_in(anna.email)

    assert steps(await elsewhere.open("/start")) == ["done", "now", "later"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (URL, f"No access to the sheet. Share it with {ADDRESS} (Editor)."),
        ("https://example.com", "Not a link to a Google Sheet"),
        ("", "Not a link to a Google Sheet"),
        ("x" * 5_000, "This is too long for a link to a Google Sheet."),
    ],
    ids=["unshared", "another link", "nothing", "long"],
)
async def test_a_sheet_that_cannot_be_used_says_what_to_do(anna, shop_id, url, said):
    answer = await anna.press("/start/sheet", shop=shop_id, url=url)

    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert WRONG.findall(answer.text) == ["url"]
    assert steps(answer) == ["done", "now", "later"]


async def test_a_connected_sheet_starts_the_first_sync_and_the_page_follows_it(anna, shop, sheet):
    page = await anna.open(shop)

    assert sheet.headers["location"] == shop
    assert steps(page) == ["done", "done", "now"]
    assert f'data-live="/live{shop}"' in page.text
    assert '<meta http-equiv="refresh" content="3">' in page.text
    assert '<span class="state" data-state="waiting">' in page.text


async def test_the_parts_that_update_themselves_can_be_rendered_alone(
    anna, shop, sheet, monkeypatch
):
    alone = {}

    def spying(template, visitor, **values):
        alone.update(fragments(template, visitor, values))
        return render(template, visitor, **values)

    monkeypatch.setattr("app.stock.start_shown.render", spying)
    page = await anna.open(shop)

    assert alone.keys() == {"steps", "first"}
    assert alone["first"] in page.text
    assert alone["steps"] in page.text


async def test_the_progress_of_a_sync_is_shown_by_its_parts(console, anna, shop, shop_id, sheet):
    await console.set_run(shop_id, "running", '{"step": "orders", "done": 1372, "total": 2214}')

    page = await anna.open(shop)

    assert "<b>82 %</b> · 1,372 / 2,214" in page.text
    assert 'value="82"' in page.text


async def test_why_a_sync_waits_is_said_with_the_next_try(console, anna, shop, shop_id, sheet):
    until = console.clock() + timedelta(minutes=5)
    await console.set_run(shop_id, "waiting", why="Лимит запросов Wildberries.", until=until)

    page = await anna.open(shop)

    assert "Лимит запросов Wildberries. It goes on by itself at <time" in page.text


async def test_a_sync_on_hold_says_so_and_not_that_it_begins_by_itself(anna, shop, sheet):
    await anna.press("/holds", do="hold")

    page = await anna.open(shop)

    assert "Your syncs have been on hold since <time" in page.text


async def test_the_hour_is_chosen_in_plain_words_and_remembered_with_its_zone(
    console, anna, shop, shop_id, sheet
):
    wish = {"hour": "9", "days": "1-5", "zone": "Asia/Yekaterinburg"}

    answer = await anna.press("/start/schedule", shop=shop_id, **wish)
    page = await anna.open(shop)

    assert answer.headers["location"] == shop
    assert "Ready by 09:00 on weekdays, Yekaterinburg." in page.text
    assert anna.http.cookies["zone"] == "Asia.Yekaterinburg"
    async with console.database.driver() as driver:
        await driver.execute("UPDATE shops SET ready_hour = '10:33'")
    assert "Ready by 10:33 on weekdays, Yekaterinburg." in (await anna.open(shop)).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"hour": "25"}, "Choose an hour from the list."),
        ({"hour": "0"}, "Choose an hour from the list."),
        ({"hour": "٣"}, "Choose an hour from the list."),
        ({"days": "6"}, "Choose the days from the list."),
        ({"zone": "../etc/passwd"}, "Choose a time zone from the list."),
    ],
)
async def test_a_schedule_that_is_not_on_the_list_is_refused(anna, shop_id, sheet, changed, said):
    wish = {"hour": "8", "days": "*", "zone": "Europe/Moscow"}

    answer = await anna.press("/start/schedule", shop=shop_id, **wish | changed)

    assert (answer.status_code, WRONG.findall(answer.text)) == (422, [*changed])
    assert said in answer.text


@pytest.mark.parametrize("path", ["/start/sheet", "/start/schedule", "/start/sync"])
@pytest.mark.parametrize(
    ("shop_id", "status"), [("", 404), ("x", 400), ("00000000-0000-0000-0000-000000000000", 404)]
)
async def test_a_shop_that_is_not_hers_is_none(console, anna, path, shop_id, status):
    wish = {"hour": "8", "days": "*", "zone": "Europe/Moscow", "url": URL}

    answer = await anna.press(path, shop=shop_id, **wish)

    assert answer.status_code == status


async def test_another_companys_shop_is_not_shown_even_by_its_address(console, anna, shop):
    stranger = await console.anna()

    assert steps(await stranger.open(shop)) == ["now", "later", "later"]


async def test_a_member_may_start_a_sync_and_change_nothing(console, anna, shop, shop_id, sheet):
    token = await anna.token()
    await console.change_role(anna, "member")

    page = await anna.open(shop)
    sync = await anna.send("/start/sync", csrf=token, shop=shop_id)
    change = await anna.send("/start/sheet", csrf=token, shop=shop_id, url=URL)

    assert "You can look, not change." in page.text
    assert "You may start a sync." in page.text
    assert 'action="/start/sheet"' not in page.text
    assert (sync.status_code, change.status_code) == (303, 403)


BROKEN = {
    "token_dead": (["error", "done", "now"], "This token does not work:"),
    "sheet_unshared": (["done", "error", "now"], f"share it with {ADDRESS} (Editor)"),
}


@pytest.mark.parametrize("cause", BROKEN)
async def test_a_shop_that_broke_stands_where_she_has_to_do_something(console, anna, sheet, cause):
    shop = sheet.headers["location"]
    await console.break_shop(shop.partition("=")[2], cause)

    page = await anna.open(shop)

    drawn, said = BROKEN[cause]
    assert steps(page) == drawn
    assert said in page.text


async def test_a_token_of_another_seller_is_a_shop_of_its_own(console, anna, shop_id):
    another = f"{console.token}-another"
    console.marketplace.accounts[another] = account("200", name="Серый кот")

    replaced = await anna.press("/start/shop", shop=shop_id, token=another)
    made = await anna.press("/start/shop", shop="", token=another)
    page = await anna.open(made.headers["location"])

    assert "Choose “New shop” above" in replaced.text
    assert 'aria-current="page"><span class="clip" title="Серый кот">' in page.text
    assert "Рыжий кот</span></a>" in page.text
