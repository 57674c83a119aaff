"""What a token may not read: the next source, or blank cells with a reason, never zeros."""

import pytest

from domain.errors import Rejected, Unavailable
from domain.snapshot import Gap, period
from domain.stock import unread
from domain.taking import take
from sandbox.sellers import Spec
from sandbox.wildberries import tokens
from tests.infrastructure.wildberries_shop import counted, filled, open_shop, pieces

SECRET = tokens.SERVICE_SECRET


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=60, places=4)) as opened:
        yield opened


def nonzero(snapshot, column):
    return [nm for nm, n in zip(snapshot.nm_ids, column, strict=True) if n]


async def test_a_refused_report_falls_to_the_next_source(shop):
    expected = await shop.stock(shop.access())
    shop.memory.steps.clear()
    shop.fault("wb_warehouses", "disabled", times=None)
    shop.fault("seller_warehouses", "403", times=None)

    stock = await shop.stock(shop.access())

    assert stock.gaps == ()
    assert filled(pieces(stock, "wb")) == filled(pieces(expected, "wb"))
    assert shop.calls("remains_download") == 1
    assert shop.calls("stocks") == 2


async def test_what_refused_is_not_asked_again_for_an_hour(shop):
    shop.fault("wb_warehouses", "403", times=None)
    for _ in range(2):
        shop.memory.steps.clear()
        await shop.stock(shop.access())
    assert shop.calls("wb_warehouses") == 1

    shop.moment.seconds += 3_600
    shop.memory.steps.clear()
    await shop.stock(shop.access())

    assert shop.calls("wb_warehouses") == 2


async def test_a_part_without_any_source_is_a_gap_with_its_cause(shop):
    for endpoint in ("seller_warehouses", "warehouses", "stocks"):
        shop.fault(endpoint, "403", times=None)

    stock = await shop.stock(shop.access())

    assert stock.gaps == (unread("seller_stock", "no_scope"),)
    assert {place.key for place in stock.places} == {"wb", "wb:Минск"}


async def test_her_unread_stock_is_blank_in_the_snapshot_and_never_zero(shop):
    before = await shop.snapshot(shop.access())
    for endpoint in ("seller_warehouses", "warehouses", "stocks"):
        shop.fault(endpoint, "403", times=None)
    shop.moment.seconds += 60
    shop.memory.steps.clear()
    cards = await shop.cards(shop.access())
    stock = await shop.stock(shop.access(), cards)
    counts = counted(await shop.orders(shop.access()), shop.moment())
    known = [each.place for each in before.places]

    taken = take(stock, cards, counts, period(shop.moment()), known, previous=before)

    own = [each for each in taken.places if each.place.kind == "seller"]
    assert len(own) == 2
    assert all(set(each.stock) == {None} for each in own)
    held = {nm for each in before.places[2:] for nm in nonzero(before, each.stock)}
    blank = {nm for nm, n in zip(taken.nm_ids, taken.stock, strict=True) if n is None}
    assert held <= blank < set(taken.nm_ids)
    tags = tuple(f"p{each.place.number}.{letter}" for each in own for letter in "sc")
    assert taken.gaps == (
        Gap(source="seller_stock", columns=("stock", "cover", *tags), cause="no_scope"),
    )


async def test_a_token_without_the_category_marketplace_leaves_hers_blank(shop):
    narrow = shop.access("base", SECRET, scopes=(1, 2, 5))

    stock = await shop.stock(narrow)

    assert stock.gaps == (unread("seller_stock", "no_scope"),)


async def test_nothing_readable_at_all_is_no_snapshot(shop):
    cards = await shop.cards(shop.access())
    shop.fault("*", "403", times=None)

    with pytest.raises(Rejected) as no:
        await shop.stock(shop.access(), cards)

    assert no.value.cause == "no_scope"
    assert "«Аналитика»" in str(no.value)


async def test_a_withdrawn_token_is_never_a_gap(shop):
    cards = await shop.cards(shop.access())
    shop.fault("seller_warehouses", "401")

    with pytest.raises(Rejected) as dead:
        await shop.stock(shop.access(), cards)

    assert dead.value.cause == "token_dead"


async def test_an_outage_is_never_a_gap(shop):
    cards = await shop.cards(shop.access())
    shop.fault("seller_warehouses", "503", times=None)

    with pytest.raises(Unavailable) as away:
        await shop.stock(shop.access(), cards)

    assert away.value.cause == "outage"
