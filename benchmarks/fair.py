"""`ONLY=fair`: how soon a small company's run begins while another has 200,000 queued.

The large one's runs take 20 ms each and may fill all 20 slots of the one worker. The small one asks
for a run now and then; the peer is the same with nothing else to do.
"""

import asyncio
import time
from random import Random
from statistics import median
from uuid import UUID

import uvloop

from benchmarks.figures import show, tell
from benchmarks.running import SLOTS, Bench, bench, companies

QUEUED, EACH_MS = 200_000, 20
SAMPLES = 200
GIVE_CAP = "UPDATE lanes SET cap = $2 WHERE tenant_id = $1"


def measure() -> None:
    """Both in one run."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    large, small = companies(2)
    async with bench() as made:
        async with made.worker("benchmarks.napping"):
            await _delays(made, small, 5)
            tell("fair: alone")
            alone = await _delays(made, small, SAMPLES)
        tell(f"fair: another company queues {QUEUED:,} runs")
        for _ in range(0, QUEUED, 5_000):
            await made.ask(large, 5_000, EACH_MS)
        async with made.product.database.driver() as driver:
            await driver.execute("ANALYZE job_runs")
            await driver.execute(GIVE_CAP, large, 10 * SLOTS)
        async with made.worker("benchmarks.napping"):
            await _delays(made, small, 5)
            tell("fair: beside the other one")
            beside = await _delays(made, small, SAMPLES)
            busy = await _large_rate(made)
    tell(
        f"fair: the large one's runs a second meanwhile: {busy:.0f} of {SLOTS * 1000 / EACH_MS:.0f}"
    )
    peer = "the same with nothing else to do"
    late, usual = (sorted(each)[int(len(each) * 0.95)] for each in (beside, alone))
    show("fair_start_ratio", late, "ms p95", peer=peer, peer_value=usual)
    show("fair_start_p50_ratio", median(beside), "ms p50", peer=peer, peer_value=median(alone))


async def _delays(made: Bench, company: UUID, samples: int) -> list[float]:
    """From before the question to the run's first line, in ms."""
    chance = Random(7)  # noqa: S311 - to be the same each time
    delays = []
    for _ in range(samples):
        await asyncio.sleep(chance.uniform(0.05, 0.25))
        asked = time.time()
        (run_id,) = await made.ask(company, 1)
        while (at := (await made.started()).get(run_id.hex)) is None:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.002)
        delays.append((at - asked) * 1000)
    return delays


async def _large_rate(made: Bench) -> float:
    await made.started()
    await asyncio.sleep(3)
    return len(await made.started()) / 3
