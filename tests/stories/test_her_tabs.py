"""She says what else the sheet shows: another tab beside ours, and columns that come back."""

import asyncio
import time
from datetime import date, timedelta

from tests.stories.spreadsheet import OURS
from tests.stories.town import nodes

DATA = "Данные"


async def arranged(shop, mutation, **wishes):
    """Said through the API; the sync that follows."""
    await shop.person.change(mutation, "shop { id }", shopId=shop.id, **wishes)
    run = await shop.ended()
    assert run["state"] == "SUCCEEDED", run
    return run["result"]


async def totals(shop):
    """Per product what is part of nothing, added up."""
    header, *rows = await shop.sheet.cells(DATA)
    at = {name: column for column, name in enumerate(header)}
    tops = [row for row in rows if not row[at["part_of"]]]
    found = {}
    for row in tops:
        found[row[at["nmID"]]] = found.get(row[at["nmID"]], 0) + row[at["stock"]]
    return found


async def stock(shop):
    return {nm: row["", "Остатки (всего)"] for nm, row in (await shop.sheet.table()).items()}


async def test_the_tab_of_data_is_filled_with_ours_until_she_wants_it_for_herself(town):
    shop = await town.shop(await town.seller(products=6, daily_orders=1))
    await shop.read_beside()

    await arranged(shop, "arrangeSheet", dataTab=True)
    first = await totals(shop)
    same = first == await stock(shop)
    nm = next(iter(first))
    await shop.seller.set_stock(nm, 4321)
    result = await shop.synced()
    moved = await totals(shop)
    left = await arranged(shop, "arrangeSheet", dataTab=False)

    assert set(await shop.sheet.tabs()) == {"Sheet1", OURS, DATA}
    assert same
    assert (moved[nm] != first[nm], moved == await stock(shop)) == (True, True)
    assert (result["googleReads"], result["googleWrites"]) == (1, 1)
    assert "Вкладка «Данные» больше не обновляется: она осталась вам как есть" in left["notices"]


async def test_a_column_that_she_deleted_comes_back_when_she_asks_for_it(town):
    shop = await town.shop(await town.seller(products=4, daily_orders=1))
    await shop.sheet.act("delete_column", OURS, column="F")
    await shop.seller.set_stock(next(iter(await shop.seller.truth())), 77)
    told = await shop.synced()
    query = "query ($id: UUID!) { shop(id: $id) { sheet { deletedColumns } } }"
    gone = (await shop.person.ask(query, id=shop.id))["shop"]["sheet"]["deletedColumns"]

    await arranged(shop, "returnColumns")

    assert any("«В пути возвраты» удалён вами" in each for each in told["notices"])
    assert gone == ["В пути возвраты"]
    _, captions, *rows = await shop.sheet.cells()
    truth = await shop.seller.table()
    assert captions[-1] == "В пути возвраты"
    assert {row[3]: row[-1] for row in rows} == {nm: truth[nm]["", captions[-1]] for nm in truth}


async def test_what_to_ship_stands_in_the_sheet_as_formulas_over_terms_of_her_own(town):
    shop = await town.shop(await town.seller(products=4, daily_orders=4))
    await known(shop)
    await shop.read_beside()

    await arranged(shop, "arrangeSheet", replenishmentTab=True)
    usual = await shipped(shop)
    told = await said(shop)
    await shop.sheet.type("A3", "40", REFILL)
    hers, wanted = await shipped(shop), await said(shop, leadDays=40)
    await shop.seller.set_stock(next(iter(hers)), 4321)
    result = await shop.synced()

    assert usual == told
    assert any(row["Отгрузить, шт"] for row in usual.values())
    assert (hers == wanted, hers == usual) == (True, False)
    assert await shipped(shop) == await said(shop)
    assert (result["googleReads"], result["googleWrites"]) == (1, 1)
    assert "Вкладка «Пополнение»: Срок поставки 40 дн. взят из ячейки A3" in result["notices"]
    setting, sentence = await terms(shop)
    assert setting == [40, 30, True]
    assert "as its tab “Replenishment” says: lead time 40 days, cover 30 days" in sentence
    await shop.sheet.type("B3", "20", REFILL)
    unchanged = await shop.synced()
    assert (unchanged["googleReads"], unchanged["googleWrites"]) == (1, 0)
    assert await shipped(shop) == await said(shop)


