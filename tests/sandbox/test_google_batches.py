"""Batches: what a stock tracker writes into a sheet, whole or not at all."""

import json

import pytest

from tests.sandbox.google_visit import visiting

ID = 7001
READ = (
    "spreadsheetId,properties(locale,timeZone),sheets(properties(sheetId,title,index,hidden,"
    "gridProperties),merges,protectedRanges(protectedRangeId,range,description,warningOnly,"
    "requestingUserCanEdit),conditionalFormats,basicFilter,developerMetadata,data(startRow,"
    "startColumn,rowData(values(effectiveValue,note)),rowMetadata(developerMetadata),"
    "columnMetadata(developerMetadata,hiddenByUser)))"
)
FRESH = '=IF(NOW()<DATE(2026;11;24)+TIME(10;0;0);"Основная информация";"⚠ Нет обновления")'


def span(top, bottom, left, right):
    rows = {"startRowIndex": top} | ({} if bottom is None else {"endRowIndex": bottom})
    return {"sheetId": ID, **rows, "startColumnIndex": left, "endColumnIndex": right}


def cells(row, column, *values, fields="userEnteredValue"):
    kinds = {str: "stringValue", int: "numberValue", float: "numberValue"}
    data = [{} if v is None else {"userEnteredValue": {kinds[type(v)]: v}} for v in values]
    start = {"sheetId": ID, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": data}], "fields": fields}}


def paste(row, column, data):
    at = {"sheetId": ID, "rowIndex": row, "columnIndex": column}
    return {
        "pasteData": {"coordinate": at, "data": data, "type": "PASTE_VALUES", "delimiter": "\t"}
    }


def tag(key, value, *, column=None, row=None, number=None):
    at, dimension = (column, "COLUMNS") if column is not None else (row, "ROWS")
    line = {"sheetId": ID, "dimension": dimension, "startIndex": at, "endIndex": (at or 0) + 1}
    place = {"sheetId": ID} if at is None else {"dimensionRange": line}
    metadata = {"metadataKey": key, "metadataValue": value, "location": place}
    more = {"metadataId": number} if number else {}
    return {
        "createDeveloperMetadata": {
            "developerMetadata": {**metadata, **more, "visibility": "DOCUMENT"}
        }
    }


def first_write():
    grid = {"rowCount": 10, "columnCount": 8, "frozenRowCount": 2}
    tab = {"sheetId": ID, "title": "Stock Tracker", "index": 0, "gridProperties": grid}
    a1 = {"userEnteredValue": {"formulaValue": FRESH}, "note": "Stock Tracker · данные"}
    start = {"sheetId": ID, "rowIndex": 0, "columnIndex": 0}
    look = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "#,##0"}}}
    shape = {"range": span(2, None, 2, 4), "cell": look, "fields": "userEnteredFormat"}
    return [
        {"addSheet": {"properties": tab}},
        {
            "updateCells": {
                "start": start,
                "rows": [{"values": [a1]}],
                "fields": "userEnteredValue,note",
            }
        },
        {"mergeCells": {"range": span(0, 1, 0, 2), "mergeType": "MERGE_ALL"}},
        cells(1, 0, "Артикул", "nmid", "Остатки", "Оборачиваемость"),
        {"repeatCell": shape},
        cells(2, 0, "=LN+150", 101),
        cells(3, 0, "00-17", 102),
        paste(2, 2, "1982\t61,1\n0\t"),
        tag("st.row", "h1", row=0),
        tag("st.row", "h2", row=1),
        tag("st.col", "sku", column=0),
        tag("st.col", "nm", column=1),
        tag("st.tab", '{"rev":1}', number=700101),
    ]


def marker(value):
    lookup = {"developerMetadataLookup": {"metadataId": 700101}}
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [lookup],
            "developerMetadata": {"metadataValue": value},
            "fields": "metadataValue",
        }
    }


@pytest.fixture
def visit():
    with visiting() as visit:
        yield visit


@pytest.fixture
def written(visit):
    assert "error" not in visit.batch(*first_write())
    return visit


