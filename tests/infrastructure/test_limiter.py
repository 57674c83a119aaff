"""Rate limits: exact for all processes together, fair when Redis is away."""

import asyncio
import hmac
from datetime import timedelta
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from infrastructure.redis.limiter import LocalLimiter, RedisLimiter

MINUTE = timedelta(minutes=1)


def blind(key):
    return hmac.digest(b"a key for the tests", key.encode(), "sha256")


@pytest.fixture
async def limiters(redis_url):
    """Eight processes' worth, on one Redis."""
    clients = [Redis.from_url(redis_url) for _ in range(8)]
    prefix = f"{uuid4()}:"
    yield [RedisLimiter(client, blind, prefix) for client in clients]
    for client in clients:
        await client.aclose()


@pytest.fixture
async def lonely():
    """One whose Redis is away."""
    client = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    yield RedisLimiter(client, blind)
    await client.aclose()


class Watch:
    now = 1000.0

    def __call__(self):
        return self.now


async def test_of_many_at_once_exactly_the_burst_gets_through(limiters):
    allowed = 0
    for _ in range(5):  # in waves: redis-py opens a connection for each that is under way
        hits = [each.hit("door", 50, timedelta(hours=1), burst=50) for each in limiters * 10]
        allowed += sum(verdict.allowed for verdict in await asyncio.gather(*hits))

    assert allowed == 50


async def test_a_verdict_says_what_is_left_and_how_long_to_wait(limiters):
    first, *_, last = [await limiters[0].hit("a", 6, MINUTE, burst=3) for _ in range(4)]

    assert (first.allowed, first.remaining, first.retry_after) == (True, 2, 0)
    assert (last.allowed, last.remaining) == (False, 0)
    assert 9 < last.retry_after <= 10


async def test_tokens_grow_back_one_by_one(limiters):
    quick = timedelta(seconds=1)
    spent = [(await limiters[0].hit("b", 20, quick, burst=2)).allowed for _ in range(3)]
    await asyncio.sleep(0.06)

    assert spent == [True, True, False]
    assert (await limiters[0].hit("b", 20, quick, burst=2)).allowed


async def test_one_key_does_not_spend_anothers(limiters):
    await limiters[0].hit("c", 1, MINUTE, burst=1)

    assert (await limiters[0].hit("d", 1, MINUTE, burst=1)).allowed


async def test_a_dear_request_costs_more(limiters):
    dear = await limiters[0].hit("e", 10, MINUTE, burst=10, cost=8)
    refused = await limiters[0].hit("e", 10, MINUTE, burst=10, cost=3)

    assert (dear.remaining, refused.allowed, refused.remaining) == (2, False, 2)


async def test_a_key_can_begin_anew(limiters):
    await limiters[0].hit("f", 1, MINUTE, burst=1)
    await limiters[1].forget("f")

    assert (await limiters[0].hit("f", 1, MINUTE, burst=1)).allowed


async def test_a_key_lives_no_longer_than_its_bucket_is_not_full(limiters, redis_url):
    await limiters[0].hit("g", 1, MINUTE, burst=5)

    async with Redis.from_url(redis_url) as redis:
        lives = await redis.pttl(limiters[0]._name("g"))
    assert 59_000 < lives <= 60_000


async def test_without_redis_each_process_counts_for_itself(lonely):
    allowed = [(await lonely.hit("h", 8, MINUTE, burst=8)).allowed for _ in range(10)]

    assert allowed == [True] * 8 + [False] * 2


async def test_without_redis_a_strict_quota_is_a_quarter(lonely):
    verdicts = [await lonely.hit("i", 8, MINUTE, burst=8, strict=True) for _ in range(3)]

    assert [each.allowed for each in verdicts] == [True, True, False]
    assert 25 < verdicts[-1].retry_after <= 30


async def test_a_redis_that_does_not_answer_is_left_alone_for_a_while(redis_url):
    watch = Watch()
    calls = []

    async def dead(**_):
        calls.append(watch.now)
        raise ConnectionError

    limiter = RedisLimiter(Redis.from_url(redis_url), blind, monotonic=watch)
    limiter._script = dead
    for second in range(7):
        watch.now = 1000.0 + second
        await limiter.hit("j", 100, MINUTE, burst=100)
    await limiter._redis.aclose()

    assert calls == [1000.0, 1005.0]


async def test_redis_never_learns_whom_a_key_is_about(redis_url):
    redis = Redis.from_url(redis_url)

    await RedisLimiter(redis, blind, "blind:").hit("login:192.0.2.7", 1, MINUTE, burst=1)

    assert [each async for each in redis.scan_iter("blind:*")] == [
        b"blind:" + blind("login:192.0.2.7").hex().encode()
    ]
    await redis.aclose()


async def test_without_redis_a_key_can_begin_anew_too(lonely):
    await lonely.hit("k", 1, MINUTE, burst=1)
    await lonely.forget("k")

    assert (await lonely.hit("k", 1, MINUTE, burst=1)).allowed


def test_alone_it_follows_the_same_rule():
    watch = Watch()
    limiter = LocalLimiter(watch)
    first = [limiter.hit("l", 10.0, 3, 1).allowed for _ in range(4)]
    watch.now += 10
    later = [limiter.hit("l", 10.0, 3, 1).allowed for _ in range(2)]

    assert (first, later) == ([True, True, True, False], [True, False])
