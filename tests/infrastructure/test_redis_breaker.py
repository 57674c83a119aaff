"""Breakers: the same rules for a process alone and for all workers over Redis."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from domain.breaker import Breakers, Rules
from domain.ports import Opened
from infrastructure.redis.breaker import RedisBreaker

SOON = Rules(first=0.05, longest=0.15)
LATER = Rules(first=60.0)


def clock():
    return datetime.now(UTC)


@pytest.fixture
async def redis(redis_url):
    async with Redis.from_url(redis_url) as redis:
        yield redis
        await redis.delete("breaker:open")


@pytest.fixture(params=["alone", "redis"])
def breaker_by(request, redis):
    """A breaker with these rules."""
    if request.param == "alone":
        return lambda rules: Breakers(clock, rules)
    return lambda rules: RedisBreaker(redis, rules)


@pytest.fixture
def endpoint():
    return f"test GET /{uuid4()}"


async def storm(breaker, endpoint, failures=5, sellers=5):
    """Failures of so many sellers; the last answer."""
    for n in range(failures):
        ticket = await breaker.enter(endpoint)
        answer = await breaker.failed(endpoint, ticket, f"seller {n % sellers}", "HTTP 503")
    return answer


async def until_tried(breaker, endpoint):
    """The ticket of the first one who is let through."""
    while isinstance(ticket := await breaker.enter(endpoint), Opened):
        await asyncio.sleep(0.005)
    return ticket


async def test_an_endpoint_that_never_failed_is_open_to_all(breaker_by, endpoint):
    breaker = breaker_by(LATER)

    assert [await breaker.enter(endpoint) for _ in range(3)] == [0, 0, 0]
    assert await breaker.open_breakers() == []


async def test_failures_in_a_row_of_several_sellers_open_it(breaker_by, endpoint):
    breaker, began = breaker_by(LATER), clock()
    assert await storm(breaker, endpoint, failures=4) is None

    opened = await breaker.failed(endpoint, 0, "seller 9", "TimeoutError")

    assert (opened.endpoint, opened.cause) == (endpoint, "TimeoutError")
    assert opened.since == pytest.approx(began, abs=timedelta(seconds=5))
    assert opened.until == pytest.approx(
        clock() + timedelta(seconds=LATER.first), abs=timedelta(seconds=5)
    )
    assert await breaker.enter(endpoint) == opened
    assert await breaker.open_breakers() == [opened]


async def test_failures_of_one_or_two_sellers_open_nothing(breaker_by, endpoint):
    breaker = breaker_by(LATER)

    assert await storm(breaker, endpoint, failures=50, sellers=2) is None
    assert await breaker.enter(endpoint) == 0


async def test_one_success_among_failures_begins_the_row_anew(breaker_by, endpoint):
    breaker = breaker_by(LATER)
    await storm(breaker, endpoint, failures=4)
    await breaker.worked(endpoint, 0)

    assert await storm(breaker, endpoint, failures=4) is None


async def test_endpoints_are_apart(breaker_by, endpoint):
    breaker = breaker_by(LATER)
    await storm(breaker, endpoint)

    assert await breaker.enter(f"{endpoint}/other") == 0


async def test_when_the_time_has_come_exactly_one_of_all_tries(breaker_by, endpoint):
    breaker = breaker_by(SOON)
    await storm(breaker, endpoint)
    await asyncio.sleep(SOON.first)
    answers = await asyncio.gather(*(breaker.enter(endpoint) for _ in range(50)))

    assert sum(isinstance(each, int) for each in answers) == 1


async def test_the_success_of_who_tries_closes_it(breaker_by, endpoint):
    breaker = breaker_by(SOON)
    await storm(breaker, endpoint)
    await breaker.worked(endpoint, await until_tried(breaker, endpoint))

    assert await breaker.enter(endpoint) == 0
    assert await breaker.open_breakers() == []


async def test_the_failure_of_who_tries_opens_it_for_longer(breaker_by, endpoint):
    breaker = breaker_by(Rules(first=0.05, longest=60.0))
    first = await storm(breaker, endpoint)
    lasted = []
    for _ in range(3):
        ticket, tried = await until_tried(breaker, endpoint), clock()
        opened = await breaker.failed(endpoint, ticket, "seller 1", "HTTP 500")
        lasted.append(opened.until - tried)

    assert lasted[0] > timedelta(seconds=0.09)
    assert lasted[1] > timedelta(seconds=0.19)
    assert lasted[2] > timedelta(seconds=0.39)
    assert (opened.since, opened.cause) == (first.since, "HTTP 500")


async def test_who_called_before_it_opened_neither_closes_nor_prolongs_it(breaker_by, endpoint):
    breaker = breaker_by(LATER)
    late = await breaker.enter(endpoint)
    opened = await storm(breaker, endpoint)
    await breaker.worked(endpoint, late)

    assert await breaker.failed(endpoint, late, "seller 8", "HTTP 502") == opened
    assert await breaker.open_breakers() == [opened]


async def test_a_trial_that_nobody_hears_of_again_is_made_by_another_one(breaker_by, endpoint):
    breaker = breaker_by(Rules(first=0.05, patience=0.1))
    await storm(breaker, endpoint)
    lost = await until_tried(breaker, endpoint)
    again = await until_tried(breaker, endpoint)
    await breaker.worked(endpoint, lost)

    assert again != lost
    assert len(await breaker.open_breakers()) == 1
    await breaker.worked(endpoint, again)
    assert await breaker.open_breakers() == []


async def test_a_trial_that_was_not_made_is_left_to_the_next_one(breaker_by, endpoint):
    breaker = breaker_by(SOON)
    await storm(breaker, endpoint)
    await breaker.left(endpoint, await until_tried(breaker, endpoint))

    assert isinstance(await breaker.enter(endpoint), int)


async def test_two_workers_share_one_breaker(redis_url, redis, endpoint):
    async with Redis.from_url(redis_url, decode_responses=True) as other:
        opened = await storm(RedisBreaker(redis), endpoint)

        assert await RedisBreaker(other).enter(endpoint) == opened
        assert await RedisBreaker(other).open_breakers() == [opened]


async def test_nothing_is_kept_of_an_endpoint_that_works(redis, endpoint):
    breaker = RedisBreaker(redis, SOON)
    await breaker.worked(endpoint, await breaker.enter(endpoint))
    await storm(breaker, endpoint)
    await breaker.worked(endpoint, await until_tried(breaker, endpoint))

    assert await redis.exists(f"breaker:at:{endpoint}", "breaker:open") == 0


async def test_who_nobody_wants_any_more_leaves_the_list(redis, endpoint):
    breaker = RedisBreaker(redis, Rules(first=0.01, unwanted=0.01))
    await storm(breaker, endpoint)
    await asyncio.sleep(0.05)

    assert await breaker.open_breakers() == []
    assert await redis.exists(f"breaker:at:{endpoint}", "breaker:open") == 0


async def test_a_redis_that_lost_everything_leaves_all_closed(redis, endpoint):
    breaker = RedisBreaker(redis, LATER)
    await storm(breaker, endpoint)
    await redis.delete(f"breaker:at:{endpoint}", "breaker:open")

    assert await breaker.enter(endpoint) == 0


async def test_a_redis_that_is_gone_leaves_all_closed(endpoint):
    async with Redis.from_url("redis://127.0.0.1:1/0") as redis:
        breaker = RedisBreaker(redis)

        assert await storm(breaker, endpoint) is None
        assert await breaker.enter(endpoint) == 0
        assert await breaker.open_breakers() == []
