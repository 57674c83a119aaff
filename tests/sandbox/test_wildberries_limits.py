"""Rate limits of the Wildberries stand-in: buckets by seller and method, and their headers."""

import pytest

from sandbox.sellers import Spec
from sandbox.wildberries import tokens
from tests.sandbox import wildberries_contract as contract
from tests.sandbox.wildberries_visit import CARDS, ORDERS, WB, visiting

SINCE = f"{ORDERS}?dateFrom=2026-11-22"


@pytest.fixture
async def wb():
    async with visiting() as visit:
        yield visit


async def test_success_carries_what_remains_and_nothing_else(wb):
    headers = (await wb.get(SINCE)).headers

    assert headers["X-Ratelimit-Remaining"] == "9"
    assert "X-Ratelimit-Retry" not in headers
    assert "X-Ratelimit-Limit" not in headers


async def test_a_refused_call_says_when_to_come_back(wb):
    await wb.post(WB)
    wb.market.clock.now += 5
    answer = await wb.post(WB)

    assert answer.status_code == 429
    assert contract.breaches(answer.json(), contract.PROBLEM) == []
    assert answer.json()["detail"].startswith("Limited by global limiter, per seller")
    assert answer.headers["X-Ratelimit-Retry"] == "15"
    assert answer.headers["X-Ratelimit-Limit"] == "1"
    assert answer.headers["X-Ratelimit-Reset"] == "15"
    assert "X-Ratelimit-Remaining" not in answer.headers


async def test_waiting_exactly_the_told_time_is_enough(wb):
    await wb.post(WB)
    wb.market.clock.now += 0.7
    wait = (await wb.post(WB)).headers["X-Ratelimit-Retry"]
    wb.market.clock.now += float(wait)

    assert (await wb.post(WB)).status_code == 200


async def test_a_refused_call_costs_nothing(wb):
    for _ in range(4):
        await wb.post(WB)
    wb.market.clock.now += 20

    assert (await wb.post(WB)).status_code == 200


async def test_a_burst_is_saved_up_but_never_more_than_the_burst(wb):
    await wb.post(CARDS)
    wb.market.clock.now += 10_000
    statuses = [(await wb.post(CARDS)).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]


async def test_tokens_of_one_seller_share_a_bucket(wb):
    await wb.post(WB, kind="service")

    assert (await wb.post(WB, kind="personal")).status_code == 429


async def test_another_seller_has_buckets_of_her_own(wb):
    other = wb.market.world.add(Spec(seed=2, products=3), now=wb.now)
    await wb.post(WB)
    token = tokens.issue(other.id, "personal", expires=wb.now + 60)

    assert (await wb.post(WB, token=token)).status_code == 200


async def test_plain_base_reads_orders_once_in_three_hours(wb):
    await wb.get(SINCE, "base")
    refused = await wb.get(SINCE, "base")

    assert refused.headers["X-Ratelimit-Retry"] == "10800"


async def test_base_with_secret_has_personal_limits(wb):
    answer = await wb.get(SINCE, "base", secret=tokens.SERVICE_SECRET)

    assert answer.headers["X-Ratelimit-Remaining"] == "9"


async def test_a_marketplace_error_counts_as_ten_calls(wb):
    first = await wb.post("/api/v3/stocks/1", {"chrtIds": []})
    second = await wb.post("/api/v3/stocks/1", {"chrtIds": []})
    third = await wb.post("/api/v3/stocks/1", {"chrtIds": []})

    assert (first.status_code, first.headers["X-Ratelimit-Remaining"]) == (404, "10")
    assert (second.status_code, second.headers["X-Ratelimit-Remaining"]) == (404, "0")
    assert third.status_code == 429


async def test_each_host_has_its_own_ping_limit(wb):
    token = tokens.issue(wb.seller.id, expires=wb.now + 60)
    headers = {"Authorization": token}
    left = [
        (await wb.client.get(f"/{host}/ping", headers=headers)).headers["X-Ratelimit-Remaining"]
        for host in ("common-api", "content-api", "statistics-api", "marketplace-api")
    ]

    assert left == ["98"] * 4


async def test_speed_divides_the_intervals_and_nothing_else():
    async with visiting(speed=1000) as wb:
        await wb.post(WB)
        answer = await wb.post(WB)
        wb.market.clock.now += 0.02

        assert answer.headers["X-Ratelimit-Retry"] == "0.02"
        assert (await wb.post(WB)).status_code == 200
