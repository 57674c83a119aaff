"""Figures of finished runs per minute, kind and company, kept as they end: nobody counts later.

Times are histograms (`domain.histogram`): so they are added up over companies, and over quarters of
an hour, of which a day's charts are drawn.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from domain.histogram import BUCKETS, bucket
from infrastructure.postgres.database import Database

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
# The quarters that the last minutes are in: a day of minutes is too much to add up for a page.
_QUARTERS = """
WITH each AS (
  SELECT date_bin('15 minutes', minute, 'epoch') AS quarter, kind, succeeded, failed, cancelled,
    waited, ran
  FROM fleet_minutes WHERE minute >= date_bin('15 minutes', $1, 'epoch')
), summed AS (
  SELECT quarter, kind, sum(succeeded) AS succeeded, sum(failed) AS failed,
    sum(cancelled) AS cancelled
  FROM each GROUP BY quarter, kind
), drawn AS (
  SELECT quarter, kind, array_agg(w::int ORDER BY n) AS waited, array_agg(r::int ORDER BY n) AS ran
  FROM (
    SELECT quarter, kind, n, sum(w) AS w, sum(r) AS r
    FROM each, unnest(waited, ran) WITH ORDINALITY AS t (w, r, n) GROUP BY quarter, kind, n
  ) spread GROUP BY quarter, kind
)
INSERT INTO fleet_quarters AS f (quarter, kind, succeeded, failed, cancelled, waited, ran)
SELECT quarter, kind, succeeded, failed, cancelled, waited, ran FROM summed JOIN drawn
  USING (quarter, kind) ORDER BY quarter, kind
ON CONFLICT (quarter, kind) DO UPDATE SET succeeded = excluded.succeeded, failed = excluded.failed,
  cancelled = excluded.cancelled, waited = excluded.waited, ran = excluded.ran
WHERE (f.succeeded, f.failed, f.cancelled)
  IS DISTINCT FROM (excluded.succeeded, excluded.failed, excluded.cancelled)
"""
FOLDED = timedelta(minutes=3)
MINUTES_KEPT = timedelta(days=35)
_FORGET = (
    "DELETE FROM run_minutes WHERE minute < $1",
    "DELETE FROM fleet_minutes WHERE minute < $1",
    "DELETE FROM fleet_quarters WHERE quarter < $1",
    "DELETE FROM run_failures WHERE last_at < $1",
)


async def count(driver: asyncpg.Connection, ended: Sequence[asyncpg.Record], now: datetime) -> None:
    """In the transaction that ends them. One that never began has no times."""
    minute = now.replace(second=0, microsecond=0)
    rows: dict[tuple[Any, str], tuple[dict[str, int], list[int], list[int]]] = {}
    for row in ended:
        empty = dict.fromkeys(("succeeded", "failed", "cancelled"), 0), [0] * BUCKETS, [0] * BUCKETS
        counts, waited, ran = rows.setdefault((row["tenant_id"], row["kind"]), empty)
        counts[row["ending"]] += 1
        for histogram, time in ((waited, row["waited_ms"]), (ran, row["ran_ms"])):
            if time is not None:
                histogram[bucket(time)] += 1
    told = [
        (tenant, minute, kind, *counts.values(), waited, ran)
        for (tenant, kind), (counts, waited, ran) in sorted(rows.items(), key=lambda each: each[0])
    ]
    await driver.executemany(_COUNT, told)


async def fold(database: Database, now: datetime) -> None:
    """Add the companies up, for the last minutes, and these to quarters of an hour."""
    since = now.replace(second=0, microsecond=0) - FOLDED
    async with database.driver() as driver:
        await driver.execute(_FOLD, since)
        await driver.execute(_QUARTERS, since)


async def forget(database: Database, now: datetime) -> None:
    """What is older than the charts."""
    async with database.driver() as driver:
        for statement in _FORGET:
            await driver.execute(statement, now - MINUTES_KEPT)
