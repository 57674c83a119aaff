"""Companies at work all at once, in two processes: every command has an answer, and the store is whole."""

from tests.chaos.command_storm import CommandStorm
from tests.chaos.invariants import broken
from tests.databases import of_its_own


async def test_after_a_storm_of_commands_the_store_is_whole(postgres_url):
    async with of_its_own(postgres_url) as url:
        storm = CommandStorm(url, wanted=600, seed=5)
        await storm.blow()
        wrong = await broken(url)

    assert wrong == {}
    assert storm.answers["done"] > 200
    assert set(storm.answers) <= {"done", "refused", "Conflict"}
    assert storm.clockwork["asked"] > 0