async def test_what_is_no_term_is_told_by_the_sync_and_the_last_good_one_holds(town):
    shop = await town.shop(await town.seller(products=4, daily_orders=4))
    await arranged(shop, "setReplenishmentTerms", leadDays=20)
    await arranged(shop, "arrangeSheet", replenishmentTab=True)
    _, _, begun, *_ = await shop.sheet.cells(REFILL)
    await shop.sheet.type("A3", "скоро", REFILL)
    await shop.seller.set_stock(next(iter(await shop.seller.truth())), 4321)
    result = await shop.synced()
    refused = await shop.person.change(
        "setReplenishmentTerms", "shop { id }", shopId=shop.id, leadDays=25
    )

    assert begun[:4] == [20, 30, 1, 7]
    assert any("В ячейке A3 («Срок поставки, дней»)" in each for each in result["notices"])
    setting, sentence = await terms(shop)
    assert (setting, "as its tab" in sentence) == ([20, 30, True], False)
    assert [each["code"] for each in refused["userErrors"]] == ["TERMS_IN_TAB"]


TERMS = """
query ($id: UUID!) {
  shop(id: $id) { replenishmentTerms { leadDays coverDays inTab } }
  auditLog(first: 1, language: EN, filter: {action: ["tenant.replenishment_terms_changed"]}) {
    edges { node { sentence } }
  }
}"""


async def terms(shop):
    """Those of the setting, and what the log says of them."""
    found = await shop.person.ask(TERMS, id=shop.id)
    (changed,) = nodes(found["auditLog"])
    return [*found["shop"]["replenishmentTerms"].values()], changed["sentence"]


REFILL = "Пополнение"
FIGURES = {
    "Остатки, шт": "stock",
    "В пути на склад WB, шт": "onTheWay",
    "Дней в продаже": "daysOnSale",
    "Хватит на, дней": "daysOfCover",
    "Закончится": "runsOut",
    "Страховой запас, шт": "safetyStock",
    "Отгрузить, шт": "ship",
    "Отгрузить до": "shipBy",
    "Упущено, шт (оценка)": "lostSales",
}
PRODUCTS = f"""
query ($id: UUID!, $terms: ReplenishmentTerms) {{ products(first: 50, shopId: $id) {{ edges {{ node {{
  nmId replenishment(terms: $terms) {{ {" ".join(FIGURES.values())} }}
}} }} }} }}"""


async def said(shop, **terms):
    """By nmID, what the API says of what to ship; blanks are left out."""
    found = (await shop.person.ask(PRODUCTS, id=shop.id, terms=terms))["products"]
    told = {each["nmId"]: each["replenishment"] for each in nodes(found)}
    return {
        nm: {caption: one[name] for caption, name in FIGURES.items() if one[name] is not None}
        for nm, one in told.items()
    }


async def shipped(shop):
    """The same of the sheet."""
    *_, header, first, second, third, fourth = await shop.sheet.cells(REFILL)
    rows = [dict(zip(header, row, strict=False)) for row in (first, second, third, fourth)]
    for row in rows:
        for at in ("Закончится", "Отгрузить до"):
            row[at] = row[at] and (DAY_ZERO + timedelta(days=row[at])).isoformat()
    return {
        row[header[0]]: {name: row[name] for name in FIGURES if row.get(name, "") != ""}
        for row in rows
    }


async def known(shop):
    """What is on the way has been read."""
    limit = time.monotonic() + 60
    while not all("В пути на склад WB, шт" in one for one in (await said(shop)).values()):
        assert time.monotonic() < limit
        await asyncio.sleep(0.2)


DAY_ZERO = date(1899, 12, 30)
