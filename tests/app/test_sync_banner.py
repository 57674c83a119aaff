"""What keeps her numbers old stands in the first cell of the sheet, while it can be written there."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from domain.errors import Outside, Refused, Rejected, Unavailable
from domain.run import EFFECT, TRIES
from tests.app.syncing import syncs

REPORTS = ("wb_warehouses", "remains_create", "seller_warehouses")


@pytest.fixture
async def shop(database):
    async with syncs(database) as shop:
        await shop.run()
        shop.market.moment.seconds += 3600
        yield shop


async def stopped(shop):
    """What a run raises, and the first cell after it: the banner of the last write, if any."""
    before = len(shop.world.sheet.written)
    with pytest.raises(Outside) as no:
        await shop.run()
    last = shop.world.sheet.written[before:]
    return no.value, last[-1][0].banner if last else None


async def test_a_token_that_died_is_told_above_the_old_numbers(shop):
    good = await shop.latest()
    shop.market.fault("cards", "401", times=None)

    no, banner = await stopped(shop)

    assert no.cause == "token_dead"
    assert banner.text.startswith("⚠ Данные на 23.11.2026 12:00. Токен Wildberries не работает")
    assert "Доступ к API" in banner.note
    assert shop.world.sheet.written[-1][1:] == good


async def test_a_token_that_died_while_she_replaced_it_stops_nothing(shop):
    shop.market.fault("cards", "401", times=None)
    shop.meanwhile = shop.renews

    no, banner = await stopped(shop)
    row = await shop.row()

    assert (no.cause, banner) == ("token_dead", None)
    assert (row.broken, row.token_dead) == (None, None)


async def test_a_report_that_is_switched_off_is_told_by_its_name(shop):
    for report in REPORTS:
        shop.market.fault(report, "disabled", times=None)
    shop.market.fault("cards", "disabled", times=None)

    no, banner = await stopped(shop)

    assert no.cause == "method_off"
    assert "Wildberries отключил отчёт «" in banner.text
    assert "Числа в таблице прежние и целые." in banner.note


async def test_a_limit_is_told_once_her_hour_was_missed(shop):
    shop.market.fault("cards", "429", times=None, retry=900)

    _, early = await stopped(shop)
    await shop.owes(shop.market.moment() - timedelta(minutes=10))
    no, late = await stopped(shop)

    assert no.cause == "no_quota"
    assert early is None
    assert f"следующее окно в {no.until + timedelta(hours=3):%H:%M}" in late.text


async def broke(shop, attempt=1):
    """A run that ends by a fault which nobody foresaw, and the first cell after it."""
    before = len(shop.world.sheet.written)
    shop.breaks = KeyError("a fault of ours")
    with pytest.raises(KeyError):
        await shop.run(attempt=attempt)
    last = shop.world.sheet.written[before:]
    return last[-1][0].banner if last else None


async def test_a_fault_of_ours_is_told_once_her_hour_was_missed_and_when_the_next_update_comes(
    shop,
):
    early = await broke(shop)
    await shop.owes(shop.market.moment() - timedelta(minutes=10))

    late = await broke(shop)
    again = await broke(shop, attempt=2)

    assert early is None
    assert late.text == (
        "⚠ Данные на 23.11.2026 12:00. Сбой на нашей стороне, чиним; делать ничего не нужно"
    )
    assert late.note.endswith("\nСледующее обновление: 24.11.2026 08:00 (Мск).")
    assert again is None


async def test_a_fault_of_ours_at_the_last_try_is_told_though_her_hour_is_still_to_come(shop):
    assert await broke(shop, attempt=TRIES - 1) is None
    assert await broke(shop, attempt=TRIES) is not None


async def test_good_numbers_take_the_banner_of_our_fault_away(shop):
    await broke(shop, attempt=TRIES)
    shop.breaks = None

    await shop.run()

    assert shop.world.sheet.written[-1][0].banner is None


async def test_a_second_fault_while_the_banner_is_set_does_not_hide_the_first(shop):
    shop.world.sheet.down = ValueError("the same fault once more")

    assert await broke(shop, attempt=TRIES) is None


async def test_what_a_person_did_meanwhile_is_no_fault_of_ours(shop):
    shop.breaks = Refused("no")

    with pytest.raises(Refused):
        await shop.run(attempt=TRIES)

    assert len(shop.world.sheet.written) == 1


async def test_an_outage_that_ends_by_itself_is_not_written_into_the_sheet(shop):
    shop.market.fault("cards", "503", times=None)

    no, banner = await stopped(shop)

    assert (no.cause, banner) == ("outage", None)


async def test_a_full_file_is_told_above_the_old_numbers(shop):
    shop.sell_off(0.9)
    shown = shop.world.sheet.written[-1][1]
    shop.world.sheet.full = True

    no, banner = await stopped(shop)

    assert no.cause == "sheet_full"
    assert banner.text == (
        "⚠ Данные на 23.11.2026 12:00. Файл упёрся в 10 000 000 ячеек: удалите пустые строки "
        "и столбцы на других вкладках"
    )
    assert banner.note.endswith("Числа в таблице прежние и целые. Нужно ещё ячеек: 5.")
    assert shop.world.sheet.written[-1][1] == shown


async def test_a_banner_stands_over_what_a_lost_answer_may_have_brought(shop):
    file = shop.world.sheet.written[-1][0].spreadsheet_id
    shop.sell_off(0.9)
    shop.world.sheet.down = Unavailable("Google is away", cause="google_unavailable")
    await stopped(shop)
    newer, _ = await shop.latest()
    state = await shop.book.tab(shop.key, file)
    lost = replace(state, pending=(state.rev + 1, newer))
    await shop.book.keep_tab(shop.key, file, lost, ())
    shop.world.sheet.down = None
    shop.market.fault("cards", "401")

    _, banner = await stopped(shop)

    assert "Токен Wildberries не работает" in banner.text
    assert shop.world.sheet.written[-1][1] == newer


async def test_the_next_good_sync_takes_it_away(shop):
    shop.market.fault("cards", "401")
    await stopped(shop)

    await shop.run()

    assert shop.world.sheet.written[-1][0].banner is None


async def test_a_sheet_that_cannot_be_written_hides_no_cause(shop):
    shop.market.fault("cards", "401")
    shop.world.sheet.down = Rejected("Нет доступа", cause="sheet_unshared")

    no, _ = await stopped(shop)

    assert no.cause == "token_dead"


SORTED = "Строки переставлены вами: порядок принят"


async def test_what_she_did_to_her_sheet_is_told_by_a_run_that_only_set_a_banner(shop):
    shop.market.fault("cards", "401")
    shop.world.sheet.finds = (SORTED,)

    await stopped(shop)

    assert msgspec.json.decode(await shop.memory.recall(EFFECT))["notices"] == [SORTED]


async def test_a_run_that_goes_on_still_tells_what_its_banner_had_found(shop):
    shop.market.fault("cards", "disabled")
    shop.world.sheet.finds = (SORTED,)
    await stopped(shop)
    shop.world.sheet.finds = ()

    done = await shop.goes_on()

    assert done.result["notices"] == [SORTED]