def test_a_first_write_makes_the_tab_with_texts_numbers_and_merges(written):
    tab = written.tab("Stock Tracker")

    assert tab.text(0, 0) == "Основная информация"
    assert [tab.value(2, c) for c in range(4)] == ["=LN+150", 101, 1982, 61.1]
    assert [tab.text(2, c) for c in (2, 3)] == ["1\u00a0982", "61"]
    assert tab.value(3, 0) == "00-17"
    assert len(tab.sheet.merges) == 1


def test_the_replies_stand_in_the_order_of_the_requests(visit):
    replies = visit.batch(*first_write())["replies"]

    assert len(replies) == len(first_write())
    assert replies[0]["addSheet"]["properties"]["sheetId"] == ID
    assert replies[1] == {}
    assert replies[-1]["createDeveloperMetadata"]["developerMetadata"]["metadataId"] == 700101


def test_one_read_finds_keys_header_and_marker_by_their_tags(written):
    place = {
        "metadataLocation": {"sheetId": ID},
        "locationMatchingStrategy": "INTERSECTING_LOCATION",
    }
    key = {
        "locationType": "COLUMN",
        "metadataKey": "st.col",
        "metadataValue": "nm",
        **place,
    }
    header = {"locationType": "ROW", "metadataKey": "st.row", **place}
    filters = [{"developerMetadataLookup": key}, {"developerMetadataLookup": header}]
    body = {
        "dataFilters": [*filters, {"gridRange": span(0, 2, 0, 8)}],
        "includeGridData": True,
    }
    sheet = written.post(":getByDataFilter", body, fields=READ)["sheets"][0]

    keys, h1, h2, both = sheet["data"]
    assert sheet["developerMetadata"][0]["metadataValue"] == '{"rev":1}'
    assert keys["startColumn"] == 1
    assert keys["rowData"][2] == {"values": [{"effectiveValue": {"numberValue": 101}}]}
    assert len(keys["rowMetadata"]) == 10
    assert keys["columnMetadata"][0]["developerMetadata"][0]["metadataValue"] == "nm"
    assert h1["rowData"][0]["values"][0]["note"] == "Stock Tracker · данные"
    assert h2["startRow"] == 1
    assert len(both["rowData"]) == 2


def test_a_delta_changes_only_what_it_names(written):
    before = written.values("'Stock Tracker'!A1:H10")
    clear = {"range": span(2, 3, 3, 4), "rows": [{"values": [{}]}], "fields": "userEnteredValue"}
    written.batch(paste(2, 2, "7"), {"updateCells": clear}, marker('{"rev":2}'))
    after = written.values("'Stock Tracker'!A1:H10")

    assert after[2] == ["=LN+150", "101", "7"]
    assert [*after[:2], *after[3:]] == [*before[:2], *before[3:]]


def test_the_answer_can_hold_the_key_column_after_the_write(written):
    answer = written.batch(
        marker('{"rev":2}'),
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
        responseRanges=["'Stock Tracker'!B3:B"],
        fields="replies,updatedSpreadsheet(sheets(developerMetadata,data(startRow,"
        "rowData(values(effectiveValue)))))",
    )

    sheet = answer["updatedSpreadsheet"]["sheets"][0]
    keys = [
        row["values"][0]["effectiveValue"]["numberValue"] for row in sheet["data"][0]["rowData"]
    ]
    assert keys == [101, 102]
    assert sheet["developerMetadata"][0]["metadataValue"] == '{"rev":2}'
    assert "spreadsheetId" not in answer


def test_a_new_place_moves_her_columns_and_leaves_the_rest(written):
    her = written.tab("Stock Tracker")
    her.edit(2, 4, "везти в Тулу")
    columns = {"sheetId": ID, "dimension": "COLUMNS", "startIndex": 4, "endIndex": 6}
    inserted = {"insertDimension": {"range": columns, "inheritFromBefore": False}}
    written.batch(
        inserted, cells(0, 4, "Минск"), cells(1, 4, "Остатки", "Заказы"), paste(2, 4, "12\n0")
    )

    assert her.value(2, 6) == "везти в Тулу"
    assert [her.value(row, 4) for row in (0, 1, 2, 3)] == ["Минск", "Остатки", 12, 0]
    assert her.value(2, 1) == 101


