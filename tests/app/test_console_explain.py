"""The page that says how the figures of a product come about: rows, formula, value."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from tests.app.console_stock import Shop
from tests.app.moving_world import Moving

ORDER = "INSERT INTO orders VALUES ($1, $2, $3, 11, $4, $5, $6, $7, $8)"
LINE = re.compile(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", re.DOTALL)
ROW = re.compile(r"<tr>\s*<th class=\"title\".*?</tr>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    shop = await Shop.connected(console, anna)
    await shop.stocked()
    return shop


async def ordered(shop, *rows, since=timedelta(0)):
    """(number, days ago, cancelled, by seller, warehouse)"""
    now = shop.console.clock()
    async with shop.console.database.driver() as driver:
        for srid, ago, cancelled, by_seller, warehouse in rows:
            at = now - timedelta(days=ago)
            told = (at, at + since, cancelled, by_seller, warehouse)
            await driver.execute(ORDER, *shop.key, srid, *told)


def words(text):
    return " ".join(unescape(TAG.sub(" ", text)).split())


def figures(page):
    part = page.text.partition('id="orders-h"')[0]
    return {name: words(told) for name, told in LINE.findall(part)}


def rows(page):
    return [words(row) for row in ROW.findall(page.text)]


MADE = (
    ("a1", 5, False, False, "Склад WB"),
    ("b2", 4, True, False, "Склад WB"),
    ("c3", 3, False, True, "Мой склад"),
)


async def test_each_figure_stands_with_its_formula_in_numbers_and_in_words(anna, shop):
    await ordered(shop, *MADE)

    told = figures(await anna.open(f"/stock/{shop.id}/11/explain"))

    assert told["Stock"].startswith("10 8 + 2 = 10 WB warehouses + Мой склад")
    assert told["Turnover, days"].startswith(
        "10.0 10 × 7 ÷ 7 = 10.0 stock × days of the period ÷ orders"
    )
    assert told["Orders"].startswith("7 3 − 1 + 5 = 7 orders made in the period − cancelled ones")
    assert told["On the way to buyers"].startswith("4 As Wildberries' report")


async def test_the_orders_of_the_period_are_listed_counted_or_cancelled(anna, shop):
    await ordered(shop, *MADE)

    page = await anna.open(f"/stock/{shop.id}/11/explain")

    assert "Made: 3, cancelled by now: 1." in words(page.text)
    assert [row.split()[0] for row in rows(page)] == ["a1", "b2", "c3"]
    assert ["it does not: cancelled" in row for row in rows(page)] == [False, True, False]


async def test_a_place_shows_its_own_figures_and_orders(anna, shop):
    await ordered(shop, *MADE)

    page = await anna.open(f"/stock/{shop.id}/11/explain?place=2")

    assert [row.split()[0] for row in rows(page)] == ["c3"]
    assert figures(page)["Stock"].startswith("2 ")
    assert set(figures(page)) == {"Stock", "Orders", "Turnover, days"}


async def test_an_order_that_changed_after_the_figures_says_so(anna, shop):
    await ordered(shop, MADE[0], since=timedelta(days=5))

    [row] = rows(await anna.open(f"/stock/{shop.id}/11/explain"))

    assert "(changed after these figures)" in row


async def test_many_orders_come_in_pages(anna, shop):
    await ordered(shop, *[(f"s{n:02}", 3, False, False, "Склад WB") for n in range(45)])

    first = await anna.open(f"/stock/{shop.id}/11/explain")
    following = re.search(r'href="([^"]+)" rel="next"', first.text)[1]
    second = await anna.open(unescape(following))
    wrong = await anna.open(f"/stock/{shop.id}/11/explain?after=eA==")

    assert (len(rows(first)), len(rows(second)), wrong.status_code) == (40, 5, 422)


async def test_a_blank_says_why(anna, shop):
    page = await anna.open(f"/stock/{shop.id}/16/explain")

    told = figures(page)
    assert "not read" in told["Stock"] or "cannot read" in told["Stock"]
    assert told["Turnover, days"].startswith("Rounded")


async def test_what_to_ship_is_explained_beside_it(console, anna, shop):
    moving = Moving(console.database, *shop.key, console.clock)
    await moving.product(11)
    await moving.supply({11: 10})

    told = figures(await anna.open(f"/stock/{shop.id}/11/explain"))

    assert told["To ship"].startswith("7 ⌈max(0, 11 ÷ 5 × (14 + 30) + 16 − 96 − 10) ÷ 1⌉ × 1 = 7")
    assert "Not read yet" in told["Buyout, per cent"]
    assert told["Ship by"].startswith("2026-12-15 max(2026-11-23, 2027-01-05 − (14 + 7))")


async def test_the_page_of_the_product_leads_there(anna, shop):
    page = await anna.open(f"/stock/{shop.id}/11")

    assert f'href="/stock/{shop.id}/11/explain"' in page.text


async def test_russian_pages_say_it_in_russian(anna, shop):
    page = await anna.open(f"/stock/{shop.id}/11/explain", **{"accept-language": "ru"})

    assert "Откуда числа" in page.text
    assert "остатки × дни периода ÷ заказы" in page.text


@pytest.mark.parametrize("path", ["/stock/{shop}/99/explain", "/stock/{nobody}/11/explain"])
async def test_what_is_not_there_is_not_found(anna, shop, path):
    page = await anna.open(path.format(shop=shop.id, nobody=uuid4()))

    assert page.status_code == 404
