"""What becomes of «Пополнение» when something is lost, deleted, closed or too long."""

from dataclasses import replace

import pytest

from domain.errors import Rejected, Unavailable
from domain.snapshot import Gap
from infrastructure.google import finding
from sandbox.google import Fault, Tab
from sandbox.google.model.spans import Span
from tests.infrastructure.data_tab import LISTED, data
from tests.infrastructure.google_drive import MORNING
from tests.infrastructure.refill_tab import (
    REFILL,
    TAGS,
    UNTOLD,
    fill,
    moving,
    open_refill,
    placed,
    refill,
    row_of,
)

A = (101, "A", 96, 11, 5, 10, 692, 0)
B = (102, "B", 30, 0, 7, 0, None, 12)
C = (103, "C", 0, 14, 7, 0, 500, None)
SHIP = TAGS.index("ship")


@pytest.fixture(params=[50_000, -1], ids=["all cells are read", "only keys are read"])
def look(request, monkeypatch):
    """Small tabs are read whole, large ones by their keys: the promises are the same."""
    monkeypatch.setattr(finding, "SMALL", request.param)


@pytest.fixture
async def desk():
    """A file of hers, whose shop is to fill both tabs."""
    async with open_refill() as desk:
        yield desk


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("mode", ["lose", "cut"])
async def test_a_lost_answer_makes_no_second_tab_and_repeats_nothing(desk, mode):
    desk.drive.faults.add(Fault(mode=mode, match=":batchUpdate"))

    await desk.sync(moving(A, B))
    titles = [sheet.title for sheet in desk.file.book.sheets]
    desk.calls()
    desk.drive.faults.add(Fault(mode=mode, match=":batchUpdate"))
    written = await desk.sync(moving(A, B, C))

    assert titles == ["Stock Tracker", "Лист1", "Пополнение"]
    assert desk.calls() == (2, 1)
    assert (placed(desk), row_of(desk, 103)["ship"]) == ([101, 102, 103], 102)
    assert written.state.listings[0].shows == written.state.snapshot_id


@pytest.mark.usefixtures("look")
async def test_after_a_crash_between_call_and_answer_no_row_is_repeated(desk):
    await desk.sync(moving(A, B))
    desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
    desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))
    with pytest.raises(Unavailable):
        await desk.sync(moving(A, B, C))
    rows = placed(desk)

    written = await desk.sync(moving(A, B, C))

    assert (rows, placed(desk)) == ([101, 102, 103], [101, 102, 103])
    assert (written.effect.reads, written.effect.writes, written.state.pending) == (1, 0, None)
    assert written.state.listings[0].order == ((4, 101), (5, 102), (6, 103))


async def test_all_three_tabs_cost_one_read_and_one_write(desk):
    desk.target = replace(desk.target, listings=(LISTED,))
    await desk.sync(moving(A, B))
    first = desk.calls()

    await desk.sync(moving((*A[:5], 12, *A[6:]), B))

    assert (first, desk.calls()) == ((1, 1), (1, 1))
    assert (row_of(desk, 101)["coming"], data(desk).value(1, 8)) == (12, 12)
    assert [data(desk).value(row, 8) for row in (2, 3, 4)] == [None, 0, None]


@pytest.mark.usefixtures("look")
async def test_she_sorts_between_our_read_and_our_write(desk):
    await desk.sync(moving(A, B, C))
    tab = refill(desk)
    desk.budget.before_write = lambda: tab.sort(0, descending=True)

    await desk.sync(moving((*A[:2], 90, *A[3:]), (*B[:2], 31, *B[3:]), C))

    assert placed(desk) == [103, 102, 101]
    assert [row_of(desk, nm)["stock"] for nm in (101, 102, 103)] == [90, 31, 0]
    assert [row_of(desk, nm)["ship"] for nm in (101, 102, 103)] == [13, 0, 102]


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("rows", [(0, 1), (0, 4), (2, 1), (3, 1)])
async def test_a_header_that_she_deleted_comes_back(desk, rows):
    await desk.sync(moving(A, B))
    for column, text in enumerate(("10", "20", "1", "3")):
        refill(desk).edit(2, column, text)
    before = row_of(desk, 101)
    refill(desk).delete_rows(*rows)
    lost = rows[0] <= 2 < rows[0] + rows[1]

    written = await desk.sync(moving(A, (*B[:2], 31, *B[3:])))

    tab, terms = refill(desk), [14, 30, 1, 7] if lost else [10, 20, 1, 3]
    assert [tab.value(2, column) for column in range(4)] == terms
    assert [tab.text(row, 0) for row in (0, 1, 3)] == [
        "Пополнение",
        "Срок поставки, дней",
        "Артикул товара (nmid)",
    ]
    assert (row_of(desk, 101)["ship"], before["ship"]) == (7 if lost else 0, 0)
    assert (row_of(desk, 101)["cover"], tab.sheet.frozen_rows) == (43.6, 4)
    assert "Вкладка «Пополнение»: Шапка восстановлена" in written.notices


