"""The tab's columns, texts and rows: what stands where, before anything is written."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid, Malformed
from domain.place import Kind, Place
from domain.snapshot import MOSCOW, Gap, Period, Snapshot
from domain.table import notices
from domain.table.gaps import explained
from domain.table.layout import Layout, parse
from domain.table.link import spreadsheet_id
from domain.table.numbers import pasted, separator, tenths
from domain.table.order import adopt, first_order, key_of
from domain.table.place_columns import groups, in_order
from domain.table.refusals import REFUSALS
from domain.table.text import LONGEST, clean
from domain.table.words import Words, days, full_days

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789-abcde"


def place(number, kind, name):
    return Place(key=f"{kind}:{name}", kind=kind, name=name, number=number)


def test_a_new_tab_shows_nine_columns_and_three_of_each_place():
    shown = groups([place(2, Kind.SELLER, "Садовая"), place(1, Kind.WB_TOTAL, "Склад WB")])

    tags = [tag for group in shown for tag in group.tags]
    assert tags[:9] == [
        *("brand", "subject", "sku", "nm"),
        *("to_client", "returns", "orders", "stock", "cover"),
    ]
    assert tags[9:] == ["p1.s", "p1.o", "p1.c", "p2.s", "p2.o", "p2.c"]
    assert [column.width for column in shown[0].columns] == [150, 200, 180, 150]


def test_places_stand_by_kind_and_then_as_russian_sorts():
    names = ["Ёлка 10", "ель 2", "Ёлка 9", "Zara", "Жук"]
    mine = [place(n, Kind.SELLER, name) for n, name in enumerate(names, 10)]
    unnamed = place(1, Kind.SELLER_UNNAMED, "?")
    wb = [place(3, Kind.WB_NAMED, "Минск"), place(2, Kind.WB_TOTAL, "Склад WB")]

    ordered = [each.name for each in in_order([unnamed, *mine, *wb])]

    assert ordered == ["Склад WB", "Минск", "Ёлка 9", "Ёлка 10", "ель 2", "Жук", "Zara", "?"]


def test_a_place_may_be_called_anything():
    shown = groups([place(1, Kind.SELLER, "Склад {0}\t№1\x07")])

    assert shown[2].title.say("ru") == "Склад {0}\t№1"


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+LN-90/90", "-5%", "@x", "'x", "00-17", "1-2", "Ёж\n2\t3", "🧺"]
)
def test_text_stays_as_the_seller_wrote_it(text):
    assert clean(text) == text


def test_text_loses_control_characters_and_lone_surrogates():
    assert clean("\tА\x00Б\r\n\ud800В\x1f\n") == "АБ\nВ"


@pytest.mark.parametrize("letter", ["я", "🧺"])
def test_text_is_cut_to_a_cell(letter):
    cut = clean(letter * 60_000)

    assert len(cut.encode("utf-16-le")) // 2 <= LONGEST
    assert cut.endswith(letter + "…")


@given(st.text())
def test_clean_text_is_clean(text):
    assert clean(clean(text)) == clean(text)


def test_a_paste_holds_digits_and_one_sign_only():
    assert pasted(["1\t2,5", "\t3"], ",") == "1\t2,5\n\t3"
    for odd in ("=1", "1.5", "-1", "1 000", "а", "1\r"):
        with pytest.raises(Malformed):
            pasted([odd], ",")


def test_the_decimal_sign_is_that_of_the_file_or_none():
    assert [separator(name) for name in ("ru_RU", "en_US", "sv_SE", "")] == [",", ".", None, None]
    assert [tenths(n, ",") for n in (611, 5, 0, None)] == ["61,1", "0,5", "0,0", ""]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (210000101, 210000101),
        (210000101.0, 210000101),
        ("210 000\u00a0101", 210000101),
        ("ИТОГО", None),
        ("", None),
        (None, None),
        (1.5, None),
        (True, None),
        ("²", None),
        ("9" * 400, None),
        (float("inf"), None),
    ],
)
def test_a_key_is_a_whole_number_or_digits_with_spaces(value, key):
    assert key_of(value) == key


def test_her_rows_and_foreign_numbers_are_not_products():
    adopted = adopt({5: 2, 2: "1", 3: "ИТОГО", 4: 777}, {1, 2})

    assert adopted.order == ((2, 1), (5, 2))
    assert adopted.foreign == ((4, 777),)


def test_new_products_come_by_brand_subject_sku_and_number():
    rows = [(4, "Ёж", "б", "1"), (3, "ель", "а", "2"), (2, "ель", "а", "1"), (1, "Ель", "б", "0")]
    nm_ids, brands, subjects, skus = zip(*sorted(rows), strict=True)
    snapshot = Snapshot(
        taken_at=datetime(2026, 11, 23, tzinfo=MOSCOW),
        period=Period(first=date(2026, 11, 16), last=date(2026, 11, 22)),
        nm_ids=nm_ids,
        brands=brands,
        subjects=subjects,
        skus=skus,
        to_client=(0,) * 4,
        returns=(0,) * 4,
        orders=(0,) * 4,
        stock=(0,) * 4,
        places=(),
    )

    assert first_order(snapshot, nm_ids) == (4, 2, 3, 1)


def test_a_layout_survives_being_stored():
    layout = Layout(
        language="ru",
        deadline=datetime(2026, 11, 24, 10, tzinfo=MOSCOW),
        made=("brand", "nm", "p1.s"),
        gone=frozenset({"brand"}),
    )

    assert parse(str(layout)) == layout


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=7001&usp=sharing",
        f"https://docs.google.com/spreadsheets/u/1/d/{ID}",
        f" <docs.google.com/spreadsheets/d/{ID}/> ",
        f"https://docs.google.com/spreadsheet/ccc?key={ID}&usp=drive",
        f"https://DOCS.google.com/a/firma.ru/spreadsheets/d/{ID}/edit",
        f"https://drive.google.com/open?id={ID}&usp=drive_copy",
    ],
)
def test_a_spreadsheet_is_known_by_its_link(text):
    assert spreadsheet_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "таблица",
        "https://example.com/x",
        "https://docs.google.com",
        "https://[docs.google.com/spreadsheets/d/",
        f"https://evil.com/?u=https://docs.google.com/spreadsheets/d/{ID}",
        f"https://evil.com/spreadsheets/d/{ID}/edit",
        f"https://evil.com/?key={ID}",
        f"https://docs.google.com@evil.com/spreadsheets/d/{ID}",
        f"https://docs.google.com.evil.com/spreadsheets/d/{ID}",
        f"https://docs.google.com/document/d/{ID}/edit?x=/spreadsheets/d/{ID}",
    ],
)
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(Invalid, match=r"docs\.google\.com/spreadsheets/d/") as refused:
        spreadsheet_id(text, field="sheetUrl")

    assert refused.value.field == "sheetUrl"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1vAbC/pubhtml", "опубликованную"),
        ("2PACX-1vAbCdEfGhIjKlMnOpQrStUvWxYz", "опубликованную"),
        (f"https://drive.google.com/file/d/{ID}/view", "Google Диска"),
        (f"https://drive.google.com/drive/folders/{ID}", "Google Диска"),
    ],
)
def test_a_link_of_another_kind_is_told_what_it_is(text, sentence):
    with pytest.raises(Invalid, match=sentence) as refused:
        spreadsheet_id(text)

    assert "Откройте таблицу и скопируйте адрес" in str(refused.value)


def test_no_sentence_sends_her_to_a_button_that_is_not_there():
    of_runs = [each for each in vars(notices).values() if isinstance(each, Words)]
    said = "\n".join(each.ru + each.en for each in (*of_runs, *REFUSALS.values()))

    missing = ("Собрать заново", "Столбцы»", "Не показывать", "rebuild", "under Columns", "mark ")
    assert [each for each in missing if each in said] == []


def test_a_reason_is_the_causes_unless_the_source_knows_better():
    scope = explained(Gap(source="seller_stock", columns=(), cause="no_scope"), "ru")
    outage = explained(Gap(source="seller_stock", columns=(), cause="outage"), "ru")
    named = explained(Gap(source="wb_named", columns=(), cause="aggregate"), "en")

    assert scope[0] == "у токена нет доступа к складам продавца"
    assert outage[0] == "Wildberries не ответил"
    assert named[0] == "Wildberries gave one figure for all of its warehouses"


def test_days_are_written_as_each_language_does():
    first, last = date(2026, 12, 28), date(2027, 1, 3)

    assert days(first, last, "ru") == "28.12.2026–03.01.2027"
    assert days(first, date(2026, 12, 31), "ru") == "28.12–31.12.2026"
    assert [full_days(n, "ru") for n in (1, 3, 7, 11, 21, 22)] == [
        "1 полный день",
        "3 полных дня",
        "7 полных дней",
        "11 полных дней",
        "21 полный день",
        "22 полных дня",
    ]
