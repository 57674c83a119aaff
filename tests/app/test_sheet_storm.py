"""A short storm over her sheet, and what the long one has found in the sync."""

import pytest

from domain.errors import Unavailable
from domain.place import Kind
from domain.run import Done
from sandbox.wildberries import Fault
from tests.chaos.sheet_storm import DAY, Storm
from tests.chaos.sheet_truth import differing, miscounted
from tests.chaos.sheet_world import KINDS, open_world
from tests.databases import of_its_own

STEPS = 40


@pytest.fixture(scope="module")
async def url(postgres_url):
    async with of_its_own(postgres_url) as url:
        yield url


@pytest.mark.parametrize(("kind", "seed"), [(kind, seed) for seed, kind in enumerate(KINDS, 41)])
async def test_our_cells_are_right_and_hers_untouched_whatever_happens(url, kind, seed):
    async with open_world(url, seed, kind) as world:
        storm = Storm(world, seed)
        await storm.blow(STEPS)

    assert storm.counts["compared"] > 0
    assert storm.counts["killed"] > 0


async def test_some_pages_of_orders_are_not_taken_for_all_of_them(url):
    async with open_world(url, 44, "base") as world:
        waits = 0
        while isinstance(ended := await world.attempt(), Unavailable):
            waits += 1
            world.moment.seconds = ended.until.timestamp()
        _, taken = await world.book.latest(world.key)
        heard = await world.orders_heard()

    assert waits > 1
    assert sum(taken.orders) > 0
    assert miscounted(world.seller, taken, heard) == {}


async def test_a_run_that_waited_over_midnight_reads_anew(url):
    async with open_world(url, 45, "personal") as world:
        world.file.unshare(world.address)
        await world.attempt()
        world.file.share(world.address)
        world.moment.seconds += DAY

        ended = await world.attempt()
        _, taken = await world.book.latest(world.key)

    assert isinstance(ended, Done)
    assert taken.taken_at.date() == world.moment().date()


async def test_a_source_that_refuses_leaves_blanks_and_the_run_ends_with_gaps(url):
    async with open_world(url, 46, "personal") as world:
        assert isinstance(await world.attempt(), Done)
        for endpoint in ("seller_warehouses", "warehouses"):
            world.market.fault(Fault(endpoint=endpoint, kind="403", times=None))
        world.moment.seconds += DAY

        ended = await world.attempt()
        _, taken = await world.book.latest(world.key)
        wrong = differing(world.file, set(taken.nm_ids), taken)

    hers = [each for each in taken.places if each.place.kind is Kind.SELLER]
    assert ended.why == "with gaps"
    assert [gap["source"] for gap in ended.result["gaps"]] == ["seller_stock"]
    assert hers
    assert all(set(each.stock) == {None} for each in hers)
    assert wrong == []
