"""The Google stand-in keeps the contract: its answers and the requests it takes have known names."""

import inspect

import msgspec
import pytest

from sandbox.google.reading import selection
from sandbox.google.wire import (
    bodies,
    cells,
    formats,
    metadata,
    properties,
    ranges,
    requests,
    rules,
)
from tests.sandbox.google_contract import TYPES, complaints
from tests.sandbox.google_visit import visiting
from tests.sandbox.test_google_batches import ID, first_write, marker, span

RENAMED = {
    "Location": "DeveloperMetadataLocation",
    "Lookup": "DeveloperMetadataLookup",
    "BatchUpdate": "BatchUpdateSpreadsheetRequest",
    "GetByDataFilter": "GetSpreadsheetByDataFilterRequest",
    "SearchMetadata": "SearchDeveloperMetadataRequest",
    "BatchUpdateValues": "BatchUpdateValuesRequest",
    "ValuesBatch": "BatchUpdateValuesRequest",
    "BatchUpdateValuesByDataFilter": "BatchUpdateValuesByDataFilterRequest",
    "BatchClear": "BatchClearValuesRequest",
    "BatchClearByDataFilter": "BatchClearValuesByDataFilterRequest",
    "BatchGetByDataFilter": "BatchGetValuesByDataFilterRequest",
    "CopyTo": "CopySheetToAnotherSpreadsheetRequest",
    "CreateSpreadsheet": "Spreadsheet",
}
MODULES = (bodies, cells, formats, metadata, properties, ranges, requests, rules)
STRUCTS = sorted(
    {
        found
        for module in MODULES
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, ranges.Wire) and found is not ranges.Wire
    },
    key=lambda struct: struct.__name__,
)


@pytest.fixture
def visit():
    with visiting() as visit:
        visit.batch(*first_write())
        visit.tab("Stock Tracker").annotate(3, 3, "заметка")
        yield visit


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_accepted_name_is_in_the_discovery_document(struct):
    name = RENAMED.get(struct.__name__, struct.__name__)
    known = TYPES.get(name) or TYPES[f"{name}Request"]

    assert {field.encode_name for field in msgspec.structs.fields(struct)} <= set(known)


def test_every_name_a_mask_may_use_is_in_the_discovery_document():
    for kind, names in selection._TYPES.items():
        assert set(names) <= set(TYPES[kind]), kind


def test_a_whole_spreadsheet_with_cells_keeps_the_contract(visit):
    visit.batch(
        {"addProtectedRange": {"protectedRange": {"range": span(0, 2, 0, 4)}}},
        {"setBasicFilter": {"filter": {"range": span(1, 4, 0, 4), "criteria": {"0": {}}}}},
        {"addNamedRange": {"namedRange": {"name": "stock", "range": span(2, 4, 2, 3)}}},
    )
    answer = visit.ask("", includeGridData="true")

    assert list(complaints(answer, "Spreadsheet")) == []
    assert answer["sheets"][0]["data"][0]["rowData"]


def test_the_answer_of_every_kind_of_request_keeps_the_contract(visit):
    condition = {"type": "NUMBER_LESS", "values": [{"userEnteredValue": "14"}]}
    rule = {"ranges": [span(2, None, 3, 4)], "booleanRule": {"condition": condition}}
    wanted = {"developerMetadataLookup": {"metadataKey": "st.col"}}
    line = {"sheetId": ID, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}
    answer = visit.batch(
        {"duplicateSheet": {"sourceSheetId": ID, "newSheetId": 8}},
        {"addConditionalFormatRule": {"rule": rule}},
        {"updateConditionalFormatRule": {"index": 0, "sheetId": ID, "rule": rule}},
        {"deleteConditionalFormatRule": {"index": 0, "sheetId": ID}},
        {"autoResizeDimensions": {"dimensions": line}},
        {"findReplace": {"find": "nmid", "replacement": "nm", "sheetId": ID}},
        {"appendCells": {"sheetId": ID, "rows": [{"values": []}], "fields": "userEnteredValue"}},
        {"addProtectedRange": {"protectedRange": {"range": span(0, 2, 0, 4)}}},
        {"moveDimension": {"source": line, "destinationIndex": 4}},
        {"deleteDeveloperMetadata": {"dataFilter": wanted}},
        marker("{}"),
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
    )

    assert list(complaints(answer, "BatchUpdateSpreadsheetResponse")) == []
    assert len(answer["replies"]) == 11


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/values:batchUpdate", {"data": [{"range": "A1", "values": [[1]]}]}, "BatchUpdateValues"),
        ("/values:batchClear", {"ranges": ["A1:B1"]}, "BatchClearValues"),
        ("/values/A1:append", {"values": [[1]]}, "AppendValues"),
        ("/values/A1:clear", {}, "ClearValues"),
        (
            "/values:batchGetByDataFilter",
            {"dataFilters": [{"a1Range": "A1"}]},
            "BatchGetValuesByDataFilter",
        ),
        (
            "/values:batchUpdateByDataFilter",
            {"data": [{"dataFilter": {"a1Range": "A1"}, "values": [[1]]}]},
            "BatchUpdateValuesByDataFilter",
        ),
    ],
)
def test_the_answers_about_values_keep_the_contract(visit, path, body, kind):
    option = {"valueInputOption": "RAW"}
    more = option if "data" in body else {}
    answer = visit.post(path, {**body, **more}, **(option if "append" in path else {}))

    assert list(complaints(answer, f"{kind}Response")) == []
    assert answer["spreadsheetId"] == visit.file.id


def test_the_checker_itself_finds_a_wrong_name_and_a_wrong_type():
    wrong = {"sheets": [{"properties": {"sheetId": "7", "titel": "x"}}]}

    assert list(complaints(wrong, "Spreadsheet")) == [
        ".sheets[0].properties.sheetId: '7' is no int",
        ".sheets[0].properties.titel: unknown in SheetProperties",
    ]
