"""The feed, long: fifty thousand facts among writers that dawdle and give up."""

import pytest

from tests.chaos.feed_storm import Storm
from tests.databases import of_its_own


@pytest.mark.parametrize("seed", [1, 2])
async def test_fifty_thousand_facts_in_a_storm_are_all_read_once_and_in_order(
    postgres_url, seed, limit, capsys
):
    async with of_its_own(postgres_url) as url:
        storm = Storm(url, wanted=50_000, seed=seed, tired=limit.over)
        await storm.blow()
        committed = await storm.committed()

    with capsys.disabled():
        print(  # noqa: T201 - the figures of the proof
            f"\n{len(committed)} facts committed, {storm.holes} positions rolled back; missed by "
            f"the feed {len(set(committed) - set(storm.paged))}, by a follower "
            f"{len(set(committed) - set(storm.followed))}, by the naive reader {storm.missed}"
        )
    assert storm.paged == committed
    assert storm.followed == committed
    assert not limit.whole or (len(committed) >= 50_000 and storm.missed > 0)
