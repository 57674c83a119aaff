"""The cabinet's own report says what the other answers say, unless it is told to say otherwise."""

import pytest

from sandbox.sellers import (
    AddOrder,
    CabinetCounts,
    CabinetShows,
    RemoveProduct,
    Spec,
    truth,
)
from tests.sandbox import wildberries_contract as contract
from tests.sandbox.wildberries_visit import CABINET, ORDERS, cabinet_of, visiting

WEEK = ("2026-11-16", "2026-11-22")


@pytest.fixture
async def wb():
    async with visiting(Spec(products=40, places=4), speed=1e6) as visit:
        yield visit


async def report(wb, **more):
    wb.market.clock.now += 1
    answer = await wb.post(CABINET, cabinet_of(*WEEK, **{"limit": 1_000, **more}))
    return {row["nmID"]: row for row in answer.json()["data"]["items"]}


async def metrics(wb, nm, **more):
    return (await report(wb, **more))[nm]["metrics"]


def change(wb, *changes):
    wb.market.world.change(wb.seller.id, *changes, at=wb.now)


async def test_it_says_what_a_sheet_must_say(wb):
    told = await report(wb)

    for nm, product in truth(wb.seller, wb.now).items():
        figures = told[nm]["metrics"]
        assert figures["stockCount"] == product.stock.total
        assert figures["ordersCount"] == product.orders.total
        assert figures["toClientCount"] == product.to_client
        assert figures["fromClientCount"] == product.from_client


async def test_wbs_warehouses_and_the_sellers_make_up_the_whole(wb):
    parts = [await report(wb, stockType=kind) for kind in ("wb", "mp")]

    for nm, row in (await report(wb)).items():
        both = sum(part[nm]["metrics"]["stockCount"] for part in parts)
        assert row["metrics"]["stockCount"] == both


async def test_pages_hold_each_product_once(wb):
    pages = [await report(wb, limit=15, offset=offset) for offset in (0, 15, 30, 45)]

    assert [len(page) for page in pages] == [15, 15, 10, 0]
    assert len(set().union(*pages)) == 40


async def test_turnover_is_stock_by_the_average_in_whole_hours(wb):
    nm = min(wb.seller.cards)
    change(wb, CabinetShows(nm=nm, stock=96, orders=11))
    some = await metrics(wb, nm)
    change(wb, CabinetShows(nm=nm, stock=96, orders=0))
    endless = await metrics(wb, nm)
    change(wb, CabinetShows(nm=nm, stock=0, orders=11))
    nothing = await metrics(wb, nm)

    assert some["saleRate"] == {"days": 61, "hours": 2}
    assert endless["saleRate"] == {"days": 0, "hours": -1}
    assert nothing["saleRate"] == {"days": 0, "hours": -2}


async def test_it_may_count_cancelled_orders_and_days_of_utc(wb):
    before = {nm: row["metrics"]["ordersCount"] for nm, row in (await report(wb)).items()}
    change(wb, CabinetCounts(cancelled=True))
    cancelled = {nm: row["metrics"]["ordersCount"] for nm, row in (await report(wb)).items()}
    change(wb, CabinetCounts(cancelled=False, utc_days=True))
    shifted = {nm: row["metrics"]["ordersCount"] for nm, row in (await report(wb)).items()}

    assert sum(cancelled.values()) > sum(before.values())
    assert shifted != before


async def test_an_unpaid_order_is_in_the_cabinet_and_not_among_the_orders(wb):
    nm = min(wb.seller.cards)
    before = (await metrics(wb, nm))["ordersCount"]
    change(wb, AddOrder(nm=nm, days_ago=2, unpaid=True))
    rows = (await wb.get(f"{ORDERS}?dateFrom=2026-11-23")).json()

    assert (await metrics(wb, nm))["ordersCount"] == before + 1
    assert not [row for row in rows if row["srid"].startswith("x")]


async def test_a_deleted_card_stays_while_it_was_ordered_in_the_period(wb):
    nm = min(wb.seller.cards)
    change(wb, AddOrder(nm=nm, days_ago=2))
    wb.market.clock.now += 60
    change(wb, RemoveProduct(nm=nm))

    assert (await report(wb))[nm]["isDeleted"] is True
    assert nm not in await report(wb, skipDeletedNm=True)


async def test_it_shows_what_it_is_told_to(wb):
    first, second = sorted(wb.seller.cards)[:2]
    change(wb, CabinetShows(nm=first, stock=7, hours=-3, computed=False))
    change(wb, CabinetShows(nm=second, missing=True))
    told = await report(wb)

    assert told[first]["metrics"]["stockCount"] == 7
    assert told[first]["metrics"]["saleRate"] == {"days": 0, "hours": -3}
    assert told[first]["metrics"]["availability"] == "invalidData"
    assert second not in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": 1_001},
        {"stockType": "ozon"},
        {"orderBy": {"field": "name", "mode": "asc"}},
        {"currentPeriod": {"start": "2026-11-22", "end": "2026-11-16"}},
        {"currentPeriod": {"start": "2026-07-01", "end": "2026-11-16"}},
        {"availabilityFilters": ["good"]},
    ],
)
async def test_a_wrong_question_is_refused(wb, wrong):
    answer = await wb.post(CABINET, cabinet_of(*WEEK, **wrong))

    assert answer.status_code == 400
    assert contract.breaches(answer.json(), contract.ERROR_OBJECT) == []
