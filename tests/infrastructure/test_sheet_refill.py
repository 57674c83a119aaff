"""The tab «Пополнение»: formulas over yellow terms of hers, in her row order, and no call more."""

from dataclasses import replace

import pytest

from infrastructure.google import finding
from sandbox.google.model.spans import Span
from tests.infrastructure.google_drive import MORNING
from tests.infrastructure.refill_tab import (
    TAGS,
    fill,
    look_of,
    moving,
    open_refill,
    placed,
    refill,
    row_of,
)

A = (101, "=LN+150", 96, 11, 5, 10, 692, 0)
B = (102, "B", 30, 0, 7, 0, None, 12)
C = (103, "C", 0, 14, 7, 0, 500, None)
D = (104, "D", 0, 0, 0, 0, None, None)
E = (105, "E", None, 5, 7, 0, None, None)
PACK, SHIP = TAGS.index("own_pack"), TAGS.index("ship")
HEADER = [
    "Артикул товара (nmid)",
    "Артикул продавца",
    "Предмет",
    "Остатки, шт",
    "В пути на склад WB, шт",
    "Заказы за период",
    "Дней в продаже",
    "Заказов в день",
    "Хватит на, дней",
    "Закончится",
    "Нужно на срок поставки",
    "Страховой запас, шт",
    "Кратность товара",
    "Отгрузить, шт",
    "Отгрузить до",
    "Выкуп, %",
    "Упущено, шт (оценка)",
    "Без движения, дней",
]


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"])
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their keys: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


@pytest.fixture
async def desk():
    """A file of hers, whose shop is to fill both tabs."""
    async with open_refill() as desk:
        yield desk


async def test_both_tabs_of_a_new_file_cost_one_read_and_one_write(desk):
    await desk.sync(moving(A, B))

    tab = refill(desk)
    assert desk.calls() == (1, 1)
    assert [sheet.title for sheet in desk.file.book.sheets] == [
        "Stock Tracker",
        "Лист1",
        "Пополнение",
    ]
    assert [[tab.value(row, column) for column in range(6)] for row in (0, 1, 2)] == [
        ["Пополнение", None, None, None, None, None],
        [
            "Срок поставки, дней",
            "Запас на, дней",
            "Кратность, шт",
            "Страховой запас, дней",
            None,
            "Данные на",
        ],
        [14, 30, 1, 7, None, 46349],
    ]
    assert [tab.value(3, column) for column in range(18)] == HEADER
    assert (tab.sheet.frozen_rows, tab.sheet.merges) == (4, [Span(0, 1, 0, 6)])
    assert tab.entered(4, 1) == "=LN+150"


async def test_it_looks_as_described(desk):
    await desk.sync(moving(A))

    patterns = {
        TAGS[column]: look_of(desk, 4, column).get("numberFormat", {}).get("pattern")
        for column in range(18)
    }
    widths = [refill(desk).sheet.sizes["COLUMNS"].at(column).pixels for column in range(18)]
    assert [fill(desk, row, column) for row in (1, 2) for column in range(4)] == ["FFF2CC"] * 8
    assert {fill(desk, row, 5) for row in (1, 2)} == {"000000"}
    assert (fill(desk, 4, PACK), fill(desk, 4, PACK + 1)) == ("FFF2CC", "000000")
    assert (fill(desk, 3, PACK), fill(desk, 0, 0)) == ("5468DE", "5468DE")
    assert look_of(desk, 4, SHIP)["textFormat"]["bold"]
    assert widths == [150, 180, 160] + [95] * 15
    heights = refill(desk).sheet.sizes["ROWS"]
    assert [heights.at(row).pixels for row in (0, 1, 3)] == [35, 40, 58], "long captions have room"
    assert [patterns[tag] for tag in ("pace", "cover", "lead_demand", "buyout")] == [
        "0.00",
        "0.0",
        "0.0",
        "0.0",
    ]
    assert (patterns["runs_out"], look_of(desk, 2, 5)["numberFormat"]["pattern"]) == (
        "dd.mm.yyyy",
        "dd.mm.yyyy",
    )


