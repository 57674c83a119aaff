"""Workers and Valkey are killed while runs are in their hands: none is lost, none is done twice."""

from tests.chaos.fleet import fleet
from tests.chaos.fleet_killing import FleetKilling
from tests.memory import passing_folder

KINDS = ("valkey", "worker", "valkey, emptied", "valkey")


async def test_a_handful_of_kills_loses_no_run_and_doubles_no_effect(postgres_url):
    with passing_folder() as folder:
        async with fleet(postgres_url, folder, workers=2, hurry=True) as made:
            killing = FleetKilling(made, seed=1)
            await killing.carry_out(KINDS, apart=0.4)
            result = await killing.result()

    assert result["lost"] == result["effects twice"] == result["ended without effect"] == []
    assert (result["live"], result["ended"]) == (0, {"succeeded": result["asked"]})
    assert max(seconds for _, seconds in killing.recovered) < 30.0
