"""More products than the plan holds: a fifth more is tolerated and told, beyond that the sync stops
before it asks the marketplace for more than the cards, and goes on by itself when they fit again."""

from datetime import timedelta

import pytest

from domain.both import both
from domain.errors import Rejected
from domain.limits import TooManyProducts
from domain.plan import LIMITS, Plan
from sandbox.sellers import AddProduct, RemoveProduct
from tests.app.syncing import syncs

HOLDS = LIMITS[Plan.FREE].products


@pytest.fixture
async def shop(database):
    async with syncs(database, products=20) as shop:
        shop.world.plans.on = True
        await shop.run()
        shop.market.moment.seconds += 3600
        yield shop


def adds(shop, products):
    shop.market.change(*(AddProduct(vendor_code=f"new-{n}") for n in range(products)))


async def stopped(shop):
    """What a run raises, and the first cell after it, if it was written."""
    before = len(shop.world.sheet.written)
    with pytest.raises(Rejected) as no:
        await shop.run()
    last = shop.world.sheet.written[before:]
    return no.value, last[-1][0].banner if last else None


async def test_a_fifth_more_products_are_synced_and_the_run_says_so(shop):
    adds(shop, HOLDS * 6 // 5 - 20)

    done = await shop.run()

    assert done.result["products"] == 600
    assert both(done.result["notices"][-1]).en.startswith(
        "There are 600 products, and the plan FREE is for 500. The sync stops when there are more "
        "than 600. STARTER has 5,000"
    )


async def test_beyond_that_the_sync_stops_and_the_old_numbers_stay(shop):
    good = await shop.latest()
    adds(shop, 581)
    shop.market.market.calls.reset()

    no, _ = await stopped(shop)
    row = await shop.row()

    assert (type(no), no.cause) == (TooManyProducts, "over_plan")
    assert (row.broken, row.token_dead) == ("over_plan", None)
    assert await shop.latest() == good
    assert shop.asked() == shop.market.calls("cards")


async def test_the_first_cell_says_so_once_her_hour_is_missed(shop):
    good = await shop.latest()
    adds(shop, 592)

    _, early = await stopped(shop)
    await shop.owes(shop.market.moment() - timedelta(minutes=10))
    _, late = await stopped(shop)

    assert early is None
    assert late.text == (
        "⚠ Данные на 23.11.2026 12:00. Товаров больше, чем в тарифе (612 из 500): обновление "
        "остановлено"
    )
    assert late.note.endswith("\nСмените тариф; таблица не обрезана, строки все на месте.")
    assert shop.world.sheet.written[-1][1:] == good


async def test_an_hour_before_which_nobody_tries_again_is_as_good_as_missed(shop):
    adds(shop, 592)
    await shop.owes(shop.market.moment() + timedelta(minutes=14))

    _, banner = await stopped(shop)

    assert banner is not None


async def test_it_goes_on_by_itself_on_a_plan_that_holds_them(shop):
    adds(shop, 592)
    await shop.owes(shop.market.moment())
    await stopped(shop)
    await shop.world.plans.give(shop.key.tenant, Plan.STARTER)

    done = await shop.run()

    assert done.result["products"] == 612
    assert shop.world.sheet.written[-1][0].banner is None
    assert (await shop.row()).broken is None


async def test_it_goes_on_with_fewer_products(shop):
    adds(shop, 581)
    await stopped(shop)
    gone = list(shop.market.seller.cards)[-101:]
    shop.market.change(*(RemoveProduct(nm=nm) for nm in gone))
    shop.market.moment.seconds += 25 * 3600

    done = await shop.run()

    assert done.result["notices"] == []
    assert (await shop.row()).broken is None


async def test_without_billing_all_are_synced(shop):
    shop.world.plans.on = False
    adds(shop, 592)

    assert (await shop.run()).result["products"] == 612