@pytest.mark.usefixtures("look")
async def test_a_column_that_she_deleted_stays_away_until_she_asks_for_it(desk):
    await desk.sync(moving(A, B))
    refill(desk).delete_columns(TAGS.index("coming"))
    refill(desk).delete_columns(TAGS.index("on_sale") - 1)
    desk.state = replace(desk.state, checked_at=MORNING.replace(month=10))
    told = await desk.sync(moving(A, (*B[:2], 31, *B[3:])))
    gone = [refill(desk).value(4, column) for column in range(5, 12)]
    desk.target = replace(desk.target, returned=MORNING)

    await desk.sync(moving(A, (*B[:2], 31, *B[3:])))

    tab = refill(desk)
    assert any("«Дней в продаже» удалён вами" in each for each in told.notices)
    assert gone == [None, "", "", "", "", None, ""]
    assert [tab.text(3, column) for column in (16, 17)] == [
        "В пути на склад WB, шт",
        "Дней в продаже",
    ]
    assert [tab.value(4, column) for column in (16, 17, 5, 11)] == [10, 5, 2.2, 7]


@pytest.mark.usefixtures("look")
async def test_cells_she_merged_are_parted_where_only_ours_are_inside(desk):
    await desk.sync(moving(A, B, C))
    refill(desk).merge(Span(4, 5, TAGS.index("pace"), TAGS.index("cover") + 1))
    refill(desk).merge(Span(5, 6, SHIP, 20))
    desk.state = replace(desk.state, checked_at=MORNING.replace(month=10))

    written = await desk.sync(moving(A, (*B[:2], 31, *B[3:]), C))
    desk.target = replace(desk.target, look=True)
    desk.calls()
    await desk.sync(moving(A, (*B[:2], 31, *B[3:]), C))

    assert refill(desk).sheet.merges == [Span(0, 1, 0, 6), Span(5, 6, SHIP, 20)]
    assert written.notices == (
        "Вкладка «Пополнение»: Объединённые ячейки разъединены: H5:I5",
        "Вкладка «Пополнение»: Не записано: N6:T6 объединены с вашими",
    )
    assert desk.calls() == (1, 0)


async def test_renamed_it_is_followed_and_deleted_it_is_made_anew(desk):
    await desk.sync(moving(A, B))
    refill(desk).rename("Что везти")
    await desk.sync(moving(A, (*B[:2], 31, *B[3:])))
    followed = Tab(desk.file, "Что везти").value(5, 3)
    Tab(desk.file, "Что везти").delete()

    written = await desk.sync(moving(A, (*B[:2], 32, *B[3:])))

    assert written.notices[0].startswith("Вкладки «Пополнение» не было: создана заново.")
    assert (followed, row_of(desk, 102)["stock"]) == (31, 32)


async def test_what_keeps_us_out_of_it_does_not_stop_the_stock(desk):
    await desk.sync(moving(A, B))
    refill(desk).protect(Span(4, 5, 3, 4), "Моё")

    closed = await desk.sync(moving((*A[:2], 90, *A[3:]), B))
    refill(desk).unprotect()
    opened = await desk.sync(moving((*A[:2], 90, *A[3:]), B))
    shown = row_of(desk, 101)["stock"]
    refill(desk).delete_columns(0)
    keyless = await desk.sync(moving((*A[:2], 91, *A[3:]), B))

    assert closed.notices[0].startswith("Вкладка «Пополнение»: Диапазон «Моё» защищён")
    assert (opened.notices, shown) == ((), 90)
    assert keyless.notices[0].startswith("Вкладка «Пополнение»: Удалён столбец «Артикул товара")
    assert desk.row(101)[7] == 91


