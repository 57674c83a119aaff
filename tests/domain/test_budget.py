"""Budgets in one process: exact arithmetic on a clock of our own."""

import pytest

from domain.budget import Buckets
from tests.buckets import bucket


class Hands:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def buckets(clock):
    return Buckets(clock)


async def test_a_token_grows_back_in_exactly_one_interval(buckets, clock):
    await buckets.take(bucket("k", 1, 20.0))
    clock.now += 5.0

    assert await buckets.take(bucket("k", 1, 20.0)) == 15.0


async def test_waiting_as_long_as_told_is_enough(buckets, clock):
    await buckets.take(bucket("k", 1, 0.1))
    for _ in range(100):
        clock.now += await buckets.take(bucket("k", 1, 0.1))

        assert await buckets.take(bucket("k", 1, 0.1)) == 0.0


async def test_a_refused_take_takes_nothing(buckets, clock):
    await buckets.take(bucket("k", 3, 10.0), cost=2)

    assert await buckets.take(bucket("k", 3, 10.0), cost=2) == 10.0
    assert await buckets.take(bucket("k", 3, 10.0)) == 0.0


async def test_a_bucket_never_holds_more_than_its_burst(buckets, clock):
    await buckets.take(bucket("k", 2, 1.0))
    clock.now += 1_000.0

    assert [await buckets.take(bucket("k", 2, 1.0)) for _ in range(3)] == [0.0, 0.0, 1.0]


async def test_what_the_neighbour_says_counts_from_the_moment_it_says_it(buckets, clock):
    await buckets.take(bucket("k", 10, 10.0))
    clock.now += 5.0
    await buckets.learn("k", remaining=0, retry_after=None)

    assert await buckets.take(bucket("k", 10, 10.0)) == 10.0


async def test_remaining_never_raises_a_bucket(buckets):
    await buckets.take(bucket("k", 1, 10.0))
    await buckets.learn("k", remaining=7, retry_after=None)

    assert await buckets.take(bucket("k", 1, 10.0)) == 10.0


async def test_a_penalty_outlasts_everything_and_leaves_one_token(buckets, clock):
    await buckets.learn("k", remaining=None, retry_after=3_582.0)
    await buckets.learn("k", remaining=5, retry_after=None)
    clock.now += 82.0
    assert await buckets.take(bucket("k", 5, 60.0)) == 3_500.0

    clock.now += 3_500.0

    assert await buckets.take(bucket("k", 5, 60.0)) == 0.0
    assert await buckets.take(bucket("k", 5, 60.0)) == 60.0
