"""Rows of the fleet's tables, as the engine would leave them: for the pages of the operator."""

from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import event

from domain.ids import uuid7
from infrastructure.postgres.lanes import wake
from infrastructure.postgres.ledger import ASK

FAILED = """
INSERT INTO run_failures (tenant_id, fingerprint, kind, error_type, why, count, first_at, last_at,
                          last_run, shops)
VALUES ($1, $2, 'sync', $3, $4, $5, $6, $7, $8, $9)
"""
WORKS = """
INSERT INTO workers (worker, version, slots, busy, started_at, heartbeat_at, draining)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


class Fleet:
    """What the pages look at, made by hand."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock

    async def clear(self):
        async with self.database.driver() as driver:
            await driver.execute(
                "DELETE FROM job_runs; DELETE FROM lanes; DELETE FROM holds; DELETE FROM workers; "
                "DELETE FROM run_failures; DELETE FROM schedules; UPDATE promises SET owed = NULL"
            )

    async def company(self, browser):
        """The id of hers."""
        async with self.database.driver() as driver:
            return await driver.fetchval(
                "SELECT tenant_id FROM members WHERE user_id = $1", browser.person
            )

    async def name(self, company, name):
        async with self.database.driver() as driver:
            await driver.execute(
                "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $1, $2) "
                "ON CONFLICT (tenant_id, id) DO UPDATE SET name = $2",
                company,
                name,
            )

    async def failed(self, company, cause, **said):
        """A cause that `count` of its runs failed by, last so many minutes `ago`."""
        now = self.clock()
        last, first = now - timedelta(minutes=said.get("ago", 5)), now - timedelta(days=2)
        error, why = said.get("error", "KeyError"), said.get("why", "Something is missing.")
        run_id, shops = uuid7(last), [uuid4() for _ in range(said.get("shops", 1))]
        row = (company, cause, error, why, said.get("count", 1), first, last, run_id, shops)
        async with self.database.driver() as driver:
            await driver.execute(FAILED, *row)
        return run_id

    async def works(self, worker, **said):
        """A worker that spoke so many seconds `ago`."""
        now = self.clock()
        heard = now - timedelta(seconds=said.get("ago", 1))
        told = (said.get("version", "2.4.0"), said.get("slots", 8), said.get("busy", 3))
        row = (worker, *told, now - timedelta(hours=1), heard, said.get("draining", False))
        async with self.database.driver() as driver:
            await driver.execute(WORKS, *row)

    async def queue(self, company, count, **said):
        """Runs that are due since so many `minutes`; below zero: in so many."""
        minutes, why = said.get("minutes", 5), said.get("why", "")
        due = self.clock() - timedelta(minutes=minutes)
        rows = []
        for _ in range(count):
            run_id = uuid7(due)
            told = (f"{run_id}", f"cause:{run_id}", "schedule", run_id, "schedule:1", due, why)
            rows.append((company, run_id, "sync", None, *told, "{}", 5))
        async with self.database.writing() as driver:
            await wake(driver, [company])
            await driver.executemany(ASK, rows)
            if minutes < 0:
                await self.set_lane(driver, company, ready=False, wake_at=due)

    async def set_lane(self, driver, company, **values):
        for column, value in values.items():
            statement = f"UPDATE lanes SET {column} = $2 WHERE tenant_id = $1"
            await driver.execute(statement, company, value)

    async def lane(self, company, **values):
        async with self.database.driver() as driver:
            await self.set_lane(driver, company, **values)

    async def take(self, company, count, worker=None):
        """So many of its runs are in hand."""
        async with self.database.driver() as driver:
            await driver.execute(
                "UPDATE job_runs SET handed_at = $2, state = 'running', worker = $4 WHERE run_id IN "
                "(SELECT run_id FROM job_runs WHERE tenant_id = $1 ORDER BY run_id LIMIT $3)",
                company,
                self.clock(),
                count,
                worker,
            )

    async def hand_out(self, company):
        """All its runs are in the queue, and none has begun."""
        async with self.database.driver() as driver:
            sql = "UPDATE job_runs SET handed_at = $2 WHERE tenant_id = $1"
            await driver.execute(sql, company, self.clock())

    async def busy(self, worker, count):
        """So many runs of some company are in its hands."""
        company = uuid4()
        await self.queue(company, count)
        await self.take(company, count, worker)

    async def hold(self, company, *, fleet=False, kind=None, shop=None):
        async with self.database.driver() as driver:
            sql = "INSERT INTO holds VALUES ($1, $2, $3, $4, $5, $6)"
            since = self.clock() - timedelta(minutes=9)
            await driver.execute(sql, company, f"{uuid4()}", fleet, kind, shop, since)

    async def facts(self, name):
        async with self.database.driver() as driver:
            return await driver.fetchval("SELECT count(*) FROM events WHERE name = $1", name)


@asynccontextmanager
async def explained(database):
    """The plans of all that is read meanwhile, carried out: what was read of which table, and how."""
    seen, plans = [], []

    def note(*told):
        seen.append(told[2:4])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.driver() as driver:
        for statement, parameters in seen:
            if statement.lstrip().startswith("WITH") or "FROM" in statement:
                explain = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {statement}"
                lines = await driver.fetch(explain, *parameters)
                plans.append("\n".join(line for (line,) in lines))
