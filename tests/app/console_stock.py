"""A seller's shop with products, as syncs would have left them: what the pages of stock show."""

import json
from datetime import timedelta
from uuid import UUID

from app.handle import Ask
from domain import health, tenant
from domain.events import Stream
from domain.ids import uuid7
from domain.snapshot import MOSCOW
from tests.fakes import account

FILE = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
URL = f"https://docs.google.com/spreadsheets/d/{FILE}/edit#gid=0"
PLACES = [
    (1, "wb", "wb_total", "Склад WB"),
    (2, "seller:1", "seller", "Мой склад"),
    (3, "wb:Минск", "wb_named", "Минск"),
]
ROWS = [  # nmId, brand, subject, sku, to client, returns, orders, stock, tenths, places
    (11, "Лён", "Платья", "LN-1", 4, 2, 7, 10, 100, {"1": [8, 7], "2": [2, 0]}),
    (12, "Лён", "Юбки", "LN-2", 0, 0, 70, 20, 20, {"1": [20, 70], "2": [0, 0]}),
    (13, "Ветер", "Шарфы", "VT-1", 1, 0, 3, 0, 0, {"1": [0, 3], "2": [0, 0]}),
    (14, "Ветер", "Шарфы", "VT-2", 0, 0, 1, 550, 38500, {"1": [500, 1], "2": [50, 0]}),
    (15, "Ветер", "Платья", "VT-3", 0, 0, 0, 5, None, {"1": [5, 0], "2": [0, 0]}),
    (16, "Ветер", "Платья", "VT-4", 0, 0, 2, None, None, {"1": [1, 2], "2": [None, 0]}),
]
SNAPSHOT = "INSERT INTO snapshots VALUES ($1, $2, $3, $4, $5, $6, '')"
RUN = """
INSERT INTO job_history (tenant_id, run_id, kind, shop_id, source, correlation_id, causation, state,
  why, attempt, created_at, started_at, finished_at, result)
VALUES ($1, $2, 'sync', $3, 'schedule', $2, 'schedule:x', $4, $5, 1, $6, $6, $7, $8)
"""
PLACE = "INSERT INTO places VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
CURRENT = "INSERT INTO stock_current VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)"
DAILY = "INSERT INTO stock_daily VALUES ($1, $2, $3, $4, $5, $6, '{}')"


class Shop:
    """One of hers, and what syncs leave of it."""

    def __init__(self, console, company, shop_id):
        self.console, self.id, self.key = console, shop_id, (company, shop_id)

    @classmethod
    async def connected(cls, console, browser, seller="100", **more):
        """`sheet=False`: without one; `name`: the seller's."""
        sheet, name = more.pop("sheet", True), more.pop("name", "Рыжий кот")
        known = {"works": ("cards", "stock", "orders"), "fails": (), **more}
        token = f"{console.token}-{seller}"
        console.marketplace.accounts[token] = account(seller, name=name, **known)
        answer = await browser.press("/start/shop", token=token)
        shop_id = UUID(answer.headers["location"].partition("=")[2])
        if sheet:
            console.sheet.share(FILE)
            await browser.press("/start/sheet", shop=shop_id, url=URL)
        return cls(console, (await console.identified(browser)).scope.tenant, shop_id)

    async def stocked(self, rows=ROWS, gaps=(), hours=1):
        """As if a sync had ended some hours ago."""
        taken = self.console.clock() - timedelta(hours=hours)
        today = taken.astimezone(MOSCOW).date()
        products = [(*self.key, *row[:-1], json.dumps(row[-1])) for row in rows]
        days = [
            (*self.key, today - timedelta(days=back), row[0], row[6], row[7] and row[7] + back)
            for row in rows
            for back in (0, 1, 9)
        ]
        async with self.console.database.driver() as driver:
            await driver.execute(SNAPSHOT, *self.key, uuid7(taken), taken, today, len(rows))
            await driver.executemany(PLACE, [(*self.key, *place) for place in PLACES])
            await driver.executemany(CURRENT, products)
            await driver.executemany(DAILY, days)
        await self.ran(taken, gaps=gaps)

    async def report_broken(self, cause, origin):
        """As a sync says that it cannot go on."""
        tenant_id, shop_id = self.key
        stream = Stream(kind="tenant", tenant=tenant_id, id=tenant_id)
        command = health.ReportBroken(shop_id=shop_id, cause=cause)
        ask = Ask(decider=tenant.decider, stream=stream, command=command)
        await self.console.accounts.handle(ask, origin=origin)

    async def owed(self, hour):
        """A promise of it that nothing has kept."""
        async with self.console.database.driver() as driver:
            statement = "UPDATE promises SET owed = $3 WHERE (tenant_id, shop_id) = ($1, $2)"
            await driver.execute(statement, *self.key, hour)

    async def ran(self, at, state="succeeded", why="", gaps=()):
        """A finished sync, which took three minutes."""
        told = [{"source": source, "cause": cause} for source, cause in gaps]
        tenant_id, shop_id = self.key
        run = (tenant_id, uuid7(at), shop_id, state, why, at, at + timedelta(minutes=3))
        async with self.console.database.driver() as driver:
            await driver.execute(RUN, *run, json.dumps({"products": 6, "gaps": told}))
        return run[1]
