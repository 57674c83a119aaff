"""When each shop is due: O(due), whatever the number of schedules."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid4

import asyncpg

from domain.fact import fact
from domain.freshness import hour_of
from domain.ids import uuid7
from domain.ports import Clock
from domain.run import Run
from domain.schedule import Overlap, Schedule, Told, kept
from domain.start import APART, Following, Slot, missed, slot_after
from infrastructure.postgres.database import Database
from infrastructure.postgres.lanes import wake
from infrastructure.postgres.ledger import ASK, asked
from infrastructure.postgres.turns import give_turns

Outcome: TypeAlias = Literal["asked", "absorbed", "skipped"]
"""What came of a slot: a run of its own; one that was alive already; none, for it came too late, or
the shop has no sheet yet, or a token that is dead."""

BATCH = 500
MOST_BATCHES = 20
"""In one tick: whoever has more to do goes on in the next one."""

log = logging.getLogger(__name__)

# Whoever writes what follows from a company's facts holds its head: with the heads in hand, nobody
# is waited for below, so no two wait for each other.
_DUE = f"""
SELECT d.tenant_id, d.shop_id, {", ".join(f"d.{each}" for each in Told._fields)}, d.next_run_at,
  coalesce(d.slot, d.next_run_at) AS slot,
  s.spreadsheet_id IS NOT NULL AND s.token_dead IS NULL AS ready
FROM schedules d JOIN shops s USING (tenant_id, shop_id)
JOIN heads h ON (h.tenant_id, h.kind, h.stream_id) = (d.tenant_id, 'tenant', d.tenant_id)
WHERE d.next_run_at <= $1 ORDER BY d.next_run_at LIMIT $2 FOR NO KEY UPDATE OF h, d SKIP LOCKED
"""  # noqa: S608 - names of ours

# A run that only waits will see what the slot is for; one that is under way may have read before.
_RERUN = """
UPDATE job_runs SET again = true
FROM unnest($1::uuid[], $2::text[]) AS met (tenant_id, key)
WHERE (job_runs.tenant_id, job_runs.key) = (met.tenant_id, met.key) AND state = 'running'
RETURNING job_runs.shop_id
"""
_BORN = """
SELECT r.shop_id FROM job_runs r
JOIN unnest($1::uuid[], $2::uuid[]) AS n (tenant_id, run_id) USING (tenant_id, run_id)
"""
# What is owed already stays the older one. Whoever ends runs never waits for these rows.
_MOVE_ON = """
WITH promised AS (
  INSERT INTO promises AS p (tenant_id, shop_id, owed) VALUES ($1, $2, $7)
  ON CONFLICT (tenant_id, shop_id) DO UPDATE SET owed = coalesce(p.owed, excluded.owed)
)
UPDATE schedules SET next_run_at = $3, slot = $4, planned = ready_hour IS NULL, last_slot = $5,
  last_outcome = $6
WHERE tenant_id = $1 AND shop_id = $2
"""
_POSTPONE = """
UPDATE promises SET owed = greatest(owed, $3)
WHERE tenant_id = $1 AND shop_id = $2 AND owed IS NOT NULL
"""
_SOONEST = """
SELECT CASE WHEN EXISTS (SELECT FROM schedules WHERE NOT planned) THEN $1::timestamptz
  ELSE (SELECT min(next_run_at) FROM schedules) END
"""


@fact
class Due:
    """A slot whose start has come. `schedule` is None where it cannot be read."""

    tenant: UUID
    shop: UUID
    schedule: Schedule | None
    slot: Slot
    ready: bool

    @property
    def key(self) -> str:
        """What the shop's one live run is found by."""
        return f"sync:{self.shop}"

    @property
    def hour(self) -> datetime | None:
        """By when a success is expected; None for a schedule that promises nothing readable."""
        if self.schedule is None:
            return None
        return hour_of(self.slot.at, promised=self.schedule.ready_by is not None)


