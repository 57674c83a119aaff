"""Supplies and the order feed of the Wildberries stand-in: paging, refusals, and one world."""

import pytest

from sandbox.sellers import AddOrder, CancelOrder, RecallSupply, ReceiveSupply, ShipSupply, Spec
from sandbox.wildberries.endpoints import ANALYTICS
from sandbox.wildberries.tokens import issue
from tests.sandbox import wildberries_contract as contract
from tests.sandbox.wildberries_visit import FEED, ORDERS, SUPPLIES, WB, visiting

SINCE = {"selectedPeriod": {"start": "2026-10-24T00:00:00+03:00"}}


@pytest.fixture
async def wb():
    async with visiting(Spec(products=40, places=4), speed=1e6) as visit:
        yield visit


async def feed(wb, limit=10_000, **paging):
    wb.market.clock.now += 1
    answer = await wb.post(FEED, SINCE | {"pagination": {"limit": limit, **paging}})
    return answer.json()["data"]


async def every(wb):
    return {row["srid"]: row for row in (await feed(wb))["orders"]}


def change(wb, *changes):
    wb.market.world.change(wb.seller.id, *changes, at=wb.now)


async def test_the_feed_comes_newest_status_first_and_one_row_per_order(wb):
    rows = (await feed(wb))["orders"]

    assert [row["updatedAt"] for row in rows] == sorted(
        (r["updatedAt"] for r in rows), reverse=True
    )
    assert len({row["srid"] for row in rows}) == len(rows)
    assert {row["status"] for row in rows} >= {"created", "buyout", "cancel"}


async def test_pages_of_one_snapshot_neither_skip_nor_double_whatever_happens_meanwhile(wb):
    whole = [row["srid"] for row in (await feed(wb))["orders"]]
    first = await feed(wb, 100)
    wb.market.clock.now += 1
    change(wb, AddOrder(nm=min(wb.seller.cards), count=30))
    rows, offset = first["orders"], 100
    while page := (await feed(wb, 100, offset=offset, snapshotTime=first["snapshotTime"]))[
        "orders"
    ]:
        rows, offset = rows + page, offset + 100

    assert [row["srid"] for row in rows] == whole


async def test_the_feed_tells_the_same_orders_and_cancellations_as_supplier_orders(wb):
    told = await every(wb)
    latest = {row["srid"]: row for row in (await wb.get(f"{ORDERS}?dateFrom=2026-11-01")).json()}

    assert told.keys() == latest.keys()
    for srid, row in latest.items():
        assert (told[srid]["status"] == "cancel") == row["isCancel"]
        assert told[srid]["createdAt"][:19] == row["date"]
        assert told[srid]["isMp"] == (row["warehouseType"] == "Склад продавца")


@pytest.mark.parametrize("ends", ["buyout", "return", "returnDefective", "created"])
async def test_an_order_ends_as_it_was_told_to(wb, ends):
    before = await every(wb)
    change(wb, AddOrder(nm=min(wb.seller.cards), days_ago=29, ends=ends, district=1))

    [new] = [row for srid, row in (await every(wb)).items() if srid not in before]

    assert (new["status"], new["destinationDistrict"]) == (ends, "Северо-Западный")


async def test_a_cancellation_says_how(wb):
    change(
        wb,
        CancelOrder(
            nm=min(o.card.nm for o in wb.seller.book.changed_since(0, wb.now)), how="receipt"
        ),
    )

    assert "receipt" in {row.get("cancelType") for row in (await every(wb)).values()}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"selectedPeriod": {"start": "2026-10-20T00:00:00+03:00"}},
        {"selectedPeriod": {"start": "2026-11-24T00:00:00+03:00"}},
        SINCE | {"pagination": {"limit": 10_001}},
        SINCE | {"pagination": {"offset": 50}},
    ],
)
async def test_a_wrong_question_to_the_feed_is_refused(wb, asked):
    answer = await wb.post(FEED, asked)

    assert answer.status_code == 400
    assert contract.breaches(answer.json(), contract.ERROR_OBJECT) == []


