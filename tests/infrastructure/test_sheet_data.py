"""The tab «Данные»: in the same read and the same call as «Stock Tracker», and never without it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.place import Kind
from domain.snapshot import MOSCOW
from infrastructure.google import finding, listing_rows
from sandbox.google import Tab
from sandbox.google.model.formats import read
from sandbox.google.model.spans import Span
from tests.infrastructure.data_tab import LISTED, data, open_both, rows
from tests.infrastructure.google_drive import GARDEN, MORNING, WB, snapshot

A = (101, "Лён и Ко", "Полотенца", "=LN+150", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "00-17", 0, 0, 18, 0, 0, 0)
C = (103, "Хлопок", "Ковры", "C", 3, 0, 10, 1, 5, 1)
MINSK = replace(WB, key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)
HEADER = [
    "nmID",
    "sku",
    "place",
    "kind",
    "part_of",
    "stock",
    "orders",
    "turnover",
    "on_the_way_to_wb",
    "as_of",
]


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only heads are read"])
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their markers: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


@pytest.fixture
async def desk(look):
    """A file of hers, whose shop is to fill both tabs."""
    async with open_both() as desk:
        yield desk


async def test_both_tabs_of_a_new_file_cost_one_read_and_one_write(desk):
    await desk.sync(snapshot((*A, 15, 0), places=(WB, GARDEN, MINSK)))

    sheet = data(desk).sheet
    assert desk.calls() == (1, 1)
    assert [data(desk).text(0, column) for column in range(10)] == HEADER
    assert rows(desk) == [
        [101, "=LN+150", "Склад WB", "wb_total", None, 64, 7, 64, None],
        [101, "=LN+150", "Минск", "wb_named", "Склад WB", 15, 0, None, None],
        [101, "=LN+150", "Склад на Садовой", "seller", None, 32, 4, 56, None],
    ]
    assert data(desk).entered(1, 1) == "=LN+150"
    day_zero = datetime(1899, 12, 30, tzinfo=MOSCOW)
    assert abs(day_zero + timedelta(days=data(desk).value(3, 9)) - MORNING) < timedelta(seconds=1)
    assert (sheet.height, sheet.columns, sheet.frozen_rows) == (4, 10, 1)
    assert [
        (each.warning_only, each.span.covers(Span(0, 4, 0, 10))) for each in sheet.protections
    ] == [(True, True)]
    assert read(sheet.format(2, 7))["numberFormat"]["pattern"] == "#,##0.0"


async def test_pieces_that_are_part_of_nothing_add_up_to_the_total(desk):
    await desk.sync(snapshot((*A, 15, 0), places=(WB, GARDEN, MINSK)))

    total = data(desk)
    total.insert_columns(10)
    total.edit(1, 10, '=SUMIFS(F2:F4;E2:E4;"")')

    assert total.value(1, 10) == desk.tab.value(2, 7) == 96


async def test_a_change_of_both_tabs_costs_one_read_and_one_write_and_of_none_no_call(desk):
    await desk.sync(snapshot(A, B))
    desk.calls()

    written = await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))
    calls = desk.calls()
    quiet = await desk.sync(replace(snapshot((*A[:6], 60, 7, 32, 4), B), taken_at=MORNING + HOUR))

    assert (calls, written.notices) == ((1, 1), ())
    assert (rows(desk)[0][5], desk.tab.value(2, 7)) == (60, 92)
    assert (quiet.effect.changed, desk.calls()) == (False, (0, 0))


async def test_who_asks_has_both_tabs_looked_at_with_one_read(desk):
    await desk.sync(snapshot(A, B))
    desk.target = replace(desk.target, look=True)
    desk.calls()
    await desk.sync(replace(snapshot(A, B), taken_at=MORNING + HOUR))
    quiet = desk.calls()
    data(desk).delete()

    await desk.sync(snapshot(A, B))

    assert quiet == (1, 0)
    assert [row[5] for row in rows(desk)] == [64, 32, 18, 0]


async def test_a_change_of_one_product_sends_little(desk):
    await desk.sync(snapshot(A, B, C))
    await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B, C))

    assert desk.sent() <= 2_500


async def test_products_and_places_that_come_and_go_stand_where_they_belong(desk):
    await desk.sync(snapshot(A, C))
    await desk.sync(snapshot(A, B, C))
    inserted = rows(desk)
    await desk.sync(snapshot((*B, 5, 0), (*C, 0, 0), places=(WB, GARDEN, MINSK)))

    assert [row[0] for row in inserted] == [101, 101, 102, 102, 103, 103]
    assert [row[:6] for row in rows(desk)] == [
        [102, "00-17", "Склад WB", "wb_total", None, 18],
        [102, "00-17", "Минск", "wb_named", "Склад WB", 5],
        [102, "00-17", "Склад на Садовой", "seller", None, 0],
        [103, "C", "Склад WB", "wb_total", None, 10],
        [103, "C", "Минск", "wb_named", "Склад WB", 0],
        [103, "C", "Склад на Садовой", "seller", None, 5],
    ]
    assert {data(desk).value(row, 9) for row in range(1, 7)} == {data(desk).value(1, 9)}
    assert data(desk).sheet.height == 7


async def test_too_many_comings_and_goings_write_the_tab_anew(desk, monkeypatch):
    monkeypatch.setattr(listing_rows, "MOST", 0)
    await desk.sync(snapshot(A, C))
    desk.calls()

    await desk.sync(snapshot(A, B))

    assert desk.calls() == (1, 1)
    assert [row[:2] for row in rows(desk)] == [[101, "=LN+150"]] * 2 + [[102, "00-17"]] * 2
    assert [row[5] for row in rows(desk)] == [64, 32, 18, 0]


@pytest.mark.parametrize("look", [50_000], indirect=True, ids=["all cells are read"])
async def test_what_she_typed_over_is_repaired_and_counted(desk):
    await desk.sync(snapshot(A, B))
    data(desk).edit(1, 5, "999")

    written = await desk.sync(snapshot(A, (*B[:6], 17, 0, 0, 0)))

    assert [row[5] for row in rows(desk)] == [64, 32, 17, 0]
    assert written.notices == ("Исправлено ваших правок в наших ячейках: 1",)


@pytest.mark.parametrize("act", ["rows", "columns", "merge", "header"])
async def test_whatever_she_did_to_its_shape_it_becomes_right_again(desk, act):
    await desk.sync(snapshot(A, B, C))
    right = rows(desk)
    match act:
        case "rows":
            data(desk).delete_rows(2, 3)
        case "columns":
            data(desk).delete_columns(1, 2)
        case "merge":
            data(desk).merge(Span(1, 4, 2, 6))
        case _:
            data(desk).delete_rows(0)

    await desk.sync(snapshot(A, B, C, day=24))

    assert [row[:5] for row in rows(desk)] == [row[:5] for row in right]
    assert [data(desk).text(0, column) for column in range(10)] == HEADER


async def test_renamed_it_is_followed_and_deleted_it_is_made_anew(desk):
    await desk.sync(snapshot(A, B))
    data(desk).rename("Выгрузка")
    await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))
    followed = Tab(desk.file, "Выгрузка").value(1, 5)
    Tab(desk.file, "Выгрузка").delete()

    written = await desk.sync(snapshot((*A[:6], 61, 7, 32, 4), B))

    assert written.notices[0].startswith("Вкладки «Данные» не было: создана заново.")
    assert (followed, rows(desk)[0][5], desk.tab.value(2, 7)) == (60, 61, 93)


async def test_a_tab_of_hers_with_its_name_is_kept_as_a_backup(desk):
    desk.file.book.sheets[0].title = "Данные"
    data(desk).edit(0, 0, "моё")

    written = await desk.sync(snapshot(A))

    backup = "Данные (копия 23.11.2026 07:40)"
    assert Tab(desk.file, backup).text(0, 0) == "моё"
    assert rows(desk)[0][0] == 101
    assert written.notices == (f"Ваша прежняя вкладка сохранена как «{backup}»",)


async def test_switched_on_later_it_is_made_beside_the_tab_that_is_there(desk):
    desk.target = replace(desk.target, listings=())
    await desk.sync(snapshot(A, B))
    before = desk.everything()
    desk.target = replace(desk.target, listings=(LISTED,))
    desk.calls()

    written = await desk.sync(snapshot(A, B))

    assert (written.effect.changed, desk.calls()) == (True, (2, 1))
    assert [row[5] for row in rows(desk)] == [64, 32, 18, 0]
    assert desk.everything() == before


async def test_switched_off_it_stays_as_hers_and_the_run_says_so(desk):
    await desk.sync(snapshot(A, B))
    before = rows(desk)
    desk.target = replace(desk.target, listings=())
    desk.calls()

    written = await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))
    calls = desk.calls()
    data(desk).edit(1, 5, "1")
    again = await desk.sync(snapshot((*A[:6], 61, 7, 32, 4), B))

    assert (calls, rows(desk)[1:]) == ((1, 1), before[1:])
    assert written.notices == ("Вкладка «Данные» больше не обновляется: она осталась вам как есть",)
    assert (data(desk).value(1, 5), again.notices) == (1, ())
    assert data(desk).sheet.protections == []
    assert [tag.key for tag in desk.file.book.tags.values() if tag.sheet_id == data(desk).id] == []


HOUR = timedelta(hours=1)
