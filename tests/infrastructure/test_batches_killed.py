"""PostgreSQL is killed in the middle: what was answered is there once, what was not comes at most once."""

import pytest

from sandbox.servers import postgres
from tests.chaos.invariants import broken
from tests.chaos.killing import Killing, recorded_by
from tests.memory import passing_folder


@pytest.fixture
def server():
    with passing_folder() as folder, postgres(folder) as server:
        yield server


async def test_one_kill_loses_nothing_and_doubles_nothing(server):
    killing = Killing(server, seed=1)
    await killing.carry_out(kills=1, apart=50)

    told = {command_id: positions for command_id, (_, positions) in killing.told.items()}
    assert killing.unheard > 0
    assert await recorded_by(server.url) == told
    assert killing.repeated == told
    assert await broken(server.url) == {}
