"""What a sync asks of the sheet: the tabs, the places and the columns that her people want."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.stock.read import shop_by_id
from app.stock.writers import Writers
from app.stock.writing import Writing
from domain.cabinet import Figure
from domain.ids import uuid7
from domain.reconciliation import Discrepancy, Reason, Reconciliation
from domain.run import Task
from domain.snapshot import period
from domain.stock import ShopKey
from domain.table.check import Check
from domain.table.data import Data
from domain.table.layout import Layout
from domain.table.replenishment import Replenishing
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.stock import PostgresStock
from tests.app.graphql_world import World
from tests.app.moving_world import Moving
from tests.infrastructure.google_drive import MORNING, snapshot
from tests.infrastructure.wildberries_shop import Kept, silent

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 0, 0)
SOLD = (*A[:9], 1)
UNREAD = (*A[:8], None, 0)


class Desk:
    """A shop of hers, its snapshots in the database, and whoever writes its sheet."""

    def __init__(self, world, anna, shop_id):
        self.world, self.anna, self.shop_id = world, anna, shop_id
        self.key = ShopKey(tenant=anna.scope.tenant, shop=UUID(shop_id))
        self.book = PostgresStock(world.database, lambda: world.now)
        self.checks = PostgresChecks(world.database)

    async def written(self, day, *rows):
        """What the sheet is asked to be after the sync of a day."""
        taken = MORNING + timedelta(days=day)
        new = replace(snapshot(*rows), taken_at=taken, period=period(taken))
        shot = uuid7(taken), new
        await self.book.save(self.key, shot, None, 100)
        row = await shop_by_id(self.world.database, self.anna.scope, self.key.shop)
        task = Task(
            tenant=self.key.tenant,
            run_id=uuid4(),
            fence=1,
            kind="sync",
            shop_id=self.key.shop,
            attempt=1,
            source="schedule",
            correlation=uuid4(),
        )
        writing = Writing(
            book=self.book,
            checks=self.checks,
            database=self.world.database,
            writers=Writers(principals=self.world.principals, vault=self.world.vault),
            plans=self.world.plans,
            clock=lambda: self.world.now,
        )
        await writing(row, task, shot, Kept(), silent)
        return self.world.sheet.written[-1][0]

    async def checked(self):
        """Kept as a run of the day keeps it."""
        line = Discrepancy(
            nm_id=101,
            sku="A",
            figure=Figure.ORDERS,
            ours=11,
            cabinet=13,
            reasons=(Reason.CANCELLED, Reason.BOUNDARY),
        )
        turnover = replace(line, figure=Figure.TURNOVER, ours=61.1, reasons=(Reason.UNEXPLAINED,))
        found = Reconciliation(
            id=uuid4(),
            at=self.world.now,
            taken_at=MORNING,
            products=1,
            compared=6,
            equal=4,
            discrepancies=(turnover, line),
        )
        await self.checks.keep(self.key, found)
        return found

    async def arrange(self, **wishes):
        await self.anna.change("arrangeSheet", "shop { id }", shopId=self.shop_id, **wishes)


@pytest.fixture
async def desk(database):
    world = World(database)
    anna = await world.register()
    return Desk(world, anna, await anna.connected_shop())


async def test_the_tab_of_data_is_asked_for_once_she_wants_it(desk):
    before = await desk.written(0, A)
    await desk.arrange(dataTab=True)

    after = await desk.written(1, A)

    assert (before.listings, after.listings) == ((), (Data(title="Данные"),))


async def test_what_moves_is_part_of_the_snapshot_for_ever_once_a_tab_shows_it(desk):
    moving = Moving(desk.world.database, desk.key.tenant, desk.key.shop)
    await desk.written(0, A)
    await desk.arrange(replenishmentTab=True)
    target = await desk.written(1, A)
    await moving.supply({A[0]: 10})
    await desk.written(2, A)

    plain, first, second = (snapshot for _, _, snapshot in desk.world.sheet.written)
    kept = await desk.book.snapshot(desk.key, desk.world.sheet.written[1][1])
    assert target.keyed == (Replenishing(title="Пополнение"),)
    assert (plain.moving, first.moving.coming, second.moving.coming) == (None, (None,), (10,))
    assert [gap.cause for gap in first.moving.gaps] == ["unread", "unread"]
    assert kept == first


async def test_the_tab_of_the_check_is_asked_for_once_there_is_one_unless_it_is_switched_off(desk):
    none = await desk.written(0, A)
    found = await desk.checked()

    shown = await desk.written(1, A)
    await desk.arrange(checkTab=False)
    off = await desk.written(2, A)

    assert (none.listings, off.listings) == ((), ())
    assert shown.listings == (Check(title="Сверка", reconciliation=found),)


async def test_shops_that_share_a_file_have_tabs_of_their_own_names(desk):
    second = await desk.anna.connected_shop(token="second", seller="200", sheet=False)
    url = f"https://docs.google.com/spreadsheets/d/sheet-{desk.shop_id}/edit"
    await desk.anna.change("connectSheet", "title", shopId=second, url=url)
    beside = Desk(desk.world, desk.anna, second)
    await beside.arrange(dataTab=True)

    targets = [await each.written(0, A) for each in (beside, desk)]

    assert {each.title for each in targets} == {"Stock Tracker", "Stock Tracker · Рыжий кот"}
    listed = {each.title: each.listings[0].title for each in targets if each.listings}
    assert listed.items() <= {
        ("Stock Tracker", "Данные"),
        ("Stock Tracker · Рыжий кот", "Данные · Рыжий кот"),
    }
    assert listed


async def test_a_place_is_empty_after_thirty_days_without_stock_and_orders(desk):
    await desk.arrange(hideEmptyPlaces=True)

    asked = [
        (await desk.written(day, rows)).empty
        for day, rows in (
            (0, SOLD),
            (29, A),
            (30, A),
            (31, SOLD),
            (60, A),
            (61, A),
        )
    ]

    assert [set(each) for each in asked] == [set(), set(), {2}, set(), set(), {2}]


async def test_a_place_that_was_not_read_is_not_known_to_be_empty_and_stays_as_it_is(desk):
    await desk.arrange(hideEmptyPlaces=True)
    await desk.written(0, A)
    shown = (await desk.written(40, UNREAD)).empty
    hidden = Layout(language="ru", deadline=MORNING, made=("p2.s",), hidden=frozenset({"p2"}))
    desk.world.sheet.layout = str(hidden)
    await desk.written(41, A)

    assert (shown, (await desk.written(42, UNREAD)).empty) == (frozenset(), {2})


async def test_nothing_is_hidden_unless_she_wants_it(desk):
    await desk.written(0, A)

    assert (await desk.written(40, A)).empty == frozenset()


async def test_when_columns_were_asked_back_the_sheet_is_told(desk):
    before = await desk.written(0, A)
    await desk.anna.change("returnColumns", "shop { id }", shopId=desk.shop_id)

    after = await desk.written(1, A)

    assert (before.returned, after.returned) == (None, desk.world.now)


async def test_columns_she_deleted_are_told_by_their_names(desk):
    tags = ("returns", "p2.s", "p2.o", "p2.c")
    gone = Layout(language="ru", deadline=MORNING, made=tags, gone=frozenset({"p2.o", "returns"}))
    desk.world.sheet.layout = str(gone)

    await desk.written(0, A)
    told = await desk.anna.ask("{ shops { sheet { deletedColumns } } }")

    assert told["shops"][0]["sheet"]["deletedColumns"] == [
        "В пути возвраты",
        "Склад на Садовой · Заказы",
    ]
