"""The Wildberries stand-in keeps the contract: fields, types, required ones, limits."""

import pytest

from sandbox.sellers import Spec
from sandbox.wildberries.endpoints import ENDPOINTS
from tests.sandbox import wildberries_contract as contract
from tests.sandbox.wildberries_visit import (
    CABINET,
    CARDS,
    EVERY_GROUP,
    FEED,
    ORDERS,
    OWN,
    REMAINS,
    SUPPLIES,
    WB,
    Visit,
    cabinet_of,
    visiting,
)


@pytest.fixture
async def wb():
    async with visiting(Spec(products=120, places=6)) as visit:
        yield visit


@pytest.mark.parametrize(
    ("method", "path", "shape"),
    [
        ("GET", "/ping", contract.PING),
        ("GET", "/api/v1/seller-info", contract.SELLER_INFO),
        ("POST", WB, contract.WB_STOCK),
        ("POST", OWN, contract.SELLER_STOCK),
        ("POST", CARDS, contract.CARDS),
        ("GET", f"{ORDERS}?dateFrom=2026-11-01", contract.ORDERS),
        ("GET", REMAINS, contract.TASK_CREATED),
        ("GET", "/api/v3/warehouses", contract.WAREHOUSES),
        ("POST", SUPPLIES, contract.SUPPLIES),
    ],
)
async def test_each_answer_has_the_fields_and_types_of_the_contract(wb, method, path, shape):
    answer = await wb.ask(method, path, **({"json": {}} if method == "POST" else {}))

    assert answer.status_code == 200
    assert contract.breaches(answer.json(), shape) == []
    assert len(answer.content) > 40


async def test_a_downloaded_report_has_the_fields_of_the_contract(wb):
    rows = await wb.remains(EVERY_GROUP)

    assert contract.breaches(rows, contract.REMAINS) == []
    assert set(rows[0]) == set(contract.REMAINS[0])


async def test_amounts_in_her_warehouse_have_the_fields_of_the_contract(wb):
    warehouse = (await wb.get("/api/v3/warehouses")).json()[0]["id"]
    chrts = [size.chrt for card in wb.seller.cards.values() for size in card.sizes]
    answer = await wb.post(f"/api/v3/stocks/{warehouse}", {"chrtIds": chrts})

    assert contract.breaches(answer.json(), contract.STOCKS) == []
    assert answer.json()["stocks"]


async def test_the_order_feed_has_the_fields_of_the_contract(wb):
    answer = await wb.post(FEED, {"selectedPeriod": {"start": "2026-11-01T00:00:00+03:00"}})

    assert contract.breaches(answer.json(), contract.ORDER_FEED) == []
    assert len(answer.json()["data"]["orders"]) == 50


async def test_the_cabinets_report_has_the_fields_of_the_contract(wb):
    answer = await wb.post(CABINET, cabinet_of("2026-11-16", "2026-11-22"))

    assert contract.breaches(answer.json(), contract.CABINET) == []
    assert len(answer.json()["data"]["items"]) == 100


async def test_a_supply_and_its_goods_have_the_fields_of_the_contract(wb):
    for each in (await wb.post(SUPPLIES)).json():
        whole = await wb.get(f"{SUPPLIES}/{each['supplyID']}")
        goods = await wb.get(f"{SUPPLIES}/{each['supplyID']}/goods")
        wb.market.buckets.reset()

        assert contract.breaches(whole.json(), contract.SUPPLY) == []
        assert contract.breaches(goods.json(), contract.SUPPLY_GOODS) == []
        assert whole.json()["quantity"] == sum(good["quantity"] for good in goods.json())


def test_limits_are_those_of_the_stored_table():
    ours = {
        endpoint.name: (
            (endpoint.full.interval, endpoint.full.burst),
            endpoint.basic and (endpoint.basic.interval, endpoint.basic.burst),
            endpoint.cost_4xx,
        )
        for endpoint in ENDPOINTS
    }

    assert ours == contract.LIMITS


async def test_a_long_card_list_is_shaped_alike_from_first_to_last(wb: Visit):
    asked = {"settings": {"cursor": {"limit": 100}, "sort": {"ascending": True}}}
    answer = await wb.post(CARDS, asked)

    assert contract.breaches(answer.json(), contract.CARDS) == []
    assert answer.json()["cursor"]["total"] == 100


def test_the_contract_checker_sees_a_missing_a_wrong_and_an_unknown_field():
    row = {"nmId": "1", "extra": 1}

    found = contract.breaches({"data": {"items": [row]}}, contract.WB_STOCK)

    assert "$.data.items[0].nmId: '1' is no int" in found
    assert "$.data.items[0].quantity: required" in found
    assert "$.data.items[0].extra: not in the contract" in found
