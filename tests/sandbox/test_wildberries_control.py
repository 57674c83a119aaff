"""The hand behind the Wildberries stand-in: sellers, changes, faults and counted calls over HTTP."""

import pytest

from sandbox.sellers import World
from tests.sandbox.wildberries_visit import CARDS, ORDERS, OWN, WB, visiting


@pytest.fixture
async def wb():
    async with visiting(speed=1e6) as visit:
        yield visit


async def test_sellers_are_listed_with_a_token_of_each_kind(wb):
    listed = (await wb.client.get("/sandbox/sellers")).json()[0]
    status = {
        name: (await wb.get("/ping", token=token)).status_code
        for name, token in listed["tokens"].items()
    }

    assert listed["id"] == wb.seller.id
    assert listed["client_secret"]
    assert status == {
        "base": 200,
        "personal": 200,
        "service": 200,
        "test": 401,
        "content_only": 200,
        "expired": 401,
        "withdrawn": 401,
    }


async def test_a_seller_of_any_size_can_be_added(wb):
    added = await wb.client.post("/sandbox/sellers", json={"seed": 7, "products": 12})
    again = await wb.client.post("/sandbox/sellers", json={"seed": 7})

    assert (added.status_code, added.json()["products"]) == (201, 12)
    assert (again.status_code, again.json()["error"]) == (400, "seed: 7 is taken; choose another")


async def change(wb, *changes):
    answer = await wb.client.post(f"/sandbox/sellers/{wb.seller.id}/changes", json=list(changes))
    wb.market.clock.now += 1
    return answer


async def test_changed_stock_shows_in_the_next_answer(wb):
    card = next(iter(wb.seller.cards.values()))
    before = (await wb.post(WB)).json()
    await change(wb, {"kind": "stock", "nm": card.nm, "place": "Склад WB", "quantity": 4_321})
    after = (await wb.post(WB)).json()

    assert before != after
    assert 4_321 in [row["quantity"] for row in after["data"]["items"]]


async def test_a_product_a_place_and_an_order_can_come(wb):
    answer = await change(
        wb,
        {"kind": "add_place", "name": "Гараж"},
        {"kind": "add_product", "vendor_code": "=нов/1", "stock": {"Гараж": 3}},
    )
    nm = max(wb.seller.cards)
    await change(wb, {"kind": "order", "nm": nm, "place": "Гараж", "count": 2})
    own = (await wb.post(OWN)).json()["data"]["items"]
    orders = (await wb.get(ORDERS, params={"dateFrom": "2026-11-23T12:00:00"})).json()

    assert answer.json()["products"] == 61
    assert ("Гараж", 3) in [(row["warehouseName"], row["quantity"]) for row in own]
    assert [(row["nmId"], row["warehouseName"]) for row in orders] == [(nm, "Гараж")] * 2


async def test_a_product_can_go_and_an_order_can_be_cancelled(wb):
    cards = list(wb.seller.cards)
    await change(wb, {"kind": "order", "nm": cards[0]})
    await change(wb, {"kind": "cancel", "nm": cards[0]}, {"kind": "remove_product", "nm": cards[1]})
    orders = (await wb.get(ORDERS, params={"dateFrom": "2026-11-23T12:00:00"})).json()
    listed = (await wb.post(CARDS, {"settings": {"cursor": {"limit": 100}}})).json()["cards"]

    assert [row["isCancel"] for row in orders] == [False, True]
    assert len({row["srid"] for row in orders}) == 1
    assert cards[1] not in [card["nmID"] for card in listed]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"kind": "stock", "nm": 1, "place": "Склад WB", "quantity": 1}, "nm: this seller"),
        ({"kind": "stock", "nm": 0, "place": "x", "quantity": -1}, "quantity"),
        ({"kind": "dance"}, "dance"),
        ({"kind": "add_place", "name": "x", "extra": 1}, "extra"),
    ],
)
async def test_a_wrong_change_is_refused_by_name(wb, body, named):
    answer = await change(wb, body)

    assert answer.status_code == 400
    assert named in answer.json()["error"]


async def test_a_fault_is_ordered_listed_and_cleared_over_http(wb):
    made = await wb.client.post("/sandbox/faults", json={"endpoint": "ping", "kind": "503"})
    listed = (await wb.client.get("/sandbox/faults")).json()
    cleared = (await wb.client.delete("/sandbox/faults")).json()

    assert made.status_code == 201
    assert [fault["kind"] for fault in listed] == ["503"]
    assert cleared == []
    assert (await wb.get("/ping")).status_code == 200


@pytest.mark.parametrize("body", [{"endpoint": "pong", "kind": "503"}, {"endpoint": "ping"}])
async def test_a_wrong_fault_is_refused(wb, body):
    assert (await wb.client.post("/sandbox/faults", json=body)).status_code == 400


async def test_calls_are_counted_by_endpoint_seller_and_status(wb):
    await wb.get("/ping")
    await wb.post(WB, kind="base")
    counted = (await wb.client.get("/sandbox/calls")).json()
    reset = (await wb.client.delete("/sandbox/calls")).json()

    assert counted["total"] == 2
    assert counted["by_endpoint"] == {"ping": 1, "wb_warehouses": 1}
    assert counted["by_status"] == {"200": 1, "403": 1}
    assert counted["by_seller"] == {wb.seller.id: {"ping": 1, "wb_warehouses": 1}}
    assert reset["total"] == 0


async def test_buckets_can_be_filled_by_hand():
    async with visiting() as wb:
        await wb.post(WB)
        await wb.client.delete("/sandbox/limits")

        assert (await wb.post(WB)).status_code == 200


async def test_every_change_is_kept_on_disk(tmp_path):
    path = tmp_path / "world.json"
    async with visiting(keep_in=path) as wb:
        nm = next(iter(wb.seller.cards))
        await change(wb, {"kind": "stock", "nm": nm, "place": "Склад WB", "quantity": 77})
        kept = World.load(path).seller(wb.seller.id)

    assert kept.card(nm).sizes[0].stock[0] == 77
