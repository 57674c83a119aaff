"""Products that begin to run out become one fact of a sync, and are told once."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.audit.sentences import Names, sentence
from app.handle import Ask, Handle
from app.stock.reporting import notice
from app.wiring.facts import CODEC, follow
from domain import levels, shop, tenant
from domain.events import Origin, Stream
from domain.replenishment import USUAL, Terms
from domain.run import Task
from domain.stock import ShopKey
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.stock import PostgresStock
from tests.domain.test_levels import AT, shot

TOLD = "SELECT count(*) FROM events WHERE tenant_id = $1 AND name = 'tenant.stock_fell'"


class Syncs:
    """A shop whose syncs notice what fell."""

    terms = USUAL

    def __init__(self, database, key):
        self.database, self.key = database, key
        store = EventStore(database, CODEC, lambda: AT, follow)
        self.handle, self.book, self.before = (
            Handle(store),
            PostgresStock(database, lambda: AT),
            None,
        )
        self.task = Task(
            tenant=key.tenant,
            run_id=uuid4(),
            fence=1,
            kind="sync",
            shop_id=key.shop,
            attempt=1,
            source="schedule",
            correlation=uuid4(),
        )

    async def connected(self):
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:test")
        stream = Stream(kind="tenant", tenant=self.key.tenant, id=self.key.tenant)
        at = AT + timedelta(days=90)
        token = {"token_id": uuid4(), "token_kind": "base", "expires_at": at}
        connect = shop.ConnectShop(
            shop_id=self.key.shop, marketplace="wildberries", seller_id=str(uuid4()), **token
        )
        for command in (tenant.Register(owner_id=uuid4()), connect):
            await self.handle(
                Ask(decider=tenant.decider, stream=stream, command=command), origin=origin
            )

    async def take(self, products):
        now = shot(products)
        await notice(self.handle, self.book, self.task, self.key, (self.before, now), self.terms)
        self.before = now

    async def told(self):
        async with self.database.driver() as driver:
            return await driver.fetchval(TOLD, self.key.tenant)


@pytest.fixture
async def syncs(database):
    made = Syncs(database, ShopKey(tenant=uuid4(), shop=uuid4()))
    await made.connected()
    return made


def fall(n, stock):
    return dict.fromkeys(range(1, n + 1), (stock, 7))


async def test_ten_thousand_products_that_fall_together_are_one_fact(syncs):
    for stock in (30, 5, 4):
        await syncs.take(fall(10_000, stock))

    assert await syncs.told() == 1


async def test_each_crossing_is_told_and_nothing_between_them(syncs):
    counts = []
    for stock in (30, 30, 5, 5, 0, 0, 40, 5):
        await syncs.take(fall(2, stock))
        counts.append(await syncs.told())

    assert counts == [0, 0, 1, 1, 2, 2, 2, 3]


async def test_a_longer_lead_time_tells_once_of_what_no_longer_lasts_for_it(syncs):
    await syncs.take(fall(2, 30))
    syncs.terms = Terms(lead=40)
    for stock in (30, 29):
        await syncs.take(fall(2, stock))
    longer = await syncs.told()
    syncs.terms = USUAL
    for stock in (30, 13):
        await syncs.take(fall(2, stock))

    assert (longer, await syncs.told()) == (1, 2)


async def test_a_sync_that_is_repeated_tells_nothing_twice(syncs):
    await syncs.take(fall(2, 30))
    before = syncs.before
    await syncs.take(fall(2, 5))
    syncs.before = before
    await syncs.take(fall(2, 5))

    assert await syncs.told() == 1


async def test_a_sync_that_was_killed_before_it_told_leaves_it_to_the_next(syncs):
    await syncs.take(fall(2, 30))
    syncs.before = shot(fall(2, 5))
    await syncs.take(fall(2, 4))

    assert await syncs.told() == 1


async def test_a_shop_that_is_gone_has_nothing_to_tell(syncs):
    await syncs.take(fall(2, 30))
    syncs.key = replace(syncs.key, shop=uuid4())
    syncs.before = shot(fall(2, 30))
    await syncs.take(fall(2, 5))

    assert await syncs.told() == 0


EN = (
    "Stock Tracker saw in the shop “Рыжий кот”: products that will not last for the lead time: 2 (11, "
    "12); products sold out: 1 (13)"
)
RU = "Stock Tracker: магазин «Рыжий кот», товары, которые закончились: 30 (13 и другие)"


@pytest.mark.parametrize(
    ("language", "low", "out", "expected"), [("en", 2, 1, EN), ("ru", 0, 30, RU)]
)
def test_it_is_one_sentence_of_the_audit_log(language, low, out, expected):
    shop_id = uuid4()
    told = levels.StockFell(
        shop_id=shop_id, low=low, out=out, low_products=(11, 12)[:low], out_products=(13,)
    )

    names = Names(known={shop_id: "Рыжий кот"}, language=language)
    assert sentence(told, None, "run", names) == expected
