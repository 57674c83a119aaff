"""She types over a key: the row is hers from then on, and no figure of ours stays twice."""

import pytest

from infrastructure.google import finding
from sandbox.google.model.spans import Span
from tests.infrastructure.google_drive import open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "B", 0, 0, 18, 0, 0, 0)
A_FIGURES = [6, 1, 11, 96, 61.1, 64, 7, 64, 32, 4, 56]


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"], autouse=True)
def look(request, monkeypatch):
    """A larger tab is read whole as soon as its keys leave a doubt."""
    monkeypatch.setattr(finding, "SMALL", request.param)


async def test_a_typed_over_key_makes_the_row_hers_and_the_product_comes_below():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(2, 3, "999")

        written = await desk.sync(snapshot(A, B, day=24))

        assert desk.tab.column(3, 2) == [999, 102, 101]
        assert written.notices == ("Строка 3: артикул изменён, товар 101 добавлен ниже",)


@pytest.mark.parametrize("key", ["999", "моё", "", "102"])
async def test_what_she_typed_over_a_key_keeps_no_figure_that_a_sum_would_count_twice(key):
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(2, 3, key)
        desk.tab.edit(2, 15, "=SUM(H3:H50)")
        shown = [18] if key == "102" else []

        written = await desk.sync(snapshot(A, B, day=24))

        assert desk.tab.value(2, 15) == 96 + 18 + sum(shown)
        assert desk.row(101)[4:] == A_FIGURES
        assert written.notices[0] == "Строка 3: артикул изменён, товар 101 добавлен ниже"
        assert not [each for each in written.notices if "Удалённые строки" in each]


async def test_in_a_row_that_became_hers_her_own_entries_stay():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(3, 3, "план")
        desk.tab.edit(3, 7, "500")

        await desk.sync(snapshot(A, B, day=24))
        desk.tab.edit(desk.tab.column(3).index("план"), 9, "7")
        await desk.sync(snapshot(A, B, day=25))

        assert desk.row("план") == [*B[1:4], "план", *[None] * 3, 500, None, 7, *[None] * 5]
        assert desk.row(102)[7] == 18


@pytest.mark.parametrize("key", ["ИТОГО", "777"])
async def test_her_row_that_moved_into_the_place_of_a_deleted_one_is_not_touched(key):
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(4, 3, key)
        desk.tab.edit(4, 4, "0")
        desk.tab.edit(4, 7, "18")
        desk.tab.delete_rows(3)

        written = await desk.sync(snapshot(A, B, day=24))

        hers = desk.row(777 if key == "777" else key)
        assert (hers[4], hers[7]) == (0, 18)
        assert written.notices[0].startswith("Удалённые строки вернулись: 1.")


async def test_a_protected_row_of_hers_does_not_stop_the_write():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(2, 3, "план")
        desk.tab.protect(Span(2, 3, 0, 15), "План Ольги")

        await desk.sync(snapshot(A, B, day=24))

        assert desk.row(101)[4:] == A_FIGURES
        assert desk.row("план")[7] == 96
