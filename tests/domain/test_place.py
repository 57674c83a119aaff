"""Places: what the marketplace's names of warehouses mean, and since when."""

from datetime import date

import pytest

from domain.checksum import Line, settle
from domain.errors import Malformed
from domain.numbering import collation
from domain.place import (
    RULES,
    SELLER_TOTAL,
    WB_TOTAL,
    Kind,
    Place,
    Pseudo,
    Source,
    place_of,
    rule_for,
)

TODAY = date(2026, 11, 23)
HIDDEN = date(2026, 8, 15)


@pytest.mark.parametrize("name", ["Склад WB РФ", "Склад WB СГТ РФ", "Склад WB"])
@pytest.mark.parametrize("source", [Source.REMAINS, Source.ORDERS])
def test_all_names_of_the_hidden_warehouses_are_one_place(source, name):
    assert place_of(source, None, name, TODAY) == WB_TOTAL


def test_the_id_of_the_hidden_warehouses_is_that_place_whatever_it_is_called():
    assert place_of(Source.WB_WAREHOUSES, -999999, "Warehouse WB", TODAY) == WB_TOTAL


def test_before_they_were_hidden_the_same_name_was_a_place_of_its_own():
    place = place_of(Source.REMAINS, None, "Склад WB РФ", date(2026, 8, 14))

    assert place == Place(key="wb:Склад WB РФ", kind=Kind.WB_NAMED, name="Склад WB РФ")
    assert place_of(Source.REMAINS, None, "Склад WB РФ", HIDDEN) == WB_TOTAL


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("В пути до получателей", Pseudo.TRANSIT_TO_BUYER),
        ("В пути возвраты на склад WB", Pseudo.RETURNS),
        ("Всего находится на складах", Pseudo.TOTAL),
    ],
)
def test_lines_that_are_no_warehouses_are_never_places(name, means):
    assert place_of(Source.REMAINS, None, name, TODAY) is means


def test_the_same_words_elsewhere_are_only_a_name():
    place = place_of(Source.WB_WAREHOUSES, 7, "Всего находится на складах", TODAY)

    assert place.kind is Kind.WB_NAMED


def test_a_name_is_compared_after_composing_and_trimming_and_nothing_else():
    decomposed = "  Е\u0308лка "

    assert place_of(Source.WB_WAREHOUSES, 1, decomposed, TODAY).key == "wb:Ёлка"
    assert place_of(Source.WB_WAREHOUSES, 1, "елка", TODAY).key == "wb:елка"
    assert place_of(Source.REMAINS, None, "склад wb рф", TODAY).kind is Kind.WB_NAMED


def test_a_warehouse_of_hers_is_known_by_its_id():
    one = place_of(Source.FBS, 5, "Садовая", TODAY)
    renamed = place_of(Source.SELLER_WAREHOUSES, 5, "Новая Садовая", TODAY)

    assert one.key == renamed.key == "seller:5"
    assert renamed.name == "Новая Садовая"


def test_the_sum_of_her_warehouses_is_no_warehouse_of_wildberries():
    assert place_of(Source.REMAINS, None, "Маркетплейс", TODAY) == SELLER_TOTAL


def test_every_source_has_a_last_rule_that_fits_everything():
    last = {rule.source: rule for rule in RULES}

    assert set(last) == set(Source)
    assert all(rule.fits(123, "что угодно", date.min) for rule in last.values())


def test_only_a_name_of_the_remains_that_nobody_knows_needs_proof():
    assert not rule_for(Source.REMAINS, None, "На утилизации", TODAY).proven
    assert rule_for(Source.REMAINS, None, "Минск", TODAY).proven
    assert rule_for(Source.WB_WAREHOUSES, 9, "На утилизации", TODAY).proven


def line(rest: int, **names: int) -> Line:
    return Line(nm_id=1, rest=rest, names=names)


def test_a_name_inside_the_total_is_a_warehouse_and_one_outside_is_not():
    assert settle([line(6, new=6)]) == {"new": True}
    assert settle([line(0, new=6)]) == {"new": False}


def test_one_row_settles_what_another_leaves_open():
    rows = [line(5, a=5, b=2), line(7, a=7)]

    assert settle(rows) == {"a": True, "b": False}


@pytest.mark.parametrize(
    "rows",
    [
        [line(3, a=6)],
        [line(9, a=6)],
        [line(-1, a=6)],
        [line(6, a=6), line(0, a=6)],
        [line(5, a=5, b=2), line(2, a=5, b=2)],
    ],
)
def test_sums_that_cannot_tell_hold_the_answer_back(rows):
    with pytest.raises(Malformed) as held:
        settle(rows)

    assert held.value.cause == "held_back"
    assert "артикул 1" in str(held.value)


def test_names_sort_as_russians_read_them():
    names = ["Яуза", "Ель", "Ёлкино", "еж", "Склад 10", "Склад 2", "London", "7-я линия", "ель"]

    ordered = sorted(names, key=collation)

    assert ordered == [
        "7-я линия",
        "еж",
        "Ёлкино",
        "Ель",
        "ель",
        "Склад 2",
        "Склад 10",
        "Яуза",
        "London",
    ]
