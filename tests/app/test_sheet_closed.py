"""Access to her sheet was closed for a while: its first cell says so for a day after it is back."""

import pytest

from domain.errors import Rejected, Unavailable
from tests.app.syncing import syncs

HOUR = 3600


@pytest.fixture
async def shop(database):
    async with syncs(database) as shop:
        await shop.run()
        shop.market.moment.seconds += HOUR
        yield shop


async def shut(shop, cause="sheet_unshared"):
    """A run that is not let in; another hour has passed since."""
    shop.world.sheet.down = Rejected("Нет доступа", cause=cause)
    with pytest.raises(Rejected):
        await shop.run()
    shop.world.sheet.down = None
    shop.market.moment.seconds += HOUR


async def told(shop):
    """What the note says beyond the usual, by a run that has something to write."""
    shop.sell_off(0.9)
    await shop.run()
    return shop.world.sheet.written[-1][0].remarks


@pytest.mark.parametrize("cause", ["sheet_unshared", "sheet_deleted", "sheet_protected"])
async def test_once_it_is_open_again_the_note_says_for_a_day_how_long_it_was_closed(shop, cause):
    await shut(shop, cause)

    first = await told(shop)
    shop.market.moment.seconds += 23 * HOUR
    later = await told(shop)
    shop.market.moment.seconds += 2 * HOUR
    last = await told(shop)

    closed = "Доступ к таблице был закрыт 23.11.2026 13:00–23.11.2026 14:00 (Мск)."
    assert (first, later, last) == ((closed,), (closed,), ())


async def test_it_was_closed_since_the_first_run_that_was_not_let_in(shop):
    await shut(shop)
    await shut(shop)

    (line,) = await told(shop)

    assert "23.11.2026 13:00–23.11.2026 15:00" in line


async def test_it_is_open_again_from_the_first_write_on_even_if_that_only_sets_a_banner(shop):
    await shut(shop)
    shop.market.fault("cards", "disabled")
    with pytest.raises(Unavailable):
        await shop.run()
    shop.market.moment.seconds += HOUR

    (line,) = await told(shop)

    assert "23.11.2026 13:00–23.11.2026 14:00" in line


async def test_a_try_that_is_refused_at_its_last_step_does_not_count_as_open(shop, monkeypatch):
    await shut(shop)
    sheet = shop.world.sheet
    write = type(sheet).write

    async def refused(*known):
        await write(*known)
        raise Rejected("Нет доступа", cause="sheet_unshared")

    monkeypatch.setattr(type(sheet), "write", refused)
    with pytest.raises(Rejected):
        await shop.run()
    monkeypatch.undo()
    shop.market.moment.seconds += HOUR

    (line,) = await told(shop)

    assert "23.11.2026 13:00–23.11.2026 15:00" in line


async def test_what_else_broke_the_shop_did_not_close_its_sheet(shop):
    shop.market.fault("cards", "401")
    with pytest.raises(Rejected):
        await shop.run()
    shop.market.moment.seconds += HOUR

    assert await told(shop) == ()


async def test_another_file_was_never_closed(shop):
    await shut(shop)
    shop.world.sheet.share("another")
    url = "https://docs.google.com/spreadsheets/d/another/edit"
    await shop.anna.change("connectSheet", "title", shopId=shop.id, url=url)

    assert await told(shop) == ()
    assert shop.world.sheet.written[-1][0].spreadsheet_id == "another"
