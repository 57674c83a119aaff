"""Workers and Valkey are killed two hundred times: no run is lost, no effect comes twice, and what was
in hands goes on within half a minute."""

from itertools import takewhile

from sandbox.servers import temporary_folder
from tests.chaos.fleet import fleet
from tests.chaos.fleet_killing import FleetKilling, kinds

KILLS, APART = 200, 1.5
SOON = 30.0
"""Seconds: what the product promises."""


async def test_two_hundred_kills_lose_no_run_and_double_no_effect(postgres_url, limit, capsys):
    with temporary_folder() as folder:
        async with fleet(postgres_url, folder, workers=3, hurry=False) as made:
            killing = FleetKilling(made, seed=1)
            chosen = takewhile(lambda _: not limit.over(), kinds(killing.random, KILLS))
            await killing.carry_out(chosen, APART)
            result = await killing.result()

    with capsys.disabled():
        print(  # noqa: T201 - the figures of the proof
            f"\n{len(killing.recovered)} kills, worst recovery in seconds {killing.worst()}; "
            f"{killing.died} workers ended by themselves; {result}"
        )
    assert result["lost"] == result["effects twice"] == result["ended without effect"] == []
    assert (result["live"], result["ended"]) == (0, {"succeeded": result["asked"]})
    assert max((seconds for _, seconds in killing.recovered), default=0.0) < SOON
    assert not limit.whole or len(killing.recovered) == KILLS
