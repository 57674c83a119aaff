"""What «Данные» shows: every product at every place, in one order, and nothing counted twice."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.place import Kind
from domain.snapshot import Moving
from domain.table.data import COLUMNS, Data
from domain.table.listing import serial
from tests.infrastructure.google_drive import GARDEN, WB, snapshot

ID = UUID(int=7)
MINSK = replace(WB, key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)
A = (101, "Лён", "Платья", "A\x00", 6, 1, 64, 7, 32, None, 15, None)
B = (102, "Лён", "Юбки", "", 0, 0, 18, 0, None, 0, 3, 0)


def shown(language="ru"):
    held = snapshot(A, B, places=(WB, GARDEN, MINSK))
    figures = Data(title="Данные").listed((ID, held), language).figures
    tags = [each.tag for each in COLUMNS[:-1]]
    return [
        dict(zip(tags, row, strict=True))
        for row in zip(*(figures.stored(tag) for tag in tags), strict=True)
    ]


def test_rows_stand_by_product_and_then_in_the_order_of_places():
    rows = shown()

    assert [(row["nmID"], row["place"]) for row in rows] == [
        (101, "Склад WB"),
        (101, "Минск"),
        (101, "Склад на Садовой"),
        (102, "Склад WB"),
        (102, "Минск"),
        (102, "Склад на Садовой"),
    ]
    assert [row["sku"] for row in rows] == ["A"] * 3 + [None] * 3


@pytest.mark.parametrize(("language", "total"), [("ru", "Склад WB"), ("en", "WB warehouses")])
def test_only_named_warehouses_are_part_of_another_place(language, total):
    rows = shown(language)

    assert {(row["kind"], row["part_of"]) for row in rows} == {
        ("wb_total", None),
        ("wb_named", total),
        ("seller", None),
    }


def test_what_is_not_known_is_blank_and_turnover_is_in_tenths_of_days():
    first, named, garden = shown()[:3]

    assert (first["stock"], first["orders"], first["turnover"]) == (64, 7, 640)
    assert (named["orders"], named["turnover"]) == (None, None)
    assert (garden["stock"], garden["orders"], garden["turnover"]) == (32, None, None)
    assert shown()[5]["stock"] is None


def test_every_row_has_a_key_of_its_own_that_a_later_snapshot_repeats():
    first, later = (
        Data(title="Данные").listed((ID, snapshot(*rows, places=(WB, GARDEN, MINSK))), "ru")
        for rows in ((A, B), (B,))
    )

    assert len(set(first.figures.keys)) == 6
    assert later.figures.keys == first.figures.keys[3:]


def test_a_moment_is_counted_in_days_of_moscow():
    assert serial(datetime(1899, 12, 30, 21, tzinfo=UTC)) == 1
    assert serial(datetime(1899, 12, 30, 9, 0, 59, tzinfo=UTC)) == 0.5


def test_what_is_on_the_way_stands_once_beside_what_all_warehouses_of_wb_hold():
    nothing = (None, None)
    moved = Moving(on_sale=nothing, coming=(10, 0), buyout=nothing, idle=nothing)
    held = replace(snapshot(A, B, places=(WB, GARDEN, MINSK)), moving=moved)

    figures = Data(title="Данные").listed((ID, held), "ru").figures

    assert figures.stored("on_the_way_to_wb") == [10, None, None, 0, None, None]
