"""Formulas and typed texts: cells amount to what Google Sheets would show."""

from datetime import UTC, datetime

import pytest

from sandbox.google.formulas.references import translated
from sandbox.google.model.locales import locale_of
from sandbox.google.model.typed import typed
from sandbox.google.model.values import Formula
from sandbox.google.reading.shown import shown_text
from tests.sandbox.google_visit import visiting

RU, EN, DE = locale_of("ru_RU"), locale_of("en_US"), locale_of("de_DE")


@pytest.fixture
def tab():
    with visiting() as visit:
        yield visit.tab()


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3^2", 19),
        ("=-2^2", 4),
        ("=10%", 0.1),
        ('="a"&1&TRUE', "a1TRUE"),
        ("=(1+2)*3", 9),
        ("=1,5*2", 3),
        ('=IF(2>1;"да";"нет")', "да"),
        ("=IF(FALSE;1)", False),
        ("=AND(TRUE;1;2>1)", True),
        ("=OR(FALSE;0)", False),
        ("=NOT(FALSE)", True),
        ('=LEFT("Оборачиваемость";6)', "Оборач"),
        ('=ISNUMBER("1")', False),
        ('=N("st.low")', 0),
        ("=INT(-1,5)", -2),
        ("=ROUND(2,5;0)", 3),
        ("=ROUND(4,45;1)", 4.5),
        ("=ROUNDUP(15,01;0)", 16),
        ("=CEILING(6,8;6)", 12),
        ("=MAX(1;5;3)", 5),
        ("=DATE(2026;11;24)", 46350),
        ("=DATE(2026;14;1)", 46419),
        ("=TIME(12;0;0)", 0.5),
        ("=1/0", "#DIV/0!"),
        ("=FOO(1)", "#NAME?"),
        ('="a"+1', "#VALUE!"),
        ("=IFERROR(1/0;7)", 7),
        ("=1+", "#ERROR!"),
        ("=A1", "#REF!"),
        ("=СУММ(1;2)", 3),
        ('="а"="А"', True),
    ],
)
def test_a_formula_gives_its_value(tab, formula, value):
    tab.edit(0, 0, formula)

    assert (tab.text(0, 0) if isinstance(value, str) else tab.value(0, 0)) == value


def test_both_separators_work_in_an_english_file(tab):
    tab.file.book.locale = "en_US"
    tab.edit(0, 0, "=MAX(1,2;1.5)")

    assert tab.value(0, 0) == 2


def test_ranges_are_summed_and_counted_by_criteria(tab):
    for row, (kind, stock) in enumerate((("", 5), ("Склад WB", 7), ("", 11), ("прочее", 2))):
        tab.edit(row, 0, kind)
        tab.edit(row, 1, str(stock))
    tab.edit(5, 0, '=SUMIFS(B1:B4;A1:A4;"")')
    tab.edit(5, 1, '=SUMIFS(B1:B4;B1:B4;">5")')
    tab.edit(5, 2, "=SUM(B1:B4)")

    assert [tab.value(5, column) for column in range(3)] == [16, 18, 25]


def test_replenishment_is_computed_as_in_its_example(tab):
    columns = {
        "A3": "14", "B3": "30", "C3": "1", "D3": "7", "F3": "46349",
        "D5": "96", "E5": "10", "F5": "11", "G5": "5", "M5": "6",
        "H5": '=IF(OR(NOT(ISNUMBER(F5));N(G5)=0);"";F5/G5)',
        "I5": '=IF(OR(NOT(ISNUMBER(D5));N(H5)=0);"";ROUND(D5/H5;1))',
        "J5": '=IF(ISNUMBER(I5);$F$3+INT(ROUND(D5/H5;6));"")',
        "L5": '=IF(ISNUMBER(H5);ROUNDUP(ROUND(H5*$D$3;6);0);"")',
        "N5": "=IF(AND(ISNUMBER(H5);ISNUMBER(D5));CEILING(ROUND(MAX(0;H5*($A$3+$B$3)+L5-D5-N(E5));"
        '6);MAX(1;IF(N(M5)>0;M5;$C$3)));"")',
        "O5": '=IF(AND(ISNUMBER(J5);N(N5)>0);MAX($F$3;J5-INT($A$3+$D$3));"")',
    }  # fmt: skip
    for name, text in columns.items():
        tab.edit(int(name[1:]) - 1, ord(name[0]) - 65, text)

    assert [tab.value(4, ord(c) - 65) for c in "HIJLNO"] == [2.2, 43.6, 46392, 16, 12, 46371]


