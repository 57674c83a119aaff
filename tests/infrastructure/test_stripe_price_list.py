"""The price list is asked for seldom, and a Stripe that keeps silent is not waited for long."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Unavailable
from domain.payments_port import Price
from domain.plan import Plan
from infrastructure.stripe import price_list
from infrastructure.stripe.price_list import PriceList

PRO = Price(plan=Plan.PRO, amount=299_000, currency="rub")


class Stripe:
    """Silent until it `speaks`. `now` is the time that goes by."""

    def __init__(self):
        self.speaks, self.asked = False, 0
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    async def __call__(self):
        self.asked += 1
        if not self.speaks:
            await asyncio.Event().wait()
        return [PRO]


@pytest.fixture
def stripe(monkeypatch):
    monkeypatch.setattr(price_list, "PATIENCE", 0.01)
    return Stripe()


async def test_who_asks_a_silent_stripe_is_told_soon_and_others_at_once(stripe):
    prices = PriceList(stripe, lambda: stripe.now)

    for _ in range(3):
        with pytest.raises(Unavailable, match="Stripe"):
            await prices()

    assert stripe.asked == 1


async def test_it_is_asked_again_after_half_a_minute(stripe):
    prices = PriceList(stripe, lambda: stripe.now)
    with pytest.raises(Unavailable):
        await prices()
    stripe.speaks = True
    stripe.now += timedelta(seconds=31)

    assert await prices() == [PRO]


async def test_many_at_once_ask_once(stripe):
    stripe.speaks = True
    prices = PriceList(stripe, lambda: stripe.now)

    told = await asyncio.gather(*(prices() for _ in range(5)))

    assert told == [[PRO]] * 5
    assert stripe.asked == 1
