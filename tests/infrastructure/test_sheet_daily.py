"""What a day brings: every cell is read once, files change their locale, places come."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.cabinet import Figure
from domain.place import Kind
from domain.reconciliation import Discrepancy, Reason, Reconciliation
from domain.table.check import Check
from infrastructure.google import finding
from sandbox.google import Tab
from sandbox.google.model.formats import read
from sandbox.google.model.rules import Named
from sandbox.google.model.spans import Span
from tests.infrastructure.data_tab import data, open_both, rows
from tests.infrastructure.google_drive import GARDEN, MORNING, WB, open_desk, snapshot

A = (210000101, "Лён и Ко", "Полотенца", "LN-70/140", 6, 1, 64, 7, 32, 4)
B = (210000102, "Лён и Ко", "Скатерти", "00-17", 0, 0, 18, 0, 0, 0)
MINSK = replace(WB, key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)
A_DAY = timedelta(days=1)


async def test_of_a_large_tab_every_cell_is_read_and_repaired_once_a_day(monkeypatch):
    monkeypatch.setattr(finding, "SMALL", -1)
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        desk.tab.edit(2, 7, "999")
        desk.calls()
        await desk.sync(snapshot(A, (*B[:6], 19, 0, 0, 0)))
        same_day = desk.row(A[0])[7], desk.calls()
        desk.state = replace(desk.state, checked_at=desk.state.checked_at - A_DAY)

        written = await desk.sync(snapshot(A, (*B[:6], 20, 0, 0, 0), day=24))

        assert same_day == (999, (1, 1))
        assert (desk.row(A[0])[7], desk.calls()) == (96, (2, 1))
        assert written.notices == ("Исправлено ваших правок в наших ячейках: 1",)
        assert written.state.checked_at == MORNING


async def test_all_tabs_of_ours_are_checked_in_one_call(monkeypatch):
    monkeypatch.setattr(finding, "SMALL", -1)
    async with open_both() as desk:
        await desk.sync(snapshot(A, B))
        data(desk).edit(1, 5, "999")
        desk.state = replace(desk.state, checked_at=desk.state.checked_at - A_DAY)
        desk.calls()

        written = await desk.sync(snapshot(A, (*B[:6], 20, 0, 0, 0), day=24))

        assert ([row[5] for row in rows(desk)], desk.calls()) == ([64, 32, 20, 0], (2, 1))
        assert written.notices == ("Исправлено ваших правок в наших ячейках: 1",)


def cancelled():
    """The cabinet counts two cancelled orders."""
    line = Discrepancy(
        nm_id=A[0],
        sku=A[3],
        figure=Figure.ORDERS,
        ours=11,
        cabinet=13,
        reasons=(Reason.CANCELLED,),
    )
    found = Reconciliation(
        id=uuid4(),
        at=MORNING,
        taken_at=MORNING,
        products=2,
        compared=12,
        equal=11,
        discrepancies=(line,),
    )
    return Check(title="Сверка", reconciliation=found)


def kind(tab, row, column):
    """How a cell's number is shown."""
    return read(tab.sheet.format(row, column)).get("numberFormat", {}).get("type")


@pytest.mark.parametrize("small", [50_000, -1], ids=["all cells are read", "only keys are read"])
async def test_numbers_stay_numbers_when_the_file_changes_its_locale(monkeypatch, small):
    monkeypatch.setattr(finding, "SMALL", small)
    async with open_desk(locale="en_US") as desk:
        desk.target = replace(desk.target, listings=(cancelled(),))
        await desk.sync(snapshot(A, B))
        first = desk.tab.value(2, 8)
        desk.file.book.locale = "ru_RU"

        await desk.sync(snapshot((*A[:6], 60, 7, 36, 4), (*B[:6], 18, 7, 0, 0)))

        check = Tab(desk.file, "Сверка")
        assert (first, desk.tab.value(2, 8), desk.tab.value(3, 8)) == (61.1, 61.1, 18)
        assert {kind(desk.tab, row, column) for row in (2, 3) for column in range(3, 15)} == {
            "NUMBER"
        }
        assert [check.value(2, column) for column in (3, 4, 5)] == [11, 13, -2]
        assert check.sheet.height == 3


async def test_a_new_place_moves_what_refers_to_her_columns_along():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, B))
        for column in (15, 16, 17):
            desk.tab.edit(2, column, f"её {column}")
        hers = Named("1", "ЕЁ", desk.tab.id, Span(2, 4, 15, 18))
        desk.file.book.named["1"] = hers

        await desk.sync(snapshot((*A, 12, 0), (*B, 0, 0), places=(WB, GARDEN, MINSK)))

        assert [desk.tab.text(0, 15), desk.row(A[0])[7]] == ["Минск", 96]
        assert [desk.tab.text(2, column) for column in (18, 19, 20)] == ["её 15", "её 16", "её 17"]
        assert desk.file.book.named["1"].span == Span(2, 4, 18, 21)
