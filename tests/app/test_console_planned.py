"""What a sync will ask, and what a token opens, on the pages of a shop and of its run."""

from datetime import timedelta

import pytest

from domain.errors import Unavailable
from infrastructure.wildberries import limits
from infrastructure.wildberries.ration import bucket
from tests.app.console_stock import Shop
from tests.app.runs_world import Runs

ALL = ("cards", "stock", "seller_stock", "orders", "supplies")


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    return await Shop.connected(console, anna, works=ALL)


def told(page):
    """Its text, on one line."""
    return " ".join(page.text.split())


async def spend(console, call, kind="base"):
    """The seller's whole limit of a method."""
    plain = kind == "base"
    of = bucket("100", call, plain=plain, speed=1)
    await console.ahead.budget.take(of, cost=of.burst)


async def test_the_shops_page_says_how_many_calls_and_about_when_it_is_ready(anna, shop):
    page = told(await anna.open(f"/shops/{shop.id}"))

    assert "An update asked for now" in page
    assert "5 calls; ready about <time" in page
    assert "The next one" in page


async def test_it_says_the_next_slot_where_there_is_one_to_wait_for(console, anna):
    shop = await Shop.connected(console, anna, works=ALL, token_kind="base")
    await spend(console, limits.ORDERS)

    english = told(await anna.open(f"/shops/{shop.id}"))
    anna.http.headers["accept-language"] = "ru"
    russian = told(await anna.open(f"/shops/{shop.id}"))

    assert 'Orders: next slot <time datetime="2026-11-23T10:40+03:00">10:40</time>' in english
    assert "Заказы: следующее окно <time" in russian
    assert "готово около <time" in russian


async def test_each_source_is_told_with_its_state_how_that_is_known_and_the_cure(console, anna):
    works = ("cards", "stock", "seller_stock")
    shop = await Shop.connected(console, anna, works=works, token_kind="base")

    page = told(await anna.open(f"/shops/{shop.id}"))
    table = page[page.index('id="opens"') : page.index('id="runs-h"')]

    assert table.count('<th class="title" scope="row">') == 9
    assert "Closed to this token" in table
    assert "Wildberries opens it to other types of token only" in table
    assert "Make a token with the category “Statistics” and replace this one." in table
    assert "tried when the token was connected, <time" in table


async def test_a_shop_that_cannot_be_synced_promises_nothing(console, anna):
    shop = await Shop.connected(console, anna, works=ALL, sheet=False)

    page = told(await anna.open(f"/shops/{shop.id}"))

    assert "An update asked for now" not in page
    assert 'id="opens"' in page


async def test_a_run_under_way_says_what_is_left_of_it(console, anna, shop):
    runs = Runs(console.database, shop.key[0])
    waits = await runs.live(shop_id=shop.id, due_at=runs.now + timedelta(hours=1), why="Лимит.")
    async with console.database.driver() as driver:
        for step in ("cards", "stock.wb-warehouses"):
            await driver.execute(
                "INSERT INTO run_steps VALUES ($1, $2, $3, '')", shop.key[0], waits, step
            )

    page = told(await anna.open(f"/runs/{waits}"))
    left = page[page.index('id="left"') : page.index("</details>")]

    assert "What is left of it: 3 calls; ready about" in left
    assert "Stock in your own warehouses" in left
    assert "List of product cards" not in left


async def test_the_run_that_reads_what_moves_says_what_is_left_of_it_too(console, anna, shop):
    runs = Runs(console.database, shop.key[0])
    waits = await runs.live(shop_id=shop.id, kind="flows")

    page = told(await anna.open(f"/runs/{waits}"))
    left = page[page.index('id="left"') : page.index("</details>")]

    assert "What is left of it: 3 calls; ready about" in left
    assert "Order feed" in left
    assert "Google" not in left


async def test_a_run_that_has_ended_or_reads_nothing_says_nothing_of_it(console, anna, shop):
    runs = Runs(console.database, shop.key[0])
    ended = await runs.ended(shop_id=shop.id)
    other = await runs.live(shop_id=shop.id, kind="notice")

    for run in (ended, other):
        assert 'id="left"' not in told(await anna.open(f"/runs/{run}"))


async def test_without_redis_the_page_is_there_and_foretells_nothing(
    console, anna, shop, monkeypatch
):
    async def away(allowances):
        raise Unavailable("away", cause="our_outage")

    monkeypatch.setattr(console.ahead.budget, "levels", away)

    page = await anna.open(f"/shops/{shop.id}")

    assert page.status_code == 200
    assert "An update asked for now" not in told(page)
