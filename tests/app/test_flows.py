"""Supplies and what became of orders, read once a day beside the sync: resumed, never twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.errors import Malformed, Unavailable
from domain.flow import Flow, Stage, coming
from domain.run import Cancel
from infrastructure.wildberries import order_feed
from sandbox.sellers import AddOrder, RecallSupply, ReceiveSupply, ShipSupply
from sandbox.wildberries.endpoints import ANALYTICS, CONTENT
from tests.app.flows_world import FAR, reading
from tests.infrastructure.wildberries_shop import LONG

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RENEWED = UUID("f18f0000-0000-7000-8000-000000000000")
SHORT = replace(LONG, patience=1.0)
COUNTED = """
SELECT supply_id FROM supplies s WHERE tenant_id = $1 AND shop_id = $2
  AND (stage = $3 OR stage = $4 AND counts_until >= '2026-11-23' AND EXISTS (
    SELECT FROM supply_goods g WHERE g.supply_id = s.supply_id AND g.shop_id = $2 AND coming > 0))
"""
SOURCES = ("supplies", "supply", "supply_goods", "order_feed")


@pytest.fixture
async def shop(database):
    async with reading(database) as opened:
        yield opened


def calls(shop):
    return {name: shop.market.calls(name) for name in SOURCES}


async def test_a_read_keeps_what_is_on_the_way_of_each_product(shop):
    first, second = sorted(shop.market.seller.cards)[:2]
    before = await shop.run() and await shop.coming()
    shop.market.change(ShipSupply(goods={first: 30, second: 7}))
    shop.market.change(ReceiveSupply(accepted={first: 25}, on_sale={first: 20}, status=4))

    await shop.again()

    assert (await shop.coming()).get(first, 0) == before.get(first, 0) + 10
    assert (await shop.coming()).get(second, 0) == before.get(second, 0) + 7


async def test_all_that_is_under_way_equals_the_formula_over_the_contracts_answers(shop):
    await shop.run()
    access, expected = shop.market.access(), {}
    for supply in await shop.market.wildberries.supplies(access):
        if supply.counts_until and supply.counts_until < NOW.date():
            continue
        goods = await shop.market.wildberries.goods(access, supply.supply_id)
        for nm, pieces in coming(supply.stage, goods).items():
            expected[nm] = expected.get(nm, 0) + pieces

    assert await shop.coming() == {nm: pieces for nm, pieces in expected.items() if pieces}


async def test_only_supplies_that_something_happened_to_are_read_again(shop):
    shop.market.change(ShipSupply(goods={min(shop.market.seller.cards): 30}))
    await shop.run()
    first = calls(shop)
    shop.passes(0.01)
    await shop.again()
    second = calls(shop)
    shop.passes(0.01)
    shop.market.change(ReceiveSupply(status=4))
    await shop.again()

    counted = await shop.rows(COUNTED, Stage.ACCEPTING, Stage.ACCEPTED)
    idle = second["supply_goods"] - first["supply_goods"]
    assert 0 < idle < first["supply_goods"]
    assert calls(shop)["supply_goods"] - second["supply_goods"] == idle + 1 == len(counted)
    assert calls(shop)["supply"] == first["supply"]
    assert calls(shop)["supplies"] == 3


async def test_pieces_that_go_on_sale_without_a_new_date_are_seen_the_next_day(shop):
    nm = min(shop.market.seller.cards)
    before = (await shop.run()) and (await shop.coming()).get(nm, 0)
    shop.market.change(ShipSupply(goods={nm: 30}, status=4))
    await shop.again()
    shop.market.change(ReceiveSupply(accepted={nm: 30}, on_sale={nm: 29}, status=4, quietly=True))

    await shop.again()

    assert (await shop.coming()).get(nm, 0) == before + 1


async def test_a_supply_that_is_gone_is_not_waited_for(shop):
    before = (await shop.run()) and await shop.coming()
    shop.market.change(ShipSupply(goods={min(shop.market.seller.cards): 30}))
    await shop.again()
    shop.market.change(RecallSupply())

    await shop.again()

    assert await shop.coming() == before


async def test_a_supply_that_is_recalled_while_it_is_read_leaves_the_others_as_they_are(shop):
    await shop.run()
    before = await shop.coming()
    first, second = sorted(shop.market.seller.cards)[:2]
    shop.market.change(ShipSupply(goods={first: 30}))
    shop.market.change(ShipSupply(goods={second: 7}))
    shop.market.fault("supply_goods", "503", times=3)
    shop.anew()
    with pytest.raises(Unavailable):
        await shop.run()
    shop.market.change(RecallSupply())
    done = await shop.run()

    assert done.result["unread"] == {}
    assert await shop.coming() == {**before, first: before.get(first, 0) + 30}


async def test_where_it_was_brought_is_asked_once(shop):
    nm = min(shop.market.seller.cards)
    shop.market.change(ShipSupply(goods={nm: 30}, warehouse="Тула"))
    await shop.run()
    before = calls(shop)["supply"]
    shop.market.change(ReceiveSupply(accepted={nm: 30}))
    await shop.again()

    [(warehouse,)] = await shop.rows(
        "SELECT warehouse FROM supplies WHERE tenant_id = $1 AND shop_id = $2 "
        "ORDER BY made_at DESC LIMIT 1"
    )
    assert warehouse == "Тула"
    assert calls(shop)["supply"] == before


async def test_the_feed_keeps_the_latest_state_of_each_order_and_since_when_all_is_known(shop):
    await shop.run()
    nm = min(shop.market.seller.cards)
    shop.passes(1)
    shop.market.change(AddOrder(nm=nm, days_ago=20, ends="return"))
    await shop.again()

    states = await shop.rows(
        "SELECT became, count(*) FROM order_states WHERE tenant_id = $1 AND shop_id = $2 GROUP BY 1"
    )
    [(since, read_at, cause)] = await shop.rows(
        "SELECT since, read_at, cause FROM flows "
        "WHERE tenant_id = $1 AND shop_id = $2 AND source = 'order_feed'"
    )
    assert {"buyout", "created", "cancel", "return"} <= dict(states).keys()
    assert read_at - since == timedelta(days=31)
    assert cause is None


async def test_a_pause_longer_than_the_feed_reaches_is_not_bridged(shop):
    await shop.run()
    shop.passes(40)
    await shop.again()

    [(known,)] = await shop.rows(
        "SELECT read_at - since FROM flows "
        "WHERE tenant_id = $1 AND shop_id = $2 AND source = 'order_feed'"
    )
    assert known == timedelta(days=30)


async def test_a_token_without_supplies_leaves_that_one_unknown_with_the_reason(database):
    async with reading(database, scopes=(CONTENT, ANALYTICS)) as shop:
        done = await shop.run()

        stands = dict(
            await shop.rows("SELECT source, cause FROM flows WHERE tenant_id = $1 AND shop_id = $2")
        )
        assert done.result["unread"] == {Flow.SUPPLIES: "no_scope"}
        assert "“Supplies”" in done.result["notices"][0]
        assert stands == {"supplies": "no_scope", "order_feed": None}


async def test_a_report_that_is_switched_off_is_a_gap_until_the_next_day(shop):
    shop.market.fault("order_feed", "disabled", times=None)

    done = await shop.run()

    assert done.result["unread"] == {Flow.FEED: "method_off"}
    assert await shop.coming()


async def test_one_source_that_has_to_wait_does_not_hold_up_the_other(shop):
    shop.market.fault("supplies", "503", times=None)

    with pytest.raises(Unavailable):
        await shop.run()

    [(states,)] = await shop.rows(
        "SELECT count(*) FROM order_states WHERE tenant_id = $1 AND shop_id = $2"
    )
    assert states > 0
    assert calls(shop)["order_feed"] == 1


async def test_a_source_that_refused_is_not_asked_again_while_the_other_waits(database):
    async with reading(database, scopes=(CONTENT, ANALYTICS), pace=SHORT) as shop:
        shop.market.fault("order_feed", "429", retry=3600.0)
        with pytest.raises(Unavailable):
            await shop.run()
        shop.passes(0.1)

        done = await shop.run()

        assert done.result["unread"] == {Flow.SUPPLIES: "no_scope"}
        assert (calls(shop)["supplies"], calls(shop)["order_feed"]) == (1, 2)


async def test_a_token_that_came_while_the_run_waited_opens_what_the_former_one_did_not(database):
    async with reading(database, scopes=(CONTENT, ANALYTICS), pace=SHORT) as shop:
        shop.market.fault("order_feed", "429", retry=3600.0)
        with pytest.raises(Unavailable):
            await shop.run()
        shop.passes(0.1)
        shop.claims = {"expires": FAR}
        async with database.driver() as driver:
            await driver.execute("UPDATE shops SET token_id = $1", uuid4())

        done = await shop.run()

        assert done.result["unread"] == {}
        assert await shop.coming()


async def test_a_token_that_came_while_the_former_one_was_refused_is_asked_at_once(database):
    async with reading(database, scopes=(CONTENT, ANALYTICS)) as shop:

        async def renewed(_source, _done=0, _total=None):
            shop.claims = {"expires": FAR}
            async with database.driver() as driver:
                await driver.execute("UPDATE shops SET token_id = $1", RENEWED)

        done = await shop.run(renewed)

        assert done.result["unread"] == {}
        assert await shop.coming()


async def waited(shop, causes):
    """Until when the run has to wait, if it does."""
    try:
        await shop.run()
    except Unavailable as away:
        causes.append(away.cause)
        return away.until
    return None


async def test_a_run_that_waits_for_its_budget_goes_on_and_asks_for_nothing_twice(
    database, monkeypatch
):
    monkeypatch.setattr(order_feed, "PAGE", 100)
    async with reading(database, kind="base", pace=SHORT) as shop:
        waits = list[str]()
        while (until := await waited(shop, waits)) is not None:
            shop.market.moment.seconds = until.timestamp()
        told = calls(shop)

    [(states,)] = await shop.rows(
        "SELECT count(*) FROM order_states WHERE tenant_id = $1 AND shop_id = $2"
    )
    [(read,)] = await shop.rows(
        "SELECT count(*) FROM supplies WHERE tenant_id = $1 AND shop_id = $2 AND read_as IS NOT NULL"
    )
    assert len(waits) > 3
    assert set(waits) == {"no_quota"}
    assert told["supplies"] == 1
    assert told["supply_goods"] == read
    assert told["order_feed"] == states // 100 + 1
    assert shop.market.market.calls.by_status[429] == 0


async def test_an_answer_of_another_shape_is_no_gap(shop):
    shop.market.fault("supplies", "other_shape", times=None)

    with pytest.raises(Malformed):
        await shop.run()


async def test_a_shop_that_is_gone_is_not_read(shop):
    shop.task = replace(shop.task, shop_id=uuid4())

    assert isinstance(await shop.run(), Cancel)
    assert sum(calls(shop).values()) == 0
