"""The page of a product says what to ship, by when and why; and why a figure is blank, if it is."""

import re
from html import unescape

import pytest

from domain.flow import Flow
from tests.app.console_stock import Shop
from tests.app.moving_world import Moving

LINE = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def moving(console, anna):
    shop = await Shop.connected(console, anna)
    await shop.stocked()
    moving = Moving(console.database, *shop.key, console.clock)
    await moving.product(11)
    return moving


async def lines(anna, moving, nm=11):
    page = await anna.open(f"/stock/{moving.key.shop}/{nm}")
    assert page.status_code == 200
    part = page.text.partition('id="ship-h"')[2].partition("</dl>")[0]
    return {
        name: " ".join(unescape(TAG.sub(" ", told)).split()) for name, told in LINE.findall(part)
    }


async def test_every_figure_is_told_in_words(anna, moving):
    await moving.supply({11: 10})
    await moving.feed((27, "buyout", 30, ""), (12, "cancel", 30, ""))
    async with moving.database.driver() as driver:
        await driver.execute(
            "UPDATE order_states SET nm_id = 11 WHERE shop_id = $1", moving.key.shop
        )

    assert await lines(anna, moving) == {
        "To ship": "7 pcs by 2026-12-15 So that it lasts 30 days beyond the 14 that a supply takes, "
        "with 7 days for surprises.",
        "Lasts": "43.6 days It runs out on 2027-01-05.",
        "Orders": "2.20 a day on sale On sale on 5 of 7 days. About 4 pcs were lost on the others, "
        "as an estimate.",
        "On the way to Wildberries": "10 pcs Last shipped on 2026-11-20 to Коледино.",
        "Buyout": "69.2 % Of what was ordered on 2026-10-06–2026-11-02.",
    }


async def test_blank_figures_say_why(anna, moving):
    await moving.book.stands(moving.key, Flow.SUPPLIES, "no_scope")
    await moving.product(11, stock=None)

    told = await lines(anna, moving)

    assert told["On the way to Wildberries"].startswith("The token lacks the category “Supplies”.")
    assert told["Buyout"].startswith("Not read yet")
    assert told["To ship"]
    assert not re.search(r"\d+ pcs", told["To ship"])


async def test_what_nobody_orders_is_not_shipped_and_is_dead_stock_in_the_end(anna, moving):
    await moving.product(11, orders=0, on_sale=7)

    told = await lines(anna, moving)

    assert told["To ship"] == "nothing for now"
    assert told["Lasts"] == "Nobody ordered it in the period."
    assert told["Without orders for"] == "41 days Dead stock: nothing was ordered for 30 days."


async def test_what_was_never_on_sale_tells_no_demand(anna, moving):
    await moving.product(11, stock=0, orders=0, on_sale=0, since=None)

    told = await lines(anna, moving)

    assert told["To ship"] == told["Orders"]
    assert told["To ship"].startswith("It was not on sale on any day")


async def test_buyers_are_told_by_district_and_never_as_a_place(anna, moving):
    await moving.feed((3, "created", 2, "Сибирский"), (5, "created", 2, ""))
    async with moving.database.driver() as driver:
        await driver.execute(
            "UPDATE order_states SET nm_id = 11 WHERE shop_id = $1", moving.key.shop
        )

    told = (await lines(anna, moving))["Where buyers are"]

    assert told.startswith("not told 5, Сибирский 3")
    assert told.endswith("No place where anything lies.")


async def test_russian_pages_say_it_in_russian(anna, moving):
    anna.http.headers["accept-language"] = "ru"

    told = await lines(anna, moving)

    assert told["Отгрузить"].startswith("17 шт. до 15.12.2026")