async def test_supplies_stand_at_every_stage_and_the_list_is_filtered(wb):
    everything = (await wb.post(SUPPLIES)).json()
    wb.market.clock.now += 60
    accepted = (await wb.post(SUPPLIES, {"statusIDs": [5]})).json()
    wb.market.clock.now += 60
    asked = {"dates": [{"from": "2026-11-15", "till": "2026-11-23", "type": "createDate"}]}
    lately = (await wb.post(SUPPLIES, asked)).json()

    assert {each["statusID"] for each in everything} == {2, 3, 4, 5, 6}
    assert {each["statusID"] for each in accepted} == {5}
    assert 0 < len(lately) < len(everything)


async def test_supplies_and_goods_come_in_pages(wb):
    change(wb, ShipSupply(goods=dict.fromkeys(sorted(wb.seller.cards)[:30], 5)))
    [newest] = (await wb.post(f"{SUPPLIES}?limit=1")).json()
    parts = []
    for offset in (0, 20, 40):
        path = f"{SUPPLIES}/{newest['supplyID']}/goods?limit=20&offset={offset}"
        parts.append(len((await wb.get(path)).json()))

    assert newest["statusID"] == 6
    assert parts == [20, 10, 0]


async def test_what_is_received_joins_the_stock(wb):
    nm = min(wb.seller.cards)

    async def stock():
        wb.market.clock.now += 60
        rows = (await wb.post(WB, {"nmIds": [nm]})).json()["data"]["items"]
        return sum(row["quantity"] for row in rows)

    before = await stock()
    change(wb, ShipSupply(goods={nm: 30}))
    at_the_gate = await stock()
    change(wb, ReceiveSupply(accepted={nm: 29}, on_sale={nm: 20}))
    [newest] = (await wb.post(f"{SUPPLIES}?limit=1")).json()
    [good] = (await wb.get(f"{SUPPLIES}/{newest['supplyID']}/goods")).json()

    assert (before, await stock()) == (at_the_gate, before + 20)
    assert (good["quantity"], good["acceptedQuantity"], good["readyForSaleQuantity"]) == (
        30,
        29,
        20,
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"{SUPPLIES}/1", None, 404),
        ("GET", f"{SUPPLIES}/1/goods", None, 400),
        ("GET", f"{SUPPLIES}/x/goods", None, 400),
        ("POST", f"{SUPPLIES}?limit=1001", {}, 400),
        ("POST", SUPPLIES, {"statusIDs": [7]}, 400),
        ("POST", SUPPLIES, {"dates": [{"type": "someDate"}]}, 400),
        ("POST", SUPPLIES, {"dates": [{"type": "factDate", "from": "11-03-2019"}]}, 400),
    ],
)
async def test_a_wrong_question_about_supplies_is_refused(wb, method, path, body, status):
    answer = await wb.ask(method, path, **({} if body is None else {"json": body}))

    assert answer.status_code == status
    assert contract.breaches(answer.json(), contract.SUPPLY_ERROR) == []


async def test_a_recalled_supply_is_gone(wb):
    change(wb, ShipSupply(goods={min(wb.seller.cards): 1}))
    [newest] = (await wb.post(f"{SUPPLIES}?limit=1")).json()
    change(wb, RecallSupply())

    assert (await wb.get(f"{SUPPLIES}/{newest['supplyID']}")).status_code == 404


async def test_a_token_without_the_category_reads_no_supplies(wb):
    token = issue(wb.seller.id, "personal", (ANALYTICS,), expires=wb.now + 60)

    assert (await wb.post(SUPPLIES, token=token)).status_code == 401


async def test_a_plain_base_token_reads_the_feed_once_in_three_hours():
    async with visiting() as wb:
        first, second = [await wb.post(FEED, SINCE, kind="base") for _ in range(2)]

    assert (first.status_code, second.status_code) == (200, 429)
    assert second.headers["X-Ratelimit-Retry"] == "10800"
