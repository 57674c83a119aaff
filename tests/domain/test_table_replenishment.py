"""What «Пополнение» shows: values of ours, formulas over her terms, and what has to go first."""

from dataclasses import replace

import pytest

from domain.replenishment import USUAL, Terms
from domain.snapshot import Gap
from domain.table.columns import Holds
from domain.table.keyed import columns_of
from domain.table.replenishment import GROUP, UNTOLD, Replenishing, formula
from domain.table.terms import begun, typed
from tests.infrastructure.refill_tab import UNTOLD as NO_SCOPE
from tests.infrastructure.refill_tab import moving

COLUMNS = columns_of([GROUP])
FIFTH = {tag: f"{letter}5" for tag, letter in zip(GROUP.tags, "ABCDEFGHIJKLMNOPQR", strict=True)}
ABOVE = {
    "lead": "$A$3",
    "cover_days": "$B$3",
    "pack": "$C$3",
    "safety_days": "$D$3",
    "as_of": "$F$3",
}
SHIP = (
    "=IF(AND(ISNUMBER(H5);ISNUMBER(D5));CEILING(ROUND(MAX(0;H5*($A$3+$B$3)+L5-D5-N(E5));6);"
    'MAX(1;IF(N(M5)>0;M5;$C$3)));"")'
)
EXAMPLE = (101, "A", 96, 11, 5, 10, 692, 41)


def shown(*rows, **more):
    return Replenishing(title="Пополнение").shown(moving(*rows, **more))


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("pace", '=IF(OR(NOT(ISNUMBER(F5));N(G5)=0);"";F5/G5)'),
        ("cover", '=IF(OR(NOT(ISNUMBER(D5));N(H5)=0);"";ROUND(D5/H5;1))'),
        ("runs_out", '=IF(ISNUMBER(I5);$F$3+INT(ROUND(D5/H5;6));"")'),
        ("lead_demand", '=IF(ISNUMBER(H5);H5*$A$3;"")'),
        ("safety", '=IF(ISNUMBER(H5);ROUNDUP(ROUND(H5*$D$3;6);0);"")'),
        (
            "ship",
            SHIP,
        ),
        ("ship_by", '=IF(AND(ISNUMBER(J5);N(N5)>0);MAX($F$3;J5-INT($A$3+$D$3));"")'),
    ],
)
def test_each_formula_is_that_of_the_specification(tag, text):
    assert formula(COLUMNS[tag].formula, FIFTH | ABOVE) == text


def test_a_formula_is_blank_without_a_column_that_it_needs_but_not_without_a_spare_one():
    cells = FIFTH | ABOVE
    spare = {name: cell for name, cell in cells.items() if name not in ("own_pack", "coming")}
    needed = {name: cell for name, cell in cells.items() if name != "stock"}

    assert formula(COLUMNS["ship"].formula, needed) is None
    assert formula(COLUMNS["ship"].formula, spare) == (
        '=IF(AND(ISNUMBER(H5);ISNUMBER(D5));CEILING(ROUND(MAX(0;H5*($A$3+$B$3)+L5-D5-N(""));6);'
        'MAX(1;IF(N("")>0;"";$C$3)));"")'
    )


def test_columns_are_values_of_ours_but_for_formulas_and_the_pack_that_is_hers():
    formulas = [tag for tag, column in COLUMNS.items() if column.formula]

    assert formulas == ["pace", "cover", "runs_out", "lead_demand", "safety", "ship", "ship_by"]
    assert [tag for tag, column in COLUMNS.items() if column.hers] == ["own_pack"]
    assert [tag for tag, column in COLUMNS.items() if column.bold] == ["ship"]
    assert [COLUMNS[tag].holds for tag in ("runs_out", "ship_by")] == [Holds.DATE] * 2


