"""Tabs and files as they are found: gone, copied, protected, merged, small, in other languages."""

from dataclasses import replace
from uuid import uuid4

import pytest

from domain.errors import Rejected
from domain.place import Kind
from infrastructure.google import finding
from sandbox.google import Tab
from sandbox.google.model.rules import Filter
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


async def test_a_deleted_tab_is_rebuilt():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete()

        written = await desk.sync(snapshot(A, B, day=24))

        assert desk.row(101)[4:] == A_FIGURES
        assert written.notices[0].startswith("Вкладки не было: создана заново.")


async def test_the_calls_of_a_tab_that_is_made_anew_go_on_being_numbered():
    async with open_desk() as desk:
        before = [await desk.sync(snapshot(A, B, day=day)) for day in (23, 24)][-1]
        desk.tab.delete()

        rebuilt = await desk.sync(snapshot(A, B, day=25))

        assert rebuilt.state.rev > before.state.rev


async def test_a_copy_does_not_take_the_place_of_a_deleted_tab():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        copy = desk.tab.duplicate("Копия")
        desk.tab.delete()

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))

        assert copy.value(2, 7) == 96
        assert desk.row(101)[7] == 92


async def test_a_tab_of_the_same_name_that_is_not_ours_is_kept_as_a_backup():
    async with open_desk() as desk:
        desk.file.book.sheets[0].title = "stock tracker"
        Tab(desk.file, "stock tracker").edit(0, 0, "старое")

        written = await desk.sync(snapshot(A, B))

        backup = "stock tracker (копия 23.11.2026 07:40)"
        assert Tab(desk.file, backup).text(0, 0) == "старое"
        assert desk.row(101)[4:] == A_FIGURES
        assert written.notices == (f"Ваша прежняя вкладка сохранена как «{backup}»",)


async def test_a_tab_of_another_shop_keeps_its_name_and_its_numbers():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        first, desk.state = desk.target, None
        desk.target = replace(first, shop_id=uuid4())

        written = await desk.sync(snapshot(C))
        desk.state = None
        await desk.sync(snapshot((*C[:6], 11, 1, 5, 1)))

        titles = [sheet.title for sheet in desk.file.book.sheets]
        assert sorted(titles) == ["Stock Tracker", "Stock Tracker 2", "Лист1"]
        assert desk.tab.column(3, 2) == [101, 102]
        second = Tab(desk.file, "Stock Tracker 2")
        assert (second.column(3, 2), second.value(2, 7)) == ([103], 16)
        assert written.notices == (
            "Имя «Stock Tracker» носит вкладка другого магазина: эта называется «Stock Tracker 2»",
        )


async def test_a_duplicate_under_our_name_keeps_it():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        copy = desk.tab.duplicate("Копия")
        desk.tab.delete()
        copy.rename("stock tracker")
        Tab(desk.file, "Лист1").rename("STOCK TRACKER 2")

        await desk.sync(snapshot(A, B, day=24))

        titles = [sheet.title for sheet in desk.file.book.sheets]
        assert sorted(titles) == ["STOCK TRACKER 2", "Stock Tracker 3", "stock tracker"]


async def test_without_a_kept_state_our_tab_is_adopted_and_made_right():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B, C))
        desk.tab.sort(3, descending=True)
        desk.tab.edit(2, 7, "1")
        desk.state = None

        written = await desk.sync(snapshot(A, B, C))
        desk.calls()
        settled = await desk.sync(snapshot(A, B, C))

        assert desk.tab.column(3, 2) == [103, 102, 101]
        assert [desk.row(nm_id)[7] for nm_id in (101, 102, 103)] == [96, 18, 15]
        assert len(desk.file.book.sheets) == 2
        assert (written.effect.reads <= 3, written.effect.writes) == (True, 1)
        assert (settled.effect.changed, desk.calls()) == (False, (0, 0))


async def test_merged_cells_in_our_data_are_parted():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.merge(Span(2, 4, 9, 11))

        written = await desk.sync(snapshot(A, B, day=24))

        assert Span(2, 4, 9, 11) not in desk.tab.sheet.merges
        assert desk.row(101)[4:] == A_FIGURES
        assert written.notices == ("Объединённые ячейки разъединены: J3:K4",)


async def test_cells_merged_with_hers_are_left_out_and_named():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.merge(Span(2, 3, 14, 17))

        written = await desk.sync(snapshot((*A[:6], 64, 7, 32, 8), B))

        assert desk.row(101)[12:] == [32, 8, 56]
        assert written.notices == ("Не записано: O3:Q3 объединены с вашими",)


async def test_a_range_protected_against_us_is_named_before_anything_is_written():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.protect(Span(2, 4, 7, 8), "Итоги Ольги")
        before = desk.everything()

        with pytest.raises(Rejected, match=r"Диапазон «Итоги Ольги» защищён: добавьте \S+@") as no:
            await desk.sync(snapshot(A, B, day=24))

        assert no.value.cause == "sheet_protected"
        assert desk.everything() == before


async def test_a_range_protected_during_the_call_is_told_apart_from_an_unshared_file():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.budget.before_write = lambda: desk.tab.protect(Span(2, 4, 7, 8), "Итоги Ольги")

        with pytest.raises(Rejected) as no:
            await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))

        assert no.value.cause == "sheet_protected"


async def test_under_her_filter_every_row_is_written_cell_by_cell():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        hide = {7: {"hiddenValues": ["96"]}}
        desk.tab.sheet.filter = Filter(Span(1, 4, 0, 15), hide)

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), (*B[:6], 19, 1, 0, 0)))

        assert desk.row(101)[7:10] == [92, 58.5, 60]
        assert desk.row(102)[7:10] == [19, 133, 19]


@pytest.mark.parametrize("locale", ["en_US", "ru_RU", "sv_SE"])
async def test_tenths_are_numbers_in_every_locale(locale):
    async with open_desk(locale=locale) as desk:
        await desk.sync(snapshot(A, B))

        assert desk.row(101)[4:] == A_FIGURES


async def test_a_tab_without_room_grows():
    async with open_desk() as desk:
        await desk.sync(snapshot(A))
        desk.tab.delete_rows(3, 50)
        desk.tab.delete_columns(15, 8)
        wider = snapshot((*A, 1, 0), (*B, 2, 0), places=(WB, GARDEN, MINSK))

        await desk.sync(wider)

        assert desk.tab.column(3, 2) == [101, 102]
        assert [desk.row(nm_id, 18)[15] for nm_id in (101, 102)] == [1, 2]


async def test_the_english_tab_says_the_same_in_english():
    async with open_desk(locale="en_US") as desk:
        desk.target = replace(desk.target, language="en")

        await desk.sync(snapshot(A, B))

        assert [desk.tab.text(0, column) for column in (0, 4, 9)] == [
            "Product",
            "Totals",
            "WB warehouses",
        ]
        assert desk.tab.text(1, 8) == "Turnover (days)"
        assert desk.tab.note(0, 0) == (
            "Stock Tracker · Wildberries data of 2026-11-23 07:40 (Moscow)\n"
            "Orders: 2026-11-16–2026-11-22, 7 full Moscow days, cancelled ones excluded.\n"
            "The time moves when the data do. If no update comes by 2026-11-24 10:00, "
            "this cell turns red by itself."
        )
