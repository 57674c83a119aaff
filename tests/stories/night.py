"""A night in which a worker is lost and another is asked to end, told in the background.

It takes 45 seconds: a worker counts as lost after 30 without a heartbeat.
"""

import asyncio
from types import SimpleNamespace

from tests.stories.spreadsheet import differences
from tests.stories.town import Town

PATIENCE = 75.0


async def fall(city):
    """One worker is killed with two runs in hand, the next is asked to end with two others."""
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
    leaving.ask_to_end()  # and once more below, as a terminal and a supervisor do
    ended = asyncio.create_task(asyncio.to_thread(leaving.terminate))
    night.drained = await night.quick.ended(asked[0])
    waiting = await night.long.until(lambda run: run["state"] == "WAITING", asked[1], 40)
    night.given_back = waiting["attempts"][-1]["message"]
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
