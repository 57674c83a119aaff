"""A thousand companies that pay, change, owe and leave, in random lives: messages in disorder, a
Stripe that fails, and workers that are killed in any await."""

import pytest

from infrastructure.stripe import client
from tests.app.billing_world import paying as paying_world
from tests.chaos.billing_lives import Lives
from tests.databases import connected, of_its_own

COMPANIES, STEPS, SUBSCRIPTIONS = 320, 2_000, 250
"""Of each account: four of them have a thousand subscriptions."""
FEW = 20
"""Companies where the time is short: each takes its while to begin."""


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_nobody_has_what_is_not_paid_or_misses_what_is_and_we_know_what_stripe_has(
    postgres_url, seed, limit, capsys, monkeypatch
):
    companies = COMPANIES if limit.whole else FEW
    monkeypatch.setattr(client, "_RETRIES", 0)  # half a second later
    async with (
        of_its_own(postgres_url) as url,
        connected(url, 5) as database,
        paying_world(database) as paying,
    ):
        lives = Lives(paying, seed)
        await lives.live(companies, STEPS, over=limit.over)

    subscriptions = len([*paying.book.all("subscription")])
    with capsys.disabled():
        told = f"{subscriptions} subscriptions, {lives.steps} steps"
        killed = f"killed in {len(lives.crashed)} places"
        print(f"\n{companies} companies, {told}, {killed}, {dict(lives.counts)}")  # noqa: T201
    assert not limit.whole or (lives.steps == STEPS and subscriptions >= SUBSCRIPTIONS)
    assert not limit.whole or lives.counts["successors"]
