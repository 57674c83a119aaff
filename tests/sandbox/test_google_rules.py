"""Protection, conditional formats, tags and tabs keep Google's rules."""

import pytest

from sandbox.google import Span
from sandbox.google.changes.change import PROTECTED
from tests.sandbox.google_visit import visiting

AREA = {
    "sheetId": 0,
    "startRowIndex": 0,
    "endRowIndex": 2,
    "startColumnIndex": 0,
    "endColumnIndex": 3,
}
WRITE = {
    "updateCells": {
        "start": {"sheetId": 0},
        "rows": [{"values": [{"userEnteredValue": {"numberValue": 1}}]}],
        "fields": "userEnteredValue",
    }
}


@pytest.fixture
def visit():
    with visiting() as visit:
        yield visit


def read(visit, fields):
    return visit.ask("", fields=f"sheets({fields})")["sheets"][0]


def rule(formula, color):
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    return {
        "ranges": [AREA],
        "booleanRule": {"condition": condition, "format": {"backgroundColor": {"red": color}}},
    }


def test_a_warning_stops_nobody(visit):
    protected = {"range": AREA, "description": "шапка", "warningOnly": True}
    body = {"requests": [{"addProtectedRange": {"protectedRange": protected}}]}
    hers = visit.drive.tokens.issue(visit.file.owner)
    visit.call("POST", f"{visit.url}:batchUpdate", json=body, token=hers)
    visit.batch(WRITE)
    held = read(visit, "protectedRanges")["protectedRanges"][0]

    assert visit.values("A1") == [["1"]]
    assert held["requestingUserCanEdit"] is True
    assert held["warningOnly"] is True


@pytest.mark.parametrize(
    "request_",
    [
        WRITE,
        {"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "endIndex": 1}}},
        {"mergeCells": {"range": AREA}},
        {"sortRange": {"range": AREA}},
        {"deleteProtectedRange": {"protectedRangeId": 1}},
    ],
)
def test_her_protection_stops_the_robot(visit, request_):
    visit.tab().protect(Span(0, 2, 0, 3), "не трогать")
    held = read(visit, "protectedRanges")["protectedRanges"][0]

    assert visit.refusal(request_).endswith(PROTECTED)
    assert "requestingUserCanEdit" not in held
    assert held["description"] == "не трогать"


def test_an_editor_of_the_protected_range_may_write(visit):
    visit.tab().protect(Span(0, 2, 0, 3), "", visit.robot.email)

    assert visit.batch(WRITE)["replies"] == [{}]


def test_values_are_stopped_by_protection_too(visit):
    visit.tab().protect(Span(0, 2, 0, 3))
    answer = visit.call(
        "PUT", f"{visit.url}/values/A1?valueInputOption=RAW", json={"values": [[1]]}
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == PROTECTED


def test_a_protected_range_is_changed_by_its_number(visit):
    added = visit.batch({"addProtectedRange": {"protectedRange": {"range": AREA}}})
    number = added["replies"][0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    wider = {"protectedRangeId": number, "range": {**AREA, "endColumnIndex": 5}}
    visit.batch({"updateProtectedRange": {"protectedRange": wider, "fields": "range"}})
    held = read(visit, "protectedRanges")["protectedRanges"][0]
    visit.batch({"deleteProtectedRange": {"protectedRangeId": number}})

    assert held["range"]["endColumnIndex"] == 5
    assert "protectedRanges" not in read(visit, "protectedRanges")


def test_conditional_formats_are_added_replaced_moved_and_deleted(visit):
    visit.batch(
        *(
            {"addConditionalFormatRule": {"rule": rule(f"={n}", n / 4), "index": n}}
            for n in range(3)
        )
    )
    replaced = visit.batch(
        {"updateConditionalFormatRule": {"index": 1, "sheetId": 0, "rule": rule("=9", 1)}}
    )
    moved = {"index": 0, "sheetId": 0, "newIndex": 2}
    visit.batch({"updateConditionalFormatRule": moved})
    visit.batch({"deleteConditionalFormatRule": {"index": 1, "sheetId": 0}})
    rules = read(visit, "conditionalFormats")["conditionalFormats"]

    formulas = [one["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for one in rules]
    reply = replaced["replies"][0]["updateConditionalFormatRule"]
    assert formulas == ["=9", "=0"]
    assert reply["oldRule"]["booleanRule"]["format"]["backgroundColor"] == {"red": 0.25}
    assert reply["newIndex"] == 1


def test_a_missing_rule_is_refused(visit):
    words = visit.refusal({"deleteConditionalFormatRule": {"index": 0, "sheetId": 0}})

    assert "No conditional format on sheet: 0 at index: 0" in words


def test_tags_need_one_line_a_free_number_and_room(visit):
    def create(**parts):
        data = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 0}, **parts}
        return {"createDeveloperMetadata": {"developerMetadata": data}}

    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}
    visit.batch(create(metadataId=5))

    assert "one row or column" in visit.refusal(create(location={"dimensionRange": line}))
    assert "ID 5 already exists" in visit.refusal(create(metadataId=5))
    assert "must have a key" in visit.refusal(create(visibility=None))
    assert "30000 characters" in visit.refusal(create(metadataValue="x" * 30_000))


def test_tags_are_updated_and_deleted_by_filters(visit):
    data = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}
    visit.batch({"createDeveloperMetadata": {"developerMetadata": {**data, "metadataId": 7}}})
    wanted = {"developerMetadataLookup": {"metadataKey": "k"}}
    update = {"dataFilters": [wanted], "developerMetadata": {"metadataValue": "v"}}
    visit.batch({"updateDeveloperMetadata": {**update, "fields": "metadataValue"}})
    read_back = visit.ask("/developerMetadata/7")
    gone = visit.batch({"deleteDeveloperMetadata": {"dataFilter": wanted}})

    assert read_back["metadataValue"] == "v"
    assert read_back["location"] == {"locationType": "SPREADSHEET", "spreadsheet": True}
    assert len(gone["replies"][0]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]) == 1
    assert visit.ask("/developerMetadata/7")["error"]["code"] == 404


