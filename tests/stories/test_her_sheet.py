"""The sheet is hers: her order, her rows and her notes stay; our numbers follow the article."""

import pytest

from tests.stories.spreadsheet import OURS, differences, letters

SKU, STOCK = ("", "Артикул продавца"), ("", "Остатки (всего)")
LEAD = 2
"""Rows of the header."""


@pytest.fixture
async def shop(town):
    """Ten products, synced; her notes to the right of our columns, and «ИТОГО» below."""
    shop = await town.shop(await town.seller(products=10, daily_orders=1))
    cells = await shop.sheet.cells()
    notes = letters(len(cells[1]) + 1)
    for number, row in enumerate(cells[LEAD:], LEAD + 1):
        await shop.sheet.type(f"{notes}{number}", f"про {row[3]}")
    await shop.sheet.type(f"A{len(cells) + 2}", "ИТОГО")
    return shop


async def notes_by_article(shop):
    """What stands to the right of our columns, by the article in the same row."""
    cells = await shop.sheet.cells()
    width = len(cells[1])
    return {row[3]: row[width:] for row in cells[LEAD:] if len(row) > width}


async def articles(shop):
    return [row[3] for row in (await shop.sheet.cells())[LEAD:] if len(row) > 3 and row[3]]


async def test_her_sort_stays_and_numbers_and_notes_stand_beside_their_products(shop):
    await shop.sheet.act("sort_down", OURS, column="H")
    hers = await articles(shop)
    await shop.seller.set_stock(hers[-1], 777)

    result = await shop.synced()

    assert await articles(shop) == hers
    assert await notes_by_article(shop) == {nm: [f"про {nm}"] for nm in hers}
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []
    assert (result["googleReads"], result["googleWrites"]) == (1, 1)
    assert "Строки переставлены вами: порядок принят" in result["notices"]


async def test_rows_that_she_inserts_stay_hers_and_new_products_come_above_her_total(shop):
    before = await articles(shop)
    await shop.sheet.act("insert_row", OURS, row="6")
    await shop.sheet.type("A6", "Летнее")
    added = {"kind": "add_product", "vendor_code": "=НОВЫЙ+1"}
    await shop.seller.change(added | {"brand": "Сирин", "subject": "Шапки"})

    await shop.synced()
    (new,) = set(await shop.seller.truth()) - set(before)
    cells = await shop.sheet.cells()
    texts = [row[0] for row in cells if row]

    assert cells[5] == ["Летнее"]
    assert await articles(shop) == [*before, new]
    assert texts[-1] == "ИТОГО"
    assert (await shop.sheet.table())[new][SKU] == "=НОВЫЙ+1"
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []


async def test_what_she_types_over_our_numbers_is_put_right_and_counted(shop):
    nm, other = (await articles(shop))[:2]
    await shop.sheet.type("H3", "999")
    await shop.seller.set_stock(other, 5)

    result = await shop.synced()

    assert differences(await shop.sheet.table(), await shop.seller.table()) == []
    assert (await shop.sheet.table())[nm][STOCK] != 999
    assert "Исправлено ваших правок в наших ячейках: 1" in result["notices"]


async def test_a_deleted_card_keeps_its_row_and_her_note_and_has_no_stock(shop):
    gone = (await articles(shop))[4]
    await shop.seller.change({"kind": "remove_product", "nm": gone})

    await shop.synced()

    assert (await shop.sheet.table())[gone][STOCK] == 0
    assert (await notes_by_article(shop))[gone] == [f"про {gone}"]


async def test_a_renamed_tab_and_a_moved_in_column_are_followed(shop):
    await shop.sheet.act("insert_column", OURS, column="G")
    await shop.sheet.type("G3", "моё")
    await shop.sheet.act("rename", OURS, title="Мой склад")
    nm = (await shop.sheet.cells("Мой склад"))[2][3]
    await shop.seller.set_stock(nm, 4321)

    await shop.synced()
    table = await shop.sheet.table("Мой склад")

    assert set(await shop.sheet.tabs()) == {"Sheet1", "Мой склад"}
    assert (await shop.sheet.cells("Мой склад"))[2][6] == "моё"
    assert table[nm][STOCK] == (await shop.seller.table())[nm][STOCK]


async def test_a_sync_with_nothing_new_makes_no_call_to_google(shop):
    before = await shop.sheet.calls()
    run = await shop.ended(await shop.request())

    assert run["state"] == "SUCCEEDED"
    assert run["why"] == "Ничего не изменилось, записывать не пришлось."
    assert (run["result"]["googleReads"], run["result"]["googleWrites"]) == (0, 0)
    assert run["result"]["changed"] is False
    assert await shop.sheet.calls() == before


async def test_two_shops_in_one_file_have_a_tab_each(town):
    first, seller = await town.shop(), await town.seller(products=5)
    made = await first.person.connect_shop(seller.tokens["base"], name="Второй")
    second = first.beside(made["shop"]["id"], seller)
    await first.person.connect_sheet(second.id, first.sheet.url)

    assert (await second.ended())["state"] == "SUCCEEDED"
    assert set(await first.sheet.tabs()) == {"Sheet1", OURS, f"{OURS} · Второй"}
    table = await first.sheet.table(f"{OURS} · Второй")
    assert differences(table, await seller.table()) == []
    assert differences(await first.sheet.table(), await first.seller.table()) == []
