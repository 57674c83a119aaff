"""`ONLY=runs`: runs a second through the whole ledger, and how soon an idle worker begins one.

A run says in Redis that it began, and ends. Ours is asked for in PostgreSQL, handed out fairly,
fenced, and ends in the history, with attempts and figures; the peer is arq as it comes, which keeps
nothing. One worker process each, the same machine, one after the other.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random
from statistics import median

import uvloop
from arq.connections import RedisSettings, create_pool

from benchmarks.figures import show, tell
from benchmarks.running import Bench, bench, companies

RUNS, COMPANIES = 6_000, 100
SAMPLES = 100


def measure() -> None:
    """Both in one run."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    async with bench() as made:
        tell("runs: arq as it comes")
        async with made.worker("benchmarks.napping_arq"):
            arq_each, arq_idle = await _arq(made)
        tell("runs: the whole ledger")
        async with made.worker("benchmarks.napping"):
            each, idle = await _ours(made)
    peer = "arq as it comes, without a ledger"
    show("runs_per_second", each, "runs/s", peer=peer, peer_value=arq_each)
    show("run_start_idle_ms", median(idle), "ms", peer=f"{peer}, p50", peer_value=median(arq_idle))
    worst = sorted(idle)[int(len(idle) * 0.95)]
    show("run_start_idle_p95_ms", worst, "ms", peer="its own p50", peer_value=median(idle))


async def _ours(made: Bench) -> tuple[float, list[float]]:
    async def one() -> None:
        await made.ask(company, 1)

    (company,) = companies(1)
    idle = await _idle(made, one)
    everybody = companies(COMPANIES)
    began = time.perf_counter()
    await asyncio.gather(*(made.ask(each, RUNS // COMPANIES) for each in everybody))
    await _until_ended(made, RUNS)
    async with made.product.database.driver() as driver:
        while await driver.fetchval("SELECT count(*) FROM job_history") < RUNS + SAMPLES + 1:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
    return RUNS / (time.perf_counter() - began), idle


async def _arq(made: Bench) -> tuple[float, list[float]]:
    redis = await create_pool(RedisSettings.from_dsn(made.environ["REDIS_URL"]))

    async def one() -> None:
        await redis.enqueue_job("nap", "one", 0)

    idle = await _idle(made, one)
    began = time.perf_counter()
    for start in range(0, RUNS, 50):
        some = range(start, start + 50)
        await asyncio.gather(*(redis.enqueue_job("nap", f"{n}", 0) for n in some))
    await _until_ended(made, RUNS)
    took = time.perf_counter() - began
    await redis.aclose()
    return RUNS / took, idle


async def _idle(made: Bench, ask: Callable[[], Awaitable[None]]) -> list[float]:
    """From before the question to the run's first line, in ms; each when the last one has ended."""
    chance = Random(7)  # noqa: S311 - to be the same each time
    delays = []
    for number in range(SAMPLES + 1):
        await asyncio.sleep(chance.uniform(0.02, 0.3))
        asked = time.time()
        await ask()
        while not (started := await made.started()):  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.002)
        if number:  # the first one waits until the worker is up
            delays += [(at - asked) * 1000 for at in started.values()]
    return delays


async def _until_ended(made: Bench, count: int) -> None:
    seen = 0
    while seen < count:
        seen += len(await made.started())
        await asyncio.sleep(0.02)
