"""Limits of Wildberries: kept before a call, learned after it, and never a failure of a run."""

from dataclasses import replace

import pytest

from domain.errors import Rejected, Unavailable
from infrastructure.wildberries import limits
from infrastructure.wildberries.reply import Reply
from sandbox.sellers import Spec
from sandbox.wildberries.endpoints import ENDPOINTS
from tests.infrastructure.wildberries_shop import LONG, open_shop

SHORT = replace(LONG, patience=30.0)
CALLS = [call for call in vars(limits).values() if isinstance(call, limits.Call)]


@pytest.fixture
async def shop():
    async with open_shop(pace=SHORT) as opened:
        yield opened


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_the_table_of_limits_is_that_of_the_stand_in(call):
    stand_in = next(each for each in ENDPOINTS if each.name == call.name)

    assert (call.host, call.method) == (stand_in.host, stand_in.method)
    assert (call.full.interval, call.full.burst) == (stand_in.full.interval, stand_in.full.burst)
    if stand_in.basic:
        plain = call.limit(plain=True)
        assert (plain.interval, plain.burst) == (stand_in.basic.interval, stand_in.basic.burst)
    assert call.cost_4xx == stand_in.cost_4xx


async def test_a_short_wait_is_slept(shop):
    cards = await shop.cards(shop.access())
    await shop.stock(shop.access(), cards)
    shop.memory.steps.clear()
    shop.moment.slept.clear()

    await shop.stock(shop.access(), cards)

    assert shop.moment.slept == [pytest.approx(20.0)]
    assert shop.market.calls.by_status[429] == 0


async def test_a_long_wait_is_told_with_the_next_slot(shop):
    await shop.orders(shop.access("base"))

    with pytest.raises(Unavailable, match=r"следующее окно в 15:00 \(Мск\)") as wait:
        await shop.orders(shop.access("base"))

    assert wait.value.cause == "no_quota"
    assert (wait.value.until - shop.moment()).total_seconds() == pytest.approx(10_800)
    assert shop.calls("orders") == 1


async def test_two_tokens_of_one_seller_share_her_quota(shop):
    await shop.orders(shop.access("base"))

    with pytest.raises(Unavailable):
        await shop.orders(shop.access("base", token_id="another"))


async def test_ten_thousand_products_never_meet_a_429():
    async with open_shop(Spec(products=2_000), pace=SHORT) as shop:
        await shop.cards(shop.access())

        assert shop.calls("cards") == 21
        assert shop.market.calls.by_status[429] == 0
        assert sum(shop.moment.slept) == pytest.approx(16 * 0.6, abs=0.7)


async def test_a_429_with_retry_waits_that_long_and_goes_on(shop):
    shop.fault("cards", "429", retry=7.0)

    assert await shop.cards(shop.access())
    assert shop.moment.slept == [pytest.approx(7.0)]


async def test_a_429_without_retry_waits_one_interval(shop):
    shop.fault("cards", "429")

    assert await shop.cards(shop.access())
    assert shop.moment.slept == [pytest.approx(0.6)]


async def test_a_429_with_a_long_retry_is_a_slot_not_a_failure(shop):
    shop.fault("cards", "429", retry=3_582.0)

    with pytest.raises(Unavailable) as wait:
        await shop.cards(shop.access())

    assert wait.value.cause == "no_quota"
    assert (wait.value.until - shop.moment()).total_seconds() == pytest.approx(3_582)
    assert shop.calls("cards") == 1


async def test_nobody_calls_during_a_penalty(shop):
    shop.fault("cards", "429", retry=3_582.0)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await shop.cards(shop.access())

    assert shop.calls("cards") == 1


async def test_a_429_that_never_ends_is_told_after_a_few_tries(shop):
    shop.fault("cards", "429", times=None, retry=1.0)

    with pytest.raises(Unavailable) as wait:
        await shop.cards(shop.access())

    assert wait.value.cause == "no_quota"
    assert shop.calls("cards") == 3


async def test_a_bucket_that_others_emptied_is_learned_from_the_first_answer(shop):
    """A second service of hers spends the same quota."""
    market, seller = shop.market, shop.seller
    orders = next(each for each in ENDPOINTS if each.name == "orders")
    for _ in range(9):
        market.buckets.take(seller.id, orders.bucket, orders.full, shop.moment.seconds)
    await shop.orders(shop.access())

    with pytest.raises(Unavailable) as wait:
        await shop.orders(shop.access())

    assert wait.value.cause == "no_quota"
    assert market.calls.by_status[429] == 0


async def test_a_refused_marketplace_call_is_paid_ten_times(shop):
    cards = await shop.cards(shop.access())
    shop.fault("seller_warehouses", "403", times=None)
    shop.fault("warehouses", "403")
    await shop.stock(shop.access(), cards)

    taken = await shop.wildberries._gateway.budget.take(
        f"wb:{shop.seller.id}:warehouses", burst=20, interval=0.2, cost=11
    )

    assert taken > 0


async def test_calls_leave_one_address_one_after_another():
    async with open_shop(
        Spec(products=20), pace=replace(SHORT, egress=2.0, egress_burst=1)
    ) as shop:
        await shop.wildberries.inspect(shop.access())

        assert shop.moment.slept == [pytest.approx(2.0)] * 5


async def test_a_faster_stand_in_is_asked_faster():
    pace = replace(SHORT, speed=1_000.0)
    async with open_shop(Spec(products=20), pace=pace, speed=1_000.0) as shop:
        await shop.orders(shop.access("base"))
        await shop.orders(shop.access("base"))

        assert shop.moment.slept == [pytest.approx(10.8)]


def test_what_headers_say_is_read_with_care():
    def reply(**headers):
        named = {f"X-Ratelimit-{name}": value for name, value in headers.items()}
        return Reply(429, named, b"")

    assert reply(Retry="12").retry_after() == 12.0
    assert reply(Reset="200", Limit="10").retry_after() == 20.0
    assert reply(Reset="200").retry_after() == 200.0
    assert reply(Retry="99999999").retry_after() == 86_400.0
    assert Reply(429, {"Retry-After": "5"}, b"").retry_after() == 5.0
    for nonsense in ("", "soon", "-5", "nan", "inf"):
        assert reply(Retry=nonsense).retry_after() is None
        assert reply(Remaining=nonsense).remaining() is None
    assert reply(Remaining="4").remaining() == 4


async def test_a_dead_token_is_no_question_of_budget(shop):
    shop.fault("cards", "401")

    with pytest.raises(Rejected):
        await shop.cards(shop.access())

    assert shop.moment.slept == []