async def test_the_formulas_give_the_figures_of_the_worked_example(desk):
    await desk.sync(moving(A, B, C, D, E))
    refill(desk).edit(4 + placed(desk).index(101), PACK, "6")

    figures = ("pace", "cover", "runs_out", "lead_demand", "safety", "ship", "ship_by")
    shown = {nm: [row_of(desk, nm)[tag] for tag in figures] for nm in range(101, 106)}
    shown[101][3] = round(shown[101][3], 9)
    shown[105][0] = round(shown[105][0], 2)
    assert shown == {
        101: [2.2, 43.6, 46392, 30.8, 16, 12, 46371],
        102: [0, "", "", 0, 0, 0, ""],
        103: [2, 0, 46349, 28, 14, 102, 46349],
        104: ["", "", "", "", "", "", ""],
        105: [0.71, "", "", 10, 5, "", ""],
    }
    values = ("stock", "coming", "orders", "on_sale", "buyout", "lost", "idle")
    assert [row_of(desk, 101)[tag] for tag in values] == [96, 10, 11, 5, 69.2, 4, 0]


async def test_the_first_rows_are_those_to_be_shipped_first(desk):
    soon = (106, "F", 20, 14, 7, 0, None, 0)

    await desk.sync(moving(A, B, soon, C))

    assert placed(desk) == [103, 106, 101, 102]


async def test_what_she_types_into_yellow_cells_moves_the_answer_and_stays_hers(desk):
    await desk.sync(moving(A, C))
    tab = refill(desk)
    for column, text in enumerate(("10", "20", "5", "3")):
        tab.edit(2, column, text)
    tab.edit(4, PACK, "8")

    await desk.sync(moving(A, (*C[:3], 21, *C[4:])))

    assert [tab.value(2, column) for column in range(4)] == [10, 20, 5, 3]
    assert (tab.value(4, 0), tab.value(4, PACK), row_of(desk, 103)["ship"]) == (103, 8, 104)
    assert row_of(desk, 101)["ship"] == 0


@pytest.mark.usefixtures("look")
async def test_a_change_costs_one_read_and_one_write_and_sends_little_and_none_no_call(desk):
    await desk.sync(moving(A, B, C, D))
    desk.calls()

    await desk.sync(moving(A, B, C, (*D[:5], 7, *D[6:])))
    sent, calls = desk.sent(), desk.calls()
    quiet = await desk.sync(moving(A, B, C, (*D[:5], 7, *D[6:])))
    later = moving(A, B, C, (*D[:5], 7, *D[6:]))
    await desk.sync(replace(later, taken_at=MORNING.replace(hour=9)))

    assert (calls, desk.calls()) == ((1, 1), (0, 0))
    assert sent <= 4_000
    assert (row_of(desk, 104)["coming"], quiet.effect.changed) == (7, False)


async def test_who_asks_has_it_looked_at_with_one_read(desk):
    await desk.sync(moving(A, B))
    desk.target = replace(desk.target, look=True)
    desk.calls()

    await desk.sync(replace(moving(A, B), taken_at=MORNING.replace(hour=9)))

    assert desk.calls() == (1, 0)


async def test_the_day_moves_with_the_data(desk):
    await desk.sync(moving(A))
    before = row_of(desk, 101)["runs_out"]

    await desk.sync(moving(A, day=24))

    assert (refill(desk).value(2, 5), row_of(desk, 101)["runs_out"]) == (46350, before + 1)
    assert "24.11.2026" in refill(desk).note(0, 0)


@pytest.mark.usefixtures("look")
async def test_her_sort_her_rows_and_her_columns_are_hers(desk):
    await desk.sync(moving(A, B, C))
    tab = refill(desk)
    for row in (4, 5, 6):
        tab.edit(row, 18, f"про {tab.value(row, 0)}")
    tab.sort(0, span=Span(4, 7, 0, 19))
    tab.insert_rows(5)
    tab.edit(5, 1, "моя строка")
    desk.calls()

    written = await desk.sync(moving((*A[:2], 90, *A[3:]), B, (*C[:3], 7, *C[4:])))

    assert desk.calls() == (1, 1)
    assert tab.column(0, 4)[:4] == [101, None, 102, 103]
    assert [tab.text(row, 18) for row in (4, 6, 7)] == ["про 101", "про 102", "про 103"]
    assert [tab.text(5, column) for column in (1, 7, 13)] == ["моя строка", "", ""]
    assert (row_of(desk, 101)["cover"], row_of(desk, 103)["ship"]) == (40.9, 51)
    assert "Вкладка «Пополнение»: Строки переставлены вами: порядок принят" in written.notices


