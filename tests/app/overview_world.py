"""Companies with shops that are fresh or late, and why: as runs, schedules and people leave them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from domain.histogram import BUCKETS, bucket
from domain.ids import uuid7
from infrastructure.postgres.database import Database

EIGHT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""08:00 in Moscow: the promised hour."""
NOW = EIGHT + timedelta(minutes=20)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TABLES = (
    *("promises", "schedules", "shops", "job_runs", "job_attempts", "holds", "workers"),
    *("fleet_minutes", "fleet_quarters", "sheet_tabs"),
)

SHOP = """
INSERT INTO shops (tenant_id, shop_id, marketplace, seller_id, token_id, token_kind, spreadsheet_id,
  connected_at, broken, broken_since, cron, zone, ready_hour, weekdays, catch_up, overlap)
VALUES ($1, $2, 'wildberries', '100', $2, 'base', $3, $4, $5, $6,
  '0 8 * * *', 'Europe/Moscow', '08:00', '1234567', 'once', 'skip')
"""
LABEL = "INSERT INTO labels VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
SCHEDULE = """
INSERT INTO schedules (tenant_id, shop_id, cron, zone, ready_hour, weekdays, catch_up, overlap, slot,
  next_run_at) VALUES ($1, $2, '0 8 * * *', 'Europe/Moscow', '08:00', '1234567', 'once', 'skip', $3, $4)
"""
PROMISE = "INSERT INTO promises VALUES ($1, $2, $3, $4, $5, $6)"
TAB = "INSERT INTO sheet_tabs VALUES ($1, $2, $3, $4, '', $5)"
LIVE = """
INSERT INTO job_runs (tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id,
  causation, due_at, why, created_at, state, worker, attempt)
VALUES ($1, $2, 'sync', $3, $4, $5, 'schedule', $2, 'schedule:1', $6, $7, $8, $9, $10, 1)
"""
ENDED = """
INSERT INTO job_history (tenant_id, run_id, kind, shop_id, source, correlation_id, causation, state,
  why, attempt, created_at, started_at, finished_at)
VALUES ($1, $2, 'sync', $3, $8, $2, 'schedule:1', $4, $5, 1, $6, $6, $7)
"""
ATTEMPT = """
INSERT INTO job_attempts (tenant_id, run_id, attempt, worker, started_at, ended_at, outcome,
  error_type, message) VALUES ($1, $2, 1, 'w', $3, $3, $4, $5, $6)
"""
WORKER = "INSERT INTO workers VALUES ($1, '0.1.0', 10, 4, $2, $2, false)"
FIGURES = "INSERT INTO {0} VALUES ($1, 'sync', $2, $3, 0, $4, $4)"


SPACES, TAGS = re.compile(r"\s+"), re.compile(r"<[^>]*>")
ENDS = re.compile(r"</(?:dt|dd|td|th|p|h\d|li)>")


def words(page):
    """What a person reads of it."""
    return SPACES.sub(" ", TAGS.sub("", ENDS.sub(" ", page.text)))


@dataclass
class Fleet:
    """Everybody's shops. What is not said of a shop is as it should be."""

    database: Database

    async def empty(self):
        async with self.database.driver() as driver:
            for table in TABLES:
                await driver.execute(f"DELETE FROM {table}")

    async def many(self, statement, rows):
        async with self.database.driver() as driver:
            await driver.executemany(statement, rows)

    async def shop(self, name="WB", company=None, called="Рыжий кот", **more):
        """A shop that was fresh at 07:52; its id. `owed` makes it late, `broken` says why."""
        shop_id, company = uuid4(), company or uuid4()
        owed, sheet = more.get("owed"), more.get("sheet", "file")
        kept_at = None if owed else more.get("kept_at", EIGHT - 8 * MINUTE)
        fresh_at = more.get("fresh_at", EIGHT - DAY if owed else kept_at)
        kept_for = more.get("kept_for", owed - DAY if owed else EIGHT)
        broken, coming = more.get("broken"), more.get("coming", EIGHT + DAY)
        since = (owed or EIGHT) if broken else None
        shop = (company, shop_id, sheet, EIGHT - 30 * DAY, broken, since)
        await self.many(SHOP, [shop])
        await self.many(LABEL, [(company, company, called), (company, shop_id, name)])
        starts = more.get("starts", coming - 15 * MINUTE)
        await self.many(SCHEDULE, [(company, shop_id, coming, starts)])
        promise = (company, shop_id, owed, kept_for, kept_at or kept_for, fresh_at)
        await self.many(PROMISE, [promise])
        if sheet and fresh_at:
            await self.many(TAB, [(company, shop_id, sheet, shop_id, fresh_at)])
        return company, shop_id

    async def waits(self, company, shop_id, error=None, **more):
        """Its live run, whose last attempt ended with this word; its id."""
        run_id, why = uuid7(EIGHT), more.get("why", "")
        state, outcome = more.get("state", "waiting"), more.get("outcome", "wait")
        told = (f"sync:{shop_id}", f"cause:{run_id}", NOW + MINUTE, why, EIGHT - 15 * MINUTE, state)
        await self.many(LIVE, [(company, run_id, shop_id, *told, more.get("worker"))])
        if error or outcome == "lost":
            await self.many(ATTEMPT, [(company, run_id, EIGHT, outcome, error, why)])
        return run_id

    async def ended(  # noqa: PLR0913, PLR0917 - a run has so many parts
        self, company, shop_id, state, error=None, at=EIGHT - 5 * MINUTE, source="schedule"
    ):
        """Its newest finished run; its id."""
        run_id, why = uuid7(at), ""
        times = (at - MINUTE, at)
        await self.many(ENDED, [(company, run_id, shop_id, state, why, *times, source)])
        if error:
            await self.many(ATTEMPT, [(company, run_id, at, "fail", error, why)])
        return run_id

    async def worker(self, name="host:1", at=NOW):
        await self.many(WORKER, [(name, at)])

    async def figures(self, at, succeeded, failed=0, waited=1_500, table="fleet_minutes"):
        """What ended in one minute or quarter, having waited so many ms."""
        histogram = [0] * BUCKETS
        histogram[bucket(waited)] = succeeded + failed
        await self.many(FIGURES.format(table), [(at, succeeded, failed, histogram)])
