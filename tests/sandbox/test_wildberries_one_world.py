"""One world: whatever method is asked, the Wildberries stand-in tells the same numbers."""

from collections import Counter

import pytest

from sandbox.sellers import Spec, Switch, truth
from sandbox.wildberries import tokens
from tests.sandbox.wildberries_visit import CARDS, ORDERS, OWN, WB, visiting

PSEUDO = {"В пути до получателей", "В пути возвраты на склад WB", "Всего находится на складах"}


@pytest.fixture
async def wb():
    spec = Spec(products=400, places=7, unnamed_share=0.2)
    async with visiting(spec, speed=1e6) as visit:
        yield visit


@pytest.fixture
def right(wb):
    return truth(wb.seller, wb.now)


async def rows(wb, path):
    wb.market.clock.now += 1
    return (await wb.post(path)).json()["data"]["items"]


async def test_wb_warehouses_tell_the_true_stock(wb, right):
    stock, to_client, from_client = Counter(), Counter(), Counter()
    for row in await rows(wb, WB):
        stock[row["nmId"]] += row["quantity"]
        to_client[row["nmId"]] += row["inWayToClient"]
        from_client[row["nmId"]] += row["inWayFromClient"]

    assert {nm: stock[nm] for nm in right} == {nm: p.stock.wb for nm, p in right.items()}
    assert {nm: to_client[nm] for nm in right} == {nm: p.to_client for nm, p in right.items()}
    assert {nm: from_client[nm] for nm in right} == {nm: p.from_client for nm, p in right.items()}


async def test_hidden_warehouses_are_one_row_and_foreign_ones_are_named(wb):
    found = await rows(wb, WB)
    hidden = {r["warehouseId"] for r in found if r["warehouseName"] == "Склад WB"}
    pairs = Counter((row["chrtId"], row["warehouseId"]) for row in found)

    assert hidden == {-999_999}
    assert "Минск" in {row["warehouseName"] for row in found}
    assert max(pairs.values()) == 1


async def test_named_warehouses_can_vanish_into_the_hidden_one(wb, right):
    wb.market.world.change(wb.seller.id, Switch(named_in_analytics=False), at=wb.now)
    found = await rows(wb, WB)

    assert {row["warehouseName"] for row in found} == {"Склад WB"}
    assert sum(row["quantity"] for row in found) == sum(p.stock.wb for p in right.values())


async def test_remains_tell_the_same_stock_and_transit(wb, right):
    stock, lines = Counter(), Counter()
    for row in await wb.remains():
        for line in row["warehouses"]:
            if line["warehouseName"] not in PSEUDO:
                stock[row["nmId"]] += line["quantity"]
            lines[line["warehouseName"]] += line["quantity"]

    assert {nm: stock[nm] for nm in right} == {nm: p.stock.wb for nm, p in right.items()}
    assert lines["В пути до получателей"] == sum(p.to_client for p in right.values())
    assert lines["В пути возвраты на склад WB"] == sum(p.from_client for p in right.values())
    assert lines["Минск"] == sum(p.stock.named.get("Минск", 0) for p in right.values())


async def test_both_ways_to_her_own_stock_agree(wb, right):
    report = {(r["chrtId"], r["warehouseId"]): r["quantity"] for r in await rows(wb, OWN)}
    chrts = [size.chrt for card in wb.seller.cards.values() for size in card.sizes]
    live = {}
    for warehouse in (await wb.get("/api/v3/warehouses")).json():
        path = f"/api/v3/stocks/{warehouse['id']}"
        for row in (await wb.post(path, {"chrtIds": chrts[:1000]})).json()["stocks"]:
            live[row["chrtId"], warehouse["id"]] = row["amount"]

    assert {key: amount for key, amount in live.items() if amount} == report
    assert sum(report.values()) == sum(sum(p.stock.sellers.values()) for p in right.values())


async def test_orders_tell_the_true_counts_of_seven_full_moscow_days(wb, right):
    latest = {}
    for row in (await wb.get(ORDERS, params={"dateFrom": "2026-11-01"})).json():
        latest[row["srid"]] = row
    week = [r for r in latest.values() if "2026-11-16" <= r["date"][:10] <= "2026-11-22"]
    standing = [row for row in week if not row["isCancel"]]
    own = {place.name: place.id for place in wb.seller.warehouses().values()}
    counted = Counter((row["nmId"], _place(row, own)) for row in standing)
    expected = Counter()
    for nm, product in right.items():
        expected[nm, "wb"] = product.orders.wb
        expected[nm, "unnamed"] = product.orders.unnamed
        for warehouse, pieces in product.orders.sellers.items():
            expected[nm, warehouse] = pieces

    assert counted == +expected
    assert sum(pieces for (_, place), pieces in counted.items() if place == "unnamed") > 0
    assert len(standing) < len(week)


def _place(row, own):
    if row["warehouseType"] == "Склад WB":
        return "wb"
    return own.get(row["warehouseName"], "unnamed")


async def test_barcodes_and_sizes_of_every_source_are_on_the_cards(wb):
    asked = {"settings": {"cursor": {"limit": 100}, "sort": {"ascending": True}}}
    known, last = {}, {}
    while True:
        asked["settings"]["cursor"] |= last
        page = (await wb.post(CARDS, asked)).json()
        for card in page["cards"]:
            for size in card["sizes"]:
                known |= dict.fromkeys(size["skus"], card["nmID"])
        wb.market.clock.now += 1
        if page["cursor"]["total"] < 100:
            break
        last = {key: page["cursor"][key] for key in ("updatedAt", "nmID")}
    orders = (await wb.get(ORDERS, params={"dateFrom": "2026-11-01"})).json()

    assert all(known[row["barcode"]] == row["nmId"] for row in orders)
    assert all(known[row["barcode"]] == row["nmId"] for row in await wb.remains())


@pytest.mark.parametrize(("kind", "secret"), [("base", True), ("personal", False)])
async def test_token_kinds_see_the_same_stock(wb, right, kind, secret):
    answer = await wb.post(WB, kind=kind, secret=tokens.SERVICE_SECRET if secret else None)
    pieces = sum(row["quantity"] for row in answer.json()["data"]["items"])

    assert pieces == sum(p.stock.wb for p in right.values())