@pytest.mark.usefixtures("look")
async def test_a_sort_of_some_columns_is_made_right_again(desk):
    await desk.sync(moving(A, B, C))
    right = {nm: row_of(desk, nm) for nm in (101, 102, 103)}
    refill(desk).sort(0, span=Span(4, 7, 0, 3))

    await desk.sync(moving(A, B, C, day=24))

    assert placed(desk) == [101, 102, 103]
    for nm, cells in right.items():
        now = row_of(desk, nm)
        assert [now[tag] for tag in ("stock", "pace", "ship")] == [
            cells[tag] for tag in ("stock", "pace", "ship")
        ]


@pytest.mark.usefixtures("look")
async def test_formulas_name_columns_and_terms_where_she_moved_them(desk):
    await desk.sync(moving(A, C))
    tab = refill(desk)
    tab.insert_rows(0)
    tab.move_column(3, 18)
    tab.insert_columns(7)

    tab.edit(3, 18, "0")
    await desk.sync(moving(A, C, (107, "G", 20, 14, 7, 0, None, 0)))

    row = tab.column(0).index(107)
    ship = next(c for c in range(20) if tab.text(4, c) == "Отгрузить, шт")
    assert (tab.text(2, 18), tab.text(4, 18)) == ("Страховой запас, дней", "Остатки, шт")
    assert [tab.value(row, c) for c in (3, 18, ship)] == [0, 20, 68]
    assert tab.value(5, ship) == 88


@pytest.mark.usefixtures("look")
async def test_a_formula_that_she_typed_over_is_repaired_and_counted(desk):
    await desk.sync(moving(A, B))
    refill(desk).edit(4, SHIP, "999")
    desk.state = replace(desk.state, checked_at=MORNING.replace(month=10))

    written = await desk.sync(moving(A, (*B[:2], 31, *B[3:])))

    assert row_of(desk, 101)["ship"] == 7
    if finding.SMALL > 0:
        assert written.notices == (
            "Вкладка «Пополнение»: Исправлено ваших правок в наших ячейках: 1",
        )


@pytest.mark.usefixtures("look")
async def test_a_new_product_gets_a_row_with_all_of_it(desk):
    await desk.sync(moving(A, B))

    await desk.sync(moving(A, B, C))

    assert (placed(desk), row_of(desk, 103)["ship"]) == ([101, 102, 103], 102)
    assert (fill(desk, 6, PACK), look_of(desk, 6, SHIP)["textFormat"]["bold"]) == ("FFF2CC", True)


@pytest.mark.usefixtures("look")
async def test_a_product_that_vanished_keeps_its_row_and_pack_and_shows_nothing(desk):
    await desk.sync(moving(A, B))
    refill(desk).edit(4, PACK, "6")
    await desk.sync(moving(B))
    gone = row_of(desk, 101)

    await desk.sync(moving(A, B))

    assert [gone[tag] for tag in ("stock", "orders", "pace", "ship")] == [None, None, "", ""]
    assert (gone["own_pack"], row_of(desk, 101)["ship"]) == (6, 12)


async def test_in_an_english_file_the_same_formulas_hold(desk):
    desk.file.book.locale = "en_US"
    await desk.sync(moving(A, B))
    first = row_of(desk, 101)
    desk.file.book.locale = "ru_RU"

    written = await desk.sync(moving(A, (*B[:6], 125, 12)))

    assert (first["cover"], first["buyout"], row_of(desk, 102)["buyout"]) == (43.6, 69.2, 12.5)
    assert written.notices == ()
