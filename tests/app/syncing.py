"""The sync itself, on a real database: the real reader before the stand-in of the marketplace, and
a sheet in memory."""

from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from app.handle import Ask
from app.stock.connect import TOKEN
from app.stock.doubting import Doubting
from app.stock.flows import ReadFlows
from app.stock.jobs import Sync
from app.stock.read import shop_by_id
from app.stock.reconciling import Reconciling
from app.stock.writers import Writers
from app.stock.writing import Writing
from domain import tenant
from domain.events import Origin, Stream
from domain.ports import Access
from domain.run import Task
from domain.stock import ShopKey
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.flows import PostgresFlows
from infrastructure.postgres.stock import PostgresStock
from sandbox.sellers import Spec
from tests.app.graphql_world import World
from tests.infrastructure.wildberries_shop import NOON, Kept, open_shop, silent
from tests.plans import limiting


async def nothing(*_):
    """Nobody wants to know that a sync went well."""


class Syncs:
    """A shop of hers whose stock a test changes; one run after another, or one that goes on.
    `breaks` is raised while its token is unsealed."""

    def __init__(self, world, market, kind):
        self.world, self.market, self.kind = world, market, kind
        self.memory, self.meanwhile = Kept(), nothing
        self.breaks = None
        self.book = PostgresStock(world.database, market.moment)

    async def open(self):
        self.anna = await self.world.register()
        token = self.market.access(self.kind, expires=NOON + 30 * 86_400).token
        self.id = await self.anna.connected_shop(token=token, seller=self.market.seller.id)
        self.key = ShopKey(tenant=self.anna.scope.tenant, shop=UUID(self.id))
        return self

    async def run(self, memory=None, args=None, attempt=1, source="schedule"):
        """A run to its end, or to what it raises."""
        self.memory = memory or Kept()
        self.world.now = self.market.moment()
        return await self._sync()(
            self._task(args=args, attempt=attempt, source=source), self.memory, silent
        )

    async def reads_flows(self):
        """The run beside; the arguments of the syncs that it asks for."""
        asked, database, clock = [], self.world.database, self.market.moment

        async def ask(task, run):
            asked.append((run.kind, run.key, run.args))

        book = PostgresFlows(database, clock)
        reader, checks = self.market.wildberries, PostgresChecks(database)
        flows = ReadFlows(
            book=book,
            check=Reconciling(book=checks, flows=book, marketplace=reader, clock=clock),
            database=database,
            marketplace=reader,
            clock=clock,
            open_token=self._token,
            ask=ask,
        )
        await flows(self._task("flows"), Kept(), silent)
        return asked

    async def goes_on(self):
        """The same run, taken up again."""
        return await self.run(self.memory)

    async def row(self):
        return await shop_by_id(self.world.database, self.anna.scope, self.key.shop)

    async def latest(self):
        return await self.book.latest(self.key)

    async def tell(self, command):
        """A command of whoever watches over shops."""
        stream = Stream(kind="tenant", tenant=self.key.tenant, id=self.key.tenant)
        ask = Ask(decider=tenant.decider, stream=stream, command=command)
        origin = Origin(source="run", actor=None, correlation=uuid4(), causation="clock:x")
        await self.world.handle(ask, origin=origin)

    async def renews(self):
        """She gives it another token."""
        token = self.market.access(self.kind, expires=NOON + 60 * 86_400).token
        await self.anna.connected_shop(token=token, seller=self.market.seller.id, sheet=False)

    async def owes(self, hour):
        """An hour by which its sheet was to be fresh."""
        promised = "UPDATE promises SET owed = $2 WHERE shop_id = $1"
        async with self.world.database.driver() as driver:
            await driver.execute(promised, self.key.shop, hour)

    async def facts(self):
        """What happened to its numbers, the oldest first."""
        log = await self.anna.ask("{ auditLog(first: 50) { edges { node { action } } } }")
        names = [edge["node"]["action"] for edge in log["auditLog"]["edges"]]
        return [each.removeprefix("tenant.numbers_") for each in names[::-1] if "numbers" in each]

    def sell_off(self, share):
        """Leave this share of every size's pieces where they are."""
        self.restore({at: int(pieces * share) for at, pieces in self.stock().items()})

    def restore(self, stock):
        seller = self.market.seller
        for (nm, n, place), pieces in stock.items():
            seller.cards[nm].sizes[n].stock[place] = pieces
        seller.version += 1

    def stock(self):
        """By article, size and place."""
        return {
            (card.nm, n, place): pieces
            for card in self.market.seller.cards.values()
            for n, size in enumerate(card.sizes)
            for place, pieces in size.stock.items()
        }

    def asked(self):
        """How often the marketplace was called."""
        return self.market.market.calls.total

    async def _token(self, tenant, token_id):
        if self.breaks is not None:
            raise self.breaks
        token = await self.world.vault.open(tenant, token_id, TOKEN)
        await self.meanwhile()
        return Access(token=token.decode())

    def _sync(self):
        world, clock = self.world, self.market.moment
        writing = Writing(
            book=self.book,
            checks=PostgresChecks(world.database),
            database=world.database,
            writers=Writers(principals=world.principals, vault=world.vault),
            plans=world.plans,
            clock=clock,
        )
        return Sync(
            book=self.book,
            database=world.database,
            marketplace=self.market.wildberries,
            writing=writing,
            doubting=Doubting(
                database=world.database, writing=writing, handle=world.handle, clock=clock
            ),
            handle=world.handle,
            clock=clock,
            open_token=self._token,
            limiting=limiting(world.plans, clock),
            afterwards=nothing,
        )

    def _task(self, kind="sync", args=None, attempt=1, source="schedule"):
        return Task(
            tenant=self.key.tenant,
            run_id=uuid4(),
            fence=1,
            kind=kind,
            shop_id=self.key.shop,
            attempt=attempt,
            source=source,
            correlation=uuid4(),
            args=args or {},
        )


@asynccontextmanager
async def syncs(database, kind="personal", novelties=None, **spec):
    world, spec = World(database), Spec(**{"products": 30, "places": 4, **spec})
    async with open_shop(spec, novelties=novelties) as market:
        world.now = market.moment()
        yield await Syncs(world, market, kind).open()
