"""A run is cancelled while Google has what it wrote and has not answered: it says no more than is
known, and the next one finds out."""

import asyncio
from html import unescape

from tests.stories.spreadsheet import differences
from tests.stories.test_live_pages import signed_in
from tests.stories.waits import LONGEST

PROMISE = "What it has written to the sheet by then stays written"
SAID = "A write had begun, and its answer never came: the sheet may hold the new numbers"


def words(answer):
    return " ".join(unescape(answer.text).split())


async def writing(shop):
    """A run that waits for Google's answer to a write which it has applied."""
    before = await shop.sheet.calls()
    await shop.sheet.fault("stall", seconds=12)
    run_id = await shop.request()
    while (await shop.sheet.calls())[1] == before[1]:
        await asyncio.sleep(0.05)
    return run_id


async def test_what_was_cancelled_in_the_middle_of_a_write_promises_no_untouched_sheet(town):
    shop = await town.shop()
    nm = min(await shop.seller.truth())
    await shop.seller.set_stock(nm, 4321)
    former = await shop.sheet.cells()
    run_id = await writing(shop)

    async with signed_in(shop.person) as browser:
        before = words(await browser.get(f"/runs/{run_id}"))
        made = await shop.person.change("cancelRun", "run { id }", runId=run_id)
        run = await shop.ended(run_id, LONGEST)
        after = words(await browser.get(f"/runs/{run_id}"))

    assert made["userErrors"] == []
    assert PROMISE in before
    assert (run["state"], await shop.sheet.cells() != former) == ("CANCELLED", True)
    assert run["result"]["unanswered"]["cells"] > 0
    assert SAID in after
    assert "what was there before stays" not in after

    await shop.synced()
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []
