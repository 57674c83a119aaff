"""`ONLY=feed`: how fast facts are read in order, and how fast read tables are rebuilt from them."""

import asyncio
import time
from collections.abc import Sequence
from statistics import median

import uvloop

from app.wiring.facts import CODEC
from benchmarks import histories, rebuild
from benchmarks.figures import show, tell
from benchmarks.peering import NAME, peering
from benchmarks.store import empty
from infrastructure.postgres.database import Database
from infrastructure.postgres.feed import Feed

EVENTS = 200_000
ROUNDS = 5
PAGES = (1_000, 5_000)
"""Of the peer's log; the faster one counts."""


def measure() -> None:
    """Each on a server of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())
    rebuild.measure()


async def _measure() -> None:
    async with empty() as database, peering(database.url, threads=1) as peer:
        tell(f"feed: {EVENTS:,} events, ours and theirs")
        await peer("make", EVENTS // 100, 100)
        async with database.driver() as driver:
            await histories.load(driver, histories.of_ten(histories.companies(EVENTS // 10)))
            await driver.execute("ANALYZE")
        ours, theirs = [], []
        for number in range(ROUNDS + 1):
            tell(f"feed: round {number} of {ROUNDS}")
            ours.append(await read(database))
            theirs.append([await peer("log", page) for page in PAGES])
    _show(ours[1:], theirs[1:])


async def read(database: Database) -> float:
    """Decoded facts a second, from the first to the last."""
    began, facts = time.perf_counter(), 0
    async for page in Feed(database, CODEC).pages(0):
        facts += len(page.facts)
    return facts / (time.perf_counter() - began)


def _show(ours: Sequence[float], theirs: Sequence[Sequence[float]]) -> None:
    fastest = max(zip((median(each) for each in zip(*theirs, strict=True)), PAGES, strict=True))
    workload = f"{EVENTS:,} events, notification log in pages of {fastest[1]:,}, decoded"
    peer = f"{NAME}, {workload}"
    show("feed_read", median(ours), "events/s", peer=peer, peer_value=fastest[0])
