"""A database with a few scheduled shops in it, a clock that is told the time, and its dispatchers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.cron import following
from app.stock.projected import plan
from domain import shop
from domain.events import Origin, Recorded, Stream
from infrastructure.postgres.database import Database
from infrastructure.postgres.ledger import PostgresLedger
from infrastructure.postgres.schedules import PostgresSchedules

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
"""07:40 in Moscow."""
TABLES = ("job_runs", "schedules", "deadlines")
SHOP = """
INSERT INTO shops (tenant_id, shop_id, marketplace, seller_id, token_id, token_kind, spreadsheet_id,
                   connected_at)
VALUES ($1, $2, 'wildberries', 's', $1, 'base', $3, $4)
"""


@dataclass
class Planned:
    """What a test sees of the schedules."""

    database: Database
    now: datetime = NOW
    company: UUID = field(default_factory=uuid4)

    def __post_init__(self):
        self.schedules = PostgresSchedules(self.database, lambda: self.now)
        self.ledger = PostgresLedger(self.database, lambda: self.now)

    async def empty(self):
        async with self.database.driver() as driver:
            for table in TABLES:
                await driver.execute(f"DELETE FROM {table}")

    async def shop(self, schedule, *, sheet="f", company=None):
        """A shop with this schedule, as the fact of it would leave it behind; its id."""
        shop_id, company = uuid4(), company or uuid4()
        async with self.database.driver() as driver:
            await driver.execute(
                "INSERT INTO heads VALUES ($1, 'tenant', $1, 1) ON CONFLICT DO NOTHING", company
            )
            await driver.execute(SHOP, company, shop_id, sheet, self.now)
        await self.set(shop_id, schedule, company)
        return shop_id

    async def set(self, shop_id, schedule, company):
        fact = Recorded(
            position=1,
            event_id=uuid4(),
            stream=Stream(kind="tenant", tenant=company, id=company),
            version=1,
            at=self.now,
            origin=Origin(source="user", actor=None, correlation=uuid4(), causation="request:1"),
            command_id=None,
            name="tenant.schedule_set",
            event=shop.ScheduleSet(shop_id=shop_id, schedule=schedule),
        )
        async with self.database.driver() as driver:
            for statement, row in plan(fact):
                await driver.execute(statement, *row)

    async def tick(self, later=timedelta(0)):
        """How many runs were asked for, after so long."""
        self.now += later
        return await self.schedules.tick(following)

    async def until(self, moment, step=timedelta(minutes=1)):
        """How many runs were asked for until then, one step after the other."""
        asked = 0
        while self.now < moment:
            asked += await self.tick(min(step, moment - self.now))
        return asked

    async def row(self, shop_id):
        async with self.database.driver() as driver:
            return await driver.fetchrow("SELECT * FROM schedules WHERE shop_id = $1", shop_id)

    async def runs(self, shop_id):
        async with self.database.driver() as driver:
            return await driver.fetch("SELECT * FROM job_runs WHERE shop_id = $1", shop_id)

    async def end(self, shop_id):
        """The shop's live run is over."""
        async with self.database.driver() as driver:
            await driver.execute("DELETE FROM job_runs WHERE shop_id = $1", shop_id)

    async def running(self, shop_id):
        """Its live run is in a worker's hands."""
        async with self.database.driver() as driver:
            await driver.execute(
                "UPDATE job_runs SET state = 'running', worker = 'w', heartbeat_at = $2 "
                "WHERE shop_id = $1",
                shop_id,
                self.now,
            )

    async def counted(self):
        async with self.database.driver() as driver:
            rows = await driver.fetch("SELECT deadline, planned FROM deadlines ORDER BY deadline")
        return [(row["deadline"], row["planned"]) for row in rows]
