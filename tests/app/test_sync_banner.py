"""What keeps her numbers old stands in the first cell of the sheet, while it can be written there."""

from datetime import timedelta

import pytest

from domain.errors import Outside, Rejected
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


async def test_an_outage_that_ends_by_itself_is_not_written_into_the_sheet(shop):
    shop.market.fault("cards", "503", times=None)

    no, banner = await stopped(shop)

    assert (no.cause, banner) == ("outage", None)


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
