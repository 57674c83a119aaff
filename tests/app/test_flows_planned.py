"""What the run beside the sync will ask is told before it, as far as it is known what moved."""

import pytest

from domain.capability import Evidence, Reading, Standing
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


async def test_the_calls_of_a_read_are_foretold_as_far_as_it_is_known_what_moved(shop):
    await shop.run()
    shop.passes(1)
    before, foretold = calls(shop), await shop.foretold()
    await shop.again()
    made = {name: number - before[name] for name, number in calls(shop).items()}

    assert [(each.part, each.calls) for each in foretold.lines if each.part != "cabinet"] == [
        ("supplies", made["supplies"]),
        ("order_feed", made["order_feed"]),
    ]


async def test_what_it_found_open_and_closed_is_kept(shop):
    shop.market.fault("order_feed", "403", times=None)
    await shop.run()

    assert await shop.rows(KEPT) == [
        (Reading.FEED, Standing.FORBIDDEN, Evidence.ANSWER, "no_scope"),
        (Reading.CABINET, Standing.ALLOWED, Evidence.ANSWER, ""),
        (Reading.SUPPLIES, Standing.ALLOWED, Evidence.ANSWER, ""),
    ]
