"""The cabinet's own report is read once in a run, whatever happens to it, and never harms the rest."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from domain.errors import Unavailable
from domain.snapshot import Period
from infrastructure.wildberries import cabinet
from tests.app.checks_world import checking
from tests.infrastructure.wildberries_shop import LONG, Kept

DAY = 86_400
WEEK = Period(first=date(2026, 11, 16), last=date(2026, 11, 22))
STANDS = "SELECT cause FROM flows WHERE tenant_id = $1 AND shop_id = $2 AND source = 'cabinet'"


class Dying(Kept):
    """The memory of a run whose worker is killed after so many pages of the report."""

    def __init__(self, after):
        super().__init__()
        self.left = after

    async def keep(self, step, result):
        await super().keep(step, result)
        if step.startswith("cabinet.") and step[8:].isdigit():
            self.left -= 1
            if not self.left:
                raise asyncio.CancelledError


@pytest.fixture
async def shop(database):
    async with checking(database) as opened:
        yield opened


async def test_a_killed_read_asks_for_no_page_twice(shop, monkeypatch):
    monkeypatch.setattr(cabinet, "PAGE", 5)
    await shop.sync()
    shop.shop.memory = Dying(after=2)
    with pytest.raises(asyncio.CancelledError):
        await shop.shop.run()
    shop.shop.memory.left = 99

    await shop.shop.run()

    assert shop.market.calls("cabinet") == 5
    assert (await shop.book.latest(shop.shop.key)).discrepancies == ()


async def test_it_is_not_read_before_there_is_a_snapshot(shop):
    await shop.shop.again()

    assert shop.market.calls("cabinet") == 0
    assert await shop.book.latest(shop.shop.key) is None


@pytest.mark.parametrize(("kind", "cause"), [("disabled", "method_off"), ("402", "no_funds")])
async def test_a_refused_report_is_unknown_with_the_reason_and_the_last_check_stays(
    shop, kind, cause
):
    await shop.sync()
    before = await shop.check()
    shop.market.fault("cabinet", kind, times=None)

    done = await shop.shop.again()

    assert done.result["unread"] == {"cabinet": cause}
    assert await shop.shop.rows(STANDS) == [(cause,)]
    assert await shop.book.latest(shop.shop.key) == before


async def test_a_report_that_takes_longer_than_its_day_is_given_up(database, monkeypatch):
    monkeypatch.setattr(cabinet, "PAGE", 5)
    async with checking(database, pace=replace(LONG, patience=1.0)) as shop:
        await shop.sync()
        with pytest.raises(Unavailable):
            await shop.shop.again()
        shop.market.moment.seconds += DAY
        await shop.sync()

        assert await ended(shop.shop) == {"cabinet": "too_slow"}


async def ended(shop):
    """What a run could not read, once it has waited for all its limits."""
    while True:
        try:
            return (await shop.run()).result["unread"]
        except Unavailable as later:
            shop.market.moment.seconds = later.until.timestamp()
