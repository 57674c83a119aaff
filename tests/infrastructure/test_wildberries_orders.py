"""Orders: deltas by time of change, to the end, whatever shares one moment."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Malformed
from domain.snapshot import MOSCOW
from sandbox.sellers import AddOrder, CancelOrder, Spec, truth
from tests.infrastructure.wildberries_shop import LONG, NOON, counted, open_shop

SINCE = datetime.fromtimestamp(NOON - 8 * 86_400, UTC)


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=60, places=4)) as opened:
        yield opened


async def pages(shop, cursor=None):
    return [page async for page in shop.wildberries.orders(shop.access(), cursor, SINCE)]


def totals(orders, now):
    sums: dict[int, int] = {}
    for count in counted(orders, now):
        sums[count.nm_id] = sums.get(count.nm_id, 0) + count.pieces
    return sums


def expected(shop):
    truths = truth(shop.seller, shop.moment.seconds)
    return {nm: each.orders.total for nm, each in truths.items() if each.orders.total}


async def test_one_srid_is_one_piece_in_its_last_state(shop):
    orders = await shop.orders(shop.access())

    assert totals(orders, shop.moment()) == expected(shop)
    assert len({order.srid for order in orders}) < len(orders)
    assert any(order.cancelled for order in orders)


async def test_a_short_page_ends_the_read_with_one_call(shop):
    [page] = await pages(shop)

    assert page.last
    assert shop.calls("orders") == 1


async def test_rows_come_oldest_change_first_and_in_moscow_time(shop):
    [page] = await pages(shop)
    changes = [order.changed_at for order in page.orders]

    assert changes == sorted(changes)
    assert {moment.tzinfo for moment in changes} == {MOSCOW}
    assert page.cursor == changes[-1].isoformat()


async def test_the_next_read_brings_what_changed_and_at_most_the_last_second_again(shop):
    [first] = await pages(shop)
    shop.moment.seconds += 3_600
    nm = min(shop.seller.cards)
    shop.change(AddOrder(nm=nm, place="Минск"))

    [second] = await pages(shop, first.cursor)

    newest = first.orders[-1].changed_at
    assert second.orders[-1].warehouse == "Минск"
    assert all(order.changed_at >= newest - timedelta(seconds=1) for order in second.orders)


async def test_a_cancellation_arrives_as_a_later_state_of_the_same_order(shop):
    [first] = await pages(shop)
    victim = next(order for order in reversed(first.orders) if not order.cancelled)
    shop.moment.seconds += 3_600
    shop.change(CancelOrder(srid=victim.srid))

    [second] = await pages(shop, first.cursor)

    assert [order.srid for order in second.orders if order.cancelled][-1] == victim.srid


async def test_an_empty_answer_leaves_the_cursor_where_it_is(shop):
    future = (shop.moment() + timedelta(hours=1)).astimezone(MOSCOW).isoformat()

    [page] = await pages(shop, future)

    assert (page.orders, page.cursor, page.last) == ((), future, True)


@pytest.mark.parametrize("page", [40, 60, 97])
async def test_many_pages_lose_nothing_and_end(page):
    pace = replace(LONG, full_page=page)
    async with open_shop(Spec(products=60, places=4), pace=pace, orders_page=page) as shop:
        read = await pages(shop)

        orders = [order for each in read for order in each.orders]
        assert totals(orders, shop.moment()) == expected(shop)
        assert [each.last for each in read].count(True) == 1
        assert len(read) > 3


async def test_more_rows_of_one_moment_than_a_page_holds_are_read_by_days():
    """The night's job stamps cancellations and repetitions of a day with one time."""
    pace = replace(LONG, full_page=5)
    async with open_shop(Spec(products=60, places=4), pace=pace, orders_page=5) as shop:
        read = await pages(shop)

        by_days = [page for page in read if "#" in page.cursor]
        orders = [order for page in read for order in page.orders]
        assert by_days
        assert totals(orders, shop.moment()) == expected(shop)
        assert read[-1].last


async def test_a_killed_read_goes_on_where_it_stopped():
    pace = replace(LONG, full_page=5)
    async with open_shop(Spec(products=60, places=4), pace=pace, orders_page=5) as shop:
        orders, cursor, last = [], None, False
        while not last:
            page = await anext(aiter(shop.wildberries.orders(shop.access(), cursor, SINCE)))
            orders += page.orders
            cursor, last = page.cursor, page.last

        assert totals(orders, shop.moment()) == expected(shop)


async def test_whose_warehouse_an_order_left_is_told_by_its_type(shop):
    nm = min(shop.seller.cards)
    shop.change(AddOrder(nm=nm, place="Склад Ёлкино"), AddOrder(nm=nm, place="Минск"))

    [page] = await pages(shop)

    told = {order.warehouse: order.by_seller for order in page.orders}
    assert told["Склад Ёлкино"] is True
    assert told["Минск"] is False
    assert told["Склад WB РФ"] is False


@pytest.mark.parametrize("zone", ["UTC", "Asia/Vladivostok"])
async def test_the_days_are_moscows_wherever_the_server_stands(shop, monkeypatch, zone):
    monkeypatch.setitem(os.environ, "TZ", zone)

    orders = await shop.orders(shop.access())

    assert totals(orders, shop.moment()) == expected(shop)


async def test_an_order_without_its_key_is_another_shape(shop, monkeypatch):
    row = (
        b'[{"date":"2026-11-20T10:00:00","lastChangeDate":"2026-11-20T10:00:00","nmId":1,'
        b'"isCancel":false,"srid":""}]'
    )
    monkeypatch.setattr("sandbox.wildberries.faults.SPOILT", {"other_shape": row})
    shop.fault("orders", "other_shape")

    with pytest.raises(Malformed, match="srid"):
        await pages(shop)
