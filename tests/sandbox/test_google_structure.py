"""Rows and columns: what is inserted, deleted, moved or sorted takes all that belongs along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.google import Span
from sandbox.google.model.axis import Deletion, Insertion, Movement
from sandbox.google.model.runs import Runs
from tests.sandbox.google_visit import visiting


@pytest.fixture
def visit():
    with visiting() as visit:
        yield visit


@pytest.fixture
def sheet(visit):
    visit.fill([["a", 1], ["b", 2], ["c", 3], ["d", "=SUM(B1:B3)"]])
    visit.tab().edit(3, 1, "=SUM(B1:B3)")
    visit.tab().annotate(1, 0, "заметка")
    return visit


def tagged(visit, key, dimension, at):
    line = {"sheetId": 0, "dimension": dimension, "startIndex": at, "endIndex": at + 1}
    data = {"metadataKey": key, "location": {"dimensionRange": line}, "visibility": "DOCUMENT"}
    visit.batch({"createDeveloperMetadata": {"developerMetadata": data}})


def place(visit, key):
    return next((tag.at for tag in visit.file.book.tags.values() if tag.key == key), None)


def rule(visit):
    condition = {
        "type": "CUSTOM_FORMULA",
        "values": [{"userEnteredValue": "=AND($A$1<>0;B2>1)"}],
    }
    area = {
        "sheetId": 0,
        "startRowIndex": 1,
        "endRowIndex": 4,
        "startColumnIndex": 1,
        "endColumnIndex": 2,
    }
    body = {"ranges": [area], "booleanRule": {"condition": condition, "format": {}}}
    visit.batch({"addConditionalFormatRule": {"rule": body, "index": 0}})


def test_an_inserted_row_moves_notes_merges_tags_rules_and_formulas(sheet):
    tab = sheet.tab()
    tab.merge(Span(2, 3, 0, 2))
    tab.protect(Span(1, 3, 0, 1), "шапка")
    tagged(sheet, "row", "ROWS", 2)
    rule(sheet)
    tab.insert_rows(1)

    assert tab.note(2, 0) == "заметка"
    assert tab.sheet.merges == [Span(3, 4, 0, 2)]
    assert tab.sheet.protections[0].span == Span(2, 4, 0, 1)
    assert place(sheet, "row") == 3
    assert tab.entered(4, 1).text == "=SUM(B1:B4)"
    condition = tab.sheet.rules[0].body["booleanRule"]["condition"]
    assert condition["values"] == [{"userEnteredValue": "=AND($A$1<>0;B3>1)"}]
    assert tab.sheet.rules[0].spans == (Span(2, 5, 1, 2),)


def test_a_deleted_row_takes_its_note_and_tag_and_breaks_references_to_it(sheet):
    tab = sheet.tab()
    tab.edit(0, 3, "=B2*2")
    tagged(sheet, "row", "ROWS", 1)
    tab.delete_rows(1)

    assert tab.note(1, 0) == ""
    assert place(sheet, "row") is None
    assert tab.entered(0, 3).text == "=#REF!*2"
    assert tab.text(0, 3) == "#REF!"
    assert tab.value(2, 1) == 4


def test_a_moved_column_is_found_by_its_tag_and_formulas_follow(sheet):
    tab = sheet.tab()
    tagged(sheet, "nm", "COLUMNS", 1)
    tab.edit(0, 4, "=B1+1")
    tab.move_column(1, 0)

    assert place(sheet, "nm") == 0
    assert [tab.value(row, 0) for row in range(4)] == [1, 2, 3, 6]
    assert tab.entered(0, 4).text == "=A1+1"
    assert tab.note(1, 1) == "заметка"


def test_a_formula_of_another_tab_follows_too(sheet):
    sheet.batch({"addSheet": {"properties": {"title": "План 2"}}})
    plan = sheet.tab("План 2")
    plan.edit(0, 0, "='Лист1'!B2*10")
    sheet.tab().insert_rows(0)
    sheet.tab().rename("Остатки ВБ")

    assert plan.entered(0, 0).text == "='Остатки ВБ'!B3*10"
    assert plan.value(0, 0) == 20


def test_sorting_takes_cells_notes_and_formats_but_not_the_tags_of_rows(sheet):
    tab = sheet.tab()
    tagged(sheet, "row", "ROWS", 1)
    tab.paint(Span(1, 2, 0, 1), 1, 0, 0)
    tab.sort(0, descending=True, span=Span(0, 3, 0, 2))

    assert [tab.value(row, 0) for row in range(3)] == ["c", "b", "a"]
    assert [tab.value(row, 1) for row in range(3)] == [3, 2, 1]
    assert tab.note(1, 0) == "заметка"
    tab.sort(1, span=Span(1, 3, 0, 2))
    assert tab.note(2, 0) == "заметка"
    assert tab.sheet.format(2, 0) != ""
    assert tab.sheet.format(1, 0) == ""
    assert place(sheet, "row") == 1


def test_blanks_stand_last_in_both_directions(visit):
    visit.fill([[2], [""], [3], [1]])
    tab = visit.tab()
    tab.sort(0)
    rising = tab.column(0)
    tab.sort(0, descending=True)

    assert rising == [1, 2, 3]
    assert tab.column(0) == [3, 2, 1]


def test_relative_references_move_with_a_sorted_row(visit):
    tab = visit.tab()
    for row, number in enumerate((3, 1, 2)):
        tab.edit(row, 0, str(number))
        tab.edit(row, 1, f"=A{row + 1}*10+$A$1*0")
    tab.sort(0)

    assert [tab.value(row, 1) for row in range(3)] == [10, 20, 30]
    assert tab.entered(0, 1).text == "=A1*10+$A$1*0"


def test_sorting_part_of_the_columns_tears_rows_apart_as_in_google(visit):
    visit.fill([["b", 2], ["a", 1]])
    area = {"sheetId": 0, "endRowIndex": 2, "endColumnIndex": 1}
    visit.batch({"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0}]}})

    assert visit.values() == [["a", "2"], ["b", "1"]]


def test_cells_inserted_in_a_range_push_the_others_down(sheet):
    area = {
        "sheetId": 0,
        "startRowIndex": 1,
        "endRowIndex": 2,
        "startColumnIndex": 0,
        "endColumnIndex": 1,
    }
    sheet.batch({"insertRange": {"range": area, "shiftDimension": "ROWS"}})
    pushed = sheet.values("A1:A5")
    sheet.batch({"deleteRange": {"range": area, "shiftDimension": "ROWS"}})

    assert pushed == [["a"], [], ["b"], ["c"], ["d"]]
    assert sheet.values("A1:A5") == [["a"], ["b"], ["c"], ["d"]]
    assert sheet.tab().note(1, 0) == "заметка"


def test_all_rows_or_all_that_are_not_frozen_cannot_be_deleted(visit):
    every = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1000}
    grid = {"sheetId": 0, "gridProperties": {"frozenRowCount": 2}}
    visit.batch(
        {"updateSheetProperties": {"properties": grid, "fields": "gridProperties.frozenRowCount"}}
    )
    body = {**every, "startIndex": 2}

    assert "can't delete all the rows" in visit.refusal({"deleteDimension": {"range": every}})
    assert "non-frozen rows" in visit.refusal({"deleteDimension": {"range": body}})


def test_rows_appended_and_columns_resized_change_the_grid(visit):
    grid = {"sheetId": 0, "gridProperties": {"columnCount": 30}}
    visit.batch(
        {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}},
        {"updateSheetProperties": {"properties": grid, "fields": "gridProperties.columnCount"}},
    )
    properties = visit.ask("", fields="sheets.properties.gridProperties")["sheets"][0]

    assert properties["properties"]["gridProperties"] == {"rowCount": 1005, "columnCount": 30}


SIZE = 12
EDITS = st.one_of(
    st.builds(Insertion, st.integers(0, SIZE), st.integers(1, 4)),
    st.tuples(st.integers(0, SIZE - 1), st.integers(1, 4)).map(
        lambda pair: Deletion(pair[0], min(SIZE, pair[0] + pair[1]))
    ),
    st.tuples(st.integers(0, SIZE - 2), st.integers(1, 4), st.integers(0, SIZE)).map(
        lambda three: Movement(three[0], min(SIZE, three[0] + three[1]), three[2])
    ),
)


def edited(edit):
    """The old indexes in their new order; None is a new line."""
    lines = list(range(SIZE))
    if isinstance(edit, Insertion):
        return lines[: edit.at] + [None] * edit.count + lines[edit.at :]
    if isinstance(edit, Deletion):
        return lines[: edit.start] + lines[edit.end :]
    if edit.start <= edit.to <= edit.end:
        return lines
    block, rest = lines[edit.start : edit.end], lines[: edit.start] + lines[edit.end :]
    target = edit.to if edit.to <= edit.start else edit.to - len(block)
    return rest[:target] + block + rest[target:]


@given(EDITS)
def test_every_index_is_where_its_line_went(edit):
    after = edited(edit)
    still = isinstance(edit, Movement) and edit.start <= edit.to <= edit.end

    for old in range(SIZE):
        expected = after.index(old) if old in after else None
        assert still or edit.index(old) == expected


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=20),
    st.data(),
)
def test_runs_behave_as_the_list_they_stand_for(values, data):
    runs = Runs((1, value) for value in values)
    start = data.draw(st.integers(0, len(values)))
    end = data.draw(st.integers(start, len(values)))
    new = data.draw(st.lists(st.sampled_from("abc"), max_size=5))
    changed = runs.spliced(start, end, [(1, value) for value in new])
    order = data.draw(st.permutations(range(end - start)))

    assert changed.spread(0, changed.size) == values[:start] + new + values[end:]
    assert [runs.at(at) for at in range(len(values))] == values
    part = values[start:end]
    assert runs.permuted(start, order).spread(start, end) == [part[at] for at in order]