def test_a_duplicated_tab_brings_its_tags_under_new_numbers(visit):
    data = {"metadataKey": "st.tab", "metadataValue": "m", "visibility": "DOCUMENT"}
    place = {"location": {"sheetId": 0}}
    visit.batch({"createDeveloperMetadata": {"developerMetadata": {**data, **place}}})
    copy = visit.tab().duplicate("Копия")

    tags = list(visit.file.book.tags.values())
    assert [(tag.value, tag.sheet_id) for tag in tags] == [("m", 0), ("m", copy.id)]
    assert len({tag.id for tag in tags}) == 2


def test_two_tabs_cannot_share_a_name_or_a_number(visit):
    named = {"addSheet": {"properties": {"title": "лист1"}}}
    numbered = {"addSheet": {"properties": {"sheetId": 0}}}

    assert 'with the name "лист1" already exists' in visit.refusal(named)
    assert "Sheet with ID 0 already exists" in visit.refusal(numbered)
    assert "can't remove all the visible sheets" in visit.refusal({"deleteSheet": {"sheetId": 0}})


def test_tabs_move_by_indexes_counted_before_the_move(visit):
    visit.batch(
        *(
            {"addSheet": {"properties": {"title": name, "sheetId": n}}}
            for n, name in ((1, "б"), (2, "в"))
        )
    )
    properties = {"sheetId": 0, "index": 2}
    visit.batch({"updateSheetProperties": {"properties": properties, "fields": "index"}})

    assert [sheet.title for sheet in visit.file.book.sheets] == ["б", "Лист1", "в"]


def test_locale_and_zone_of_the_file_are_changed(visit):
    properties = {"locale": "en_US", "timeZone": "Asia/Yekaterinburg"}
    update = {"properties": properties, "fields": "locale,timeZone"}
    visit.batch({"updateSpreadsheetProperties": update})
    visit.tab().edit(0, 0, "12.5")

    assert visit.tab().value(0, 0) == 12.5
    assert visit.ask("", fields="properties(locale,timeZone)") == {"properties": properties}
    bad = {"properties": {"timeZone": "Mars/Phobos"}, "fields": "timeZone"}
    assert "Invalid time zone" in visit.refusal({"updateSpreadsheetProperties": bad})


def test_merging_keeps_the_first_value_and_unmerging_gives_no_other_back(visit):
    visit.fill([[1, 2], [3, 4]])
    area = {"sheetId": 0, "endRowIndex": 2, "endColumnIndex": 2}
    visit.batch({"mergeCells": {"range": area}})
    cut = visit.refusal({"unmergeCells": {"range": {**area, "endColumnIndex": 1}}})
    visit.batch({"unmergeCells": {"range": area}})

    assert "You must select all cells in a merged range" in cut
    assert visit.values() == [["1"]]


def test_text_is_found_and_replaced(visit):
    visit.fill([["Склад WB", 1], ["склад wb РФ", 2]])
    find = {"find": "склад WB", "replacement": "WB", "allSheets": True}
    answer = visit.batch({"findReplace": find})

    assert visit.values("A1:A2") == [["WB"], ["WB РФ"]]
    assert answer["replies"][0]["findReplace"]["valuesChanged"] == 2
