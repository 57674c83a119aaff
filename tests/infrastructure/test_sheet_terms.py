"""Her yellow cells decide; colours follow the terms of the shop, and cost no call of their own."""

from dataclasses import replace

import pytest

from domain.replenishment import USUAL, Terms
from infrastructure.google import finding
from tests.infrastructure.google_drive import GARDEN, MORNING, WB, open_desk, snapshot
from tests.infrastructure.refill_tab import (
    REFILL,
    TAGS,
    look_of,
    moving,
    open_refill,
    placed,
    refill,
    row_of,
)

A = (101, "A", 96, 11, 5, 10, 692, 0)
B = (102, "B", 30, 0, 7, 0, None, 12)
LONG, SHORT = Terms(lead=30), Terms(lead=2, safety=1)
LOW, SOON = "F4C7C3", "FCE8B2"


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"])
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their keys: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


@pytest.fixture
async def desk():
    """A file of hers, whose shop fills both tabs by the usual terms."""
    async with open_refill() as desk:
        desk.target = replace(desk.target, terms=USUAL)
        yield desk


@pytest.fixture
async def plain():
    """One whose shop fills «Stock Tracker» alone."""
    async with open_desk() as desk:
        desk.target = replace(desk.target, terms=USUAL)
        yield desk


def stock(left, places=(WB, GARDEN)):
    """Seven pieces ordered in seven days: stock is days."""
    rows = [(101, "Лён и Ко", "Полотенца", "A", 0, 0, left, 7, *(0, 0) * (len(places) - 1))]
    return snapshot(*rows, places=places)


def fill(desk, column=8):
    """#RRGGBB of turnover in the first row; nothing where no colour holds."""
    for look in desk.looks(2, column):
        colour = look["backgroundColorStyle"]["rgbColor"]
        return "".join(f"{round(255 * colour[part]):02X}" for part in ("red", "green", "blue"))
    return ""


# Her yellow cells


@pytest.mark.usefixtures("look")
async def test_what_she_types_is_told_with_the_read_that_is_made_anyway(desk):
    await desk.sync(moving(A, B))
    desk.calls()
    for column, text in enumerate(("30", "20", "6", "3")):
        refill(desk).edit(2, column, text)

    written = await desk.sync(moving((*A[:2], 90, *A[3:]), B))

    assert desk.calls() == (1, 1)
    assert written.terms == Terms(lead=30, cover=20, pack=6, safety=3)
    assert written.notices == (
        "Вкладка «Пополнение»: Срок поставки 30 дн. взят из ячейки A3",
        "Вкладка «Пополнение»: Запас на 20 дн. взят из ячейки B3",
        "Вкладка «Пополнение»: Кратность 6 шт. взята из ячейки C3",
        "Вкладка «Пополнение»: Страховой запас на 3 дн. взят из ячейки D3",
    )


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("text", ["", "скоро", "-3"])
async def test_rubbish_is_told_by_its_cell_and_the_last_good_term_holds(desk, text):
    desk.target = replace(desk.target, terms=LONG, keyed=(replace(REFILL, terms=LONG),))
    await desk.sync(moving(A, B))
    refill(desk).edit(2, 0, text)

    written = await desk.sync(moving((*A[:2], 90, *A[3:]), B))

    (told,) = written.notices
    assert written.terms == LONG
    assert told == (
        "Вкладка «Пополнение»: В ячейке A3 («Срок поставки, дней») нет целого числа от 0 до 365. "
        "Впишите его: формулы вкладки считают по тому, что в ней, а везде кроме неё пока действует 30"
    )


@pytest.mark.usefixtures("look")
async def test_her_cells_are_found_where_she_moved_them(desk):
    await desk.sync(moving(A, B))
    refill(desk).insert_rows(0, 2)
    refill(desk).insert_columns(0, 1)
    refill(desk).edit(4, 1, "месяц")

    written = await desk.sync(moving((*A[:2], 90, *A[3:]), B))

    (told,) = written.notices
    assert "В ячейке B5 («Срок поставки, дней»)" in told


async def test_what_is_typed_is_followed_also_when_there_is_nothing_to_write(desk):
    await desk.sync(moving(A, B))
    refill(desk).edit(2, 1, "60")
    desk.target = replace(desk.target, look=True)
    desk.calls()

    written = await desk.sync(moving(A, B))

    assert (desk.calls(), written.terms) == ((1, 0), Terms(cover=60))


