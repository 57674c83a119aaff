"""Breakers in one process: exact arithmetic on a clock of our own."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.breaker import SPREAD, Breakers, Rules, turn
from domain.ports import Opened

RULES = Rules()
WB = "statistics-api GET /api/v1/supplier/orders"


class Hands:
    def __init__(self):
        self.now = datetime(2026, 11, 23, 5, tzinfo=UTC)

    def __call__(self):
        return self.now

    def forward(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def breaker(clock):
    return Breakers(clock)


async def storm(breaker, sellers=5):
    """One failure of each; the last answer."""
    for n in range(sellers):
        answer = await breaker.failed(WB, await breaker.enter(WB), f"seller {n}", "HTTP 503")
    return answer


async def test_it_opens_for_half_a_minute_and_says_since_when_and_why(breaker, clock):
    began = clock.now
    for n in range(4):
        assert await breaker.failed(WB, 0, f"seller {n}", "TimeoutError") is None
        clock.forward(2)

    opened = await breaker.failed(WB, 0, "seller 4", "HTTP 503")

    until = clock.now + timedelta(seconds=30)
    assert opened == Opened(endpoint=WB, since=began, until=until, cause="HTTP 503")
    assert await breaker.enter(WB) == opened


async def test_each_failed_trial_doubles_the_time_up_to_ten_minutes(breaker, clock):
    opened = await storm(breaker)
    lasted = [opened.until - clock.now]
    for _ in range(6):
        clock.now = opened.until
        opened = await breaker.failed(WB, await breaker.enter(WB), "seller 1", "HTTP 503")
        lasted.append(opened.until - clock.now)

    assert [each.total_seconds() for each in lasted] == [30, 60, 120, 240, 480, 600, 600]


async def test_who_waits_while_another_one_tries_comes_back_after_half_a_minute(breaker, clock):
    clock.now = (await storm(breaker)).until
    await breaker.enter(WB)

    assert (await breaker.enter(WB)).until == clock.now + timedelta(seconds=RULES.first)


async def test_a_trial_whose_worker_was_lost_is_made_by_another_one_in_the_end(breaker, clock):
    clock.now = (await storm(breaker)).until
    lost = await breaker.enter(WB)
    clock.forward(RULES.patience)
    again = await breaker.enter(WB)

    assert isinstance(again, int)
    await breaker.worked(WB, lost)
    assert len(await breaker.open_breakers()) == 1
    await breaker.worked(WB, again)
    assert await breaker.open_breakers() == []


async def test_failures_of_long_ago_do_not_count(breaker, clock):
    await storm(breaker, sellers=4)
    clock.forward(RULES.remembered)

    assert await breaker.failed(WB, 0, "seller 5", "HTTP 503") is None


async def test_who_nobody_wants_for_an_hour_is_forgotten(breaker, clock):
    opened = await storm(breaker)
    clock.now = opened.until + timedelta(seconds=RULES.unwanted)

    assert await breaker.open_breakers() == []
    assert await breaker.enter(WB) == 0


async def test_those_who_waited_come_back_one_after_another(breaker):
    opened = await storm(breaker)
    turns = {turn(opened) for _ in range(100)}

    assert len(turns) > 90
    assert min(turns) >= opened.until
    assert max(turns) <= opened.until + timedelta(seconds=SPREAD)
