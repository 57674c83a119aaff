"""Runs as the ledger would have them, without doing them: what the pages of runs are shown."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from domain.ids import uuid7

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
"""Where the clock of the tests stands."""
LISTED = re.compile(r'<a href="/runs/([0-9a-f-]{36})"><b>')


class Runs:
    """Writes rows of the ledger for a company; their times are told from `now`."""

    def __init__(self, database, tenant, now=NOW):
        self.database, self.tenant, self.now = database, tenant, now

    async def name(self, name):
        """What the company is called."""
        await self._insert("labels", tenant_id=self.tenant, id=self.tenant, name=name)

    async def rename(self, name):
        """A company that has a name already."""
        async with self.database.driver() as driver:
            statement = "UPDATE labels SET name = $2 WHERE tenant_id = $1 AND id = $1"
            await driver.execute(statement, self.tenant, name)

    async def shop(self, name, spreadsheet_id=None):
        """Its id."""
        shop_id = uuid4()
        await self._insert("labels", tenant_id=self.tenant, id=shop_id, name=name)
        await self._insert(
            "shops",
            tenant_id=self.tenant,
            shop_id=shop_id,
            marketplace="wildberries",
            seller_id=str(shop_id.int % 10**9),
            token_id=uuid4(),
            token_kind="base",
            spreadsheet_id=spreadsheet_id,
            connected_at=self.now,
        )
        return shop_id

    async def live(self, state="waiting", ago=timedelta(minutes=5), **columns):
        """A run that waits or is under way; its id."""
        at = self.now - ago
        running = {"handed_at": at, "started_at": at, "heartbeat_at": self.now, "worker": "w-1"}
        row = self._run(at, state) | {"cause_key": str(uuid4()), "due_at": at}
        row |= running if state == "running" else {}
        await self._insert("job_runs", **row | {"key": str(uuid4())} | columns)
        return (row | columns)["run_id"]

    async def ended(self, state="succeeded", ago=timedelta(hours=1), **columns):
        """A finished run; its id."""
        at = self.now - ago
        row = self._run(at, state) | {"attempt": 1, "started_at": at, "finished_at": at}
        await self._insert("job_history", **row | columns)
        return (row | columns)["run_id"]

    async def failed(self, why, error_type, fingerprint, **columns):
        """A run that failed, counted among those that failed alike; its id."""
        run_id = await self.ended("failed", why=why, fingerprint=fingerprint, **columns)
        named = (self.tenant, fingerprint, "sync", error_type, why, self.now, run_id)
        async with self.database.driver() as driver:
            await driver.execute(
                "INSERT INTO run_failures VALUES ($1, $2, $3, $4, $5, 1, $6, $6, $7) "
                "ON CONFLICT DO NOTHING",
                *named,
            )
        return run_id

    async def tried(self, run_id, attempt=1, ago=timedelta(minutes=4), **columns):
        """One try of a run."""
        row = {
            "tenant_id": self.tenant,
            "run_id": run_id,
            "attempt": attempt,
            "worker": "w-1",
            "started_at": self.now - ago,
        }
        await self._insert("job_attempts", **row | columns)

    async def worker(self, name="w-1", ago=timedelta(0), **columns):
        """A worker that was heard of then, with nothing in hands."""
        row = {"worker": name, "version": "1", "slots": 4, "busy": 0, "started_at": self.now}
        await self._insert("workers", **row | {"heartbeat_at": self.now - ago} | columns)

    def _run(self, at, state):
        return {
            "tenant_id": self.tenant,
            "run_id": uuid7(at),
            "kind": "sync",
            "shop_id": None,
            "source": "user",
            "correlation_id": uuid4(),
            "causation": f"event:{uuid4()}",
            "state": state,
            "why": "",
            "created_at": at,
        }

    async def _insert(self, table, **row):
        row = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in row.items()}
        places = ", ".join(f"${n}" for n, _ in enumerate(row, 1))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"
        async with self.database.driver() as driver:
            await driver.execute(statement, *row.values())


async def company_of(console, browser):
    """The one that she registered."""
    async with console.database.driver() as driver:
        return await driver.fetchval(
            "SELECT tenant_id FROM members WHERE user_id = $1", browser.person
        )


def ids(page):
    """The runs that a list shows, in its order."""
    return [UUID(each) for each in LISTED.findall(page.text)]
