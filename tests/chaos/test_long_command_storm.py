"""Companies at work, long: nobody is answered by a deadlock, and the store is whole afterwards."""

import pytest

from tests.chaos.command_storm import CommandStorm
from tests.chaos.invariants import broken
from tests.databases import of_its_own


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_five_thousand_commands_the_store_is_whole(postgres_url, seed, limit, capsys):
    async with of_its_own(postgres_url) as url:
        storm = CommandStorm(url, wanted=5_000, seed=seed, over=limit.over)
        await storm.blow()
        wrong = await broken(url)

    with capsys.disabled():
        print(f"\ncommands {dict(storm.answers)}, clockwork {dict(storm.clockwork)}")  # noqa: T201
    assert wrong == {}
    assert set(storm.answers) <= {"done", "refused", "Conflict"}
    assert set(storm.clockwork) == {"asked", "finished"}
