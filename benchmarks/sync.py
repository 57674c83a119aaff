"""`ONLY=sync`: what one sync costs its neighbours and the machine it runs on."""

import asyncio

import uvloop

from benchmarks import calls, google, planner, work
from benchmarks.world import world


def measure() -> None:
    """All of it in one world; and a morning of many shops, as planned."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())
    planner.measure()


async def _measure() -> None:
    async with world() as made:
        await calls.measure(made)
        await google.measure(made)
        await work.measure(made)
