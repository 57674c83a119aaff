"""Runs, lanes, workers and failures as an engine would leave them, beside the one that is at work.

That one leaves them alone: what waits is due in an hour, and what runs was heard of in an hour.
"""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from infrastructure.postgres.database import Database
from tests.app.operating import Fleet
from tests.app.runs_world import Runs
from tests.browser.conftest import awaited

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FULL = "The spreadsheet is full: it holds no more cells."
LONG = (
    "Общество с ограниченной ответственностью «Северо-Западная торгово-производственная компания "
    "домашнего текстиля и трикотажа имени Анны Котовой» (филиал в городе Санкт-Петербурге)"
)
QUIET = "Wildberries takes no more requests for this seller for now."
SYNCED = {"products": 1204, "places": 18, "cells": 4816, "googleReads": 3, "googleWrites": 2}
WRITING = {"step": "sheet", "done": 840, "total": 1204}
TRACEBACK = """Traceback (most recent call last):
  File "/app/app/runs/execute.py", line 118, in _attempt
    result = await job(task, memory, progress)
  File "/app/app/stock/job.py", line 84, in sync
    rows = [row_of(product, stock[product.barcode]) for product in products]
KeyError: '2041887310042'
"""
LOG = """08:12:07 1,204 products, 18 warehouses
08:12:09 the marketplace answered after 1.8 s
"""
FAULT = "A fault on our side, at every try. We look into it; you may run it again."
OWED = """
INSERT INTO promises (tenant_id, shop_id, owed) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, shop_id) DO UPDATE SET owed = EXCLUDED.owed
"""
OF_PERSON = """
SELECT m.tenant_id, (SELECT shop_id FROM shops s WHERE s.tenant_id = m.tenant_id LIMIT 1) AS shop_id
FROM members m JOIN people p USING (user_id) WHERE lower(p.email) = lower($1)
"""


def now():
    return datetime.now(UTC)


@asynccontextmanager
async def opened(city):
    database = Database(city.product.environ["DATABASE_URL"], pool_size=2)
    try:
        yield database
    finally:
        await database.close()


def appoint(city, email):
    """She is one of those who run the servers from now on."""

    async def done():
        async with opened(city) as database, database.driver() as driver:
            await driver.execute("UPDATE people SET staff = true WHERE email = $1", email)

    awaited(done())


def joined(city, company, people):
    """So many more of them work there."""

    async def done():
        async with opened(city) as database, database.driver() as driver:
            rows = [(company, uuid4(), now()) for _ in range(people)]
            statement = "INSERT INTO members VALUES ($1, $2, 'viewer', $3)"
            await driver.executemany(statement, rows)

    awaited(done())


def company_of(city, email):
    """The id of her company, and of a shop of it if there is one."""

    async def done():
        async with opened(city) as database, database.driver() as driver:
            return tuple(await driver.fetchrow(OF_PERSON, email))

    return awaited(done())


def fill(city, email):
    """A run in each state for the shop of this person: {how it is: its id}."""
    tenant, shop = company_of(city, email)

    async def done():
        async with opened(city) as database:
            return await _runs(Runs(database, tenant, now()), shop)

    return awaited(done())


async def _runs(runs, shop):
    later = {"due_at": runs.now + HOUR, "attempt": 1}
    heard = {"heartbeat_at": runs.now + HOUR, "attempt": 1, "progress": WRITING}
    named = {"shop_id": shop, "source": "schedule", "causation": "schedule:1"}
    made = {
        "waiting": await runs.live(why=QUIET, **later, **named),
        "running": await runs.live("running", 2 * MINUTE, **heard, **named),
        "failed": await runs.failed(FULL, "KeyError", "a1b2c3", **_took(runs, 1), **named),
        "alike": await runs.failed(
            FULL, "KeyError", "a1b2c3", ago=2 * HOUR, **_took(runs, 2), **named
        ),
        "succeeded": await runs.ended(result=SYNCED, ago=3 * HOUR, **_took(runs, 3), **named),
        "cancelled": await runs.ended("cancelled", ago=4 * HOUR, **_took(runs, 4), **named),
    }
    ended = {"outcome": "fail", "error_type": "KeyError", "message": FULL}
    said = {"traceback": TRACEBACK, "log": LOG, "ended_at": runs.now - HOUR + 2 * MINUTE}
    await runs.tried(made["failed"], ago=HOUR, **ended, **said)
    await runs.tried(made["running"], ago=2 * MINUTE)
    paused = {"outcome": "wait", "error_type": "Unavailable", "ended_at": runs.now}
    await runs.tried(made["waiting"], message=QUIET, **paused)
    return made


def late(city, email):
    """Her shop is late, for its newest run failed by a fault of ours: the run's id."""
    tenant, shop = company_of(city, email)

    async def done():
        async with opened(city) as database:
            runs = Runs(database, tenant, now())
            none = {"ago": timedelta(0)}
            made = await runs.ended("failed", shop_id=shop, why=FAULT, **none)
            tried = {"outcome": "fail", "error_type": "KeyError", "message": FAULT}
            await runs.tried(made, ended_at=runs.now, **tried, **none)
            async with database.driver() as driver:
                await driver.execute(OWED, tenant, shop, runs.now - HOUR)
            return made

    return awaited(done())


def _took(runs, hours):
    return {"finished_at": runs.now - hours * HOUR + 2 * MINUTE}


def busy(city, company):
    """Causes of failures in this company, and other companies with runs in hand and to come."""

    async def done():
        async with opened(city) as database:
            made = Fleet(database, now)
            await made.failed(company, "a1b2c3", count=41, shops=7, why=QUIET)
            await made.failed(company, "d4e5f6", error="Refused", ago=90, why=FULL)
            for name, handed in (("Чай и точка", 3), (LONG, 0)):
                tenant = uuid4()
                await made.name(tenant, name)
                await made.queue(tenant, 12, minutes=-60)
                await made.take(tenant, handed)
                if not handed:
                    await made.hold(tenant, kind="sync")

    awaited(done())


def crew(city):
    """Workers: one at work, one that drains, one that is lost. The first one's name."""

    async def done():
        async with opened(city) as database:
            made = Fleet(database, now)
            async with database.driver() as driver:
                await driver.execute("DELETE FROM workers WHERE worker LIKE 'fleet-%'")
            await made.works("fleet-1:7")
            await made.works("fleet-2:7", draining=True, version="2.3.9")
            await made.works("fleet-3:7", busy=8, ago=300)

    awaited(done())
    return "fleet-1:7"
