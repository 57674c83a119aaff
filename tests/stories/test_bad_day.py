"""The outside misbehaves, and so do machines: a run says why, the sheet stays right, all recovers.

What takes long in itself (the pause after an outage, finding out that a worker is lost) passes in
the background meanwhile: see `waits` and `night`.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stories.night import fall
from tests.stories.spreadsheet import differences
from tests.stories.town import Town
from tests.stories.troubles import CLOSED, FATAL, RECOVERED
from tests.stories.waits import WAITS, wait_for_all

ORDERS, STOCK = ("", "Заказы (всего)"), ("", "Остатки (всего)")


@pytest.fixture(scope="module", autouse=True)
def background(request, city):
    """Two threads: stories that have to wait, all at once; and the night of the crash."""
    mine = [item for item in request.session.items if item.module is request.module]
    asked = {name for item in mine for name in item.fixturenames}
    with ThreadPoolExecutor(2) as threads:
        told = {}
        if "waits" in asked:
            told["waits"] = threads.submit(alone, wait_for_all(city))
        if "night" in asked:
            second_city = request.getfixturevalue("second_city")
            told["night"] = threads.submit(alone, fall(second_city))
        yield told


@pytest.fixture
def waits(background):
    """Gives the end of one of those stories."""

    def end(name):
        story = background["waits"].result()[name]
        if isinstance(story, Exception):
            raise story
        return story

    return end


@pytest.fixture
def night(background):
    return background["night"].result()


@pytest.fixture(scope="module")
def steady(city):
    """A shop that worked well until today."""

    async def open_shop():
        async with Town(city, "a steady shop") as town:
            return await town.shop(await town.seller(products=20))

    return alone(open_shop())


@pytest.fixture
async def shop(steady, town):
    """The same, all right again; and something has happened that the next sync has to bring."""
    steady.move(town)
    await steady.synced()
    await something_happens(steady)
    return steady


def alone(story):
    """What comes of a story in a loop of its own."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(story)


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

    assert (run["state"], run["attempt"], run["result"]["cells"] > 0) == ("SUCCEEDED", 1, True)
    assert await wrong(shop) == []
    assert len(rows) == len(set(rows)) == len(await shop.seller.truth())


# What leaves a part unread

UNREAD = [
    ("403", "Пусто: у токена нет права на этот отчёт. Выпустите токен с категориями"),
    ("disabled", "Пусто: Wildberries отключил этот отчёт"),
]


@pytest.mark.parametrize(("kind", "reason"), UNREAD)
async def test_orders_that_may_not_be_read_are_blank_never_zero(shop, kind, reason):
    for source, times in (("orders", 1), ("order_feed", None)):  # the run beside asks, too
        await shop.seller.fault(source, kind, times=times)
    run = await shop.ended(await shop.request())
    table, truth = await shop.sheet.table(), await shop.seller.table()
    assert run["why"] == "Часть ячеек пуста; причина указана в заголовке."
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
    assert [each["errorType"] for each in run["attempts"]] == [cause] == [broken["broken"]["cause"]]
    assert broken["schedule"] == schedule
    assert (await shop.facts())[0] == "tenant.shop_broke"
    after = await shop.sheet.cells()
    assert after[1:] == before[1:]
    assert any("⚠" in row[0] for row in after[:1]) is (cause == "token_dead")

    await cure(shop)
    assert (await shop.ended(await shop.request()))["state"] == "SUCCEEDED"
    assert ((await shop.look())["broken"], (await shop.facts())[0]) == (None, RECOVERED)
    assert await wrong(shop) == []
    assert ("был закрыт" in await shop.sheet.note("A1")) is (cause in CLOSED)


