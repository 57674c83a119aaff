"""What stands over the numbers while newer ones are held back (acceptance example 22)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.table.banner import banner
from infrastructure.google import finding
from tests.infrastructure.google_drive import MORNING, open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "B", 0, 0, 18, 0, 0, 0)
NOTE = (0, 0)


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"], autouse=True)
def look(request, monkeypatch):
    monkeypatch.setattr(finding, "SMALL", request.param)


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
