"""What was read beside a sync is in her sheet minutes later, and nobody is asked for it again."""

import pytest

from domain import health
from sandbox.sellers import ShipSupply
from tests.app.syncing import syncs

TABS = {"replenishmentTab": True, "dataTab": True}


@pytest.fixture
async def shop(database):
    async with syncs(database) as shop:
        await shop.anna.change("arrangeSheet", "shop { id }", shopId=shop.id, **TABS)
        await shop.run()
        yield shop


async def shown(shop, args):
    """How many calls the run made, and what the sheet shows after it."""
    asked = shop.asked()
    await shop.run(args=args)
    return shop.asked() - asked, shop.world.sheet.written[-1]


async def test_what_was_read_beside_a_sync_is_shown_without_a_call(shop):
    nm = min(shop.market.seller.cards)
    shop.market.change(ShipSupply(goods={nm: 30}))
    *_, before = shop.world.sheet.written[-1]
    [(kind, key, args)] = await shop.reads_flows()
    shop.market.moment.seconds += 60
    calls, (target, _, after) = await shown(shop, args)

    assert (kind, key, calls) == ("sync", f"sync:{shop.id}", 0)
    assert (after.taken_at, after.stock) == (before.taken_at, before.stock)
    assert before.moving.coming[0] is None
    assert after.moving.coming[0] >= 30
    assert "Сверка" in {each.title for each in target.listings}


async def test_a_worker_that_is_killed_before_the_sheet_shows_the_same_to_the_next(shop):
    [(_, _, args)] = await shop.reads_flows()
    shop.market.moment.seconds += 60
    await shop.run(args=args)
    latest, asked = await shop.latest(), shop.asked()
    await shop.goes_on()

    assert await shop.latest() == latest
    assert shop.asked() == asked


async def test_a_sync_that_came_between_or_a_snapshot_that_is_old_is_no_reason_not_to_read(shop):
    [(_, _, args)] = await shop.reads_flows()
    shop.market.moment.seconds += 31 * 60
    old, _ = await shown(shop, args)
    again, _ = await shown(shop, args)

    assert old > 0
    assert again > 0


async def test_what_is_broken_is_not_healed_by_numbers_that_were_there(shop):
    [(_, _, args)] = await shop.reads_flows()
    await shop.tell(health.ReportBroken(shop_id=shop.key.shop, cause="token_dead"))
    shop.market.fault("cards", "401", times=None)

    with pytest.raises(Exception, match="Токен"):
        await shop.run(args=args)

    assert (await shop.row()).token_dead


async def test_nobody_is_asked_to_show_what_no_tab_shows_or_what_is_old(shop):
    await shop.anna.change(
        "arrangeSheet", "shop { id }", shopId=shop.id, **dict.fromkeys(TABS, False)
    )
    await shop.anna.change("arrangeSheet", "shop { id }", shopId=shop.id, checkTab=False)
    without = await shop.reads_flows()
    await shop.anna.change("arrangeSheet", "shop { id }", shopId=shop.id, checkTab=True)
    shop.market.moment.seconds += 31 * 60

    assert [without, await shop.reads_flows()] == [[], []]
