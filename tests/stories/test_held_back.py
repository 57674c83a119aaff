"""More than half of a shop's stock is gone from one answer to the next, and she knows why."""

from tests.stories.spreadsheet import differences


async def test_half_gone_is_held_back_until_she_accepts_it(town):
    shop = await town.shop(await town.seller(products=6, daily_orders=1))
    truth, before = await shop.seller.truth(), await shop.sheet.table()
    bulk = next(iter(truth))
    await shop.seller.set_stock(bulk, 9_000)
    await shop.synced()
    whole = await shop.sheet.table()
    await shop.seller.set_stock(bulk, 0)

    run = await shop.told_why(await shop.request())
    cells = await shop.sheet.cells()
    shown, note = await shop.sheet.table(), await shop.sheet.note("A1")
    accepted = await shop.person.change(
        "acceptNumbers", "shop { doubt { standing } }", shopId=shop.id, because="TAKEN_AWAY"
    )
    ended = await shop.ended(run["id"])

    assert before != whole
    assert run["state"] == "WAITING"
    assert "похож на ошибку" in run["why"]
    assert cells[0][0].startswith("⚠ Данные на ")
    assert "«Принять новые данные»" in note
    assert shown == whole
    assert accepted["shop"]["doubt"]["standing"] == "ACCEPTED"
    assert ended["state"] == "SUCCEEDED"
    assert "Новые данные приняты" in await shop.sheet.note("A1")
    assert (await shop.sheet.cells())[0][0] == "Основная информация"
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []
    assert (await shop.facts())[:2] == ["tenant.numbers_accepted", "tenant.numbers_held_back"]
