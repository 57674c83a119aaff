"""Once a day ours is checked against her own cabinet, and her sheet says what differs, and why."""

import asyncio

CHECK = "Сверка"
ASKED = """
query ($id: UUID!) { shop(id: $id) { reconciliation { equal explained unexplained
  lines(where: {figure: ORDERS}) { edges { node { nmId ours cabinet difference reasons } } } } } }
"""


async def test_cancelled_orders_that_the_cabinet_counts_stand_in_one_line_with_the_reason(town):
    seller = await town.seller(products=4, daily_orders=0)
    nm = max(await seller.truth())
    counts = {"kind": "cabinet_counts", "cancelled": True}
    await seller.change(counts, {"kind": "order", "nm": nm, "days_ago": 2, "count": 13})
    await asyncio.sleep(1.1)  # a later state has a later second
    await seller.change({"kind": "cancel", "nm": nm}, {"kind": "cancel", "nm": nm})
    shop = await town.shop(seller, checked=True)

    async def checked():
        return (await shop.person.ask(ASKED, id=shop.id))["shop"]["reconciliation"]

    async with asyncio.timeout(30):
        while CHECK not in await shop.sheet.tabs():  # beside the sync, and nobody asks for another
            await asyncio.sleep(0.2)
    found = await checked()
    head, captions, *below = await shop.sheet.cells(CHECK)

    [line] = [edge["node"] for edge in found["lines"]["edges"]]
    assert line == {
        "nmId": nm,
        "ours": 11,
        "cabinet": 13,
        "difference": -2,
        "reasons": ["CANCELLED"],
    }
    assert head[0].startswith("Сверка ")
    assert captions[:3] == ["Артикул товара (nmid)", "Артикул продавца", "Показатель"]
    [orders] = [row for row in below if row[2] == "Заказы (всего)"]
    assert orders[3:8] == [
        11,
        13,
        -2,
        "Кабинет считает и отменённые заказы, в «Заказы» их нет",
        "Ничего",
    ]
