"""A shop whose syncs read the stand-in by the real adapter: what was planned, and what was done."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from app.ahead import Ahead
from app.stock.doubting import Doubting
from app.stock.jobs import Sync
from app.stock.writers import Writers
from app.stock.writing import Writing
from domain.errors import Unavailable
from domain.ports import Access
from domain.run import Task
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.steps import Steps
from infrastructure.postgres.stock import PostgresStock
from infrastructure.wildberries.pace import Pace
from sandbox.sellers import Spec
from tests.app.graphql_world import World
from tests.app.runs_world import Runs
from tests.infrastructure.wildberries_shop import LONG, NOON, Kept, open_shop, silent
from tests.plans import limiting

PACE = replace(LONG, egress=Pace().egress, patience=30.0)
PLAN = """
  query ($id: UUID!, $at: DateTime, $run: UUID) { shop(id: $id) { syncPlan(beginsAt: $at, runId: $run) {
    calls startsAt readyAt
    parts { part source alternatives calls startsAt endsAt cause } } } }
"""
OPENS = """
  query ($id: UUID!) { shop(id: $id) { capabilities {
    source name gives standing evidence cause cure since checkedAt } } }
"""


class Seller:
    """Her company, her shop, and the syncs of it."""

    def __init__(self, market, world, kind):
        self.market, self.world, self.kind = market, world, kind
        self.anna = self.shop_id = None
        self.meanwhile = _nothing

    def token(self, **claims):
        """One of hers."""
        return self.market.access(self.kind, **{"expires": NOON + 60 * 86_400, **claims}).token

    async def connected(self, **claims):
        """With a token, or with another one, and with her sheet."""
        self.world.now = self.market.moment()
        self.anna = self.anna or await self.world.register()
        again = {"shopId": self.shop_id} if self.shop_id else {}
        told = {"marketplace": "WILDBERRIES", "token": self.token(**claims), **again}
        made = await self.anna.change("connectShop", "shop { id }", **told)
        assert made["userErrors"] == []
        if self.shop_id is None:
            self.shop_id = made["shop"]["id"]
            self.world.sheet.share(f"sheet-{self.shop_id}")
            url = f"https://docs.google.com/spreadsheets/d/sheet-{self.shop_id}/edit"
            await self.anna.change("connectSheet", "title", shopId=self.shop_id, url=url)
        self.given = claims

    async def sync(self, run_id=None, source="schedule"):
        """Calls that it made; None where it has to wait. `run_id`: of a run of the ledger."""
        before = self.market.market.calls.total
        database, moment = self.world.database, self.market.moment
        book = PostgresStock(database, moment)
        writing = Writing(
            book=book,
            checks=PostgresChecks(database),
            database=database,
            writers=Writers(principals=self.world.principals, vault=self.world.vault),
            plans=self.world.plans,
            clock=moment,
        )
        sync = Sync(
            book=book,
            database=database,
            marketplace=self.market.wildberries,
            writing=writing,
            doubting=Doubting(
                database=database, writing=writing, handle=self.world.handle, clock=moment
            ),
            handle=self.world.handle,
            clock=moment,
            open_token=self._open,
            limiting=limiting(self.world.plans, moment),
            afterwards=_nothing,
        )
        task = Task(
            tenant=self.anna.scope.tenant,
            run_id=run_id or uuid4(),
            fence=1,
            kind="sync",
            shop_id=UUID(self.shop_id),
            attempt=1,
            source=source,
            correlation=uuid4(),
        )
        memory = Steps(database, task) if run_id else Kept()
        try:
            await sync(task, memory, silent)
        except Unavailable as away:
            await self._later(run_id, away.until)
            return None
        return self.market.market.calls.total - before

    def loses(self, share):
        """So much of what lies everywhere is gone."""
        for card in self.market.seller.cards.values():
            for size in card.sizes:
                size.stock = {at: int(n * (1 - share)) for at, n in size.stock.items()}
        self.market.seller.version += 1

    async def _later(self, run_id, until):
        """As the engine has it."""
        async with self.world.database.driver() as driver:
            await driver.execute("UPDATE job_runs SET due_at = $2 WHERE run_id = $1", run_id, until)

    async def run(self):
        """One of the ledger that waits."""
        self.world.now = self.market.moment()
        runs = Runs(self.world.database, self.anna.scope.tenant, self.world.now)
        return await runs.live(shop_id=UUID(self.shop_id))

    async def plan(self, **asked):
        """As the API tells it."""
        self.world.now = self.market.moment()
        return (await self.anna.ask(PLAN, id=self.shop_id, **asked))["shop"]["syncPlan"]

    async def scheduled(self):
        """The plan of a sync that the schedule begins in a second."""
        soon = self.market.moment() + timedelta(seconds=1)
        return await self.plan(at=soon.isoformat())

    async def opens(self):
        """By source."""
        self.world.now = self.market.moment()
        english = {"accept_language": "en"}
        found = (await self.anna.ask(OPENS, english, id=self.shop_id))["shop"]["capabilities"]
        return {each["source"]: each for each in found}

    def passes(self, **time):
        """It is later."""
        days, hours, minutes = (time.get(each, 0) for each in ("days", "hours", "minutes"))
        self.market.moment.seconds += days * 86_400 + hours * 3_600 + minutes * 60

    async def _open(self, tenant, token_id):
        access = Access(token=self.token(**self.given))
        await self.meanwhile()
        return access


async def _nothing(*_):
    """Nothing else happens."""


@asynccontextmanager
async def selling(database, kind="personal", secret=None, products=60, **spec):
    """A seller at noon of 23 November 2026, with her shop not connected yet."""
    spec = Spec(products=products, places=4, **spec)
    async with open_shop(spec, pace=PACE, secret=secret) as market:
        gateway = market.wildberries._gateway
        ahead = Ahead(planning=market.wildberries, budget=gateway.budget, breaker=gateway.breaker)
        world = World(database, marketplace=market.wildberries, now=market.moment(), ahead=ahead)
        yield Seller(market, world, kind)
