"""The outside misbehaves: the run says why, the sheet stays right, the next good sync recovers.

What takes long in itself (a minute's pause after an outage) passes in the background meanwhile.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stories.spreadsheet import OURS, differences
from tests.stories.town import Town
from tests.stories.waits import WAITS, wait_for_all

ORDERS = ("", "Заказы (всего)")


@pytest.fixture(scope="module", autouse=True)
def waits(city):
    """Stories that have to wait, all at once; a function that gives the end of one of them."""
    with ThreadPoolExecutor(1) as thread:
        told = thread.submit(wait_for_all, city)
        yield lambda name: told.result()[name]


@pytest.fixture(scope="module")
def steady(city):
    """A shop that worked well until today."""

    async def open_shop():
        async with Town(city, "a steady shop") as town:
            return await town.shop(await town.seller(products=20))

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(open_shop())


@pytest.fixture
async def shop(steady, town):
    """The same, all right again; and something has happened that the next sync has to bring."""
    steady.move(town)
    await steady.synced()
    await something_happens(steady)
    return steady


async def something_happens(shop):
    truth = await shop.seller.truth()
    nm = min(truth)
    await shop.seller.set_stock(nm, truth[nm].stock.wb + 1)
    await shop.seller.change({"kind": "order", "nm": nm, "count": 2, "days_ago": 1})


async def wrong(shop):
    return differences(await shop.sheet.table(), await shop.seller.table())


# What passes by itself within the run

HICCUPS = [
    ("orders", "500", {}),
    ("seller_warehouses", "500", {"times": 2}),
    ("cards", "503", {}),
    ("wb_warehouses", "timeout", {"delay": 0.5}),
    ("cards", "429", {"retry": 0.5}),
    ("orders", "429", {}),
]


@pytest.mark.parametrize(("endpoint", "kind", "more"), HICCUPS)
async def test_a_hiccup_of_the_marketplace_is_not_even_noticed(shop, endpoint, kind, more):
    await shop.seller.fault(endpoint, kind, **more)
    run = await shop.ended(await shop.request())

    assert (run["state"], run["why"], run["attempt"]) == ("SUCCEEDED", "", 1)
    assert await wrong(shop) == []


GOOGLE = [
    ("refuse", ":getByDataFilter"),
    ("refuse", ":batchUpdate"),
    ("lose", ":batchUpdate"),
    ("cut", ":batchUpdate"),
]


@pytest.mark.parametrize(("mode", "match"), GOOGLE)
async def test_a_hiccup_of_google_doubles_nothing(shop, mode, match):
    await shop.seller.change(
        {"kind": "add_product", "brand": "Сирин", "subject": "Шапки", "vendor_code": mode}
    )
    await shop.sheet.fault(mode, match=match)
    run = await shop.ended(await shop.request())
    rows = [row[3] for row in (await shop.sheet.cells())[2:]]

    assert (run["state"], run["attempt"]) == ("SUCCEEDED", 1)
    assert await wrong(shop) == []
    assert len(rows) == len(set(rows)) == len(await shop.seller.truth())


# What leaves a part unread

UNREAD = [
    ("403", "Wildberries не пускает токен"),
    ("402", "Wildberries не пускает токен"),
    ("disabled", "Wildberries отключил"),
]


@pytest.mark.parametrize(("kind", "reason"), UNREAD)
async def test_orders_that_may_not_be_read_are_blank_never_zero(shop, kind, reason):
    await shop.seller.fault("orders", kind)
    run = await shop.ended(await shop.request())
    table, truth = await shop.sheet.table(), await shop.seller.table()

    assert (run["state"], run["why"]) == ("SUCCEEDED", "with gaps")
    assert [gap["source"] for gap in run["result"]["gaps"]] == ["orders"]
    assert {row[ORDERS] for row in table.values()} == {""}
    stocks = [column for column in truth[min(truth)] if column[1].startswith("Остатки")]
    for nm, row in table.items():
        assert [row[column] for column in stocks] == [truth[nm][column] for column in stocks]
    assert reason in await shop.sheet.note("G2")


@pytest.mark.parametrize("kind", ["403", "disabled"])
async def test_a_report_that_is_closed_is_replaced_by_another(shop, kind):
    await shop.seller.fault({"403": "wb_warehouses", "disabled": "seller_warehouses"}[kind], kind)
    run = await shop.ended(await shop.request())

    assert (run["state"], run["why"]) == ("SUCCEEDED", "")
    assert await wrong(shop) == []


# What a person has to cure


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


@pytest.mark.parametrize(
    ("trouble", "cause", "sentence", "cure"), FATAL, ids=[each[0].__name__ for each in FATAL]
)
async def test_what_a_person_must_cure_is_said_once_and_changes_nothing(
    shop, trouble, cause, sentence, cure
):
    schedule = (await shop.look())["schedule"]
    await trouble(shop)
    before = await shop.sheet.cells()
    run = await shop.ended(await shop.request())
    broken = await shop.look()

    assert run["state"] == "FAILED"
    assert sentence.format(address=await shop.person.sheet_address()) in run["why"]
    assert [each["errorType"] for each in run["attempts"]] == [cause]
    assert broken["broken"]["cause"] == cause
    assert broken["schedule"] == schedule
    assert (await shop.facts())[0] == "tenant.shop_broke"
    assert await shop.sheet.cells() == before

    await cure(shop)
    assert (await shop.ended(await shop.request()))["state"] == "SUCCEEDED"
    assert (await shop.look())["broken"] is None
    assert (await shop.facts())[0] == "tenant.shop_recovered"
    assert await wrong(shop) == []


async def test_a_dead_token_breaks_the_shop_once_and_a_new_token_heals_it(shop):
    await shop.seller.fault("*", "401", times=None)
    for _ in range(2):
        assert (await shop.ended(await shop.request()))["state"] == "FAILED"
    told = (await shop.facts()).count("tenant.shop_broke")
    refused = await shop.person.connect_shop(shop.seller.tokens["service"])
    await shop.seller.calm()
    accepted = await shop.person.connect_shop(shop.seller.tokens["service"], shopId=shop.id)

    assert (await shop.facts())[:2].count("tenant.shop_broke") == 1 or told
    assert refused["userErrors"][0]["code"] == "TOKEN_DEAD"
    assert accepted["shop"] == {"id": shop.id, "name": accepted["shop"]["name"]} | {
        "sellerId": shop.seller.id,
        "tokenKind": "service",
    }
    assert (await shop.ended(await shop.request()))["state"] == "SUCCEEDED"
    assert (await shop.look())["broken"] is None


# What has to wait


@pytest.mark.parametrize("name", list(WAITS))
def test_what_only_time_can_cure_waits_and_says_so(waits, name):
    story = waits(name)
    if isinstance(story, Exception):
        raise story
    run = story.waiting

    assert (run["state"], run["result"]) == ("WAITING", None)
    assert story.sentence in run["why"]
    assert run["waitingUntil"] > run["startedAt"]
    assert story.broken is None
    assert story.schedule_kept
    assert story.cells_while_waiting == story.cells_before


@pytest.mark.parametrize("name", [name for name, wait in WAITS.items() if wait.ends])
def test_what_waited_goes_on_by_itself_and_is_right(waits, name):
    story = waits(name)
    if isinstance(story, Exception):
        raise story

    assert story.over["state"] == "SUCCEEDED"
    assert story.wrong == []


def test_a_schedule_fires_once_for_each_of_its_times_whatever_happens(waits):
    story = waits("every minute")
    if isinstance(story, Exception):
        raise story

    assert len(story.slots) >= 1
    assert story.fired == story.slots
