"""A shop whose supplies and orders are read: the stand-in, the real adapter, real PostgreSQL."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

from app.ahead import Ahead
from app.stock.flows import ReadFlows
from app.stock.forecast import Forecast
from app.stock.read import shop_by_id
from app.stock.reconciling import Reconciling
from app.stock.writers import Writers
from domain.access import Role, TenantScope
from domain.run import Task
from domain.stock import ShopKey
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.flows import PostgresFlows
from sandbox.sellers import Spec
from tests.app.runs_world import Runs
from tests.fakes import FakePrincipals, FakeSheet
from tests.infrastructure.wildberries_shop import NOON, Kept, open_shop, silent

FAR = NOON + 300 * 86_400

RUN = """
INSERT INTO job_runs (tenant_id, shop_id, run_id, kind, key, cause_key, source, correlation_id,
  causation, due_at, state, created_at, why)
VALUES ($1, $2, $3, 'flows', 'flows:x', 'flows:x', 'run', $3, 'run:x', $4, 'running', $4, '')
"""
STEP = "INSERT INTO run_steps VALUES ($1, $2, $3, '')"


class Reading:
    """The job and its shop; `kind` and `scopes` are those of its token."""

    def __init__(self, market, database, key, kind="personal", **claims):
        self.market, self.database, self.key = market, database, key
        self.kind, self.claims = kind, {"expires": FAR, **claims}
        self.anew()
        self.book = PostgresFlows(database, market.moment)
        self.job = ReadFlows(
            book=self.book,
            check=Reconciling(
                book=PostgresChecks(database),
                flows=self.book,
                marketplace=market.wildberries,
                clock=market.moment,
            ),
            database=database,
            marketplace=market.wildberries,
            clock=market.moment,
            open_token=self._token,
            ask=self._ask,
        )
        self.asked = []
        self.task = Task(
            tenant=key.tenant,
            run_id=uuid4(),
            fence=1,
            kind="flows",
            shop_id=key.shop,
            attempt=1,
            source="run",
            correlation=uuid4(),
        )

    async def again(self):
        """A new run."""
        self.anew()
        return await self.run()

    def anew(self):
        """One that begins now."""
        self.memory, self.begun = Kept(), self.market.moment()

    async def run(self, progress=silent):
        """The same run, from wherever it stands."""
        return await self.job(self.task, self.memory, progress)

    def passes(self, days):
        self.market.moment.seconds += days * 86_400

    async def rows(self, statement, *values):
        async with self.database.driver() as driver:
            found = await driver.fetch(statement, self.key.tenant, self.key.shop, *values)
        return [tuple(row) for row in found]

    async def coming(self):
        """By product, of those that anything is on the way of."""
        statement = (
            "SELECT nm_id, sum(coming)::bigint FROM supply_goods JOIN supplies "
            "USING (tenant_id, shop_id, supply_id) WHERE tenant_id = $1 AND shop_id = $2 "
            "GROUP BY 1 HAVING sum(coming) > 0"
        )
        return dict(await self.rows(statement))

    async def foretold(self):
        """What this run will ask from where it stands, as far as is known."""
        gateway, database = self.market.wildberries._gateway, self.database
        ahead = Ahead(
            planning=self.market.wildberries,
            budget=gateway.budget,
            breaker=gateway.breaker,
        )
        writers = Writers(principals=FakePrincipals(FakeSheet()), vault=None)
        forecast = Forecast(
            database=database, ahead=ahead, writers=writers, clock=self.market.moment
        )
        scope = TenantScope(tenant=self.key.tenant, person=uuid4(), role=Role.VIEWER)
        row = await shop_by_id(database, scope, self.key.shop)
        run_id, key = uuid4(), (self.key.tenant, self.key.shop)
        async with database.driver() as driver:
            await driver.execute(RUN, *key, run_id, self.begun)
            for step in self.memory.steps:
                await driver.execute(STEP, self.key.tenant, run_id, step)
            planned = await forecast.left(scope, row, run_id)
            await driver.execute("DELETE FROM job_runs WHERE run_id = $1", run_id)
        return planned.plan

    async def _ask(self, task, run):
        self.asked.append(run)

    async def _token(self, tenant, token_id):
        return self.market.access(self.kind, **self.claims)


@asynccontextmanager
async def reading(database, *, spec=None, kind="personal", pace=None, **claims):
    """A shop at noon of 23 November 2026."""
    company = uuid4()
    settings = {"pace": pace} if pace else {}
    async with open_shop(spec or Spec(products=40, places=4), **settings) as market:
        now = datetime.fromtimestamp(NOON, UTC)
        shop = await Runs(database, company, now).shop("Рыжий кот", "sheet")
        key = ShopKey(tenant=company, shop=shop)
        yield Reading(market, database, key, kind, **claims)
