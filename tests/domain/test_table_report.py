"""The table whole, for a file: the tab's columns, her order, and why something is blank."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.place import WB_TOTAL, Kind, Place
from domain.snapshot import PlaceColumns, Snapshot, period
from domain.stock import Unread, unread
from domain.table.report import SLICE, Her, Report

AT = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
WB = replace(WB_TOTAL, number=1)
HOME = Place(key="seller:7", kind=Kind.SELLER, name="Садовая", number=2)
LATER = Place(key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)


def taken(products=3, places=(WB, HOME), **changes):
    """The first product sells, the second is sold out, of the third the stock is not known."""
    rest = (None,) * (products - 2)
    told = {
        "taken_at": AT,
        "period": period(AT),
        "nm_ids": tuple(range(11, 11 + products)),
        "brands": ("Лён",) * products,
        "subjects": ("Юбки",) * products,
        "skus": tuple(f"LN-{products - n:06}" for n in range(products)),
        "to_client": (1,) * products,
        "returns": (0,) * products,
        "orders": (7, 3, *(0 for _ in rest)),
        "stock": (10, 0, *rest),
        "places": tuple(
            PlaceColumns(place=place, stock=(10, 0, *rest), orders=(7, 3, *rest))
            for place in places
        ),
    }
    return Snapshot(**told | changes)


def rows(report):
    return [row for columns in report.slices() for row in zip(*columns, strict=True)]


def test_a_row_has_texts_whole_pieces_and_tenths_of_days_and_blank_is_no_zero():
    sells, sold_out, unknown = rows(Report(taken(), "ru", Her(nm_ids=(11, 12, 13))))

    assert sells == ("Лён", "Юбки", "LN-000003", 11, 1, 0, 7, 10, 100, 10, 7, 100, 10, 7, 100)
    assert sold_out[6:9] == (3, 0, 0)
    assert unknown[6:9] == (0, None, None)


def test_without_a_tab_the_rows_come_as_a_first_write_brings_them():
    assert Report(taken(), "ru", Her()).nm_ids == (13, 12, 11)


def test_a_file_keeps_her_order_with_what_is_new_below_and_what_is_gone_left_out():
    assert Report(taken(), "ru", Her(nm_ids=(12, 99, 12))).nm_ids == (12, 13, 11)


def test_a_place_that_came_later_stands_at_the_right_edge_as_in_the_sheet():
    snapshot = taken(places=(WB, HOME, LATER))
    made = ("brand", "p1.s", "p2.s", "p3.s")

    fresh, hers = Report(snapshot, "en", Her()), Report(snapshot, "en", Her(made=made))

    assert [cell.text for _, cell in fresh.titles()][2:] == ["WB warehouses", "Минск", "Садовая"]
    assert [cell.text for _, cell in hers.titles()][2:] == ["WB warehouses", "Садовая", "Минск"]


def test_the_first_note_says_of_when_and_for_which_days_and_what_is_blank():
    gap = replace(unread(Unread.SELLER, "no_scope"), columns=("stock", "p2.s"))
    report = Report(taken(gaps=(gap,)), "ru", Her())
    _, first = next(report.titles())

    assert first.text == "Основная информация"
    assert first.note.split("\n") == [
        "Stock Tracker · данные Wildberries на 23.11.2026 07:40 (Мск)",
        "Заказы: 16.11–22.11.2026, 7 полных дней по Москве, без отменённых.",
        "Пусто: Остатки (всего), Садовая · Остатки: у токена нет доступа к складам продавца.",
    ]
    assert [tag for tag, cell in report.captions.items() if cell.blank] == ["stock", "p2.s"]
    assert "Выпустите токен" in report.captions["p2.s"].note


def test_many_products_come_in_slices_and_none_twice():
    report = Report(taken(SLICE * 2 + 1), "ru", Her())

    assert [len(columns[0]) for columns in report.slices()] == [SLICE, SLICE, 1]
    assert sorted(row[3] for row in rows(report)) == sorted(report.nm_ids)
