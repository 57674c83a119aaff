"""On the page of a shop: numbers that are held back, and the presses that let them in."""

from datetime import timedelta

import pytest

from app.handle import Ask
from domain import doubt, tenant
from domain.doubt import Seen
from domain.events import Stream
from tests.app.console_stock import Shop

FALLEN = Seen(was=1200, now=40, lost=0)


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    shop = await Shop.connected(console, anna)
    await shop.stocked()
    return shop


async def held(console, anna, shop, *, ago=timedelta()):
    """As a sync leaves it."""
    tenant_id, shop_id = shop.key
    at = console.clock() - ago
    command = doubt.ReportReading(shop_id=shop_id, at=at, good_at=None, seen=FALLEN)
    stream = Stream(kind="tenant", tenant=tenant_id, id=tenant_id)
    origin = (await console.identified(anna)).origin
    ask = Ask(decider=tenant.decider, stream=stream, command=command)
    await console.accounts.handle(ask, origin=origin)


async def test_it_says_what_was_seen_and_when_it_is_read_again(console, anna, shop):
    before = await anna.open(f"/shops/{shop.id}")
    await held(console, anna, shop)

    page = await anna.open(f"/shops/{shop.id}")
    table = await anna.open("/stock")

    assert "held back" not in before.text
    for each in (page, table):
        assert "looks wrong (stock: 1,200 pcs before, 40 now)" in each.text
    assert "The goods were taken away" in page.text


@pytest.mark.parametrize("because", doubt.Because)
async def test_each_reason_is_one_press_and_stands_in_the_log(console, anna, shop, because):
    await held(console, anna, shop)

    answer = await anna.press(f"/shops/{shop.id}/accept", because=because)
    page = await anna.open(f"/shops/{shop.id}")
    log = await anna.open("/audit")

    assert answer.headers["location"] == f"/shops/{shop.id}"
    assert "The new data were accepted in Stock Tracker" in page.text
    assert "Accept the new data" not in page.text
    assert "accepted the new numbers of the shop" in log.text


async def test_a_second_press_changes_nothing_and_another_word_is_refused(console, anna, shop):
    await held(console, anna, shop)
    path = f"/shops/{shop.id}/accept"
    await anna.press(path, because="sold")

    again = await anna.press(path, because="sold")
    wrong = await anna.press(path, because="whatever")

    assert (again.status_code, wrong.status_code) == (303, 422)
    assert "Choose why the new numbers are right" in wrong.text


async def test_two_readings_that_agree_are_told_for_a_day(console, anna, shop):
    await held(console, anna, shop, ago=doubt.AGAIN)
    await held(console, anna, shop)

    page = await anna.open(f"/shops/{shop.id}")
    console.clock.now += timedelta(days=1)
    later = await anna.open(f"/shops/{shop.id}")

    assert "A second reading of Wildberries confirmed it" in page.text
    assert "A second reading of Wildberries confirmed it" not in later.text