def test_a_new_row_takes_the_look_of_the_one_above_and_a_gone_one_is_struck_through(written):
    rows = {"sheetId": ID, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}
    gone = {"userEnteredFormat": {"textFormat": {"strikethrough": True}}, "note": "нет в кабинете"}
    strike = {
        "start": {"sheetId": ID, "rowIndex": 2, "columnIndex": 1},
        "rows": [{"values": [gone]}],
        "fields": "userEnteredFormat.textFormat.strikethrough,note",
    }
    written.batch(
        {"insertDimension": {"range": rows, "inheritFromBefore": True}},
        cells(4, 0, "+LN-90/90", 103, 1234),
        {"updateCells": strike},
    )

    tab = written.tab("Stock Tracker")
    assert [tab.text(4, column) for column in range(3)] == ["+LN-90/90", "103", "1\u00a0234"]
    assert tab.note(2, 1) == "нет в кабинете"
    assert json.loads(tab.sheet.format(2, 1))["textFormat"] == {"strikethrough": True}
    assert tab.value(2, 1) == 101


def test_a_mask_clears_the_parts_of_a_format_that_the_cell_does_not_give(written):
    bold = {"textFormat": {"bold": True}, "horizontalAlignment": "CENTER"}
    shape = {"range": span(2, 3, 0, 1), "cell": {"userEnteredFormat": bold}}
    bare = {"range": span(2, 3, 0, 1), "cell": {"userEnteredFormat": {}}}
    written.batch(
        {"repeatCell": {**shape, "fields": "userEnteredFormat"}},
        {"repeatCell": {**bare, "fields": "userEnteredFormat.textFormat,note"}},
    )
    look = json.loads(written.tab("Stock Tracker").sheet.format(2, 0))

    assert look == {"horizontalAlignment": "CENTER"}


def test_a_refused_request_leaves_nothing_of_its_batch(written):
    before = written.values("'Stock Tracker'!A1:H10")
    words = written.refusal(cells(2, 0, "новый"), marker("{}"), {"deleteSheet": {"sheetId": 5}})

    assert words == "Invalid requests[2].deleteSheet: No grid with id: 5"
    assert written.values("'Stock Tracker'!A1:H10") == before
    assert written.file.book.tags[700101].value == '{"rev":1}'


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"updateCels": {}}, "Unknown name \"updateCels\" at 'requests[0]': Cannot find field."),
        ({"updateCells": {"rowz": []}}, "Unknown name \"rowz\" at 'requests[0].update_cells'"),
        ({"deleteSheet": {"sheetId": "x"}}, "Invalid value at 'requests[0].delete_sheet.sheet_id'"),
        ({}, "Invalid requests[0]: No request set."),
        (
            {"deleteSheet": {"sheetId": 0}, "clearBasicFilter": {"sheetId": 0}},
            "oneof field 'kind' is already set",
        ),
        (
            {"mergeCells": {"range": {"sheetId": 0}, "mergeType": "MERGE_SOME"}},
            "Invalid value at 'requests[0].merge_cells.merge_type'",
        ),
    ],
)
def test_a_malformed_request_is_named(visit, request_, words):
    assert words in visit.refusal(request_)


def test_a_batch_without_requests_or_without_json_is_refused(visit):
    nonsense = visit.call("POST", f"{visit.url}:batchUpdate", content=b"{not json")

    assert visit.refusal() == "Must specify at least one request."
    assert nonsense.status_code == 400
    assert nonsense.json()["error"]["status"] == "INVALID_ARGUMENT"


def test_nulls_count_as_absent(visit):
    answer = visit.batch({"deleteSheet": None, "clearBasicFilter": {"sheetId": 0}})

    assert answer["replies"] == [{}]


def test_an_empty_pasted_field_clears_its_cell_unless_the_drive_is_told_otherwise(written):
    written.batch(paste(2, 2, "\t5"))
    cleared = written.tab("Stock Tracker").value(2, 2)
    written.drive.setting.pasted_blanks_clear = False
    written.batch(paste(2, 2, "8\t9"), paste(2, 2, "\t6"))

    assert cleared is None
    assert [written.tab("Stock Tracker").value(2, c) for c in (2, 3)] == [8, 6]
