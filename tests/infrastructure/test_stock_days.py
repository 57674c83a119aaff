"""On which days a product was on sale, since when it lies there, and what a day is remembered by."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from domain.ids import uuid7
from domain.levels import Level
from domain.place import WB_TOTAL, Kind, Place
from domain.snapshot import PlaceColumns, Snapshot, period
from domain.stock import Order, OrderPage, ShopKey
from infrastructure.postgres.stock import PostgresStock

MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)
"""The first day of the period that the following Monday looks back on."""
WB = replace(WB_TOTAL, number=1)
MINE = Place(key="seller:1", kind=Kind.SELLER, name="Мой склад", number=2)
ROW = """
SELECT on_sale, stocked_since, last_order FROM stock_current
WHERE tenant_id = $1 AND shop_id = $2 AND nm_id = $3
"""
DAYS = """
SELECT day, stock, stocked FROM stock_daily
WHERE tenant_id = $1 AND shop_id = $2 AND nm_id = $3 ORDER BY day
"""


class Days:
    """A shop whose snapshots follow each other; stock is told as {nmID: (at WB, hers)}."""

    def __init__(self, database):
        self.database, self.key = database, ShopKey(tenant=uuid4(), shop=uuid4())
        self.now = MONDAY
        self.book = PostgresStock(database, lambda: self.now)
        self.latest = None

    async def snapshot(self, products, *, day=0, hour=0, history=90):
        self.now = MONDAY + timedelta(days=day, hours=hour)
        taken = shot(self.now, products)
        await self.book.save(self.key, (uuid7(self.now), taken), self.latest, history)
        self.latest = taken

    async def order(self, nm, *, day, cancelled=False):
        at = MONDAY + timedelta(days=day)
        order = Order(
            srid=str(uuid4()),
            nm_id=nm,
            ordered_at=at,
            changed_at=at,
            cancelled=cancelled,
            by_seller=False,
            warehouse="Склад WB",
        )
        await self.book.keep_orders(self.key, OrderPage(orders=(order,), cursor="x", last=True))

    async def row(self, nm=7):
        return tuple((await self.rows(ROW, nm))[0])

    async def rows(self, statement, *values):
        async with self.database.driver() as driver:
            return await driver.fetch(statement, self.key.tenant, self.key.shop, *values)


def shot(at, products):
    nm_ids = tuple(sorted(products))
    here = [products[nm] for nm in nm_ids]
    total = tuple(None if None in pair else sum(pair) for pair in here)
    nothing, blank = (0,) * len(nm_ids), ("",) * len(nm_ids)
    columns = [
        PlaceColumns(place=place, stock=tuple(pair[n] for pair in here), orders=nothing)
        for n, place in enumerate((WB, MINE))
    ]
    return Snapshot(
        taken_at=at,
        period=period(at),
        nm_ids=nm_ids,
        brands=blank,
        subjects=blank,
        skus=blank,
        to_client=nothing,
        returns=nothing,
        orders=nothing,
        stock=total,
        places=tuple(columns),
    )


@pytest.fixture
def days(database):
    return Days(database)


async def week(days, *stocks):
    """A snapshot each day from Monday on, then the one that looks back; None: no snapshot."""
    for day, stock in enumerate(stocks):
        if stock is not None:
            await days.snapshot({7: (stock, 0)}, day=day)
    await days.snapshot({7: (5, 0)}, day=7)


@pytest.mark.parametrize(
    ("stocks", "expected"),
    [
        ((5, 5, 5, 5, 5, 5, 5), 7),
        ((5, 5, 0, 0, 5, 5, 5), 5),
        ((0, 0, 0, 0, 0, 0, 0), 0),
        ((5, None, None, 0, 5, 5, 5), 6),
        ((None, None, None, None, None, None, None), 7),
    ],
)
async def test_days_with_stock_count_and_days_that_nobody_saw_count_too(days, stocks, expected):
    await week(days, *stocks)

    assert (await days.row())[0] == expected


async def test_one_snapshot_with_stock_makes_a_day_on_sale(days):
    await days.snapshot({7: (3, 0)}, day=0)
    await days.snapshot({7: (0, 0)}, day=0, hour=5)
    await days.snapshot({7: (0, 0)}, day=1)
    await days.snapshot({7: (0, 2)}, day=1, hour=5)
    await days.snapshot({7: (0, 0)}, day=1, hour=9)
    await week(days, None, None, 0, 0, 0, 0, 0)

    assert (await days.row())[0] == 2


async def test_an_order_proves_that_it_was_on_sale_also_a_cancelled_one(days):
    await days.order(7, day=2)
    await days.order(7, day=4, cancelled=True)
    await week(days, 0, 0, 0, 0, 0, 0, 0)

    assert (await days.row())[0] == 2


async def test_what_is_not_known_is_no_empty_shelf(days):
    await days.snapshot({7: (None, 0)}, day=0)
    await week(days, None, 0, 0, 0, 0, 0, 0)

    assert (await days.row())[0] == 1


async def test_a_product_that_was_not_there_yet_was_not_on_sale(days):
    for day in range(7):
        await days.snapshot({7: (5, 0), **({8: (5, 0)} if day > 3 else {})}, day=day)
    await days.snapshot({7: (5, 0), 8: (5, 0)}, day=7)

    assert ((await days.row(7))[0], (await days.row(8))[0]) == (7, 3)


async def test_a_day_remembers_each_place_that_had_something_at_any_time(days):
    await days.snapshot({7: (3, 0)}, day=0)
    await days.snapshot({7: (0, 2)}, day=0, hour=5)
    await days.snapshot({7: (0, 0)}, day=0, hour=9)
    await days.snapshot({7: (0, 0)}, day=1)

    told = [tuple(row) for row in await days.rows(DAYS, 7)]
    assert told == [(date(2026, 11, 16), 0, [0, 1, 2]), (date(2026, 11, 17), 0, [])]


async def test_stock_lies_there_since_it_was_last_empty(days):
    await days.snapshot({7: (3, 0)}, day=0)
    await days.snapshot({7: (9, 0)}, day=2)
    since = [(await days.row())[1]]
    await days.snapshot({7: (0, 0)}, day=3)
    since.append((await days.row())[1])
    await days.snapshot({7: (4, 0)}, day=5)
    await days.snapshot({7: (None, 0)}, day=6)
    await days.snapshot({7: (2, 0)}, day=7)
    since.append((await days.row())[1])

    assert since == [date(2026, 11, 16), None, date(2026, 11, 21)]


async def test_the_last_order_is_the_latest_that_stands_however_long_nobody_read(days):
    await days.order(7, day=-60)
    await days.snapshot({7: (3, 0)}, day=0)
    last = [(await days.row())[2]]
    await days.order(7, day=2)
    await days.order(7, day=4, cancelled=True)
    await days.snapshot({7: (3, 0)}, day=30)
    last.append((await days.row())[2])

    assert last == [date(2026, 9, 17), date(2026, 11, 18)]


async def test_an_order_of_today_is_the_last_one_with_the_next_snapshot_of_the_day(days):
    await week(days, 5, 5, 5, 5, 5, 5, 5)
    before = await days.row()
    await days.order(7, day=7)
    await days.snapshot({7: (5, 0)}, day=7, hour=2)

    assert (before[2], (await days.row())[2]) == (None, date(2026, 11, 23))


async def test_unchanged_products_are_not_written_again(days):
    await week(days, 5, 5, 5, 5, 5, 5, 5)
    before = await days.rows("SELECT xmin FROM stock_current WHERE tenant_id = $1 AND shop_id = $2")
    await days.snapshot({7: (5, 0)}, day=7, hour=2)

    assert before == await days.rows(
        "SELECT xmin FROM stock_current WHERE tenant_id = $1 AND shop_id = $2"
    )


async def test_days_beyond_the_history_are_forgotten(days):
    await days.snapshot({7: (5, 0)}, day=0)
    await days.snapshot({7: (5, 0)}, day=10, history=10)
    await days.snapshot({7: (5, 0)}, day=11, history=10)

    assert [row["day"].day for row in await days.rows(DAYS, 7)] == [26, 27]


async def test_levels_are_kept_as_they_were_written(days):
    levels = {7: Level.LOW, 8: Level.OUT}
    before = await days.book.levels(days.key)
    await days.book.keep(days.book.keeping(days.key, levels))

    assert (before, await days.book.levels(days.key)) == ({}, levels)


async def test_a_snapshot_is_kept_though_it_is_no_newer_than_those_of_workers_that_were_killed(
    days,
):
    taken = shot(MONDAY, {7: (5, 0)})
    for _ in range(9):
        newest = uuid7(MONDAY)
        await days.book.save(days.key, (newest, taken), None, 90)

        assert await days.book.snapshot(days.key, newest) == taken


async def test_of_snapshots_of_one_read_the_later_one_is_the_latest(days):
    for minute in range(6):
        made = MONDAY + timedelta(minutes=minute)
        newest = uuid7(made), shot(MONDAY, {7: (minute, 0)})
        await days.book.save(days.key, newest, None, 90)

        assert await days.book.latest(days.key) == newest
