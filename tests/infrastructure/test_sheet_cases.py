"""What else she does to the tab in the course of a day: rows of her own keys, rows out of sight."""

from dataclasses import replace

from sandbox.google.model.sheet import Size
from tests.infrastructure.google_drive import open_desk, snapshot
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
