"""Columns out of sight and columns that come back: whose doing it was is remembered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Rejected, Unavailable
from domain.place import Kind
from infrastructure.google import finding
from sandbox.google import Fault
from tests.infrastructure.google_drive import GARDEN, MORNING, WB, open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 0, 0)
B = (102, "Лён и Ко", "Скатерти", "B", 0, 0, 18, 0, 0, 0)
ARRIVED = (*A[:8], 5, 0)
GARDENS = (12, 13, 14)
MINSK = replace(WB, key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"], autouse=True)
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their keys: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


@pytest.fixture
async def desk():
    """A tab that was written before she asked for empty places to be hidden."""
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.calls()
        yield desk


def empty(desk, *places):
    desk.target = replace(desk.target, empty=frozenset(places))


def hidden(desk):
    sizes = desk.tab.sheet.sizes["COLUMNS"]
    return tuple(column for column in range(desk.tab.sheet.columns) if sizes.at(column).hidden)


async def test_an_empty_place_is_hidden_by_one_click_and_shown_when_goods_arrive(desk):
    empty(desk, 2)
    await desk.sync(snapshot(A, B))
    at_once, calls = hidden(desk), desk.calls()
    quiet = await desk.sync(snapshot(A, B))
    empty(desk)

    await desk.sync(snapshot(ARRIVED, B))

    assert (at_once, calls) == (GARDENS, (1, 1))
    assert quiet.effect.reads == 0
    assert (hidden(desk), desk.row(101)[12]) == ((), 5)


async def test_what_she_hid_stays_hidden(desk):
    desk.tab.hide("COLUMNS", 12, 3)
    empty(desk, 2)
    await desk.sync(snapshot(A, B))
    desk.calls()
    await desk.sync(snapshot(A, B))
    calls = desk.calls()
    empty(desk)

    await desk.sync(snapshot(ARRIVED, B))

    assert (hidden(desk), calls) == (GARDENS, (0, 0))


async def test_what_she_shows_after_us_is_never_hidden_again(desk):
    empty(desk, 2)
    await desk.sync(snapshot(A, B))
    desk.tab.hide("COLUMNS", 12, 3, hidden=False)

    await desk.sync(snapshot(A, B, day=24))
    empty(desk)
    await desk.sync(snapshot(ARRIVED, B, day=24))
    empty(desk, 2)
    await desk.sync(snapshot(A, B, day=25))

    assert hidden(desk) == ()


async def test_a_hidden_place_is_still_written(desk):
    empty(desk, 2)
    await desk.sync(snapshot(A, B))

    await desk.sync(snapshot((*A[:8], None, 0), B))

    assert (hidden(desk), desk.row(101)[12]) == (GARDENS, None)


async def test_a_tab_made_anew_hides_them_at_once(desk):
    empty(desk, 2)
    desk.tab.delete()

    await desk.sync(snapshot(A, B))

    assert hidden(desk) == GARDENS


async def test_after_a_lost_answer_we_still_know_that_it_was_us(desk):
    empty(desk, 2)
    desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
    desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))
    with pytest.raises(Unavailable):
        await desk.sync(snapshot(A, B))
    desk.drive.faults.add(Fault(mode="refuse", status=403, match=":batchUpdate"))
    with pytest.raises(Rejected):
        await desk.sync(snapshot((*A[:6], 60, *A[7:]), B))
    empty(desk)

    await desk.sync(snapshot(ARRIVED, B))

    assert hidden(desk) == ()


def ask(desk, hours):
    """She clicks on «Вернуть столбцы»."""
    desk.target = replace(desk.target, returned=MORNING + timedelta(hours=hours))


@pytest.mark.parametrize("known", [True, False], ids=["already told", "not told yet"])
async def test_a_deleted_column_returns_at_our_edge_by_a_click(desk, known):
    desk.tab.edit(2, 15, "её")
    desk.tab.delete_columns(5)
    if known:
        await desk.sync(snapshot(A, B, day=24))
    ask(desk, 1)
    desk.calls()

    written = await desk.sync(snapshot(A, B, day=24))

    assert desk.calls() == (1, 1)
    assert [desk.tab.text(row, 14) for row in (0, 1)] == ["Общие метрики", "В пути возвраты"]
    assert [desk.tab.value(row, 14) for row in (2, 3)] == [1, 0]
    assert desk.tab.text(2, 15) == "её"
    assert written.notices == ("Столбцы возвращены справа от наших: В пути возвраты",)


async def test_a_whole_place_returns_and_the_next_deletion_is_her_choice_again(desk):
    desk.tab.delete_columns(12, 3)
    await desk.sync(snapshot(A, B, day=24))
    ask(desk, 1)
    await desk.sync(snapshot(ARRIVED, B, day=24))
    back = [desk.tab.text(0, 12), desk.row(101)[12:15]]
    desk.tab.delete_columns(13)

    written = await desk.sync(snapshot(ARRIVED, B, day=25))
    desk.calls()
    await desk.sync(snapshot(ARRIVED, B, day=25))

    assert back == ["Склад на Садовой", [5, 0, None]]
    assert desk.tab.text(1, 13) == "Оборач."
    assert written.notices[0].startswith("Столбец «Склад на Садовой · Заказы» удалён вами")
    assert desk.calls() == (0, 0)


async def test_a_column_that_returns_to_a_hidden_place_is_shown_with_the_others(desk):
    empty(desk, 2)
    await desk.sync(snapshot(A, B))
    desk.tab.delete_columns(13)
    ask(desk, 1)
    await desk.sync(snapshot(A, B, day=24))
    back = hidden(desk)
    empty(desk)

    await desk.sync(snapshot(ARRIVED, B, day=24))

    assert (back, hidden(desk)) == (GARDENS, ())
    assert [desk.tab.text(1, column) for column in GARDENS] == ["Остатки", "Оборач.", "Заказы"]


async def test_a_returned_column_and_a_new_place_come_together(desk):
    desk.tab.delete_columns(14)
    await desk.sync(snapshot(A, B, day=24))
    ask(desk, 1)

    await desk.sync(snapshot((*ARRIVED, 3, 0), (*B, 0, 0), places=(WB, GARDEN, MINSK)))

    assert [desk.tab.text(0, column) for column in (14, 17)] == ["Минск", "Склад на Садовой"]
    assert desk.row(101, 18)[12:] == [5, 0, 3, 0, None, None]


async def test_a_new_place_comes_behind_her_column_that_a_title_of_ours_spreads_over(desk):
    desk.tab.insert_columns(14)  # within the title of the last place, which grows
    desk.tab.edit(2, 14, "её")
    desk.tab.delete_columns(15)

    await desk.sync(snapshot((*ARRIVED, 3, 0), (*B, 0, 0), places=(WB, GARDEN, MINSK)))

    assert [desk.tab.text(0, column) for column in (12, 15)] == ["Склад на Садовой", "Минск"]
    assert desk.row(101, 18)[12:] == [5, 0, "её", 3, 0, None]
