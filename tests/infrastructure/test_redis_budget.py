"""Budgets: the same rules for a process alone and for all workers over Redis."""

import asyncio
import time
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from domain.budget import Buckets
from domain.errors import Unavailable
from infrastructure.redis.budget import RedisBudget
from tests.buckets import bucket

SLOW = 100.0


@pytest.fixture(params=["alone", "redis"])
async def budget(request):
    if request.param == "alone":
        yield Buckets(time.monotonic)
        return
    async with Redis.from_url(request.getfixturevalue("redis_url")) as redis:
        yield await begun(redis)


async def begun(redis):
    """Of an installation that has called nobody yet."""
    budget = RedisBudget(redis, prefix=f"{uuid4()}:")
    await budget.begin()
    return budget


@pytest.fixture
def key():
    return f"test:{uuid4()}"


async def test_a_new_bucket_is_full_and_then_says_how_long_to_wait(budget, key):
    taken = [await budget.take(bucket(key, 3, SLOW)) for _ in range(4)]

    assert taken[:3] == [0.0, 0.0, 0.0]
    assert taken[3] == pytest.approx(SLOW, abs=1.0)


async def test_buckets_are_apart(budget, key):
    await budget.take(bucket(key, 1, SLOW))

    assert await budget.take(bucket(f"{key}:other", 1, SLOW)) == 0.0


async def test_tokens_grow_back(budget, key):
    await budget.take(bucket(key, 1, 0.05))
    wait = await budget.take(bucket(key, 1, 0.05))
    assert 0.0 < wait <= 0.05
    await asyncio.sleep(wait + 0.005)

    assert await budget.take(bucket(key, 1, 0.05)) == 0.0


async def test_a_cost_is_paid_whole_or_not_at_all(budget, key):
    await budget.take(bucket(key, 3, SLOW), cost=2)

    assert await budget.take(bucket(key, 3, SLOW), cost=2) == pytest.approx(SLOW, abs=1.0)
    assert await budget.take(bucket(key, 3, SLOW)) == 0.0


async def test_a_cost_above_the_burst_is_a_whole_burst(budget, key):
    assert await budget.take(bucket(key, 3, SLOW), cost=10) == 0.0
    assert await budget.take(bucket(key, 3, SLOW)) == pytest.approx(SLOW, abs=1.0)


async def test_remaining_lowers_a_bucket_and_never_raises_it(budget, key):
    await budget.take(bucket(key, 10, SLOW))
    await budget.learn(key, remaining=1, retry_after=None)
    await budget.learn(key, remaining=9, retry_after=None)

    assert await budget.take(bucket(key, 10, SLOW)) == 0.0
    assert await budget.take(bucket(key, 10, SLOW)) == pytest.approx(SLOW, abs=1.0)


async def test_retry_after_closes_a_bucket_whoever_asks_first(budget, key):
    await budget.learn(key, remaining=None, retry_after=500.0)

    assert await budget.take(bucket(key, 10, SLOW)) == pytest.approx(500.0, abs=1.0)


async def test_a_later_answer_does_not_open_a_closed_bucket(budget, key):
    await budget.learn(key, remaining=None, retry_after=500.0)
    await budget.learn(key, remaining=9, retry_after=None)
    await budget.learn(key, remaining=None, retry_after=5.0)

    assert await budget.take(bucket(key, 10, SLOW)) == pytest.approx(500.0, abs=1.0)


async def test_many_at_once_never_get_more_than_there_is(budget, key):
    takes = [budget.take(bucket(key, 5, SLOW)) for _ in range(50)]
    waits = await asyncio.gather(*takes)

    assert waits.count(0.0) == 5


async def test_a_look_at_buckets_says_what_is_left_and_takes_nothing(budget, key):
    used, untouched, closed = (allowance(f"{key}:{n}") for n in range(3))
    for _ in range(3):
        await budget.take(used)
    await budget.learn(closed.key, remaining=None, retry_after=500.0)

    for _ in range(2):
        levels = await budget.levels((used, untouched, closed))

        assert [each.tokens for each in levels[:2]] == [pytest.approx(2.0, abs=0.1), 5.0]
        assert [each.closed for each in levels] == [0.0, 0.0, pytest.approx(500.0, abs=1.0)]
    assert await budget.levels(()) == []


def allowance(key):
    return bucket(key, 5, SLOW)


async def test_of_several_buckets_all_are_taken_from_or_none(budget, key):
    own, other, gate = (bucket(f"{key}:{n}", 1, SLOW) for n in range(3))

    assert await budget.take(own, gate) == 0.0
    assert await budget.take(other, gate) == pytest.approx(SLOW, abs=1.0)
    assert await budget.take(other) == 0.0


async def test_the_slowest_of_several_buckets_says_how_long_to_wait(budget, key):
    quick, slow = bucket(f"{key}:quick", 1, 10.0), bucket(f"{key}:slow", 1, SLOW)
    await budget.take(quick)
    await budget.take(slow)

    assert await budget.take(quick, slow) == pytest.approx(SLOW, abs=1.0)


async def test_two_workers_share_one_bucket(redis_url, key):
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as two:
        here = await begun(one)
        first = await here.take(bucket(key, 1, SLOW))
        second = await RedisBudget(two, here._prefix).take(bucket(key, 1, SLOW))

    assert first == 0.0
    assert second > 0.0


async def test_an_unused_bucket_leaves_nothing_behind(redis_url, key):
    async with Redis.from_url(redis_url) as redis:
        budget = await begun(redis)
        await budget.take(bucket(key, 2, 10.0))
        lives = await redis.pttl(f"{budget._prefix}{key}")

    assert 20_000 < lives <= 80_000


async def test_after_redis_lost_its_data_every_bucket_counts_as_empty_and_fills_at_its_pace(
    redis_url, key
):
    async with Redis.from_url(redis_url) as redis:
        budget = await begun(redis)
        assert await budget.take(bucket(key, 5, SLOW)) == 0.0
        await redis.delete(f"{budget._prefix}{key}", f"{budget._prefix}born")

        assert [each.tokens for each in await budget.levels((allowance(key),))] == [0.0]
        assert await budget.take(bucket(key, 5, SLOW)) == pytest.approx(SLOW, abs=1.0)
        wait = await budget.take(bucket(f"{key}:quick", 5, 0.05))
        assert 0.0 < wait <= 0.05
        await asyncio.sleep(wait + 0.005)
        assert await budget.take(bucket(f"{key}:quick", 5, 0.05)) == 0.0
        assert await budget.take(bucket(f"{key}:quick", 5, 0.05)) > 0.0


async def test_a_loss_is_not_taken_for_a_new_installation(redis_url, key):
    async with Redis.from_url(redis_url) as redis:
        budget = RedisBudget(redis, prefix=f"{uuid4()}:")
        await budget.take(bucket(key, 5, SLOW))
        await budget.begin()

        assert await budget.take(bucket(key, 5, SLOW)) > 0.0


async def test_a_redis_that_is_gone_makes_calls_wait():
    async with Redis.from_url("redis://127.0.0.1:1/0") as redis:
        with pytest.raises(Unavailable) as away:
            await RedisBudget(redis).take(bucket("k", 1, 1.0))
        with pytest.raises(Unavailable):
            await RedisBudget(redis).levels((allowance("k"),))

    assert away.value.cause == "our_outage"
