"""Companies with runs that are due, a clock that a test moves, and dispatchers."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

from domain.ids import uuid7
from domain.run import USUAL, Done
from infrastructure.postgres.lanes import wake
from infrastructure.postgres.ledger import ASK, PostgresLedger

EIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""In Moscow."""
DONE = Done(why="", result={})
EMPTY = "DELETE FROM job_runs; DELETE FROM lanes; DELETE FROM holds"


class Night:
    """Companies with runs that are due, and a dispatcher."""

    def __init__(self, database):
        self.database = database
        self.now = self.began = EIGHT
        self.ledger = PostgresLedger(database, lambda: self.now)

    async def queue(self, company, count, **said):
        """Ask for runs; their ids in order."""
        return await self.queue_each([company] * count, **said)

    async def queue_each(self, companies, **said):
        """Ask for a run of each; their ids in order."""
        due, kind, shop = said.get("due", self.now), said.get("kind", "sync"), said.get("shop")
        priority = said.get("priority", USUAL)
        rows = []
        for company in companies:
            run_id = uuid7(due)
            told = (f"{run_id}", f"cause:{run_id}", "schedule", run_id, "schedule:1", due)
            rows.append((company, run_id, kind, shop, *told, "", "{}", priority))
        async with self.database.writing() as driver:
            await wake(driver, companies)
            await driver.executemany(ASK, rows)
        return sorted(row[1] for row in rows)

    async def served(self, room):
        """How many of each company's were handed out, and not ended."""
        return Counter(each.tenant for each in await self.ledger.admit(room))

    async def pass_through(self, room, rounds):
        """Hand out and end at once, again and again: how many of each company's."""
        done = Counter()
        for _ in range(rounds):
            handed = await self.ledger.admit(room)
            tasks = await asyncio.gather(*(self.ledger.start(each, "w") for each in handed))
            await asyncio.gather(*(self.ledger.finish(each, DONE) for each in tasks))
            done.update(each.tenant for each in handed)
        return done

    async def set(self, company, **values):
        async with self.database.driver() as driver:
            for column, value in values.items():
                sql = f"UPDATE lanes SET {column} = $2 WHERE tenant_id = $1"
                await driver.execute(sql, company, value)

    async def hold(self, company, *, fleet=False, kind=None, shop=None):
        async with self.database.driver() as driver:
            sql = "INSERT INTO holds VALUES ($1, $2, $3, $4, $5, $6)"
            await driver.execute(sql, company, f"{uuid4()}", fleet, kind, shop, self.now)

    async def resume(self, company):
        async with self.database.writing() as driver:
            await driver.execute("DELETE FROM holds")
            await wake(driver, [company])
