"""Among writers that dawdle and give up, the feed misses nothing; who only looks for more does."""

from tests.chaos.feed_storm import Storm
from tests.databases import of_its_own


async def test_three_thousand_facts_in_a_storm_are_all_read_once_and_in_order(postgres_url):
    async with of_its_own(postgres_url) as url:
        storm = Storm(url, wanted=3_000, seed=3)
        await storm.blow()
        committed = await storm.committed()

    assert len(committed) >= 3_000
    assert storm.paged == committed
    assert storm.followed == committed
    assert storm.holes > 0
    assert storm.missed > 0
