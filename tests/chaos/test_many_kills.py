"""PostgreSQL is killed again and again: what was answered is there once, what was not at most once."""

import pytest

from sandbox.servers import postgres, temporary_folder
from tests.chaos.invariants import broken
from tests.chaos.killing import Killing, recorded_by


@pytest.fixture
def server():
    with temporary_folder() as folder, postgres(folder) as server:
        yield server


@pytest.mark.parametrize("seed", [1])
async def test_a_dozen_kills_lose_nothing_and_double_nothing(server, seed, limit, capsys):
    killing = Killing(server, seed)
    await killing.carry_out(kills=12, apart=150, over=limit.over)

    told = {command_id: positions for command_id, (_, positions) in killing.told.items()}
    recorded = await recorded_by(server.url)
    with capsys.disabled():
        print(  # noqa: T201 - the figures of the proof
            f"\n{len(told)} commands answered, {len(set(told) - set(recorded))} of them lost; "
            f"{killing.unheard} times no answer, {killing.unheard_yet_done} of those carried out"
        )
    assert not limit.whole or killing.unheard > 0
    assert recorded == told
    assert killing.repeated == told
    assert await broken(server.url) == {}
