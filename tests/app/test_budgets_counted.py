"""Whose limits are taken for untouched, and whose for spent: at the start and after a lost Redis."""

from uuid import uuid4

from app.stock.forecast import API
from app.wiring.outside import counting
from infrastructure.google.standing import API as ITS_BREAKER
from tests.app.runs_world import Runs
from tests.buckets import bucket
from tests.databases import connected, of_its_own

ORDERS = bucket("orders", 1, 10_800.0)


async def test_a_redis_that_knows_nothing_is_taken_for_new_only_where_no_shop_ever_was(
    postgres_url, redis
):
    async with of_its_own(postgres_url) as url, connected(url, 2) as database:
        unused = await counting(database, redis, f"{uuid4()}:")
        await Runs(database, uuid4()).shop("Рыжий кот")
        lost = await counting(database, redis, f"{uuid4()}:")

        assert await unused.take(ORDERS) == 0.0
        assert await lost.take(ORDERS) > 10_000.0


def test_the_breaker_of_google_is_called_as_plans_call_it():
    assert API == ITS_BREAKER