async def test_a_dead_token_breaks_the_shop_once_and_a_new_token_heals_it(shop):
    await shop.seller.fault("cards", "401", times=2)
    told = (await shop.facts()).count("tenant.shop_broke")
    runs = [await shop.ended(await shop.request()) for _ in range(2)]
    await shop.seller.fault("ping", "401")
    service = shop.seller.tokens["service"]
    refused, accepted = [await shop.person.connect_shop(service) for _ in range(2)]

    assert [run["state"] for run in runs] == ["FAILED", "FAILED"]
    assert (await shop.facts()).count("tenant.shop_broke") == told + 1
    assert [each["code"] for each in refused["userErrors"]] == ["TOKEN_DEAD"]
    assert (accepted["shop"]["id"], accepted["shop"]["tokenKind"]) == (shop.id, "service")
    assert (await shop.ended(await shop.request()))["state"] == "SUCCEEDED"
    assert (await shop.look())["broken"] is None


async def test_orders_out_of_quota_are_those_of_the_last_read(shop):
    await shop.seller.fault("orders", "429", retry=40)
    before, run = await shop.sheet.table(), await shop.ended(await shop.request())
    table, truth = await shop.sheet.table(), await shop.seller.table()

    assert (run["state"], run["why"]) == ("SUCCEEDED", "")
    assert {nm: row[ORDERS] for nm, row in table.items()} == {
        nm: row[ORDERS] for nm, row in before.items()
    }
    assert {nm: row[STOCK] for nm, row in table.items()} == {
        nm: row[STOCK] for nm, row in truth.items()
    }


# What has to wait


@pytest.mark.parametrize("name", list(WAITS))
def test_what_only_time_can_cure_waits_and_says_so(waits, name):
    story = waits(name)
    run = story.waiting

    assert (run["state"], run["result"]) == ("WAITING", None)
    assert story.sentence in run["why"]
    assert run["waitingUntil"] > run["startedAt"]
    assert story.broken is None
    assert story.schedule_kept
    assert story.cells_while_waiting[1:] == story.cells_before[1:]


@pytest.mark.parametrize("name", [name for name, wait in WAITS.items() if wait.ends])
def test_what_waited_goes_on_by_itself_and_is_right(waits, name):
    story = waits(name)

    assert story.over["state"] == "SUCCEEDED"
    assert story.wrong == []


def test_a_schedule_fires_once_for_each_of_its_times_whatever_happens(waits):
    story = waits("every minute")

    assert len(story.slots) >= 1
    assert story.fired == story.slots


# A worker that is lost, and one that is asked to end


def outcomes(run):
    return [each["outcome"] for each in run["attempts"]]


def test_a_run_of_a_killed_worker_is_taken_over_and_succeeds(night):
    run = night.runs["reading"]

    assert run["state"] == "SUCCEEDED"
    assert outcomes(run) == ["lost", "done"]
    assert run["attempts"][0]["message"] == "обработчик пропал"


def test_no_order_and_no_piece_is_counted_twice_after_a_crash(night):
    assert night.wrong["reading"] == []


def test_a_write_that_google_applied_before_the_crash_is_not_repeated(night):
    reads, writes = (now - then for now, then in zip(night.calls, night.before, strict=True))

    assert outcomes(night.runs["writing"]) == ["lost", "done"]
    assert night.wrong["writing"] == []
    assert (reads, writes) == (2, 1)


def test_no_row_is_doubled_after_a_crash(night):
    result = night.runs["writing"]["result"]
    assert (result["products"], result["cells"] > 0) == (9, True)
    assert night.runs["writing"]["state"] == "SUCCEEDED"


def test_a_worker_that_is_asked_to_end_finishes_what_can_be_finished(night):
    assert night.drained["state"] == "SUCCEEDED"
    assert outcomes(night.drained) == ["done"]
    assert night.code == 0


def test_what_it_cannot_finish_it_gives_back_and_another_goes_on(night):
    assert night.given_back == "Обработчик перезапускается, продолжит другой."
    assert night.runs["long"]["state"] == "SUCCEEDED"
    assert night.wrong["long"] == []
