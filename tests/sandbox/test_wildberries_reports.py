"""warehouse_remains at the Wildberries stand-in: ordered, polled, downloaded, grouped."""

from uuid import uuid4

import pytest

from sandbox.sellers import AddPseudo, Spec, Switch
from tests.sandbox import wildberries_contract as contract
from tests.sandbox.wildberries_visit import EVERY_GROUP, REMAINS, visiting

PSEUDO = {"В пути до получателей", "В пути возвраты на склад WB", "Всего находится на складах"}


@pytest.fixture
async def wb():
    async with visiting(Spec(products=80, places=6), report_seconds=10) as visit:
        yield visit


async def order(wb, **query):
    return (await wb.get(REMAINS, params=query)).json()["data"]["taskId"]


async def status(wb, task):
    return (await wb.get(f"{REMAINS}/tasks/{task}/status")).json()["data"]["status"]


async def download(wb, task):
    wb.market.buckets.reset()
    return await wb.get(f"{REMAINS}/tasks/{task}/download")


async def test_a_report_is_new_then_processing_then_done_then_purged(wb):
    task = await order(wb)
    seen = []
    for later in (0, 6, 5, 7_200):
        wb.market.clock.now += later
        seen.append(await status(wb, task))

    assert seen == ["new", "processing", "done", "purged"]


async def test_a_report_may_take_a_number_of_polls_instead():
    async with visiting(report_seconds=0, report_polls=3) as wb:
        task = await order(wb)
        seen = [await status(wb, task) for _ in range(4)]

    assert seen == ["new", "processing", "done", "done"]


async def test_an_unfinished_report_cannot_be_downloaded(wb):
    answer = await download(wb, await order(wb))

    assert answer.status_code == 404
    assert contract.breaches(answer.json(), contract.ERROR_OBJECT) == []
    assert answer.json()["detail"] == "not found"


async def test_an_unknown_and_a_misspelt_task_differ(wb):
    unknown = await wb.get(f"{REMAINS}/tasks/{uuid4()}/status")
    misspelt = await wb.get(f"{REMAINS}/tasks/2f071556/status")

    assert unknown.status_code == 404
    assert misspelt.status_code == 400
    assert "invalid UUID length: 8" in misspelt.json()["detail"]


async def test_another_sellers_task_is_unknown(wb):
    task = await order(wb)
    wb.market.clock.now += 10
    hers = await download(wb, task)
    wb.seller = wb.market.world.add(Spec(seed=9, products=1), now=wb.now)
    strangers = await download(wb, task)

    assert (hers.status_code, strangers.status_code) == (200, 404)


@pytest.mark.parametrize(("name", "value"), [("groupByNm", ""), ("filterPics", "5")])
async def test_a_wrong_parameter_is_named(wb, name, value):
    answer = await wb.get(REMAINS, params={name: value})

    assert answer.status_code == 400
    assert name in answer.json()["detail"]


async def test_a_seller_without_goods_gets_no_content():
    async with visiting(Spec(products=0)) as wb:
        answer = await download(wb, await order(wb))

    assert (answer.status_code, answer.content) == (204, b"")


async def test_rows_have_only_the_fields_they_are_grouped_by(wb):
    wb.market.clock.now += 1
    task = await order(wb, groupByNm="true")
    wb.market.clock.now += 10
    rows = (await download(wb, task)).json()

    assert set(rows[0]) == {"nmId", "volume", "warehouses"}
    assert len({row["nmId"] for row in rows}) == len(rows)


async def test_any_grouping_adds_up_to_the_same_pieces():
    async with visiting(Spec(products=80, places=6)) as wb:
        sums = []
        for groups in ({}, {"groupByBrand": "true"}, {"groupBySubject": "true"}, EVERY_GROUP):
            pieces = {}
            for row in await wb.remains(groups):
                for line in row["warehouses"]:
                    name = line["warehouseName"]
                    pieces[name] = pieces.get(name, 0) + line["quantity"]
            sums.append(pieces)

    assert all(pieces == sums[0] for pieces in sums)


async def test_the_total_line_is_the_sum_of_the_warehouses_and_no_line_is_zero():
    async with visiting(Spec(products=80, places=6)) as wb:
        rows = await wb.remains()
    for row in rows:
        lines = {line["warehouseName"]: line["quantity"] for line in row["warehouses"]}
        stock = sum(quantity for name, quantity in lines.items() if name not in PSEUDO)

        assert lines.get("Всего находится на складах", 0) == stock
        assert all(lines.values())


async def test_pseudo_and_hidden_and_named_lines_stand_together():
    async with visiting(Spec(products=200, places=6)) as wb:
        rows = await wb.remains()
    names = {line["warehouseName"] for row in rows for line in row["warehouses"]}

    assert names >= PSEUDO | {"Склад WB РФ", "Склад WB СГТ РФ", "Минск"}


async def test_an_unknown_pseudo_line_is_outside_the_total():
    async with visiting(Spec(products=5)) as wb:
        nm = next(card.nm for card in wb.seller.cards.values() if card.sizes[0].stock.get(0))
        await wb.remains()
        change = AddPseudo(nm=nm, name="На утилизации", quantity=6)
        wb.market.world.change(wb.seller.id, change, at=wb.now)
        row = next(row for row in await wb.remains() if row["nmId"] == nm)
    lines = {line["warehouseName"]: line["quantity"] for line in row["warehouses"]}
    stock = sum(lines[name] for name in lines.keys() - PSEUDO)

    assert lines["На утилизации"] == 6
    assert lines["Всего находится на складах"] == stock - 6


async def test_the_total_line_can_be_missing():
    async with visiting(Spec(products=20)) as wb:
        wb.market.world.change(wb.seller.id, Switch(total_line=False), at=wb.now)
        rows = await wb.remains()
    names = {line["warehouseName"] for row in rows for line in row["warehouses"]}

    assert "Всего находится на складах" not in names
