"""The calls behind «Данные»: lost, long, half done, without room; «Stock Tracker» suffers by none."""

import pytest

from domain.errors import Rejected
from infrastructure.google import batch, finding
from sandbox.google import Fault
from sandbox.google.model.spans import Span
from tests.infrastructure.data_tab import data, open_both, rows
from tests.infrastructure.google_drive import WB, snapshot

A = (101, "Лён и Ко", "Полотенца", "=LN+150", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "00-17", 0, 0, 18, 0, 0, 0)
C = (103, "Хлопок", "Ковры", "C", 3, 0, 10, 1, 5, 1)


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only heads are read"])
async def desk(request, monkeypatch):
    """Small tabs are read whole, large ones by their markers: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)
    async with open_both() as desk:
        yield desk


@pytest.mark.parametrize("mode", ["lose", "cut"])
async def test_a_lost_answer_makes_no_second_tab_and_repeats_nothing(desk, mode):
    desk.drive.faults.add(Fault(mode=mode, match=":batchUpdate"))

    await desk.sync(snapshot(A, B))
    titles = [sheet.title for sheet in desk.file.book.sheets]
    desk.calls()
    desk.drive.faults.add(Fault(mode=mode, match=":batchUpdate"))
    await desk.sync(snapshot(A, B, C))

    assert titles == ["Stock Tracker", "Лист1", "Данные"]
    assert desk.calls() == (2, 1)
    assert [row[0] for row in rows(desk)] == [101, 101, 102, 102, 103, 103]
    assert desk.state.listings[0].shows == desk.state.snapshot_id


@pytest.fixture
def short(monkeypatch):
    """Calls of a hundred times less than Google takes."""
    for module in ("chunks", "beside", "listing_rows"):
        monkeypatch.setattr(f"infrastructure.google.{module}.SHORT", 20_000)


def many(n, stock=5):
    return snapshot(
        *((1000 + k, "Б", "П", f"SKU-{k:05}", 0, 0, stock, 1) for k in range(n)), places=(WB,)
    )


async def test_a_long_tab_is_cut_into_bodies_that_google_takes(desk, short):
    await desk.sync(many(200))

    sent = [call.received for call in desk.drive.calls.made if call.kind == "Write"]
    assert len(sent) > 3
    assert max(sent) <= 24_000
    assert [row[:2] for row in rows(desk)] == [[1000 + k, f"SKU-{k:05}"] for k in range(200)]
    assert desk.tab.column(3, 2) == [*range(1000, 1200)]


async def test_a_half_filled_tab_goes_on_where_it_stopped(desk, short):
    desk.drive.faults.add(Fault(mode="refuse", status=403, match=":batchUpdate", skip=5))
    with pytest.raises(Rejected):
        await desk.sync(many(200))
    half = [row[0] for row in rows(desk)].index(None)
    missing = 200 - len(desk.tab.column(3, 2))

    written = await desk.sync(many(200))

    assert 0 < half < 200
    assert written.effect.cells == (200 - half) * 10 + missing * 12
    assert [row[:2] for row in rows(desk)] == [[1000 + k, f"SKU-{k:05}"] for k in range(200)]
    assert desk.state.listings[0].shows == desk.state.snapshot_id


async def test_a_file_without_room_for_it_still_gets_its_stock(desk):
    columns = desk.file.book.sheets[0].columns
    desk.file.book.sheets[0].height = (10_000_000 - 54 * 23 - 10) // columns

    written = await desk.sync(snapshot(A, B))

    assert desk.row(101)[7] == 96
    assert [sheet.title for sheet in desk.file.book.sheets] == ["Stock Tracker", "Лист1"]
    assert written.notices[0].startswith("Вкладка «Данные» не обновлена: файл упёрся в предел")


async def test_a_range_of_it_that_is_closed_to_us_does_not_stop_the_stock(desk):
    await desk.sync(snapshot(A, B))
    data(desk).protect(Span(1, 3, 5, 6), "Итоги Ольги")

    written = await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))
    data(desk).unprotect()
    await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), B))

    assert written.notices[0].startswith("Вкладка «Данные» не обновлена: на ней защищён диапазон")
    assert (desk.tab.value(2, 7), rows(desk)[0][5]) == (92, 60)


async def test_a_tab_larger_than_any_file_is_not_even_worked_out(desk, monkeypatch):
    await desk.sync(snapshot(A))
    monkeypatch.setattr(batch, "MOST", 50)

    written = await desk.sync(snapshot(A, B, C))

    assert [row[0] for row in rows(desk)] == [101, 101]
    assert desk.tab.column(3, 2) == [101, 102, 103]
    assert any(each.startswith("Вкладка «Данные» не обновлена") for each in written.notices)
    assert [each.tab for each in desk.state.listings] == ["data"]
