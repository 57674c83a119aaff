"""Orders as the feed tells them, where supplier/orders is closed: the same ones, by its own pages."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from domain.capability import Known, Reading
from domain.errors import Unavailable
from domain.snapshot import MOSCOW
from infrastructure.wildberries import order_feed
from sandbox.sellers import AddOrder, CancelOrder, Spec
from sandbox.wildberries.endpoints import ANALYTICS, CONTENT
from tests.infrastructure.wildberries_shop import NOON, Noted, open_shop

HOUR, DAY = 3_600, 86_400


@pytest.fixture
async def shop():
    noted = Noted()
    async with open_shop(Spec(products=60, places=4, unnamed_share=0.3), novelties=noted) as opened:
        opened.noted = noted.found
        yield opened


async def pages(shop, source, cursor=None, kind="personal"):
    access = shop.access(kind, expires=NOON + 90 * DAY)
    since = shop.moment() - timedelta(days=30)
    return [page async for page in shop.wildberries.orders(access, cursor, since, source)]


def last(read):
    """The last word on each order."""
    orders = sorted((o for page in read for o in page.orders), key=lambda o: o.changed_at)
    return {order.srid: order for order in orders}


def standing(read, shop, days=29):
    """By day, product, and place: Wildberries' own are one to the feed."""
    own = {place.name for place in shop.seller.places if place.kind == "seller"}
    first = shop.moment().astimezone(MOSCOW).date() - timedelta(days=days)
    return Counter(
        (day, o.nm_id, o.by_seller, o.warehouse if o.warehouse in own else "")
        for o in last(read).values()
        if not o.cancelled and (day := o.ordered_at.astimezone(MOSCOW).date()) >= first
    )


@pytest.mark.parametrize("hours", [0, 13, 16, 40])
async def test_they_are_those_of_the_orders_by_day_product_and_place(shop, hours):
    shop.moment.seconds += hours * HOUR  # the next one is before the night's job, then after it
    expected = standing(await pages(shop, Reading.ORDERS), shop)

    read = await pages(shop, Reading.FEED)

    assert standing(read, shop) == expected
    assert {place for *_, by_seller, place in expected if by_seller} > {""}
    assert shop.noted == []


async def test_a_read_goes_on_where_the_last_one_ended_and_misses_nothing(shop):
    first = await pages(shop, Reading.FEED)
    nm = min(shop.seller.cards)
    shop.moment.seconds += 15 * HOUR
    shop.change(
        AddOrder(nm=nm, count=3, days_ago=2), CancelOrder(nm=nm), AddOrder(nm=nm, place="Минск")
    )

    second = await pages(shop, Reading.FEED, first[-1].cursor)

    merged = last(first) | {o.srid: o for page in second for o in page.orders}
    told = {srid: (o.nm_id, o.cancelled) for srid, o in merged.items()}
    orders = last(await pages(shop, Reading.ORDERS))
    recent = [o for o in orders.values() if o.ordered_at > shop.moment() - timedelta(days=28)]
    assert sum(len(page.orders) for page in second) < len(merged) / 2
    assert {o.srid: told.get(o.srid) for o in recent} == {
        o.srid: (o.nm_id, o.cancelled) for o in recent
    }


async def test_a_page_that_ends_anywhere_loses_and_doubles_none(shop, monkeypatch):
    expected = last(await pages(shop, Reading.FEED))
    for size in (40, len(expected)):
        monkeypatch.setattr(order_feed, "PAGE", size)
        before = shop.calls("order_feed")
        read = await pages(shop, Reading.FEED)

        assert last(read) == expected
        assert sum(len(page.orders) for page in read) == len(expected)
        assert shop.calls("order_feed") - before == len(expected) // size + 1
        assert [page.last for page in read].count(True) == 1


async def test_a_page_tells_what_became_of_its_orders_too(shop):
    [page] = await pages(shop, Reading.FEED)
    [fed] = [fed async for fed in shop.wildberries.feed(shop.access(), None)]

    assert page.fed.states == fed.states


async def test_a_plain_base_token_is_told_when_the_feed_is_next(shop):
    await pages(shop, Reading.FEED, kind="base")
    shop.moment.seconds += HOUR

    with pytest.raises(Unavailable, match="Лента заказов") as away:
        await pages(shop, Reading.FEED, kind="base")

    assert away.value.cause == "no_quota"
    assert away.value.until - datetime.fromtimestamp(NOON, MOSCOW) >= timedelta(hours=3)


async def test_an_order_counts_whatever_became_of_it_and_wherever_it_left(shop, monkeypatch):
    row = (
        b'{"data":{"snapshotTime":"x","orders":[{"nmId":1,"srid":"a","status":"lost","isMp":false,'
        b'"createdAt":"2026-11-01T23:00:00Z","updatedAt":"2026-11-03T10:00:00Z",'
        b'"warehouseName":""}]}}'
    )
    monkeypatch.setattr("sandbox.wildberries.faults.SPOILT", {"other_shape": row})
    shop.fault("order_feed", "other_shape")

    [page] = await pages(shop, Reading.FEED)

    [order] = page.orders
    assert page.fed.states == ()
    assert (order.cancelled, order.warehouse) == (False, "Склад WB")
    assert order.ordered_at.astimezone(MOSCOW).day == 2


async def test_the_feed_is_tried_after_the_orders_and_before_them_where_those_are_closed(shop):
    sources, whole = shop.wildberries.order_sources, shop.access()
    narrow = shop.access(scopes=(CONTENT, ANALYTICS))
    known = Known()
    known.saw(Reading.ORDERS, shop.moment(), "method_off")

    assert sources(whole, Known()) == [Reading.ORDERS, Reading.FEED]
    assert sources(narrow, Known()) == [Reading.FEED, Reading.ORDERS]
    assert sources(whole, known) == [Reading.FEED]
    shop.moment.seconds += HOUR
    assert sources(whole, known) == [Reading.ORDERS, Reading.FEED]