async def test_a_new_tab_begins_with_the_terms_of_the_shop_and_so_does_a_header_that_comes_back(
    desk,
):
    hers = Terms(lead=20, cover=10, pack=6, safety=0)
    desk.target = replace(desk.target, terms=hers, keyed=(replace(REFILL, terms=hers),))
    first = await desk.sync(moving(A, B))
    began = [refill(desk).value(2, column) for column in range(4)]
    refill(desk).delete_rows(2, 1)

    await desk.sync(moving((*A[:2], 60, *A[3:]), B))

    assert (first.terms, began) == (None, [20, 10, 6, 0])
    assert [refill(desk).value(2, column) for column in range(4)] == began
    assert (placed(desk), row_of(desk, 101)["ship"]) == ([101, 102], 0)


async def test_what_formulas_name_in_a_column_that_she_deleted_is_the_term_of_the_shop(desk):
    hers = Terms(cover=60)
    await desk.sync(moving(A))
    refill(desk).delete_columns(TAGS.index("sku"))
    desk.target = replace(desk.target, terms=hers, keyed=(replace(REFILL, terms=hers),))

    written = await desk.sync(moving((*A[:2], 90, *A[3:])))
    formula = str(refill(desk).entered(4, TAGS.index("ship") - 1))
    desk.target = replace(desk.target, returned=MORNING)
    await desk.sync(moving((*A[:2], 90, *A[3:])))

    back = len(TAGS) - 1
    assert (written.terms, "$A$3+60" in formula) == (hers, True)
    assert [refill(desk).value(row, back) for row in (1, 2)] == ["Запас на, дней", 60]
    assert look_of(desk, 2, back) == look_of(desk, 2, 0)


# Colours


@pytest.mark.usefixtures("look")
async def test_colours_follow_her_cells_in_the_same_call(desk):
    await desk.sync(moving((*A[:2], 31, *A[3:])))
    before = fill(desk)
    refill(desk).edit(2, 0, "30")
    desk.calls()

    await desk.sync(moving((*A[:2], 32, *A[3:])))

    assert (before, fill(desk), desk.calls()) == (SOON, LOW, (1, 1))


async def test_colours_follow_the_setting_at_once_and_then_there_is_nothing_to_do(plain):
    await plain.sync(stock(10))
    before = fill(plain)
    plain.calls()
    plain.target = replace(plain.target, terms=SHORT)

    await plain.sync(stock(10))
    after, cost = fill(plain), plain.calls()
    await plain.sync(stock(10))

    assert (before, after, cost) == (LOW, "", (1, 1))
    assert plain.calls() == (0, 0)


async def test_a_new_place_and_other_terms_in_one_call_are_coloured_alike(plain):
    third = replace(GARDEN, key="seller:8", number=3)
    await plain.sync(stock(31))
    plain.target = replace(plain.target, terms=LONG)

    await plain.sync(stock(31, (WB, GARDEN, third)))

    low, soon = (rule.body["booleanRule"] for rule in plain.tab.sheet.rules[1:])
    said = [each["condition"]["values"][0]["userEnteredValue"] for each in (low, soon)]
    assert ["<30;" in said[0], "<37;" in said[1]] == [True, True]
    assert {rule.spans[0].right for rule in plain.tab.sheet.rules[1:]} == {18}
    assert fill(plain) == SOON


async def test_a_rule_that_she_deleted_stays_deleted_and_one_that_she_changed_keeps_its_looks(
    plain,
):
    await plain.sync(stock(10))
    del plain.tab.sheet.rules[1]
    look = {"backgroundColorStyle": {"rgbColor": {"red": 1, "green": 0, "blue": 0}}}
    plain.tab.sheet.rules[1].body["booleanRule"]["format"] = look
    plain.target = replace(plain.target, terms=SHORT)
    await plain.sync(stock(2))

    assert (fill(plain), len(plain.tab.sheet.rules)) == ("FF0000", 2)


async def test_rows_that_come_later_are_coloured_too(plain):
    await plain.sync(stock(31))
    plain.target = replace(plain.target, terms=LONG)
    await plain.sync(stock(31))
    many = [(n, "Лён", "Юбки", f"{n}", 0, 0, 31, 7, 0, 0) for n in range(101, 301)]

    await plain.sync(snapshot(*many))

    last = plain.tab.column(3).index(300)
    assert len(plain.looks(last, 8)) == 1


async def test_who_knows_no_terms_leaves_colours_as_they_are(plain):
    plain.target = replace(plain.target, terms=LONG)
    await plain.sync(stock(31))
    plain.target, plain.state = replace(plain.target, terms=None), None

    await plain.sync(stock(32))

    assert fill(plain) == SOON
