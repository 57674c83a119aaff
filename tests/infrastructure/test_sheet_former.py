"""Tabs of the old single-user tool: known by their header, kept as copies beside ours."""

from dataclasses import replace

import pytest

from sandbox.google import Tab
from sandbox.google.model.spans import Span
from tests.infrastructure.google_drive import open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "B", 0, 0, 18, 0, 0, 0)
A_FIGURES = [6, 1, 11, 96, 61.1, 64, 7, 64, 32, 4, 56]
FIRST_LAYOUT = [
    (
        "Артикул продавца",
        "Артикул товара",
        "Заказы (всего)",
        "Остатки (всего)",
        "Оборачиваемость",
        "Название склада",
        "Заказы со склада",
        "Остатки на складе",
        "Оборачиваемость по складам",
    ),
    ("A", "101", "11", "96", "61.1", "Коледино\nКазань", "7\n4", "64\n32", "64\n56"),
    ("B", "102", "0", "18", "", "Коледино", "0", "18", ""),
]
SECOND_LAYOUT = [
    ("Основная информация", "", "", "", "Общие метрики"),
    ("Бренд", "Предмет", "Артикул продавца", "Артикул товара (nmid)", "В пути до покупателя"),
    ("Лён и Ко", "Полотенца", "A", "101", "6"),
]


def old_tab(desk, name, rows):
    """A tab that somebody else filled."""
    tab = Tab(desk.file, desk.file.book.sheets[0].title)
    tab.rename(name)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            tab.edit(row, column, text)
    return tab


@pytest.mark.parametrize("name", ["Товары", "products", "Остатки WB"])
@pytest.mark.parametrize("rows", [FIRST_LAYOUT, SECOND_LAYOUT], ids=["one row", "two rows"])
async def test_a_tab_of_the_old_tool_is_kept_as_a_backup_by_whatever_name(name, rows):
    async with open_desk() as desk:
        old = old_tab(desk, name, rows)
        desk.target = replace(desk.target, former="Остатки WB")

        written = await desk.sync(snapshot(A, B))

        backup = f"{name} (копия 23.11.2026 07:40)"
        assert old.sheet.title == backup
        assert [old.text(row, 0) for row in range(3)] == [row[0] for row in rows]
        assert desk.row(101)[4:] == A_FIGURES
        assert written.notices == (f"Ваша прежняя вкладка сохранена как «{backup}»",)
        assert desk.calls() == (2, 1)


@pytest.mark.parametrize(
    "rows",
    [
        [("Артикул продавца", "Артикул товара"), ("A", "1"), ("B", "2")],
        [("Моё",), FIRST_LAYOUT[0], ("A",)],
        [("",), SECOND_LAYOUT[1], ("A",)],
        [("",), ("",), ("",)],
    ],
)
async def test_a_tab_of_hers_with_such_a_name_is_left_alone(rows):
    async with open_desk() as desk:
        hers = old_tab(desk, "Товары", rows)

        written = await desk.sync(snapshot(A, B))

        assert hers.sheet.title == "Товары"
        assert written.notices == ()


async def test_an_old_tab_that_is_protected_against_us_keeps_its_name():
    async with open_desk() as desk:
        old = old_tab(desk, "Товары", FIRST_LAYOUT)
        old.protect(Span(0, 3, 0, 9), "Ольга")

        await desk.sync(snapshot(A, B))

        assert old.sheet.title == "Товары"
        assert desk.row(101)[4:] == A_FIGURES


async def test_a_file_without_such_names_is_not_looked_into():
    async with open_desk() as desk:
        old_tab(desk, "Мои товары", FIRST_LAYOUT)

        await desk.sync(snapshot(A, B))

        assert desk.calls() == (1, 1)
