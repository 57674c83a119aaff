"""A worker that is lost, and one that is asked to end: no run is lost, nothing is done twice.

Slow on purpose, about 45 seconds: a worker counts as lost after 30 without a heartbeat.
"""

import asyncio
from types import SimpleNamespace

import pytest

from tests.stories.spreadsheet import differences
from tests.stories.town import Town

PATIENCE = 75.0


@pytest.fixture(scope="module")
def night(city):
    """One worker is killed with two runs in hand, the next is asked to end with two others."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(fall(city))


async def fall(city):
    async with Town(city, "the night of the crash") as town:
        reading, writing, quick, long = await asyncio.gather(*(town.shop() for _ in range(4)))
        shops = {"reading": reading, "writing": writing, "quick": quick, "long": long}
        night = SimpleNamespace(**shops)
        await kill(city, night)
        await ask_to_end(city, night)
        over = await asyncio.gather(*(each.ended(within=PATIENCE) for each in shops.values()))
        night.runs = dict(zip(shops, over, strict=True))
        night.calls = await writing.sheet.calls()
        found = [await wrong(each) for each in shops.values()]
        night.wrong = dict(zip(shops, found, strict=True))
        return night


async def kill(city, night):
    """With one shop between two answers of the marketplace, one between write and answer."""
    await night.reading.seller.fault("orders", "slow", delay=120)
    await sell(night.reading)
    await sell(night.writing)
    await night.writing.seller.change(
        {"kind": "add_product", "brand": "Сирин", "subject": "Шапки", "vendor_code": "new"}
    )
    before = await night.writing.sheet.calls()
    await night.writing.sheet.fault("stall", seconds=120)
    await asyncio.gather(night.reading.request(), night.writing.request())
    await night.reading.until(at("seller_stock"))
    await night.writing.until(at("sheet"))
    while await night.writing.sheet.calls() == before:
        await asyncio.sleep(0.1)
    night.before = before
    city.product.worker.kill()


async def ask_to_end(city, night):
    """With one run that may end soon, one that will not; another worker is there already."""
    leaving = city.product.start("worker")
    await night.quick.seller.fault("orders", "slow", delay=4)
    await night.long.seller.fault("orders", "slow", delay=120)
    await asyncio.gather(sell(night.quick), sell(night.long))
    asked = await asyncio.gather(night.quick.request(), night.long.request())
    await night.quick.until(at("seller_stock"))
    await night.long.until(at("seller_stock"))
    ended = asyncio.create_task(asyncio.to_thread(leaving.terminate))
    night.drained = await night.quick.ended(asked[0])
    night.given_back = await night.long.until(lambda run: run["state"] == "WAITING", asked[1], 40)
    night.code = await ended
    city.product.worker = city.product.start("worker")


async def sell(shop):
    """Something that a sync has to bring: stock, and orders that must not count twice."""
    nm = min(await shop.seller.truth())
    await shop.seller.set_stock(nm, 1234)
    await shop.seller.change({"kind": "order", "nm": nm, "count": 5, "days_ago": 2})


async def wrong(shop):
    return differences(await shop.sheet.table(), await shop.seller.table())


def at(step):
    return lambda run: (run["progress"] or {}).get("step") == step


def outcomes(run):
    return [each["outcome"] for each in run["attempts"]]


def test_a_run_of_a_killed_worker_is_taken_over_and_succeeds(night):
    run = night.runs["reading"]

    assert run["state"] == "SUCCEEDED"
    assert outcomes(run) == ["lost", "done"]
    assert run["attempts"][0]["message"] == "the worker was lost"


def test_no_order_and_no_piece_is_counted_twice_after_a_crash(night):
    assert night.wrong["reading"] == []


def test_a_write_that_google_applied_before_the_crash_is_not_repeated(night):
    reads, writes = (now - then for now, then in zip(night.calls, night.before, strict=True))

    assert outcomes(night.runs["writing"]) == ["lost", "done"]
    assert night.wrong["writing"] == []
    assert (reads, writes) == (2, 1)


def test_no_row_is_doubled_after_a_crash(night):
    assert night.runs["writing"]["result"]["products"] == 9
    assert night.runs["writing"]["state"] == "SUCCEEDED"


def test_a_worker_that_is_asked_to_end_finishes_what_can_be_finished(night):
    assert night.drained["state"] == "SUCCEEDED"
    assert outcomes(night.drained) == ["done"]
    assert night.code == 0


def test_what_it_cannot_finish_it_gives_back_and_another_goes_on(night):
    assert night.given_back["why"] == "The worker restarts; another one goes on."
    assert night.runs["long"]["state"] == "SUCCEEDED"
    assert night.wrong["long"] == []


def test_a_crash_is_not_the_shops_fault(night):
    assert "lost" not in outcomes(night.runs["quick"])
    assert {run["state"] for run in night.runs.values()} == {"SUCCEEDED"}
