"""The page of the check: how much is the same as in the cabinet, what differs, and why."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from domain.flow import Flow
from domain.stock import ShopKey
from infrastructure.postgres.flows import PostgresFlows
from tests.app.console_stock import Shop
from tests.app.kept_checks import CANCELLED, FOLLOWS, GONE, UNKNOWN, keep_check

ROW = re.compile(r"<tr>\s*<th class=\"title\".*?</tr>", re.DOTALL)
NARROW = re.compile(r"<(small|span) class=\"narrow\">.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    return await Shop.connected(console, anna)


@pytest.fixture
def keep(console, shop):
    def kept(*lines, at=None):
        return keep_check(console.database, shop.key, at or console.clock(), *lines)

    return kept


def words(text):
    return " ".join(unescape(TAG.sub(" ", text)).split())


def rows(page):
    """As a wide window shows them."""
    return [words(NARROW.sub("", row)) for row in ROW.findall(page.text)]


async def test_before_the_first_check_it_says_when_there_is_one(anna, shop):
    page = await anna.open(f"/shops/{shop.id}/check")

    assert page.status_code == 200
    assert "Nothing has been checked yet" in page.text
    assert "Once a day, soon after the first good sync" in page.text


async def test_without_a_difference_it_is_calm(anna, shop, keep):
    await keep()

    page = await anna.open(f"/shops/{shop.id}/check")

    assert "60 of 60 figures, products: 10" in page.text
    assert "No differences" in page.text
    assert rows(page) == []


async def test_every_difference_stands_in_a_line_with_its_reason_and_cure(anna, shop, keep):
    await keep(CANCELLED, FOLLOWS, GONE, UNKNOWN)

    page = await anna.open(f"/shops/{shop.id}/check")

    assert rows(page) == [
        "=1+1 Stock (total) 20 27 −7 Not found, being examined Write to us if it is urgent",
        "LN-1 Orders (total) 11 13 −2 The cabinet counts cancelled orders, Orders do not",
        "LN-1 Turnover (days) 61.10 51.71 9.39 Follows from the line above",
        "old Stock (total) none – 3 none – The card was deleted Check the deleted cards",
    ]
    assert f'href="/stock/{shop.id}/11"' in page.text


async def test_lines_of_one_reason_are_one_press_away(anna, shop, keep):
    await keep(CANCELLED, FOLLOWS, GONE, UNKNOWN)

    whole = await anna.open(f"/shops/{shop.id}/check")
    page = await anna.open(f"/shops/{shop.id}/check?reason=deleted_card")
    wrong = await anna.open(f"/shops/{shop.id}/check?reason=ghosts&after=x")

    assert f'href="/shops/{shop.id}/check?reason=deleted_card"' in whole.text
    assert [row[:3] for row in rows(page)] == ["old"]
    assert len(rows(wrong)) == 4


async def test_long_lists_come_in_pages(anna, shop, keep):
    await keep(*[UNKNOWN] * 45)

    first = await anna.open(f"/shops/{shop.id}/check")
    following = re.search(r'href="([^"]+)" rel="next"', first.text)[1]
    second = await anna.open(unescape(following))

    assert (len(rows(first)), len(rows(second))) == (40, 5)
    assert "First page" in second.text


async def test_earlier_days_are_told_by_their_counts(console, anna, shop, keep):
    await keep(UNKNOWN, at=console.clock() - timedelta(days=1))
    await keep()

    page = words((await anna.open(f"/shops/{shop.id}/check")).text)

    assert "Day by day" in page
    assert "60 0 0" in page
    assert "59 0 1" in page


async def test_a_token_that_does_not_open_the_report_is_told_of_with_the_cure(
    console, anna, shop, keep
):
    key = ShopKey(tenant=shop.key[0], shop=shop.key[1])
    await PostgresFlows(console.database, console.clock).stands(key, Flow.CABINET, "no_scope")

    none = await anna.open(f"/shops/{shop.id}/check")
    await keep(CANCELLED)
    some = await anna.open(f"/shops/{shop.id}/check")

    assert "The token lacks the category “Analytics”." in none.text
    assert "The token lacks the category “Analytics”." in some.text
    assert len(rows(some)) == 1


async def test_the_page_of_the_shop_leads_there(anna, shop, keep):
    before = await anna.open(f"/shops/{shop.id}")
    await keep(CANCELLED, UNKNOWN)
    after = await anna.open(f"/shops/{shop.id}")

    assert "Not made yet" in before.text
    assert "The same: 58 of 60 figures. Without a reason: 1." in words(after.text)
    assert f'href="/shops/{shop.id}/check"' in after.text


async def test_russian_pages_say_it_in_russian(anna, shop, keep):
    await keep(CANCELLED, UNKNOWN)

    page = await anna.open(f"/shops/{shop.id}/check", **{"accept-language": "ru"})

    assert "Сверка с кабинетом" in page.text
    assert "Кабинет считает и отменённые заказы, в «Заказы» их нет" in page.text
    assert "Без причины" in page.text


async def test_a_shop_of_nobody_is_not_found(anna):
    assert (await anna.open(f"/shops/{uuid4()}/check")).status_code == 404


async def test_a_viewer_may_look(console, anna, shop, keep):
    await keep(CANCELLED)
    await console.change_role(anna, "viewer")

    assert len(rows(await anna.open(f"/shops/{shop.id}/check"))) == 1
