"""Where supplier/orders is closed, a sync takes orders from the feed: the sheet is filled, an order
counts once whichever source tells of it, and no call is spent twice."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.stock.flows import ReadFlows
from app.stock.reconciling import Reconciling
from domain.flow import FeedPage
from domain.run import Task
from domain.snapshot import period
from domain.stock import Order, OrderPage, ShopKey
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.flows import PostgresFlows
from infrastructure.postgres.stock import PostgresStock
from infrastructure.wildberries import order_feed
from sandbox.sellers import AddOrder, CancelOrder, truth
from sandbox.wildberries import tokens
from tests.app.planned_world import selling
from tests.infrastructure.wildberries_shop import Kept, silent

KINDS = {
    "personal": ("personal", None),
    "base with secret": ("base", tokens.SERVICE_SECRET),
    "plain base": ("base", None),
}
STATES = "SELECT srid, became, updated_at FROM order_states WHERE shop_id = $1 ORDER BY srid"
READ = "SELECT cause, read_at FROM flows WHERE shop_id = $1 AND source = 'order_feed'"


@pytest.fixture
async def seller(database):
    async with selling(database, products=30, unnamed_share=0.3) as seller:
        await seller.connected()
        yield seller


def switch_off(seller, *, off=True):
    """For everybody; or on again."""
    seller.market.market.faults.clear()
    if off:
        seller.market.fault("orders", "disabled", times=None)


def told(seller):
    """What her sheet was last told of orders, by place and product; "" is everywhere."""
    _, _, snapshot = seller.world.sheet.written[-1]
    columns = {each.place.key: each.orders for each in snapshot.places}
    columns = {key: column for key, column in columns.items() if not key.startswith("wb:")}
    return {
        (key, nm): n
        for key, column in {"": snapshot.orders, **columns}.items()
        for nm, n in zip(snapshot.nm_ids, column, strict=True)
        if n
    }


def expected(seller):
    """What the stand-in knows of them, in the same form."""
    found = {}
    for nm, product in truth(seller.market.seller, seller.market.moment.seconds).items():
        orders = product.orders
        found |= {("", nm): orders.total, ("wb", nm): orders.wb, ("seller:?", nm): orders.unnamed}
        found |= {(f"seller:{at}", nm): n for at, n in orders.sellers.items()}
    return {at: n for at, n in found.items() if n}


async def test_the_sheet_is_filled_from_the_feed_and_nothing_is_blank(seller):
    switch_off(seller)
    await seller.sync()

    _, _, snapshot = seller.world.sheet.written[-1]
    assert told(seller) == expected(seller)
    assert {key for key, _ in told(seller)} > {"", "wb", "seller:?"}
    assert "orders" not in {gap.source for gap in snapshot.gaps}


async def test_orders_are_blank_for_the_reason_of_their_own_source_if_neither_is_open(seller):
    switch_off(seller)
    seller.market.fault("order_feed", "403", times=None)
    await seller.sync()

    _, _, snapshot = seller.world.sheet.written[-1]
    assert ("orders", "method_off") in {(gap.source, gap.cause) for gap in snapshot.gaps}
    assert set(snapshot.orders) == {None}


async def test_an_order_counts_once_from_one_source_to_the_other_and_back(seller):
    nm = min(seller.market.seller.cards)
    for off in (False, True, True, False, False, True):
        switch_off(seller, off=off)
        seller.passes(hours=13)  # now before the job that cancels at night, now after it
        seller.market.change(AddOrder(nm=nm, count=4), AddOrder(nm=nm, place="Минск"))
        await seller.sync()
        seller.passes(minutes=20)
        seller.market.change(CancelOrder(nm=nm), CancelOrder(nm=nm))

        assert told(seller) == expected(seller)
    assert seller.market.calls("order_feed") == 3


@pytest.mark.parametrize("token", KINDS)
async def test_what_was_planned_is_what_is_asked(database, token):
    async with selling(database, *KINDS[token]) as seller:
        await seller.connected()
        await seller.sync()
        switch_off(seller)
        seller.passes(days=1)
        await seller.sync()
        for minutes in (15, 30, 180, 1440):
            seller.passes(minutes=minutes)
            planned, looks = await seller.plan(), seller.market.calls("orders")
            calls = await seller.sync()

            looks = seller.market.calls("orders") - looks
            assert looks == int(minutes > 60)  # of a closed one nobody knows that it still is
            assert planned["calls"] == calls - looks
            assert told(seller) == expected(seller)
        assert seller.market.market.calls.by_status[429] == 0


async def test_a_plain_base_token_waits_for_the_feed_until_its_next_slot(database):
    async with selling(database, "base") as seller:
        await seller.connected()
        switch_off(seller)
        seller.passes(hours=11, minutes=30)
        await seller.sync()
        seller.passes(minutes=45)  # past midnight: the kept orders lack those of yesterday
        before, run = await seller.plan(), await seller.run()
        assert await seller.sync(run) is None
        seller.passes(hours=2, minutes=30)
        await seller.sync(run)

        assert told(seller) == expected(seller)
        assert seller.market.calls("order_feed") == 2
    orders = next(each for each in before["parts"] if each["part"] == "orders")
    assert (orders["source"], orders["cause"]) == ("order-feed", "LIMIT")
    assert orders["startsAt"].startswith("2026-11-23T23:3")


async def test_a_killed_worker_goes_on_after_the_pages_that_are_kept(seller, monkeypatch):
    monkeypatch.setattr(order_feed, "PAGE", 100)
    switch_off(seller)
    while await seller.sync() is None:  # the next page is a minute away; nobody remembers the run
        seller.passes(minutes=1)
        seller.market.change(AddOrder(nm=min(seller.market.seller.cards), count=30))

    async with seller.world.database.driver() as driver:
        states = await driver.fetch(STATES, UUID(seller.shop_id))
    assert seller.market.calls("order_feed") == len(states) // 100 + 1 > 2
    assert told(seller) == expected(seller)


async def test_a_read_of_the_feed_serves_what_became_of_orders_as_well(seller):
    switch_off(seller)
    await seller.sync()
    mine = await states(seller)
    await flows(seller)
    left = seller.market.calls("order_feed")
    seller.passes(minutes=1)
    [page] = [page async for page in seller.market.wildberries.feed(seller.market.access(), None)]
    switch_off(seller, off=False)
    seller.passes(days=1)
    await seller.sync()
    await flows(seller)

    assert left == 1
    assert mine == sorted((each.srid, each.became, each.updated_at) for each in page.states)
    assert seller.market.calls("order_feed") == 3


async def test_a_cancellation_that_the_feed_dates_before_the_last_change_is_believed(seller):
    now = seller.market.moment()
    made, cancelled, changed = (now - timedelta(hours=n) for n in (30, 26, 25))
    stands = order_of(made, changed)
    over = replace(stands, changed_at=cancelled, cancelled=True, warehouse="Склад WB")
    for order, fed in ((stands, False), (over, True), (stands, False)):
        await keep(seller, order, fed=fed)

    assert await counts(seller) == []


async def test_a_place_that_the_feed_hides_is_blank_at_once_and_whole_again_afterwards(seller):
    await seller.sync()
    assert named(seller) == expected_named(seller)

    switch_off(seller)
    seller.passes(hours=1)
    await seller.sync()
    assert set(named(seller).values()) == {None}

    switch_off(seller, off=False)
    seller.passes(hours=1)
    await seller.sync()
    assert named(seller) == expected_named(seller)


def named(seller):
    """Orders that left the place that Wildberries still names."""
    _, _, snapshot = seller.world.sheet.written[-1]
    [column] = [each.orders for each in snapshot.places if each.place.key == "wb:Минск"]
    return dict(zip(snapshot.nm_ids, column, strict=True))


def expected_named(seller):
    found = truth(seller.market.seller, seller.market.moment.seconds)
    return {nm: each.orders.named.get("Минск", 0) for nm, each in found.items()}


def order_of(made, changed):
    return Order(
        srid="a",
        nm_id=1,
        ordered_at=made,
        changed_at=changed,
        cancelled=False,
        by_seller=False,
        warehouse="Минск",
    )


def book_of(seller):
    key = ShopKey(tenant=seller.anna.scope.tenant, shop=UUID(seller.shop_id))
    return PostgresStock(seller.world.database, seller.market.moment), key


async def keep(seller, order, *, fed):
    book, key = book_of(seller)
    now = seller.market.moment()
    page = FeedPage(states=(), cursor="x", since=now, until=now, last=True)
    told = OrderPage(orders=(order,), cursor="x", last=True, fed=page if fed else None)
    await book.keep_orders(key, told)


async def counts(seller):
    book, key = book_of(seller)
    return await book.order_counts(key, period(seller.market.moment()))


async def states(seller):
    async with seller.world.database.driver() as driver:
        assert (await driver.fetchrow(READ, UUID(seller.shop_id)))["cause"] is None
        return [tuple(row) for row in await driver.fetch(STATES, UUID(seller.shop_id))]


async def flows(seller):
    """The run beside, as the first good sync of a day asks for it."""
    database, clock = seller.world.database, seller.market.moment
    book, reader = PostgresFlows(database, clock), seller.market.wildberries
    job = ReadFlows(
        book=book,
        check=Reconciling(
            book=PostgresChecks(database), flows=book, marketplace=reader, clock=clock
        ),
        database=database,
        marketplace=reader,
        clock=clock,
        open_token=seller._open,
        ask=_nothing,
    )
    task = Task(
        tenant=seller.anna.scope.tenant,
        run_id=uuid4(),
        fence=1,
        kind="flows",
        shop_id=UUID(seller.shop_id),
        attempt=1,
        source="run",
        correlation=uuid4(),
    )
    await job(task, Kept(), silent)


async def _nothing(*_):
    """No tab shows it."""
