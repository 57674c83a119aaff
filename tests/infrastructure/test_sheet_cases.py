"""What else she does to the tab in the course of a day: rows of her own keys, rows out of sight."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.place import Kind, Place
from sandbox.google.model.formats import read
from sandbox.google.model.sheet import Size
from tests.infrastructure.google_drive import GARDEN, MORNING, WB, open_desk, snapshot
from tests.infrastructure.test_sheet_life import A, B, C


async def test_a_key_of_hers_typed_into_a_row_that_she_inserted_fills_that_row():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.insert_rows(3)
        desk.tab.edit(3, 3, "103")
        desk.tab.edit(3, 19, "жду поставку")

        written = await desk.sync(snapshot(A, B, C))

        assert desk.tab.column(3, 2) == [101, 103, 102]
        assert desk.row(103)[7] == 15
        assert desk.tab.text(3, 19) == "жду поставку"
        assert "Новых товаров: 1" not in written.notices


async def test_rows_and_columns_out_of_sight_are_written_and_sizes_stay_hers():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.hide("ROWS", 2)
        desk.tab.hide("COLUMNS", 7)
        desk.tab.resize("COLUMNS", 8, 33)

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))

        sizes = desk.tab.sheet.sizes
        assert desk.row(101)[7] == 92
        assert (sizes["ROWS"].at(2).hidden, sizes["COLUMNS"].at(7).hidden) == (True, True)
        assert sizes["COLUMNS"].at(8) == Size(33)


async def test_another_time_zone_of_the_file_moves_the_deadline_of_its_first_cell():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.file.book.zone = "Asia/Yekaterinburg"
        desk.target = replace(desk.target, look=True)

        await desk.sync(snapshot(A, B))

        assert "TIME(12;0;0)" in desk.tab.entered(0, 0).text
        assert "до 24.11.2026 12:00" in desk.tab.note(0, 0)


async def copied(desk):
    """She goes on with a copy of the file, which nobody has written to."""
    desk.file = desk.drive.copy(desk.file, "Копия", desk.file.owner)
    desk.file.share(desk.sheets.address)
    desk.target, desk.state = replace(desk.target, spreadsheet_id=desk.file.id), None


COPY = "Подключена копия: порядок строк взят из неё"


async def test_her_order_and_her_columns_are_taken_over_with_a_copy_of_the_file():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B, C))
        desk.tab.sort(3, descending=True)
        desk.tab.edit(2, 19, "моё")
        desk.tab.delete_columns(5)
        former = desk.file
        await copied(desk)

        written = await desk.sync(snapshot(A, B, (*C[:6], 44, *C[7:])))

        assert len(desk.file.book.sheets) == len(former.book.sheets)
        assert desk.tab.column(3, 2) == [103, 102, 101]
        assert [desk.tab.text(1, column) for column in (4, 5)] == [
            "В пути до покупателя",
            "Заказы (всего)",
        ]
        assert (desk.tab.value(2, 6), desk.tab.text(2, 18)) == (49, "моё")
        assert written.notices == (COPY,)


async def test_a_copy_is_told_of_once_even_if_nothing_in_it_has_to_change():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        await copied(desk)
        desk.target = replace(desk.target, look=True)

        told = [(await desk.sync(snapshot(A, B))).notices for _ in range(2)]

        assert told == [(COPY,), ()]


async def test_a_file_that_comes_back_after_its_state_was_lost_is_no_copy():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.state = None

        assert (await desk.sync(snapshot(A, B, day=24))).notices == ()


def opened(desk, hours):
    """The text of each titled cell so long after the last write, and whether it is red."""
    desk.drive.setting.clock = lambda: MORNING + timedelta(hours=hours)
    row = desk.tab.sheet.frozen_rows - 2
    return [(desk.tab.value(row, at), bool(desk.looks(row, at))) for at in range(4)]


FRESH = ("Основная информация", False)


@pytest.mark.parametrize("rows", [(0, 2), (0, 1), (1, 1)], ids=["both", "the upper", "the lower"])
async def test_a_header_that_was_restored_still_turns_red_by_itself_and_warns_who_types(rows):
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete_rows(*rows)

        await desk.sync(snapshot(A, B, day=24))
        fresh, aged = opened(desk, 1)[0], opened(desk, 48)[0]

        assert fresh == FRESH
        assert (aged[0][:22], aged[1]) == ("⚠ Нет обновления с 24.", True)
        assert [each.description for each in desk.tab.sheet.protections] == [
            "Шапку заполняет Stock Tracker"
        ]


async def test_the_first_cell_goes_with_its_column_and_no_second_one_is_left_to_turn_red():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.sheet.merges.clear()
        desk.tab.move_column(3, 0)

        await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))
        fresh, aged = opened(desk, 1), opened(desk, 48)

        assert [desk.tab.text(1, at) for at in (0, 1)] == ["Артикул товара (nmid)", "Бренд"]
        assert fresh[:2] == [(None, False), FRESH]
        assert (aged[0], aged[1][1]) == ((None, False), True)


async def test_a_renamed_warehouse_of_hers_only_gets_another_caption():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        renamed = replace(GARDEN, name="Склад у реки")

        await desk.sync(snapshot(A, B, places=(WB, renamed)))

        assert [desk.tab.text(0, at) for at in (9, 12, 15)] == ["Склад WB", "Склад у реки", ""]
        assert desk.row(101)[12:] == [32, 4, 56]


async def test_names_follow_the_card():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))

        await desk.sync(snapshot((101, "Лён", "Салфетки", "A-2", *A[4:]), B))

        assert desk.row(101)[:3] == ["Лён", "Салфетки", "A-2"]


async def test_without_the_column_of_brands_the_first_cell_stands_over_the_next_and_turns_red():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.delete_columns(0)

        await desk.sync(snapshot(A, B, day=24))
        fresh, aged = opened(desk, 1), opened(desk, 48)

        assert desk.tab.text(1, 0) == "Предмет"
        assert (fresh[0], aged[0][1]) == (FRESH, True)


SOON_OVER = (104, "Хлопок", "Ковры", "D", 0, 0, 5, 7, 0, 0)
RED = {"red": 0.9568627, "green": 0.7803922, "blue": 0.7647059}


@pytest.mark.parametrize("act", ["delete_rows", "delete_columns"])
async def test_what_colours_turnover_survives_the_cells_that_it_named(act):
    async with open_desk() as desk:
        await desk.sync(snapshot(A, SOON_OVER))
        gone = {"delete_rows": (0, 2), "delete_columns": (8, 1)}
        getattr(desk.tab, act)(*gone[act])

        await desk.sync(snapshot(A, SOON_OVER, day=24))
        captions = [desk.tab.text(1, at) for at in range(16)]
        places = [at for at, text in enumerate(captions) if text == "Оборач."]

        row = desk.tab.column(3).index(104)
        fills = [desk.looks(row, at) for at in places]
        assert [each["backgroundColorStyle"]["rgbColor"] for each in fills[0]][:1] == [RED]
        assert fills[1] == [] == desk.looks(1, places[0])


async def test_a_note_of_hers_beside_a_key_stays_while_the_product_is_gone_and_after_it_is_back():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.annotate(3, 3, "снят с продажи?")

        seen = []
        for day, rows in ((24, [A]), (25, [A]), (26, [A, B])):
            await desk.sync(snapshot(*rows, day=day))
            look = read(desk.tab.sheet.format(3, 3)).get("textFormat", {})
            seen.append((desk.tab.note(3, 3), bool(look.get("strikethrough"))))

        assert seen == [("снят с продажи?", gone) for gone in (True, True, False)]


async def test_a_place_whose_only_orders_are_known_gets_its_columns_too():
    minsk = Place(key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))

        await desk.sync(snapshot((*A, 0, 2), (*B, 0, 0), places=(WB, GARDEN, minsk)))

        assert (desk.tab.text(0, 15), desk.row(101, 18)[15:]) == ("Минск", [0, 2, 0])
        assert "Входит в «Склад WB»" in desk.tab.note(0, 15)
