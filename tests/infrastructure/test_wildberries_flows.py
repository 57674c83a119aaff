"""Supplies and what became of orders, read by the adapter: pages, snapshots, resumption, refusals."""

from datetime import datetime, timedelta

import pytest

from domain.errors import Rejected, Unavailable
from domain.flow import Became, Good, Stage
from domain.snapshot import MOSCOW
from infrastructure.wildberries import order_feed, supplies
from sandbox.sellers import AddOrder, ReceiveSupply, ShipSupply, Spec
from sandbox.wildberries.endpoints import ANALYTICS
from tests.infrastructure.wildberries_shop import NOON, Noted, open_shop

DAY = 86_400


@pytest.fixture
async def shop():
    noted = Noted()
    async with open_shop(Spec(products=60, places=4), novelties=noted) as opened:
        opened.noted = noted.found
        yield opened


async def pages(shop, cursor=None, **access):
    access = shop.access(**{"expires": NOON + 90 * DAY, **access})
    return [page async for page in shop.wildberries.feed(access, cursor)]


def rows(read):
    return {state.srid: state for page in read for state in page.states}


async def test_one_short_page_is_the_whole_feed_and_costs_one_call(shop):
    [page] = await pages(shop)

    assert page.last
    assert shop.noted == []
    assert page.until - page.since == timedelta(days=30)
    assert shop.calls("order_feed") == 1
    assert {each.became for each in page.states} >= {
        Became.CREATED,
        Became.BOUGHT,
        Became.CANCELLED,
    }


async def test_it_says_where_buyers_are_and_whose_warehouse_it_left(shop):
    [page] = await pages(shop)

    assert {each.district for each in page.states} >= {"Центральный", "Беларусь"}
    assert {each.by_seller for each in page.states} == {True, False}
    assert {each.how for each in page.states if each.became is Became.CANCELLED} == {"app"}


async def test_the_next_read_begins_where_the_last_one_ended(shop):
    [first] = await pages(shop)
    shop.moment.seconds += DAY
    shop.change(AddOrder(nm=min(shop.seller.cards), ends="created"))

    [second] = await pages(shop, first.cursor)

    assert second.since == first.until - timedelta(hours=6)
    assert len(second.states) < len(first.states)
    assert rows([second]).keys() - rows([first]).keys()


async def test_pages_belong_to_one_snapshot(shop, monkeypatch):
    whole = rows(await pages(shop))
    monkeypatch.setattr(order_feed, "PAGE", 40)

    read = await pages(shop)

    assert len(read) > 2
    assert rows(read) == whole
    assert sum(len(page.states) for page in read) == len(whole)


async def test_a_killed_read_goes_on_in_the_same_snapshot_and_asks_for_no_page_twice(
    shop, monkeypatch
):
    monkeypatch.setattr(order_feed, "PAGE", 40)
    whole = await pages(shop)
    before = shop.calls("order_feed")
    cursor, seen, last = None, {}, False
    while not last:
        page = await anext(aiter(shop.wildberries.feed(shop.access(), cursor)))
        cursor, last = page.cursor, page.last
        seen |= rows([page])
        shop.moment.seconds += 60
        shop.change(AddOrder(nm=min(shop.seller.cards), count=50))

    assert seen.keys() == rows(whole).keys()
    assert shop.calls("order_feed") - before == len(whole)


async def test_a_snapshot_of_yesterday_is_given_up(shop, monkeypatch):
    monkeypatch.setattr(order_feed, "PAGE", 40)
    access = shop.access(expires=NOON + 90 * DAY)
    page = await anext(aiter(shop.wildberries.feed(access, None)))
    shop.moment.seconds += DAY

    again = await anext(aiter(shop.wildberries.feed(access, page.cursor)))

    assert '"offset":40' in again.cursor
    assert again.until > page.until


