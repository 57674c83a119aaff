"""The sheet as she meets it: the acceptance examples of the tab «Stock Tracker»."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Unavailable
from domain.place import Kind
from domain.snapshot import Gap
from infrastructure.google import finding
from sandbox.google import Fault
from sandbox.google.model.formats import read
from sandbox.google.model.spans import Span
from tests.infrastructure.google_drive import MORNING, WB, open_desk, snapshot

TOWELS = (210000101, "Лён и Ко", "Полотенца", "LN-70/140", 6, 1, 64, 7, 32, 4)
CLOTHS = (210000102, "Лён и Ко", "Скатерти", "=LN+150", 0, 0, 18, 0, 0, 0)
APRONS = (210000103, "Лён и Ко", "Фартуки", "00-17", 0, 0, 40, 2, 0, 0)
RUGS = (210000104, "Хлопок", "Ковры", "1-2", 3, 0, 10, 1, 5, 1)


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"], autouse=True)
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their keys: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


def sold(product, wb_stock):
    """The product with other stock at WB."""
    return (*product[:6], wb_stock, *product[7:])


async def test_a_first_write_fills_an_empty_shared_file_with_one_read_and_one_write():
    async with open_desk() as desk:
        written = await desk.sync(snapshot(TOWELS, CLOTHS))

        tab, sheet = desk.tab, desk.tab.sheet
        head = read(sheet.format(1, 4))
        assert (written.effect.changed, desk.calls()) == (True, (1, 1))
        assert [tab.text(1, column) for column in (0, 3, 8, 9, 11)] == [
            "Бренд",
            "Артикул товара (nmid)",
            "Оборачиваемость (дни)",
            "Остатки",
            "Оборач.",
        ]
        assert (head["textFormat"]["bold"], head["horizontalAlignment"]) == (True, "CENTER")
        assert head["backgroundColorStyle"]["rgbColor"] == {
            "red": 0.3294118,
            "green": 0.4078431,
            "blue": 0.8705882,
        }
        assert [span[2:] for span in sheet.merges] == [(0, 4), (4, 9), (9, 12), (12, 15)]
        assert sheet.frozen_rows == 2
        assert tab.column(3, 2) == [210000101, 210000102]
        assert tab.entered(3, 2) == "=LN+150"
        assert desk.row(210000101)[4:] == [6, 1, 11, 96, 61.1, 64, 7, 64, 32, 4, 56]
        assert desk.row(210000102)[4:] == [0, 0, 0, 18, None, 18, 0, None, 0, 0, None]


async def test_when_nothing_changed_a_second_sync_of_the_day_calls_nobody():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS))
        desk.calls()

        written = await desk.sync(replace(snapshot(TOWELS, CLOTHS), taken_at=MORNING + HOUR))

        assert (written.effect.changed, desk.calls()) == (False, (0, 0))


async def test_a_new_day_moves_the_period_and_the_deadline_with_one_read_and_one_write():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS))
        desk.target = replace(desk.target, deadline=desk.target.deadline + timedelta(days=1))
        desk.calls()

        await desk.sync(snapshot(TOWELS, CLOTHS, day=24))

        assert desk.calls() == (1, 1)
        assert "Заказы: 17.11–23.11.2026, 7 полных дней" in desk.tab.note(0, 0)
        assert "до 25.11.2026 10:00" in desk.tab.note(0, 0)


async def test_one_product_costs_two_thousand_bytes_and_leaves_every_other_cell_alone():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS, APRONS))
        before = desk.everything()
        desk.calls()

        await desk.sync(snapshot(sold(TOWELS, 60), CLOTHS, APRONS))

        changed = {at for at, held in desk.everything().items() if held != before.get(at)}
        assert desk.sent() <= 2_000
        assert desk.calls() == (1, 1)
        assert changed == {(2, 7), (2, 8), (2, 9), (2, 11)}


async def test_her_sort_moves_her_notes_and_our_numbers_follow_each_product():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS, RUGS))
        for row, nm_id in enumerate(desk.tab.column(3, 2), 2):
            desk.tab.edit(row, 19, f"заметка {nm_id}")
        desk.tab.sort(7)

        written = await desk.sync(snapshot(sold(TOWELS, 1), CLOTHS, sold(RUGS, 90)))

        keys = desk.tab.column(3, 2)
        assert keys == [210000104, 210000102, 210000101]
        assert desk.tab.column(19, 2) == [f"заметка {nm_id}" for nm_id in keys]
        assert [desk.row(nm_id)[7] for nm_id in keys] == [95, 18, 33]
        assert written.notices == ("Строки переставлены вами: порядок принят",)


async def test_after_a_torn_sort_every_number_belongs_to_the_key_beside_it():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS, RUGS))
        right = {nm_id: desk.row(nm_id) for nm_id in desk.tab.column(3, 2)}
        desk.tab.sort(3, descending=True, span=Span(2, 5, 0, 4))

        await desk.sync(snapshot(TOWELS, CLOTHS, RUGS, day=24))

        assert desk.tab.column(3, 2) == [210000104, 210000102, 210000101]
        assert {nm_id: desk.row(nm_id) for nm_id in right} == right


async def test_a_sort_during_the_call_is_followed_by_a_second_write_at_once():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS, RUGS))
        for row, nm_id in enumerate(desk.tab.column(3, 2), 2):
            desk.tab.edit(row, 19, f"заметка {nm_id}")
        desk.calls()
        desk.budget.before_write = lambda: desk.tab.sort(3, descending=True)

        await desk.sync(snapshot(sold(TOWELS, 1), CLOTHS, sold(RUGS, 90)))

        keys = desk.tab.column(3, 2)
        assert desk.calls() == (1, 2)
        assert keys == [210000104, 210000102, 210000101]
        assert desk.tab.column(19, 2) == [f"заметка {nm_id}" for nm_id in keys]
        assert [desk.row(nm_id)[7] for nm_id in keys] == [95, 18, 33]
        assert [desk.row(nm_id)[2] for nm_id in keys] == ["1-2", "=LN+150", "LN-70/140"]


async def test_new_products_come_above_her_total_line_and_her_rows_stay_untouched():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, RUGS))
        desk.tab.insert_rows(3)
        desk.tab.edit(3, 0, "Ковры и прочее")
        desk.tab.edit(5, 0, "ИТОГО")
        desk.tab.edit(5, 7, "=SUM(H3:H5)")

        written = await desk.sync(snapshot(TOWELS, CLOTHS, APRONS, RUGS))

        assert desk.tab.column(0, 2) == [
            "Лён и Ко",
            "Ковры и прочее",
            "Хлопок",
            "Лён и Ко",
            "Лён и Ко",
            "ИТОГО",
        ]
        assert desk.tab.column(3, 2) == [210000101, None, 210000104, 210000102, 210000103, None]
        assert desk.tab.value(7, 7) == 96 + 15
        assert desk.tab.text(3, 4) == ""
        assert "Новых товаров: 2" in written.notices


async def test_a_product_that_vanished_keeps_its_row_and_gets_its_numbers_back():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS))
        desk.tab.edit(3, 19, "моя заметка")
        gone = await desk.sync(snapshot(TOWELS))
        blank, note = desk.row(210000102), desk.tab.note(3, 3)
        struck = read(desk.tab.sheet.format(3, 3))["textFormat"]["strikethrough"]

        back = await desk.sync(snapshot(TOWELS, CLOTHS))

        assert blank == ["Лён и Ко", "Скатерти", "=LN+150", 210000102, *[None] * 11]
        assert struck
        assert note.startswith("Stock Tracker · с 23.11.2026 товара нет в кабинете Wildberries.")
        assert desk.row(210000102)[4:] == [0, 0, 0, 18, None, 18, 0, None, 0, 0, None]
        assert not read(desk.tab.sheet.format(3, 3)).get("textFormat", {}).get("strikethrough")
        assert (desk.tab.note(3, 3), desk.tab.text(3, 19)) == ("", "моя заметка")
        assert gone.notices == ("Пропали: 1; вернулись: 0",)
        assert back.notices == ("Пропали: 0; вернулись: 1",)


async def test_a_source_that_was_not_read_leaves_blanks_with_the_reason_until_it_is_read():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS))
        whole = snapshot(TOWELS, CLOTHS)
        garden = replace(whole.places[1], stock=(None, None))
        gap = Gap(source="seller_stock", columns=("stock", "p2.s", "p2.c"), cause="no_scope")
        holed = replace(whole, stock=(None, 18), places=(whole.places[0], garden), gaps=(gap,))

        await desk.sync(holed)
        blank, note = desk.row(210000101)[7:], desk.tab.note(1, 12)
        letters = read(desk.tab.sheet.format(1, 12))["textFormat"]["foregroundColorStyle"]
        told = desk.tab.note(0, 0).splitlines()[-1]
        await desk.sync(whole)

        assert blank == [None, None, 64, 7, 64, None, 4, None]
        assert note == (
            "Stock Tracker · Пусто: у токена нет доступа к складам продавца. "
            "Выпустите токен с «Маркетплейс» и вставьте его в Stock Tracker."
        )
        assert letters["rgbColor"] == {"red": 1, "green": 0.8392157, "blue": 0.4}
        assert told == (
            "Пусто: Остатки (всего), Склад на Садовой · Остатки, Склад на Садовой · Оборач.: "
            "у токена нет доступа к складам продавца."
        )
        assert desk.row(210000101)[7:] == [96, 61.1, 64, 7, 64, 32, 4, 56]
        assert (desk.tab.note(1, 12), "Пусто" in desk.tab.note(0, 0)) == ("", False)


async def test_pseudo_rows_are_shown_as_what_they_are():
    minsk = replace(WB, key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=2)
    async with open_desk() as desk:
        product = (*TOWELS[:4], 7, 2, 50, 0, 15, 0)

        await desk.sync(snapshot(product, places=(WB, minsk)))

        assert [desk.tab.text(0, column) for column in (9, 12)] == ["Склад WB", "Минск"]
        assert desk.row(210000101)[4:13] == [7, 2, 0, 50, None, 50, 0, None, 15]
        assert "Входит в «Склад WB»" in desk.tab.note(0, 12)


async def test_after_a_crash_between_call_and_answer_no_insert_is_repeated():
    async with open_desk() as desk:
        await desk.sync(snapshot(TOWELS, RUGS))
        desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
        desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))

        with pytest.raises(Unavailable):
            await desk.sync(snapshot(TOWELS, CLOTHS, RUGS))
        kept, rows = desk.state, desk.tab.column(3, 2)
        written = await desk.sync(snapshot(TOWELS, CLOTHS, RUGS))

        assert kept.pending == (2, [*desk.snapshots][1])
        assert rows == [210000101, 210000104, 210000102]
        assert desk.tab.column(3, 2) == rows
        assert desk.row(210000102)[7] == 18
        assert (written.effect.reads, written.effect.writes, written.state.pending) == (1, 0, None)


async def test_a_sheet_without_updates_turns_red_by_itself_at_its_deadline():
    async with open_desk(zone="Asia/Yekaterinburg") as desk:
        await desk.sync(snapshot(TOWELS, CLOTHS))
        text = "⚠ Нет обновления с 23.11.2026 07:40 (Мск). Причина и что сделать: в Stock Tracker"

        def opened_at(hour, minute):
            local = datetime(2026, 11, 24, hour - 5, minute, tzinfo=UTC)
            desk.drive.setting.clock = lambda: local
            return desk.tab.value(0, 0), bool(desk.looks(0, 0))

        assert opened_at(11, 59) == ("Основная информация", False)
        assert opened_at(12, 1) == (text, True)
        assert "до 24.11.2026 12:00" in desk.tab.note(0, 0)


HOUR = timedelta(hours=1)
