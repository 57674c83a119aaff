"""The tab «Сверка»: ours entirely, replaced whole, in the same read and the same call."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.cabinet import Figure
from domain.reconciliation import Discrepancy, Reason, Reconciliation
from domain.table.check import Check
from infrastructure.google import finding
from sandbox.google import Tab
from sandbox.google.model.formats import read
from tests.infrastructure.data_tab import LISTED
from tests.infrastructure.google_drive import MORNING, open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "LN-70/140", 6, 1, 64, 7, 32, 4)
CANCELLED = Discrepancy(
    nm_id=101,
    sku="LN-70/140",
    figure=Figure.ORDERS,
    ours=11,
    cabinet=13,
    reasons=(Reason.CANCELLED,),
)
UNKNOWN = replace(
    CANCELLED,
    nm_id=205,
    sku="=1+1",
    ours=61.1,
    cabinet=None,
    reasons=(Reason.UNEXPLAINED,),
)
NOT_FOUND = ("Причина не найдена, разбираемся", "Напишите нам, если срочно")
COUNTS_CANCELLED = ("Кабинет считает и отменённые заказы, в «Заказы» их нет", "Ничего")


@pytest.fixture(
    params=[50_000, -1], ids=["all cells are read", "only heads are read"], autouse=True
)
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their markers: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


def checked(*found, **changes):
    made = Reconciliation(
        id=uuid4(),
        at=MORNING,
        taken_at=MORNING,
        products=2,
        compared=12,
        equal=12 - len(found),
        discrepancies=found,
    )
    return Check(title="Сверка", reconciliation=replace(made, **changes))


@pytest.fixture
async def desk():
    async with open_desk() as desk:
        yield desk


def show(desk, check, *others):
    desk.target = replace(desk.target, listings=(check, *others))


def lines(desk):
    tab = Tab(desk.file, "Сверка")
    return [[tab.value(row, column) for column in range(8)] for row in range(tab.sheet.height)]


async def test_it_sums_up_and_lists_what_differs_the_unexplained_first(desk):
    show(desk, checked(CANCELLED, UNKNOWN))

    await desk.sync(snapshot(A))

    tab, sheet = Tab(desk.file, "Сверка"), Tab(desk.file, "Сверка").sheet
    head, captions, *below = lines(desk)
    assert desk.calls() == (1, 1)
    assert head[0] == (
        "Сверка 23.11.2026 07:40: 2 товаров, сошлось 10 из 12, объяснено 1, без причины 1"
    )
    assert tab.note(0, 0).endswith("Свои заметки держите на «Stock Tracker».")
    assert captions == [
        "Артикул товара (nmid)",
        "Артикул продавца",
        "Показатель",
        "У нас",
        "В кабинете",
        "Разница",
        "Причина",
        "Что сделать",
    ]
    assert below == [
        [205, "=1+1", "Заказы (всего)", 61.1, None, None, *NOT_FOUND],
        [101, "LN-70/140", "Заказы (всего)", 11, 13, -2, *COUNTS_CANCELLED],
    ]
    assert (sheet.height, sheet.columns, sheet.frozen_rows) == (4, 8, 2)
    assert [span[2:] for span in sheet.merges] == [(0, 8)]
    assert read(sheet.format(2, 6))["wrapStrategy"] == "WRAP"


async def test_the_same_check_is_not_written_again_and_a_new_one_replaces_it_whole(desk):
    check = checked(CANCELLED, UNKNOWN)
    show(desk, check)
    await desk.sync(snapshot(A))
    desk.calls()
    await desk.sync(snapshot(A))
    none = desk.calls()
    show(desk, checked(CANCELLED, at=MORNING + timedelta(days=1)))

    await desk.sync(snapshot(A))

    assert (none, desk.calls()) == ((0, 0), (1, 1))
    assert len(lines(desk)) == 3
    assert lines(desk)[2][:6] == [101, "LN-70/140", "Заказы (всего)", 11, 13, -2]
    assert lines(desk)[0][0].startswith("Сверка 24.11.2026 07:40: 2 товаров, сошлось 11 из 12")


async def test_without_a_difference_it_says_so_until_there_is_one(desk):
    show(desk, checked())
    await desk.sync(snapshot(A))
    none = lines(desk)[2:]
    show(desk, checked(CANCELLED))
    await desk.sync(snapshot(A))
    one = lines(desk)[2:]
    show(desk, checked())

    await desk.sync(snapshot(A))

    assert none == lines(desk)[2:] == [["Расхождений нет", *[None] * 7]]
    assert [row[0] for row in one] == [101]


@pytest.mark.parametrize("found", [(), (CANCELLED, UNKNOWN)])
async def test_the_sentence_above_comes_back_alone_where_she_deleted_its_row(desk, found):
    show(desk, checked(*found))
    await desk.sync(snapshot(A))
    before = lines(desk)
    Tab(desk.file, "Сверка").delete_rows(0)
    show(desk, checked(*found, at=MORNING + timedelta(days=1)))

    await desk.sync(snapshot(A))
    desk.calls()
    await desk.sync(snapshot(A))

    assert lines(desk)[0][1:] == [None] * 7
    assert lines(desk)[1:] == before[1:]
    assert [span[2:] for span in Tab(desk.file, "Сверка").sheet.merges] == [(0, 8)]
    assert desk.calls() == (0, 0)


async def test_three_tabs_cost_one_read_and_one_write(desk):
    show(desk, checked(CANCELLED), LISTED)
    await desk.sync(snapshot(A))
    first = desk.calls()
    show(desk, checked(UNKNOWN), LISTED)

    await desk.sync(snapshot((*A[:6], 60, 7, 32, 4)))

    assert (first, desk.calls()) == ((1, 1), (1, 1))
    assert [sheet.title for sheet in desk.file.book.sheets] == [
        "Stock Tracker",
        "Лист1",
        "Сверка",
        "Данные",
    ]
    assert lines(desk)[2][0] == 205
    assert Tab(desk.file, "Данные").value(1, 5) == 60
