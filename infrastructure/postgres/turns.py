"""Turns among the shops that are promised the same hour: counted once for all dispatchers.

A turn that is used or given up is given back: so the count is of those who still wait, and a shop
that changes its mind a thousand times holds one place.
"""

from collections import Counter
from datetime import datetime, timedelta

import asyncpg

from domain.start import start_of
from infrastructure.postgres.database import Database

_TO_PLAN = """
SELECT tenant_id, shop_id, ready_by, planned_for FROM schedules
WHERE NOT planned ORDER BY next_run_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
"""
# In order of the hours: two dispatchers never wait for each other in a ring.
_COUNT = """
INSERT INTO deadlines AS d (deadline, planned)
SELECT * FROM unnest($1::timestamptz[], $2::int[]) AS more (deadline, planned) ORDER BY deadline
ON CONFLICT (deadline) DO UPDATE SET planned = greatest(d.planned + excluded.planned, 0)
RETURNING deadline, planned
"""
_PLANNED = """
UPDATE schedules SET planned = true, planned_for = ready_by, next_run_at = coalesce($3, next_run_at)
WHERE tenant_id = $1 AND shop_id = $2
"""
_FORGET = """
DELETE FROM deadlines WHERE deadline IN (
  SELECT deadline FROM deadlines WHERE deadline < $1 FOR UPDATE SKIP LOCKED)
"""


async def give_turns(database: Database, now: datetime, most: int, apart: timedelta) -> int:
    """Plan what was promised anew, up to `most` shops, each at a moment of its own. How many."""
    async with database.writing() as driver:
        rows = await driver.fetch(_TO_PLAN, most)
        if not rows:
            return 0
        drawn = Counter(row["ready_by"] for row in rows if row["ready_by"])
        used = (row["planned_for"] for row in rows)
        turns = await _count(driver, drawn, Counter(hour for hour in used if hour and hour > now))
        planned = []
        for tenant, shop, hour, _ in rows:
            start = max(start_of(hour, turns[hour], apart), now) if hour else None
            planned.append((tenant, shop, start))
            turns[hour] += 1
        await driver.executemany(_PLANNED, planned)
        await driver.execute(_FORGET, now)
    return len(rows)


async def _count(
    driver: asyncpg.Connection, drawn: Counter[datetime], given: Counter[datetime]
) -> Counter[datetime]:
    """The first of the new turns for each hour, when so many are drawn and so many given back."""
    more = {hour: drawn[hour] - given[hour] for hour in {**drawn, **given}}
    counted = await driver.fetch(_COUNT, list(more), list(more.values()))
    return Counter({hour: max(count - drawn[hour], 0) for hour, count in counted})
