"""What the run beside the sync will ask is told before it, as far as it is known what moved."""

from uuid import uuid4

import pytest

from app.stock.capabilities import news
from domain.capability import Evidence, Known, Reading, Standing
from domain.errors import Unavailable
from infrastructure.wildberries import cabinet
from sandbox.sellers import ShipSupply
from tests.app.flows_world import reading

SOURCES = ("supplies", "supply", "supply_goods", "order_feed")
KEPT = """
SELECT reading, standing, evidence, cause FROM capabilities WHERE tenant_id = $1 AND shop_id = $2
ORDER BY reading
"""


@pytest.fixture
async def shop(database):
    async with reading(database) as opened:
        yield opened


def calls(shop):
    return {name: shop.market.calls(name) for name in SOURCES}


async def foretold(shop):
    """By part."""
    return {each.part: each.calls for each in (await shop.foretold()).lines}


async def made(shop, before):
    """By part, since then."""
    supplies = ("supplies", "supply", "supply_goods")
    since = {name: number - before[name] for name, number in calls(shop).items()}
    return {"supplies": sum(since[each] for each in supplies), "order_feed": since["order_feed"]}


async def test_the_calls_of_a_read_are_foretold_as_far_as_it_is_known_what_moved(shop):
    await shop.run()
    shop.passes(1)
    shop.anew()
    before, plan = calls(shop), await foretold(shop)
    await shop.run()

    assert plan == {**await made(shop, before), "cabinet": 1}
    assert plan["supplies"] > 1


async def test_what_is_left_counts_where_supplies_went_and_not_what_was_read(shop):
    for _ in range(3):
        shop.market.change(ShipSupply(goods={min(shop.market.seller.cards): 30}))
    shop.market.fault("supply_goods", "503", times=3)
    with pytest.raises(Unavailable):
        await shop.run()
    before, plan = calls(shop), await foretold(shop)
    await shop.run()

    assert plan == {"supplies": (await made(shop, before))["supplies"]}
    assert calls(shop)["supply"] > 3


async def test_the_cabinets_report_is_foretold_by_its_pages(shop, monkeypatch):
    monkeypatch.setattr(cabinet, "PAGE", 15)
    await opened(shop, cards=40)

    assert (await foretold(shop))["cabinet"] == 3
    shop.memory.steps |= {"cabinet.begun": b"", "cabinet.0": b"", "cabinet.1": b""}
    assert (await foretold(shop))["cabinet"] == 1


async def opened(shop, cards):
    """As a sync leaves it."""
    known = Known()
    known.counted(cards, cards)
    await shop.book.keep(news(shop.key, uuid4(), known))


async def test_what_it_found_open_and_closed_is_kept(shop):
    shop.market.fault("order_feed", "403", times=None)
    await shop.run()

    assert await shop.rows(KEPT) == [
        (Reading.FEED, Standing.FORBIDDEN, Evidence.ANSWER, "no_scope"),
        (Reading.CABINET, Standing.ALLOWED, Evidence.ANSWER, ""),
        (Reading.SUPPLIES, Standing.ALLOWED, Evidence.ANSWER, ""),
    ]
