"""The table as XLSX, read back by another program: its cells, its looks, and no formula ever."""

import re
import tracemalloc
from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryFile
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.stock.report import as_xlsx
from app.stock.report.as_xlsx import MOST, TooLarge, ensure_fits
from domain.table.report import Her, Report
from domain.table.text import clean
from tests.app.report_world import sheet, snapshot, values, without_seller

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
ORDER = Her(nm_ids=(11, 12, 13))
LETTERS = "ABCDEFGHIJKLMNO"


def written(taken, language="ru"):
    file = BytesIO()
    as_xlsx.write(Report(taken, language, ORDER), file)
    return file.getvalue()


@pytest.fixture(scope="module")
def table():
    return sheet(written(without_seller(NOW)))


def test_cells_hold_texts_numbers_and_blanks_as_the_sheet_does():
    assert values(written(snapshot(NOW), "en")) == [
        [
            *("Product", None, None, None, "Totals", None, None, None, None),
            *("WB warehouses", None, None, "Склад на Садовой", None, None),
        ],
        [
            *("Brand", "Category", "Seller SKU", "WB item (nmid)", "In transit to buyer"),
            *("Returns in transit", "Orders (total)", "Stock (total)", "Turnover (days)"),
            *("Stock", "Orders", "Turnover", "Stock", "Orders", "Turnover"),
        ],
        ["Лён", "Юбки", "=LN+150", 11, 4, 2, 7, 10, 10, 8, 7, 8, 2, 0, None],
        ["Ветер", "Шарфы", "00-17", 12, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, None],
        ["Лён", "Платья", "LN-2", 13, 1, 0, 0, None, None, 5, 0, None, None, 0, None],
    ]


def test_it_looks_as_the_tab_does(table):
    assert table.title == "Stock Tracker"
    assert table.freeze_panes == "A3"
    assert {str(each) for each in table.merged_cells.ranges} == {"A1:D1", "E1:I1", "J1:L1", "M1:O1"}
    assert [table.row_dimensions[row].height for row in (1, 2)] == [26.25, 30]  # 35 and 40 pixels
    assert table.dimensions == "A1:O5"
    head = table["E2"]
    assert (head.fill.fgColor.rgb, head.font.color.rgb) == ("FF5468DE", "FFFFFFFF")
    assert (head.font.b, head.font.sz) == (True, 10)
    assert (head.alignment.horizontal, head.alignment.vertical) == ("center", "center")
    assert head.alignment.wrap_text


def test_columns_are_as_wide_as_in_the_tab(table):
    pixels = [round(table.column_dimensions[each].width * 7) for each in LETTERS[:4]]

    assert pixels == [150, 200, 180, 150]


def test_numbers_are_shown_as_in_the_tab(table):
    shown = {each: table[f"{each}3"].number_format for each in "ADEHIJL"}

    assert shown == {
        "A": "@",
        "D": "0",
        "E": "#,##0",
        "H": "#,##0",
        "I": "#,##0.0",
        "J": "#,##0",
        "L": "#,##0.0",
    }
    assert [table[at].alignment.horizontal for at in ("A3", "D3", "E3")] == [
        "left",
        "left",
        "center",
    ]


def test_thick_lines_stand_under_the_header_and_right_of_every_group(table):
    thick = [each for each in LETTERS if table[f"{each}4"].border.right.style == "thick"]

    assert thick == ["D", "I", "L", "O"]
    assert {table[f"{each}2"].border.bottom.style for each in LETTERS} == {"thick"}
    assert table["A4"].border.bottom.style == "thin"
    assert table["A4"].border.bottom.color.rgb == "FFCCCCCC"


def test_notes_and_yellow_letters_say_why_a_column_is_blank(table):
    yellow = [each for each in LETTERS if table[f"{each}2"].font.color.rgb == "FFFFD666"]

    assert yellow == ["H", "M"]
    assert "Пусто: у токена нет доступа к складам продавца." in table["M2"].comment.text
    assert table["A1"].comment.text.startswith(
        "Stock Tracker · данные Wildberries на 23.11.2026 07:40 (Мск)"
    )
    assert table["D2"].comment.text.startswith("Stock Tracker · Ключ строки.")
    assert table["J1"].comment.text.startswith("Stock Tracker · Все склады WB вместе.")


