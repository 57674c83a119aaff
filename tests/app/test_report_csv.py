"""The table as CSV: a spreadsheet of the language opens it as it is, and runs nothing in it."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.stock.report import as_csv
from domain.table.report import Her, Report
from tests.app.report_world import lines, snapshot, without_seller

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
ORDER = Her(nm_ids=(11, 12, 13))
DANGER = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def written(taken, language="ru"):
    file = BytesIO()
    as_csv.write(Report(taken, language, ORDER), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("language", "delimiter", "row"),
    [
        ("ru", ";", "Лён;Юбки;'=LN+150;11;4;2;8;9;7,9;8;7;8,0;2;0;"),
        ("en", ",", "Лён,Юбки,'=LN+150,11,4,2,8,9,7.9,8,7,8.0,2,0,"),
    ],
)
def test_each_language_divides_fields_and_decimals_its_own_way(language, delimiter, row):
    content = written(snapshot(NOW, stock=(9, 0, None), orders=(8, 3, 0)), language)

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n")[2] == row
    assert {len(each) for each in lines(content, delimiter)[1:]} == {15}


def test_the_second_line_is_the_captions_and_all_below_it_data():
    table = lines(written(snapshot(NOW)))

    assert table[1][:9] == [
        "Бренд",
        "Предмет",
        "Артикул продавца",
        "Артикул товара (nmid)",
        "В пути до покупателя",
        "В пути возвраты",
        "Заказы (всего)",
        "Остатки (всего)",
        "Оборачиваемость (дни)",
    ]
    assert table[1][9:12] == table[1][12:] == ["Остатки", "Заказы", "Оборач."]
    assert [row[3] for row in table[2:]] == ["11", "12", "13"]


def test_blank_is_not_known_and_a_counted_zero_is_a_zero():
    _, _, _, sold_out, unknown = lines(written(snapshot(NOW)))

    assert sold_out[6:9] == ["3", "0", "0,0"]
    assert unknown[6:9] == ["0", "", ""]


def test_the_line_of_places_also_says_of_when_and_why_something_is_blank():
    above = lines(written(without_seller(NOW)))[0]

    assert above[0] == "Основная информация"
    assert above[1] == (
        "Stock Tracker · данные Wildberries на 23.11.2026 07:40 (Мск). "
        "Заказы: 16.11–22.11.2026, 7 полных дней по Москве, без отменённых."
    )
    assert above[2] == (
        "Пусто: Остатки (всего), Склад на Садовой · Остатки: у токена нет доступа к складам "
        "продавца. Выпустите токен с «Маркетплейс» и вставьте его в Stock Tracker."
    )
    assert above[3:] == [
        *("", "Общие метрики", "", "", "", ""),
        *("Склад WB", "", "", "Склад на Садовой", "", ""),
    ]


@settings(max_examples=60, deadline=None)
@given(texts=st.tuples(*[st.text(st.characters(), max_size=30)] * 3))
@example(texts=('=HYPERLINK("http://x")', "+1;=2", "\t@x"))
@example(texts=("-5%", 'a;"=b', "a\n=b"))
def test_no_text_ever_begins_as_a_formula_and_none_breaks_out_of_its_cell(texts):
    content = written(snapshot(NOW, skus=texts, brands=texts))
    table = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))

    assert {len(row) for row in table} == {15}
    assert not any(cell.startswith(DANGER) for row in table for cell in row)
    assert [row[3] for row in table[2:]] == ["11", "12", "13"]
