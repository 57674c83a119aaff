"""`ONLY=schedules`: what a tick costs when a hundred shops are due, of a thousand and of a million.

Half of them are promised an hour and get a turn for the next day, half are cron. A tick is all of
it: runs asked for, next times worked out, turns given, everything committed.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from random import Random
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import uvloop

from app.cron import following
from benchmarks.figures import show, tell
from benchmarks.store import empty
from domain.schedule import Schedule, Told, by_cron, ready_by
from domain.start import slot_after
from infrastructure.clock import system_clock
from infrastructure.postgres.database import Database
from infrastructure.postgres.schedules import PostgresSchedules

FEW, MANY = 1_000, 1_000_000
DUE = 100
ROUNDS, WARM_UP = 60, 5
ZONES = ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", "Europe/Kaliningrad")

HEADS = ("tenant_id", "kind", "stream_id", "version")
SHOPS = (
    *("tenant_id", "shop_id", "marketplace", "seller_id", "token_id", "token_kind"),
    *("spreadsheet_id", "connected_at", *Told._fields),
)
SCHEDULES = ("tenant_id", "shop_id", *Told._fields, "slot", "next_run_at")
COME_DUE = """
UPDATE schedules SET next_run_at = $2, slot = $2 WHERE (tenant_id, shop_id) IN (
  SELECT id, id FROM unnest($1::uuid[]) AS id)
"""


def measure() -> None:
    """Both in one run, in turn, each on a server of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    async with AsyncExitStack() as held:
        both = [Fleet(await held.enter_async_context(empty()), size) for size in (FEW, MANY)]
        for each in both:
            tell(f"schedules: {each.size:,} of them")
            await each.fill()
        took: dict[int, list[float]] = {each.size: [] for each in both}
        idle: dict[int, list[float]] = {each.size: [] for each in both}
        for number in range(ROUNDS + WARM_UP):
            if number % 20 == 0:
                tell(f"schedules: round {number} of {ROUNDS}")
            for each in both:
                took[each.size].append(await each.round())
                idle[each.size].append(await each.tick(0))
    for figure, seen, what in (
        ("schedule_tick_ratio", took, f"{DUE} due"),
        ("schedule_tick_idle_ratio", idle, "nothing due"),
    ):
        few, many = (median(seen[size][WARM_UP:]) * 1000 for size in (FEW, MANY))
        peer = f"the same tick, {what}, with {FEW:,} schedules instead of {MANY:,}"
        show(figure, many, "ms", peer=peer, peer_value=few)


class Fleet:
    """So many shops, each of a company of its own, in one database."""

    def __init__(self, database: Database, size: int) -> None:
        self.size = size
        self._database = database
        self._schedules = PostgresSchedules(database, system_clock)
        self._random = Random(size)  # noqa: S311 - to be the same each time
        self._ids = [UUID(int=self._random.getrandbits(128)) for _ in range(size)]

    async def fill(self) -> None:
        """Without a history: only what a tick reads."""
        now = system_clock()
        async with self._database.driver() as driver:
            heads = ((each, "tenant", each, 1) for each in self._ids)
            await driver.copy_records_to_table("heads", records=heads, columns=HEADS)
            wishes = [_wish(n, now) for n in range(1000)]
            shops = (self._shop(n, wishes, now) for n in range(self.size))
            await driver.copy_records_to_table("shops", records=shops, columns=SHOPS)
            rows = self._rows(wishes, now)
            await driver.copy_records_to_table("schedules", records=rows, columns=SCHEDULES)
            for table in ("heads", "shops", "schedules"):
                await driver.execute(f"VACUUM (ANALYZE) {table}", timeout=None)

    async def round(self) -> float:
        """Seconds of a tick with DUE shops due."""
        chosen = self._random.sample(self._ids, DUE)
        async with self._database.driver() as driver:
            await driver.execute(COME_DUE, chosen, system_clock() - timedelta(seconds=1))
        took = await self.tick(DUE)
        async with self._database.driver() as driver:
            await driver.execute("DELETE FROM job_runs")
        return took

    async def tick(self, due: int) -> float:
        """Raises AssertionError unless so many runs were asked for."""
        began = time.perf_counter()
        asked = await self._schedules.tick(following)
        took = time.perf_counter() - began
        assert asked == due, asked
        return took

    def _shop(self, n: int, wishes: list[Schedule], now: datetime) -> tuple[Any, ...]:
        one = self._ids[n]
        return (
            one,
            one,
            "wildberries",
            str(n),
            one,
            "base",
            "sheet",
            now,
            *wishes[n % 1000].told(),
        )

    def _rows(self, wishes: list[Schedule], now: datetime) -> Iterator[tuple[Any, ...]]:
        """All due from a little later on: nothing but what a round makes due is due in it."""
        slots = [
            slot_after(each, UUID(int=0), now + timedelta(hours=2), following) for each in wishes
        ]
        for n, one in enumerate(self._ids):
            slot, told = slots[n % 1000], wishes[n % 1000].told()
            start = max(slot.start, now + timedelta(hours=1)) + timedelta(milliseconds=n % 60_000)
            yield (one, one, *told, slot.at, start)


def _wish(n: int, now: datetime) -> Schedule:
    """Hours that are not near: whoever is planned anew is not due in the same round again."""
    zone = ZONES[n % len(ZONES)]
    there = (now + timedelta(hours=3 + n // 4 % 18)).astimezone(ZoneInfo(zone))
    if n % 2:
        return by_cron(f"{n % 60} {there.hour} * * *", zone)
    return ready_by(f"{there.hour:02}:{n % 60 // 30 * 30:02}", zone)