def test_what_runs_out_soon_is_coloured_by_the_rules_of_the_tab(table):
    ((area, rules),) = ((str(each.sqref), each.rules) for each in table.conditional_formatting)

    assert area == "I3:O5"
    assert [(rule.formula[0], rule.dxf.fill.bgColor.rgb, rule.stopIfTrue) for rule in rules] == [
        ('AND(LEFT(I$2,6)="Оборач",ISNUMBER(I3),I3<14)', "FFF4C7C3", True),
        ('AND(LEFT(I$2,6)="Оборач",ISNUMBER(I3),I3<21)', "FFFCE8B2", True),
    ]


@settings(max_examples=20, deadline=None)
@given(texts=st.tuples(*[st.text(st.characters(), max_size=30)] * 3))
@example(texts=('=HYPERLINK("http://x")', "+LN-90/90", "@x"))
@example(texts=("_x0041_ <b>&amp;", " a\tb\nc ", "\ufffe\uffff]]>"))
@example(texts=("я" * 40_000, "😀" * 20_000, "{=1+1}"))
def test_text_stays_text_letter_by_letter(texts):
    cells = sheet(written(snapshot(NOW, skus=texts)))["C3:C5"]

    for (cell,), text in zip(cells, texts, strict=True):
        kept = clean(text.replace("\ufffe", "").replace("\uffff", ""), 32_767)
        # openpyxl leaves the format's own escape in inline strings as it stands
        shown = (cell.value or "").replace("_x005F_x", "_x")
        assert shown == kept.replace("_x005F_x", "_x")
        assert cell.data_type == ("s" if kept else "n")


def test_what_looks_like_the_formats_own_escape_is_escaped_by_one():
    with ZipFile(BytesIO(written(snapshot(NOW, skus=("_x0041_", "_xyz_", "__x000d_"))))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    texts = re.findall(r'<c r="C\d"[^>]*><is><t[^>]*>([^<]*)', sheet)
    assert texts == ["_x005F_x0041_", "_xyz_", "__x005F_x000d_"]


def test_a_name_of_a_place_is_no_formula_either():
    taken = snapshot(NOW)
    (first, second) = taken.places
    place = type(second.place)(key="seller:7", kind=second.place.kind, name="=1+1", number=2)
    named = type(second)(place=place, stock=second.stock, orders=second.orders)

    cell = sheet(written(snapshot(NOW, places=(first, named))))["M1"]

    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_shop_without_products_has_a_header():
    none = dict.fromkeys(
        ("nm_ids", "brands", "subjects", "skus", "to_client", "returns", "orders", "stock"), ()
    )
    empty = sheet(written(snapshot(NOW, places=(), **none)))

    assert (empty.dimensions, empty["A2"].value) == ("A1:I2", "Бренд")


def test_more_products_than_rows_are_refused_and_told_of_csv():
    ensure_fits(MOST)
    with pytest.raises(TooLarge, match="CSV") as refused:
        ensure_fits(MOST + 1)

    assert refused.value.field == "format"


def test_writing_three_times_as_many_products_takes_no_more_memory():
    assert peak(6_000) < 1.2 * peak(2_000)


def peak(products):
    """Bytes at once, besides the snapshot and the order of rows."""
    numbers = tuple(range(products))
    told = dict.fromkeys(("to_client", "returns", "orders", "stock"), numbers)
    texts = dict.fromkeys(("brands", "subjects"), ("Лён",) * products)
    skus = tuple(f"LN-{n}" for n in numbers)
    taken = snapshot(NOW, nm_ids=numbers, skus=skus, places=(), **told, **texts)
    report = Report(taken, "ru", Her())
    tracemalloc.start()
    try:
        with TemporaryFile() as file:
            as_xlsx.write(report, file)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