def test_terms_begin_with_what_is_usual_and_the_day_is_a_number():
    *hers, day = shown(EXAMPLE).terms

    assert {each.name: each.value for each in hers} == {
        "lead": USUAL.lead,
        "cover_days": USUAL.cover,
        "pack": USUAL.pack,
        "safety_days": USUAL.safety,
    }
    assert (tuple(hers), day.value, day.hers) == (begun(USUAL), 46349, False)


def test_a_tab_begins_with_the_terms_of_the_shop_and_in_the_order_that_follows():
    later, sooner = (101, "A", 96, 11, 5, 0, None, 0), (102, "B", 40, 7, 7, 0, None, 0)
    tab = Replenishing(title="Пополнение", terms=Terms(lead=14, cover=0, pack=6, safety=3))
    enough = tab.shown(moving(later, sooner))

    assert [each.value for each in enough.terms if each.hers] == [14, 0, 6, 3]
    assert shown(later, sooner).first_order([101, 102]) == (102, 101)
    assert enough.first_order([101, 102]) == (101, 102)


STANDS = {each.name: each.value for each in begun(USUAL)}


@pytest.mark.parametrize("value", [None, "", "скоро", "30", -1, 366, 14.5, True])
def test_what_is_no_term_is_told_by_its_cell_with_the_cure_and_the_last_good_one_holds(value):
    found = typed(STANDS, {"lead": ("A3", value)}, "en")

    (told,) = found.told
    assert found.terms == USUAL
    assert told == (
        'Cell A3 ("Lead time, days") holds no whole number from 0 to 365. Type one there: '
        "formulas of the tab go by what it holds, everywhere else 14 holds until then"
    )


def test_each_new_term_is_told_and_what_stands_already_is_not():
    cells = {"lead": ("A3", 30), "cover_days": ("B3", 30), "pack": ("C3", 6.0)}

    found = typed(STANDS, cells, "ru")

    assert found.terms == Terms(lead=30, pack=6)
    assert found.told == [
        "Срок поставки 30 дн. взят из ячейки A3",
        "Кратность 6 шт. взята из ячейки C3",
    ]


def test_values_are_those_of_the_snapshot_and_of_what_moves():
    figures = shown(EXAMPLE).figures

    stored = {tag: figures.stored(tag)[0] for tag in ("stock", "coming", "orders", "on_sale")}
    assert stored == {"stock": 96, "coming": 10, "orders": 11, "on_sale": 5}
    assert [figures.stored(tag)[0] for tag in ("buyout", "lost", "idle")] == [692, 4, 41]


def test_what_does_not_move_yet_is_blank():
    still = replace(moving(EXAMPLE), moving=None)

    figures = Replenishing(title="Пополнение").shown(still).figures

    assert {figures.stored(tag)[0] for tag in ("coming", "on_sale", "lost", "idle")} == {None}


def test_first_comes_what_has_to_be_shipped_first_then_what_has_not_and_then_by_article():
    rows = [
        (105, "none ordered", 30, 0, 7, 0, None, 12),
        (104, "enough", 900, 7, 7, 0, None, 0),
        (103, "later", 96, 11, 5, 10, None, 0),
        (102, "sold out", 0, 14, 7, 0, None, None),
        (101, "sold out too", 0, 14, 7, 0, None, None),
        (100, "not known", None, 14, 7, 0, None, None),
    ]

    assert shown(*rows).first_order(row[0] for row in rows) == (101, 102, 103, 100, 104, 105)


def test_without_the_right_to_read_supplies_the_column_is_hers_and_no_gap():
    other = Gap(source="order_feed", columns=("buyout",), cause="short_history")

    blind = shown((*EXAMPLE[:5], None, *EXAMPLE[6:]), gaps=(NO_SCOPE, other))

    coming = columns_of(blind.groups)["coming"]
    assert (coming.hers, coming.note) == (True, UNTOLD)
    assert blind.gaps == (other,)


def test_of_how_many_products_the_buyout_may_still_move_is_said():
    vague = columns_of(shown(EXAMPLE, vague=3).groups)["buyout"].note

    assert "ещё не завершены: 3" in vague.ru
    assert "still open: 3" in vague.en
