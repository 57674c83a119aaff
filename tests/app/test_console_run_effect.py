"""The page of a run, and Start, say of the sheet what is known, and promise no more."""

import re
from datetime import timedelta

import pytest

from domain.table.link import SHEET
from tests.app.runs_world import Runs, company_of
from tests.fakes import account

NOTHING = "Nothing had changed, so nothing was written."
HEADER = "No figure had changed; only the header and the marks were brought up to date."
BEGUN = "A write had begun, and its answer never came: the sheet may hold the new numbers"
KEEPS = ("The sheet keeps what it had.", "None: what was there before stays.")
UNTOUCHED = {
    "en": "Your sheet keeps what it had.",
    "ru": "В таблице остаётся то, что было.",
}
PARTS = re.compile(r'id="first".*?</section>', re.DOTALL)
FILE = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
SENT = {"unanswered": {"batch": 4, "cells": 240}}


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def mine(console, anna):
    return Runs(console.database, await company_of(console, anna))


@pytest.fixture
async def start(console, anna):
    """The address of Start for a shop of hers, with its sheet."""
    console.marketplace.accounts[console.token] = account("100")
    start = (await anna.press("/start/shop", token=console.token)).headers["location"]
    console.sheet.share(FILE)
    await anna.press("/start/sheet", shop=start.partition("=")[2], url=SHEET.format(FILE))
    return start


def wrote(cells, changed, **more):
    return {"changed": changed, "cells": cells, "googleReads": 1, "googleWrites": 1, **more}


@pytest.mark.parametrize(
    ("state", "result", "said"),
    [
        ("succeeded", wrote(0, changed=False), [NOTHING]),
        ("succeeded", wrote(0, changed=True), [HEADER]),
        ("succeeded", wrote(7, changed=True), ["7 cells written."]),
        ("cancelled", wrote(0, changed=False, **SENT), [BEGUN]),
        ("cancelled", wrote(7, changed=True, **SENT), ["7 cells written.", BEGUN]),
        ("cancelled", wrote(7, changed=True), ["7 cells written."]),
        ("failed", wrote(0, changed=False, **SENT), [BEGUN]),
        ("cancelled", None, KEEPS[1:]),
        ("failed", None, KEEPS),
    ],
)
async def test_the_effect_is_what_arrived_and_what_may_have(anna, mine, state, result, said):
    shop = await mine.shop("Рыжий кот")
    run_id = await mine.ended(state, shop_id=shop, why="So it ended.", result=result)

    page = " ".join((await anna.open(f"/runs/{run_id}")).text.split())

    told = {each for each in (NOTHING, HEADER, BEGUN, *KEEPS, "7 cells written.") if each in page}
    assert told == set(said)


@pytest.mark.parametrize(
    ("ended", "promised"),
    [
        (("failed", None), True),
        (("cancelled", None), True),
        (("failed", wrote(7, changed=True)), False),
        (("cancelled", wrote(0, changed=False, **SENT)), False),
    ],
)
async def test_start_promises_an_untouched_sheet_only_if_nothing_was_written(
    anna, mine, start, ended, promised
):
    state, result = ended
    later, shop_id = timedelta(seconds=-1), start.partition("=")[2]
    await mine.ended(state, later, shop_id=shop_id, why="So it ended.", result=result)

    for language, promise in UNTOUCHED.items():
        page = (await anna.open(start, **{"accept-language": language})).text
        assert "So it ended." in page
        assert (promise in page) is promised


async def test_of_a_sync_that_did_not_say_how_far_it_was_no_part_is_blamed(anna, mine, start):
    shop_id, later = start.partition("=")[2], timedelta(seconds=-1)
    await mine.ended("failed", later, shop_id=shop_id, why="No access to the sheet.")

    parts = PARTS.search((await anna.open(start)).text)[0]

    assert parts.count('href="#event"') == 4


async def test_who_cancels_a_sync_is_promised_no_untouched_sheet(anna, mine):
    run_id = await mine.live("running", shop_id=await mine.shop("Рыжий кот"))

    page = " ".join((await anna.open(f"/runs/{run_id}")).text.split())

    assert "a write that has begun cannot be taken back" in page
    assert "stays as it is" not in page


async def test_what_a_bulk_had_done_is_not_undone(anna, mine):
    under_way = await mine.live("running", kind="bulk")
    run_id = await mine.ended("cancelled", kind="bulk", why="Enough.")
    await mine.tried(run_id, outcome="cancel")

    before = (await anna.open(f"/runs/{under_way}")).text
    after = (await anna.open(f"/runs/{run_id}")).text

    assert "What it has done by then stays done." in before
    assert "What it had done until then stays done." in after
