"""What only a person can cure: how it comes, what the run says, how she cures it."""

from tests.stories.spreadsheet import OURS


async def nothing(shop):
    """The marketplace's fault was for one call."""


async def shared_again(shop):
    await shop.sheet.share(await shop.person.sheet_address())


async def another_sheet(shop):
    """It starts a sync by itself."""
    shop.sheet = await shop.person.town.spreadsheet()
    await shared_again(shop)
    connected = await shop.person.connect_sheet(shop.id, shop.sheet.url)
    assert connected["userErrors"] == []


async def unprotected(shop):
    await shop.sheet.batch({"deleteProtectedRange": {"protectedRangeId": 77}})


async def token_withdrawn(shop):
    await shop.seller.fault("cards", "401")


async def token_narrowed(shop):
    await shop.seller.fault("cards", "403")


async def unshared(shop):
    await shop.sheet.unshare(await shop.person.sheet_address())


async def only_to_read(shop):
    await shop.sheet.share(await shop.person.sheet_address(), role="reader")


async def protected(shop):
    area = {"sheetId": await shop.sheet.tab(), "startRowIndex": 2, "endRowIndex": 5}
    hers = {"protectedRangeId": 77, "range": area, "description": "Не трогать"}
    await shop.sheet.batch({"addProtectedRange": {"protectedRange": hers}})


async def key_column_deleted(shop):
    await shop.sheet.act("delete_column", OURS, column="D")


async def deleted(shop):
    await shop.sheet.act("delete")


FATAL = [
    (token_withdrawn, "token_dead", "Создайте новый токен: Кабинет WB", nothing),
    (token_narrowed, "no_scope", "Выпустите токен с категорией «Контент»", nothing),
    (unshared, "sheet_unshared", "откройте её для {address} (Редактор)", shared_again),
    (only_to_read, "sheet_unshared", "откройте её для {address} (Редактор)", shared_again),
    (protected, "sheet_protected", "добавьте {address} в редакторы", unprotected),
    (key_column_deleted, "sheet_key_deleted", "Удалён столбец «Артикул товара", another_sheet),
    (deleted, "sheet_deleted", "верните из корзины или подключите другую", another_sheet),
]
CLOSED = ("sheet_unshared", "sheet_protected")
"""Causes whose cure opens the same sheet again."""
RECOVERED = "tenant.shop_recovered"
