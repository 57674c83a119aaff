"""Her life with the tab: whatever she does to it, hers stays hers and ours becomes right again."""

from dataclasses import replace

import pytest

from domain.errors import Rejected
from domain.place import Kind
from infrastructure.google import finding
from sandbox.google import Tab
from sandbox.google.model.formats import written
from sandbox.google.model.spans import Span
from tests.infrastructure.google_drive import GARDEN, WB, open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "B", 0, 0, 18, 0, 0, 0)
C = (103, "Хлопок", "Ковры", "C", 3, 0, 10, 1, 5, 1)
A_FIGURES = [6, 1, 11, 96, 61.1, 64, 7, 64, 32, 4, 56]
MINSK = replace(WB, key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"], autouse=True)
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their keys: most of life is the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


async def test_a_deleted_row_comes_back_below_and_the_run_says_so():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B, C))
        desk.tab.delete_rows(2)

        written = await desk.sync(snapshot(A, B, C, day=24))

        assert desk.tab.column(3, 2) == [102, 103, 101]
        assert desk.row(101)[4:] == A_FIGURES
        assert len(written.notices) == 1
        assert written.notices[0].startswith("Удалённые строки вернулись: 1.")


@pytest.mark.parametrize("look", [50_000], indirect=True, ids=["all cells are read"])
async def test_what_she_typed_over_our_numbers_is_repaired_and_counted():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(2, 7, "999")

        written = await desk.sync(snapshot(A, (*B[:6], 17, 0, 0, 0)))

        assert desk.row(101)[7] == 96
        assert written.notices == ("Исправлено ваших правок в наших ячейках: 1",)


async def test_a_column_of_hers_between_ours_is_left_alone():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.insert_columns(6)
        desk.tab.edit(2, 6, "моё")

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))

        row = desk.row(101, 16)
        assert row[6] == "моё"
        assert row[7:10] == [11, 92, 58.5]


async def test_a_moved_key_column_is_followed():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.sheet.merges.clear()
        desk.tab.move_column(3, 0)

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))

        assert desk.tab.column(0, 2) == [101, 102]
        assert desk.tab.value(2, 7) == 92


async def test_without_the_key_column_nothing_is_written():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete_columns(3)
        before = desk.everything()

        with pytest.raises(Rejected, match="Удалён столбец «Артикул товара") as refused:
            await desk.sync(snapshot(A, B, day=24))

        assert refused.value.cause == "sheet_key_deleted"
        assert desk.everything() == before


async def test_a_renamed_tab_is_followed_and_its_copy_is_hers():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        copy = desk.tab.duplicate("Копия")
        desk.tab.rename("Остатки у нас")

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))

        assert Tab(desk.file, "Остатки у нас").value(2, 7) == 92
        assert copy.value(2, 7) == 96


async def test_a_new_place_is_inserted_at_our_edge_and_her_data_move_right():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(2, 15, "10")
        desk.tab.edit(2, 16, "=P3*2")
        wider = snapshot((*A, 12, 0), (*B, 0, 3), places=(WB, GARDEN, MINSK))

        await desk.sync(wider)

        assert desk.tab.text(0, 15) == "Минск"
        assert desk.row(101, 20)[7:] == [96, 61.1, 64, 7, 64, 32, 4, 56, 12, 0, None, 10, 20]
        assert desk.row(102, 18)[15:] == [0, 3, 0]
        assert desk.tab.sheet.rules[1].spans[0].right == 18
        assert desk.tab.sheet.protections[0].span.right == 18


async def test_a_place_column_she_deleted_is_not_made_again():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete_columns(14)

        written = await desk.sync(snapshot(A, B, day=24))
        again = await desk.sync(snapshot(A, B, day=25))

        assert desk.tab.text(1, 14) == ""
        assert len(written.notices) == 1
        assert written.notices[0].startswith("Столбец «Склад на Садовой · Оборач.» удалён вами")
        assert again.notices == ()


@pytest.mark.parametrize("column", [3, 14], ids=["the key", "a place's"])
async def test_the_cure_for_a_deleted_column_works(column):
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete_columns(column)
        copy = desk.tab.duplicate("Stock Tracker (копия)")
        before = copy.text(1, 4)
        desk.tab.delete()

        await desk.sync(snapshot(A, B, day=24))

        assert desk.row(101)[4:] == A_FIGURES
        assert desk.tab.text(1, 14) == "Оборач."
        assert copy.text(1, 4) == before


async def test_a_place_she_deleted_whole_is_not_made_again():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete_columns(12, 3)

        await desk.sync(snapshot(A, B, day=24))
        await desk.sync(snapshot(A, B, day=25))

        assert [desk.tab.text(0, column) for column in (9, 12)] == ["Склад WB", ""]


async def test_a_number_that_was_never_hers_is_her_row():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(4, 3, "777")
        desk.tab.edit(4, 7, "5")

        written = await desk.sync(snapshot(A, B, day=24))

        assert desk.row(777)[7] == 5
        assert written.notices == ("Строка 5: артикул 777 не найден в кабинете",)


async def test_a_product_in_two_rows_is_true_in_both_and_the_run_warns():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(4, 3, "101")

        written = await desk.sync(snapshot(A, B, day=24))

        assert [desk.tab.value(row, 7) for row in (2, 3, 4)] == [96, 18, 96]
        assert written.notices == (
            "Артикул 101 стоит в строках 3, 5: сумма по столбцу посчитает его дважды",
        )


async def test_a_deleted_header_is_restored():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete_rows(0, 2)

        written = await desk.sync(snapshot(A, B, day=24))
        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B, day=24))

        assert [desk.tab.text(1, column) for column in (0, 7, 12)] == [
            "Бренд",
            "Остатки (всего)",
            "Остатки",
        ]
        assert desk.tab.text(0, 0) == "Основная информация"
        assert desk.tab.column(3, 2) == [101, 102]
        assert desk.row(101)[7] == 92
        assert written.notices == ("Шапка восстановлена",)


async def test_the_lower_header_row_is_restored_under_titles_with_a_column_of_hers_between():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.insert_columns(10)
        desk.tab.delete_rows(1)

        await desk.sync(snapshot(A, B, day=24))

        assert [desk.tab.text(1, column) for column in (9, 10, 11)] == ["Остатки", "", "Заказы"]
        assert desk.tab.text(0, 9) == "Склад WB"
        assert desk.tab.column(3, 2) == [101, 102]


async def test_texts_she_typed_into_the_header_are_restored_and_her_notes_kept():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(1, 7, "Всего")
        desk.tab.annotate(1, 7, "моё примечание")
        desk.tab.annotate(0, 0, "Ольге: смотреть утром")

        await desk.sync(snapshot(A, B, day=24))

        assert desk.tab.text(1, 7) == "Остатки (всего)"
        assert desk.tab.note(1, 7) == "моё примечание"
        assert desk.tab.note(0, 0).startswith("Ольге: смотреть утром\n\nStock Tracker · данные")


async def test_cells_she_formatted_as_text_show_the_right_numbers_and_are_no_edits_of_hers():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        as_text = written({"numberFormat": {"type": "TEXT", "pattern": "@"}})
        desk.tab.sheet.restyle(Span(2, 3, 7, 12), (("numberFormat",),), as_text)

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))
        again = await desk.sync(snapshot((*A[:6], 61, 7, 32, 4), B))

        assert [desk.tab.text(2, column) for column in range(7, 10)] == ["93", "59,2", "61"]
        assert again.notices == ()