async def test_switched_on_later_it_is_made_and_off_again_it_is_hers_and_sounds_no_alarm(desk):
    desk.target = replace(desk.target, keyed=())
    await desk.sync(moving(A, B))
    desk.target = replace(desk.target, keyed=(REFILL,))
    desk.calls()
    await desk.sync(moving(A, B))
    made = desk.calls()
    desk.target = replace(desk.target, keyed=())

    left = await desk.sync(moving((*A[:2], 90, *A[3:]), B))
    again = await desk.sync(moving((*A[:2], 91, *A[3:]), B))

    tab = refill(desk)
    assert made == (2, 1)
    assert left.notices == (
        "Вкладка «Пополнение» больше не обновляется: она осталась вам как есть",
    )
    assert (tab.entered(0, 0), tab.note(0, 0), again.notices) == ("Пополнение", "", ())
    assert row_of(desk, 101)["ship"] == 7


async def test_a_file_without_room_for_it_still_gets_its_stock(desk):
    columns = desk.file.book.sheets[0].columns
    desk.file.book.sheets[0].height = (10_000_000 - 54 * 23 - 10) // columns

    written = await desk.sync(moving(A, B))

    assert desk.row(101)[7] == 96
    assert written.notices[0].startswith("Вкладка «Пополнение» не обновлена: файл упёрся в предел")


@pytest.fixture
def short(monkeypatch):
    """Calls of a hundred times less than Google takes."""
    for module in ("chunks", "beside", "listing_rows"):
        monkeypatch.setattr(f"infrastructure.google.{module}.SHORT", 40_000)


def many(n):
    return moving(*((1000 + k, f"SKU-{k:05}", 5, 7, 7, 1, None, 0) for k in range(n)))


async def test_a_long_tab_is_cut_into_bodies_that_google_takes(desk, short):
    await desk.sync(many(300))

    sent = [call.received for call in desk.drive.calls.made if call.kind == "Write"]
    assert len(sent) > 3
    assert max(sent) <= 60_000
    assert placed(desk) == [*range(1000, 1300)]
    assert {refill(desk).value(row, SHIP) for row in range(4, 304)} == {45}


@pytest.mark.usefixtures("look")
async def test_a_half_filled_tab_goes_on_where_it_stopped(desk, short):
    desk.drive.faults.add(Fault(mode="refuse", status=403, match=":batchUpdate", skip=5))
    with pytest.raises(Rejected):
        await desk.sync(many(300))
    half = len(placed(desk))

    written = await desk.sync(many(300))

    assert 0 < half < 300
    assert placed(desk) == [*range(1000, 1300)]
    assert {refill(desk).value(row, SHIP) for row in range(4, 304)} == {45}
    assert written.state.listings[0].shows == written.state.snapshot_id


@pytest.mark.usefixtures("look")
async def test_without_the_right_to_read_supplies_what_is_on_the_way_is_hers(desk):
    blind = (*A[:5], None, *A[6:])
    await desk.sync(moving(blind, gaps=(UNTOLD,)))
    yellow, note = fill(desk, 4, 4), refill(desk).note(3, 4)
    refill(desk).edit(4, 4, "20")

    await desk.sync(moving((*blind[:2], 90, *blind[3:]), gaps=(UNTOLD,)))
    typed = row_of(desk, 101)
    await desk.sync(moving(A))
    ours = row_of(desk, 101)["coming"], fill(desk, 4, 4)
    await desk.sync(moving(blind, gaps=(UNTOLD,)))

    assert (yellow, note) == (
        "FFF2CC",
        "Stock Tracker · Впишите, сколько уже едет: у токена нет права «Поставки»",
    )
    assert (typed["coming"], typed["ship"]) == (20, 3)
    assert ours == (10, "000000")
    assert (row_of(desk, 101)["coming"], fill(desk, 4, 4)) == (None, "FFF2CC")


async def test_what_was_not_read_is_blank_and_says_why(desk):
    unread = Gap(source="order_feed", columns=("buyout",), cause="unread")

    await desk.sync(moving((*A[:6], None, 0), gaps=(unread,)))

    assert row_of(desk, 101)["buyout"] is None
    assert refill(desk).note(3, 15).startswith("Stock Tracker · Пусто: ещё не прочитано")
    assert "Пусто: Выкуп, %: ещё не прочитано" in refill(desk).note(0, 0)