def test_now_is_the_time_of_the_files_own_zone():
    with visiting() as visit:
        visit.file.book.zone = "Asia/Yekaterinburg"
        tab = visit.tab()
        tab.edit(0, 0, '=IF(NOW()<DATE(2026;11;24)+TIME(12;0;0);"свежо";"⚠")')
        visit.clock.now = datetime(2026, 11, 24, 6, 59, tzinfo=UTC)
        before = tab.text(0, 0)
        visit.clock.now = datetime(2026, 11, 24, 7, 1, tzinfo=UTC)

        assert (before, tab.text(0, 0)) == ("свежо", "⚠")


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("12,5", RU, 12.5),
        ("12.5", EN, 12.5),
        ("12.5", RU, 46154),
        ("1 982", RU, 1982),
        ("1,982", EN, 1982),
        ("1.982,5", DE, 1982.5),
        ("-7", RU, -7),
        ("5%", RU, 0.05),
        ("1-2", RU, 46054),
        ("1-2", EN, 46024),
        ("2026-11-23", RU, 46349),
        ("23.11.2026", RU, 46349),
        ("11/23/2026", EN, 46349),
        ("12:00", RU, 0.5),
        ("ИСТИНА", RU, True),
        ("00-17", RU, "00-17"),
        ("=A1", RU, Formula("=A1")),
        ("+LN-90", RU, Formula("=+LN-90")),
        ("'=A1", RU, "=A1"),
        ("Лён", RU, "Лён"),
        ("", RU, None),
    ],
)
def test_a_typed_text_is_understood_by_the_files_locale(text, locale, value):
    assert typed(text, locale, 2026).value == value


@pytest.mark.parametrize(
    ("value", "kind", "pattern", "locale", "text"),
    [
        (1982, "NUMBER", "#,##0", RU, "1\u00a0982"),
        (1982, "NUMBER", "#,##0", EN, "1,982"),
        (18.05, "NUMBER", "#,##0.0", RU, "18,1"),
        (0, "NUMBER", "#,##0.0", RU, "0,0"),
        (210000101, "NUMBER", "0", RU, "210000101"),
        (-3.4, "NUMBER", "0", RU, "-3"),
        (2.2, "NUMBER", "0.00", EN, "2.20"),
        (0.692, "PERCENT", "0.0%", RU, "69,2%"),
        (46349, "DATE", "dd.mm.yyyy", RU, "23.11.2026"),
        (46349.32, "DATE_TIME", "yyyy-mm-dd hh:mm", EN, "2026-11-23 07:40"),
    ],
)
def test_a_number_is_shown_by_its_format(value, kind, pattern, locale, text):
    style = {"numberFormat": {"type": kind, "pattern": pattern}}

    assert shown_text(value, style, locale) == text


def test_a_cell_of_text_format_keeps_what_is_typed_as_text():
    with visiting() as visit:
        look = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
        area = {"range": {"sheetId": 0, "endColumnIndex": 1}, "cell": look}
        visit.batch({"repeatCell": {**area, "fields": "userEnteredFormat.numberFormat"}})
        visit.tab().edit(0, 0, "00017")

        assert visit.tab().value(0, 0) == "00017"


def test_only_relative_parts_move_when_a_formula_is_carried_away():
    assert translated("=$A1+B$2+'Лист 2'!C3&\"A1\"", 2, 1) == "=$A3+C$2+'Лист 2'!D5&\"A1\""
    assert translated("=A1", -1, 0) == "=#REF!"


def test_a_cell_that_needs_itself_is_a_broken_reference(tab):
    tab.edit(0, 0, "=B1")
    tab.edit(0, 1, "=A1+1")

    assert tab.text(0, 0) == "#REF!"