async def test_what_happened_while_nobody_read_for_too_long_is_not_claimed(shop):
    [first] = await pages(shop)
    shop.moment.seconds += 40 * DAY
    access = shop.access(expires=NOON + 90 * DAY)

    second = await anext(aiter(shop.wildberries.feed(access, first.cursor)))

    assert second.since > first.until


async def test_a_plain_base_token_is_told_when_the_feed_is_next(shop):
    await pages(shop, kind="base")
    shop.moment.seconds += 60

    with pytest.raises(Unavailable) as away:
        await pages(shop, kind="base")

    assert away.value.cause == "no_quota"
    assert shop.calls("order_feed") == 1


async def test_an_order_in_a_state_of_another_word_stays_as_it_was_known_and_is_noted(
    shop, monkeypatch
):
    row = (
        b'{"data":{"snapshotTime":"x","orders":[{"nmId":1,"srid":"a","status":"lost","isMp":false,'
        b'"createdAt":"2026-11-01T10:00:00+03:00","updatedAt":"2026-11-01T10:00:00+03:00"}]}}'
    )
    monkeypatch.setattr("sandbox.wildberries.faults.SPOILT", {"other_shape": row})
    shop.fault("order_feed", "other_shape")

    [page] = await pages(shop)

    assert page.states == ()
    assert {(each.path, each.thing) for each in shop.noted} == {("data.orders[].status", "lost")}


# Supplies


async def test_plans_are_no_supplies(shop):
    found = await shop.wildberries.supplies(shop.access())

    assert shop.noted == []
    stages = {each.stage for each in found}
    assert stages == {Stage.ALLOWED, Stage.ACCEPTING, Stage.ACCEPTED, Stage.UNLOADED}
    assert shop.calls("supplies") == 1


async def test_a_supply_knows_when_it_was_shipped_and_touched(shop):
    shop.change(ShipSupply(goods={min(shop.seller.cards): 30}))

    newest = max(await shop.wildberries.supplies(shop.access()), key=lambda each: each.made_at)

    noon = datetime.fromtimestamp(NOON, MOSCOW)
    assert (newest.made_at, newest.shipped_at, newest.changed_at) == (noon, noon, noon)
    assert newest.counts_until is None


async def test_its_goods_and_its_warehouse_are_read_apart(shop):
    first, second = sorted(shop.seller.cards)[:2]
    shop.change(ShipSupply(goods={first: 30, second: 7}, warehouse="Тула"))
    shop.change(ReceiveSupply(accepted={first: 29}, on_sale={first: 20}, status=4))
    newest = max(await shop.wildberries.supplies(shop.access()), key=lambda each: each.made_at)

    goods = await shop.wildberries.goods(shop.access(), newest.supply_id)

    assert goods == [
        Good(nm_id=first, quantity=30, accepted=29, on_sale=20),
        Good(nm_id=second, quantity=7, accepted=0, on_sale=0),
    ]
    assert await shop.wildberries.destination(shop.access(), newest.supply_id) == "Тула"


async def test_what_is_not_counted_yet_is_nothing(shop):
    shop.change(ShipSupply(goods={min(shop.seller.cards): 30}))
    newest = max(await shop.wildberries.supplies(shop.access()), key=lambda each: each.made_at)

    [good] = await shop.wildberries.goods(shop.access(), newest.supply_id)

    assert (good.quantity, good.accepted, good.on_sale) == (30, 0, 0)


async def test_long_lists_come_in_pages(shop, monkeypatch):
    whole = await shop.wildberries.supplies(shop.access())
    monkeypatch.setattr(supplies, "PAGE", 3)

    assert await shop.wildberries.supplies(shop.access()) == whole
    assert shop.calls("supplies") > 2


async def test_a_token_without_the_category_is_told_which_one(shop):
    with pytest.raises(Rejected, match="«Поставки»") as no:
        await shop.wildberries.supplies(shop.access(scopes=(ANALYTICS,)))

    assert no.value.cause == "no_scope"
