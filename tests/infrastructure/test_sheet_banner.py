"""What stands over the numbers while newer ones are held back (acceptance example 22)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Rejected, Unavailable
from domain.place import Kind
from domain.table.banner import banner
from infrastructure.google import finding
from sandbox.google import Fault
from tests.infrastructure.google_drive import GARDEN, MORNING, WB, open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "B", 0, 0, 18, 0, 0, 0)
NOTE = (0, 0)


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"], autouse=True)
def look(request, monkeypatch):
    monkeypatch.setattr(finding, "SMALL", request.param)


@pytest.fixture
async def desk():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        yield desk


def warned(desk, what="остатки: было 114 шт., стало 12"):
    told = banner("held_back", snapshot(A, B), "ru", what=what)
    return replace(desk.target, banner=told)


async def test_example_22_the_banner_costs_one_read_and_one_write_and_no_number_moves():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        before, plain = desk.everything(), desk.target
        desk.calls()

        desk.target = warned(desk)
        written = await desk.sync(snapshot(A, B))
        first = desk.calls()
        again = await desk.sync(snapshot(A, B))
        second = desk.calls()
        after = desk.everything()

        assert (written.effect.changed, first) == (True, (1, 1))
        assert (again.effect.changed, second) == (False, (0, 0))
        assert desk.tab.text(*NOTE) == (
            "⚠ Данные на 23.11.2026 07:40. Новый ответ Wildberries похож на ошибку (остатки: было "
            "114 шт., стало 12); перечитываем. Прежние числа сохранены"
        )
        assert "«Принять новые данные» в Stock Tracker." in desk.tab.sheet.notes[NOTE]
        assert "сама станет красной" not in desk.tab.sheet.notes[NOTE]
        assert desk.looks(*NOTE)[0]["textFormat"]["bold"]
        assert {at for at in before if before[at] != after[at]} == {NOTE}

        desk.target = plain
        await desk.sync(snapshot(A, B))

        assert desk.calls() == (1, 1)
        assert desk.everything() == before


async def test_good_numbers_that_are_the_same_take_the_banner_away():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        plain = desk.target
        desk.target = warned(desk)
        await desk.sync(snapshot(A, B))
        desk.calls()

        desk.target = replace(plain, remarks=("Остатки: было 114 шт., стало 12.",))
        later = replace(snapshot(A, B), taken_at=MORNING + timedelta(hours=1))
        await desk.sync(later)

        note = desk.tab.sheet.notes[NOTE]
        assert desk.calls() == (1, 1)
        assert desk.tab.text(*NOTE) == "Основная информация"
        assert note.endswith("\nОстатки: было 114 шт., стало 12.")
        assert "сама станет красной" in note


async def test_her_own_note_stays_above_that_of_the_banner():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.sheet.notes[NOTE] = "Моя заметка"

        desk.target = warned(desk)
        await desk.sync(snapshot(A, B))

        assert desk.tab.sheet.notes[NOTE].startswith("Моя заметка\n\nStock Tracker · данные")


async def test_two_different_banners_are_two_writes():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.target = warned(desk)
        await desk.sync(snapshot(A, B))
        desk.calls()

        desk.target = warned(desk, what="числа противоречат друг другу")
        await desk.sync(snapshot(A, B))

        assert desk.calls() == (1, 1)
        assert "(числа противоречат друг другу)" in desk.tab.text(*NOTE)


@pytest.mark.parametrize("mode", ["lose", "cut"])
async def test_a_banner_whose_answer_was_lost_is_found_by_its_marker_and_not_set_again(desk, mode):
    desk.target = warned(desk)
    desk.drive.faults.add(Fault(mode=mode, match=":batchUpdate"))
    desk.calls()

    written = await desk.sync(snapshot(A, B))

    assert (written.effect.changed, desk.calls()) == (True, (2, 1))
    assert desk.tab.text(*NOTE).startswith("⚠ Данные на 23.11.2026 07:40. Новый ответ")


async def lost(desk, wanted):
    """A write that arrives, and after it Google is silent: the run knows of nothing."""
    desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
    desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))
    with pytest.raises(Unavailable):
        await desk.sync(wanted)
    desk.calls()


async def test_after_a_crash_the_next_run_finds_the_banner_and_the_good_numbers_end_it(desk):
    desk.target, plain = warned(desk), desk.target
    await lost(desk, snapshot(A, B))

    await desk.sync(snapshot(A, B))
    found = desk.calls()
    desk.target = plain
    await desk.sync(snapshot(A, B, day=24))

    assert found == (1, 0)
    assert desk.tab.text(*NOTE) == "Основная информация"


async def test_a_banner_does_not_put_the_sheet_back_behind_a_write_whose_answer_was_lost(desk):
    newer = snapshot((*A[:6], 60, 7, 32, 4), B)
    await lost(desk, newer)
    before = desk.everything()

    desk.target = warned(desk)
    await desk.sync(newer)
    after = desk.everything()

    assert desk.calls() == (1, 1)
    assert desk.row(101)[7] == 92
    assert {at for at in before if before[at] != after[at]} == {NOTE}


async def test_a_file_that_is_full_still_has_room_for_the_banner_that_says_so(desk):
    first, width = desk.file.book.sheets[-1], desk.tab.sheet.columns
    first.columns, first.height = 1, 10_000_000 - desk.tab.sheet.height * width
    many = [(k, "Б", "П", f"{k}", 0, 0, 1, 0, 0, 0) for k in range(200, 300)]
    with pytest.raises(Rejected) as no:
        await desk.sync(snapshot(A, B, *many))
    before = desk.everything()

    full = banner(no.value.cause, snapshot(A, B), "ru", need=no.value.about)
    desk.target = replace(desk.target, banner=full)
    await desk.sync(snapshot(A, B))
    after = desk.everything()

    lacks = f". Нужно ещё ячеек: {100 * width:,}".replace(",", "\xa0")
    assert (lacks in str(no.value), f"{lacks}." in desk.tab.note(*NOTE)) == (True, True)
    assert desk.tab.text(*NOTE).startswith(
        "⚠ Данные на 23.11.2026 07:40. Файл упёрся в 10 000 000 ячеек: удалите пустые строки"
    )
    assert {at for at in before if before[at] != after[at]} == {NOTE}


async def test_under_a_banner_the_time_of_the_last_write_is_that_of_the_numbers(desk):
    earlier = desk.state.written_at - timedelta(hours=1)
    desk.state = replace(desk.state, written_at=earlier)
    desk.target, plain = warned(desk), desk.target

    under = (await desk.sync(snapshot(A, B))).state.written_at
    desk.target = plain
    after = (await desk.sync(snapshot(A, B, day=24))).state.written_at

    assert (under, after) == (earlier, earlier + timedelta(hours=1))


async def test_a_tab_that_may_have_no_more_columns_is_full_and_lacks_no_cells(desk):
    desk.tab.sheet.columns = 18_278
    minsk = replace(WB, key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)

    with pytest.raises(Rejected, match="18 278 столбцов") as no:
        await desk.sync(snapshot((*A, 1, 0), places=(WB, GARDEN, minsk)))

    assert (no.value.cause, no.value.about) == ("sheet_full", None)