class PostgresSchedules:
    """`domain.run.Schedules` in PostgreSQL. `apart`: between two starts for one promised hour."""

    def __init__(self, database: Database, clock: Clock, apart: timedelta = APART) -> None:
        self._database = database
        self._clock = clock
        self._apart = apart

    async def tick(self, following: Following) -> int:
        """Ask for a run of each shop that is due, once per slot, and move on. How many.

        Several dispatchers share the work: what one of them holds the others pass over.
        """
        asked = 0
        for _ in range(MOST_BATCHES):
            outcomes = await self._batch(following)
            asked += sum(each == "asked" for each in outcomes)
            if len(outcomes) < BATCH:
                break
        for _ in range(MOST_BATCHES):
            if await give_turns(self._database, self._clock(), BATCH, self._apart) < BATCH:
                break
        return asked

    async def soonest(self) -> datetime | None:
        """When there is something to do next: None without schedules, and in the past while a slot
        waits for somebody who holds its company."""
        async with self._database.driver() as driver:
            soonest: datetime | None = await driver.fetchval(_SOONEST, self._clock())
        return soonest

    async def postpone(self, tenant: UUID, shop: UUID, until: datetime) -> None:
        """What is owed of a shop is expected no sooner than then."""
        async with self._database.writing() as driver:
            await driver.execute(_POSTPONE, tenant, shop, until)

    async def _batch(self, following: Following) -> Sequence[Outcome]:
        now = self._clock()
        async with self._database.writing() as driver:
            due = [_due(row) for row in await driver.fetch(_DUE, now, BATCH)]
            if not due:
                return []
            planned = [(each, *_planned(each, following, now)) for each in due]
            timely = [each for each, missed, _ in planned if each.ready and not missed]
            told = await _ask(driver, timely, now)
            moved = [(each, slot, told.get(each.shop, "skipped")) for each, _, slot in planned]
            await driver.executemany(
                _MOVE_ON,
                [
                    (each.tenant, each.shop, slot.start, slot.at, each.slot.at, outcome, each.hour)
                    for each, slot, outcome in moved
                ],
            )
        return [outcome for _, _, outcome in moved]


async def _ask(
    driver: asyncpg.Connection, due: Sequence[Due], now: datetime
) -> Mapping[UUID, Outcome]:
    """By shop. A run that is alive absorbs the slot, or goes once more when it has ended."""
    if not due:
        return {}
    await wake(driver, [each.tenant for each in due])
    again = [each for each in due if each.schedule and each.schedule.overlap is Overlap.RERUN]
    marked = await _mark(driver, again) if again else set()
    rows = [_run(each, now) for each in due if each.shop not in marked]
    await driver.executemany(ASK, rows)
    born = await driver.fetch(_BORN, [row[0] for row in rows], [row[1] for row in rows])
    outcomes: dict[UUID, Outcome] = {each.shop: "absorbed" for each in due}
    return outcomes | {row["shop_id"]: "asked" for row in born}


async def _mark(driver: asyncpg.Connection, due: Sequence[Due]) -> set[UUID]:
    """Whose run is under way, and goes once more."""
    tenants, keys = [each.tenant for each in due], [each.key for each in due]
    return {row["shop_id"] for row in await driver.fetch(_RERUN, tenants, keys)}


def _run(due: Due, now: datetime) -> tuple[Any, ...]:
    """A row of ASK."""
    return (
        due.tenant,
        uuid7(now),
        "sync",
        due.shop,
        due.key,
        f"schedule:{due.shop}:{due.slot.at.isoformat()}",
        "schedule",
        uuid4(),
        f"schedule:{due.slot.start.isoformat()}",
        *asked(Run(kind="sync", key=due.key, shop_id=due.shop), "schedule", now),
    )


def _due(row: asyncpg.Record) -> Due:
    tenant, shop, *told = row[: 2 + len(Told._fields)]
    try:
        schedule = kept(Told(*told))
    except ValueError:
        log.exception("a schedule cannot be read", extra={"shop_id": str(shop)})
        schedule = None
    slot = Slot(at=row["slot"], start=row["next_run_at"])
    return Due(tenant=tenant, shop=shop, schedule=schedule, slot=slot, ready=row["ready"])


def _planned(due: Due, following: Following, now: datetime) -> tuple[bool, Slot]:
    """(whether it came too late, the next slot). One schedule that has no next time must not stop
    all others: it is looked at again in a day."""
    tomorrow = now + timedelta(days=1)
    if due.schedule is None:
        return False, Slot(at=tomorrow, start=tomorrow)
    try:
        late = missed(due.schedule, due.slot.at, now, following)
        return late, slot_after(due.schedule, due.shop, max(due.slot.at, now), following)
    except Exception:
        log.exception("a schedule has no next time", extra={"shop_id": str(due.shop)})
        return False, Slot(at=tomorrow, start=tomorrow)
