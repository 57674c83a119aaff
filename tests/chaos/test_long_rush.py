"""Eight in the morning for two thousand shops."""

import pytest

from tests.chaos.rush import ends_fairly
from tests.databases import connected, of_its_own
from tests.infrastructure.night import Night


@pytest.mark.parametrize("seed", [1, 2])
async def test_of_two_thousand_shops_nobody_starves(postgres_url, seed):
    async with of_its_own(postgres_url) as url, connected(url, 5) as database:
        await ends_fairly(Night(database), shops=2_000, slots=150, refusals=20, seed=seed)
