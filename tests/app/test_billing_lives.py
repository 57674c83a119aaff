"""A short storm over companies that pay, and what the long one has found."""

import pytest

from infrastructure.stripe import client
from tests.app.billing_world import paying as paying_world
from tests.chaos.billing_lives import Lives
from tests.databases import connected, of_its_own

COMPANIES, STEPS = 8, 100


@pytest.fixture(scope="module")
async def url(postgres_url):
    async with of_its_own(postgres_url) as url:
        yield url


@pytest.mark.parametrize("seed", [1])
async def test_nobody_has_what_is_not_paid_or_misses_what_is_and_we_know_what_stripe_has(
    url, monkeypatch, seed
):
    monkeypatch.setattr(client, "_RETRIES", 0)
    async with connected(url, 5) as database, paying_world(database) as paying:
        lives = Lives(paying, seed)
        await lives.live(COMPANIES, STEPS)

    assert lives.counts["compared"] >= COMPANIES
    assert lives.crashed
