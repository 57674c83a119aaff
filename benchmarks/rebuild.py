"""A read table rebuilt from a million facts, beside the server's fastest way to hand them out."""

import asyncio
import time
from statistics import median

import uvloop

from app.wiring.facts import CODEC
from app.wiring.projections import TABLES
from benchmarks import histories
from benchmarks.figures import show, tell
from benchmarks.store import empty
from infrastructure.clock import system_clock
from infrastructure.postgres.database import Database
from infrastructure.postgres.rebuild import Rebuilds

EVENTS = 1_000_000
ROUNDS = 3
FIRST = "shops"
"""The one that counts: every fact is read and decoded, and most of them change a row."""

COPY = "SELECT * FROM events ORDER BY position"


def measure() -> None:
    """On a server of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    async with empty() as database:
        tell(f"rebuild: {EVENTS:,} events")
        async with database.driver() as driver:
            await histories.load(driver, histories.of_ten(histories.companies(EVENTS // 10)))
            await driver.execute("ANALYZE")
        copied: list[float] = []
        rebuilt: dict[str, list[float]] = {name: [] for name in TABLES}
        for number in range(ROUNDS + 1):
            for name, seen in rebuilt.items():
                tell(f"rebuild: {name}, round {number} of {ROUNDS}")
                seen.append(await _rebuild(database, name))
                copied.append(await _copy(database))
    for name, seen in rebuilt.items():
        figure = "rebuild_1m" if name == FIRST else f"rebuild_1m_{name}"
        peer = f"COPY ({COPY}) TO STDOUT BINARY of the same {EVENTS:,}; table {name}"
        theirs = median(copied[len(TABLES) :])
        show(figure, median(seen[1:]), "rows/s", peer=peer, peer_value=theirs)


async def _rebuild(database: Database, name: str) -> float:
    began = time.perf_counter()
    await Rebuilds(database, CODEC, system_clock).rebuild(TABLES[name], lambda *_: None)
    return EVENTS / (time.perf_counter() - began)


async def _copy(database: Database) -> float:
    async def leave(_: bytes) -> None:
        """Read, and no more."""

    async with database.driver() as driver:
        began = time.perf_counter()
        await driver.copy_from_query(COPY, output=leave, format="binary")
        return EVENTS / (time.perf_counter() - began)
