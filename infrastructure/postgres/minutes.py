"""Figures of finished runs per minute, kind and company, kept as they end: nobody counts later.

Times are histograms with two buckets per doubling: bucket b holds from 2^(b/2) to 2^((b+1)/2) ms,
the last one all beyond; a quantile read from it is at most 41 % off. Histograms can be added up,
over minutes and over companies; quantiles could not.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import floor, log2
from typing import Any

import asyncpg

from infrastructure.postgres.database import Database

BUCKETS = 48

_ADD = "(SELECT array_agg(a + b ORDER BY n) FROM unnest({0}) WITH ORDINALITY AS t (a, b, n))"
_COUNT = f"""
INSERT INTO run_minutes AS m
  (tenant_id, minute, kind, succeeded, failed, cancelled, waited, ran)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, minute, kind) DO UPDATE SET succeeded = m.succeeded + excluded.succeeded,
  failed = m.failed + excluded.failed, cancelled = m.cancelled + excluded.cancelled,
  waited = {_ADD.format("m.waited, excluded.waited")}, ran = {_ADD.format("m.ran, excluded.ran")}
"""  # noqa: S608 - columns of ours

# The sum of the last minutes anew: whoever ended a run late in a minute is counted the next time.
_FOLD = """
WITH each AS (
  SELECT minute, kind, sum(succeeded) AS succeeded, sum(failed) AS failed,
    sum(cancelled) AS cancelled
  FROM run_minutes WHERE minute >= $1 GROUP BY minute, kind
), spread AS (
  SELECT minute, kind, n, sum(w) AS w, sum(r) AS r
  FROM run_minutes, unnest(waited, ran) WITH ORDINALITY AS t (w, r, n)
  WHERE minute >= $1 GROUP BY minute, kind, n
), drawn AS (
  SELECT minute, kind, array_agg(w::int ORDER BY n) AS waited, array_agg(r::int ORDER BY n) AS ran
  FROM spread GROUP BY minute, kind
)
INSERT INTO fleet_minutes AS f (minute, kind, succeeded, failed, cancelled, waited, ran)
SELECT minute, kind, succeeded, failed, cancelled, waited, ran FROM each JOIN drawn
  USING (minute, kind) ORDER BY minute, kind
ON CONFLICT (minute, kind) DO UPDATE SET succeeded = excluded.succeeded, failed = excluded.failed,
  cancelled = excluded.cancelled, waited = excluded.waited, ran = excluded.ran
WHERE (f.succeeded, f.failed, f.cancelled)
  IS DISTINCT FROM (excluded.succeeded, excluded.failed, excluded.cancelled)
"""
FOLDED = timedelta(minutes=3)
MINUTES_KEPT = timedelta(days=35)
_FORGET = (
    "DELETE FROM run_minutes WHERE minute < $1",
    "DELETE FROM fleet_minutes WHERE minute < $1",
    "DELETE FROM run_failures WHERE last_at < $1",
)


async def count(driver: asyncpg.Connection, ended: Sequence[asyncpg.Record], now: datetime) -> None:
    """In the transaction that ends them."""
    minute = now.replace(second=0, microsecond=0)
    rows: dict[tuple[Any, str], tuple[dict[str, int], list[int], list[int]]] = {}
    for row in ended:
        empty = dict.fromkeys(("succeeded", "failed", "cancelled"), 0), [0] * BUCKETS, [0] * BUCKETS
        counts, waited, ran = rows.setdefault((row["tenant_id"], row["kind"]), empty)
        counts[row["ending"]] += 1
        waited[bucket(row["waited_ms"] or 0)] += 1
        ran[bucket(row["ran_ms"] or 0)] += 1
    told = [
        (tenant, minute, kind, *counts.values(), waited, ran)
        for (tenant, kind), (counts, waited, ran) in sorted(rows.items(), key=lambda each: each[0])
    ]
    await driver.executemany(_COUNT, told)


def bucket(milliseconds: int) -> int:
    """Which of the histogram a time falls into; less than one counts as one."""
    return min(floor(2 * log2(max(milliseconds, 1))), BUCKETS - 1)


async def fold(database: Database, now: datetime) -> None:
    """Add the companies up, for the last minutes."""
    async with database.driver() as driver:
        await driver.execute(_FOLD, now.replace(second=0, microsecond=0) - FOLDED)


async def forget(database: Database, now: datetime) -> None:
    """What is older than the charts."""
    async with database.driver() as driver:
        for statement in _FORGET:
            await driver.execute(statement, now - MINUTES_KEPT)
