"""From registering to the first filled sheet."""

import asyncio
from datetime import datetime

from tests.stories.spreadsheet import differences
from tests.stories.town import nodes

HEADER = [
    ("", "Бренд"),
    ("", "Предмет"),
    ("", "Артикул продавца"),
    ("", "Артикул товара (nmid)"),
    ("", "В пути до покупателя"),
    ("", "В пути возвраты"),
    ("", "Заказы (всего)"),
    ("", "Остатки (всего)"),
    ("", "Оборачиваемость (дни)"),
]
SHIPPING = """
query ($shop: UUID!, $nm: BigInt!) { product(shopId: $shop, nmId: $nm) { replenishment {
  onTheWay lastShipped { warehouse } blanks { source cause }
} } }"""
PRODUCTS = """
query ($shop: UUID!) { products(first: 100, shopId: $shop) { edges { node {
  nmId brand subject sku toClient returns orders stock turnoverDays
  places { name kind stock orders }
} } } }"""


async def test_a_sheet_that_is_not_shared_is_refused_with_the_address_and_the_cure(town):
    person, seller, sheet = await town.person(), await town.seller(), await town.spreadsheet()
    shop_id = (await person.connect_shop(seller.tokens["base"]))["shop"]["id"]
    address = await person.sheet_address()

    (refusal,) = (await person.connect_sheet(shop_id, sheet.url))["userErrors"]

    assert refusal["code"] == "SHEET_UNSHARED"
    assert refusal["path"] == ["input", "url"]
    assert f"откройте её для {address} (Редактор)" in refusal["message"]
    assert await sheet.tabs() == {"Sheet1": 0}


async def test_the_first_sync_starts_by_itself_once_token_and_sheet_are_connected(town):
    shop = await town.shop(kind="base", synced=False)

    run = await shop.ended()

    assert run["source"] == "user"
    assert run["causation"].startswith("event:")
    assert run["state"] == "SUCCEEDED"
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []
    assert await shop.sheet.calls() == (2, 2)  # one of each when she connected it


async def test_what_was_shipped_is_on_the_way_soon_after_the_first_sync(town):
    seller = await town.seller()
    nm = min(await seller.truth())
    await seller.change({"kind": "ship", "goods": {str(nm): 30}, "warehouse": "Тула"})
    shop = await town.shop(seller)

    async def look():
        made = await shop.person.ask(SHIPPING, shop=shop.id, nm=nm)
        return made["product"]["replenishment"]

    async with asyncio.timeout(30):
        while (told := await look())["blanks"]:
            await asyncio.sleep(0.2)

    assert told["onTheWay"] >= 30
    assert told["lastShipped"]["warehouse"] == "Тула"


async def test_every_cell_of_the_tab_equals_the_truth_and_the_header_is_hers(town):
    shop = await town.shop(await town.seller(products=130, places=6))
    header = await shop.sheet.header()
    table, truth = await shop.sheet.table(), await shop.seller.table()

    assert len(truth) == 130
    assert table == truth
    assert header[:9] == HEADER
    assert {place for place, _ in header[9:]} > {"Склад WB"}
    assert header[9] == ("Склад WB", "Остатки")


async def test_products_in_graphql_say_what_the_sheet_says(town):
    shop = await town.shop()
    found = nodes((await shop.person.ask(PRODUCTS, shop=shop.id))["products"])
    truth = await shop.seller.truth()

    assert {int(each["nmId"]) for each in found} == set(truth)
    for each in found:
        product = truth[int(each["nmId"])]
        assert each["stock"] == product.stock.total
        assert each["orders"] == product.orders.total
        assert (each["toClient"], each["returns"]) == (product.to_client, product.from_client)
        assert (each["brand"], each["sku"]) == (product.brand, product.vendor_code)
        at = {place["name"]: place for place in each["places"]}
        assert at["Склад WB"]["stock"] == product.stock.wb
        assert {name: at[name]["orders"] for name in product.orders.named} == product.orders.named


async def test_a_run_shows_where_it_is_and_what_came_of_it(town):
    seller = await town.seller()
    await seller.fault("orders", "slow", delay=1.5)
    shop = await town.shop(seller, synced=False)

    seen = await shop.until(lambda run: (run["progress"] or {}).get("step") == "seller_stock")
    over = await shop.ended()
    times = [datetime.fromisoformat(over[at]) for at in ("createdAt", "startedAt", "finishedAt")]

    assert (seen["state"], seen["attempt"]) == ("RUNNING", 1)
    assert times == sorted(times)
    assert times[2] > times[1]
    assert over["result"]["products"] == 8
    assert over["result"]["changed"] is True
    assert (over["result"]["googleReads"], over["result"]["googleWrites"]) == (1, 1)
    assert over["result"]["cells"] >= 8 * 9
    assert [each["outcome"] for each in over["attempts"]] == ["done"]


async def test_what_it_took_is_in_the_audit_log_in_her_language(town):
    shop = await town.shop()
    query = "{ auditLog(language: RU) { edges { node { action sentence actor { name } } } } }"
    told = nodes((await shop.person.ask(query))["auditLog"])

    assert told[0]["action"] == "tenant.sheet_connected"
    assert "tenant.shop_connected" in [each["action"] for each in told]
    assert told[0]["actor"] == {"name": "Анна Котова"}
    assert f"подключена таблица {shop.sheet.id}" in told[0]["sentence"]
