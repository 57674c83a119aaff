"""A plan is data: what a batch holds can be seen without a call."""

from datetime import UTC
from uuid import uuid4

from domain.sheet_port import Target
from infrastructure.google.answers import Properties, Spreadsheet
from infrastructure.google.batch import aim_at
from infrastructure.google.believing import Believed
from infrastructure.google.create import create
from infrastructure.google.sending import body_of
from infrastructure.google.tab import Tab
from infrastructure.google.update import update
from tests.infrastructure.google_drive import DEADLINE, MORNING, WB, snapshot

ROWS = [(100 + n, "Б", "П", f"{n}", 0, 0, n, 1) for n in range(8)]


def aimed(rows):
    target = Target(
        spreadsheet_id="1",
        shop_id=uuid4(),
        title="Ольга's",
        language="ru",
        deadline=DEADLINE,
    )
    return aim_at(target, uuid4(), snapshot(*rows, places=(WB,)), MORNING.astimezone(UTC))


def kinds(requests):
    return [next(iter(request)) for request in requests]


def first():
    file = Spreadsheet(properties=Properties(locale="ru_RU", time_zone="Europe/Moscow"))
    return create(aimed(ROWS), file, 7001)


def later(rows, **seen):
    """A plan for a tab that holds ROWS and of which only the keys were read."""
    made = first()
    tab = Tab(
        sheet_id=7001,
        title="Ольга's",
        height=60,
        width=20,
        locale="ru_RU",
        zone="Europe/Moscow",
        marker=None,
        marker_id=7001,
        columns=made.columns,
        rows={"h1": 0, "h2": 1},
        cells={3: dict(made.order)},
        **seen,
    )
    known = Believed(cells=aimed(ROWS).cells, order=made.order, layout=made.layout)
    return update(aimed(rows), tab, known, "robot@example.com")


def test_a_new_tab_is_made_before_it_is_filled_and_marked_last():
    body = body_of(aimed(ROWS), first(), 1)

    order = kinds(body["requests"])
    assert order[0] == "addSheet"
    assert order.index("mergeCells") < order.index("pasteData") < len(order) - 1
    assert (
        body["requests"][-1]["createDeveloperMetadata"]["developerMetadata"]["metadataId"] == 7001
    )
    assert "responseRanges" not in body


def test_grids_grow_before_anything_is_written_and_clears_come_last():
    rows = [(*row[:6], None if n == 0 else n + 1, 1) for n, row in enumerate(ROWS)]
    new = (200, "Б", "П", "new", 0, 0, 1, 1)

    order = kinds(later([*rows, new]).requests)

    assert order[0] == "insertDimension"
    assert order.index("pasteData") < order.index("updateCells")


def test_under_a_filter_with_criteria_nothing_is_pasted():
    rows = [(*row[:6], n + 1, 1) for n, row in enumerate(ROWS)]

    assert "pasteData" in kinds(later(rows).requests)
    assert "pasteData" not in kinds(later(rows, filtered=True).requests)


def test_the_answer_is_asked_for_the_keys_with_her_title_quoted():
    body = body_of(aimed(ROWS), later([*ROWS, (200, "Б", "П", "new", 0, 0, 1, 1)]), 2)

    assert body["responseRanges"] == ["'Ольга''s'!D3:D"]
