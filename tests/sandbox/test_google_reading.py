"""Reading: ranges, data filters and field masks give exactly what was asked for."""

import pytest

from sandbox.google import Span
from sandbox.google.masks import parse_mask
from tests.sandbox.google_visit import visiting


@pytest.fixture
def visit():
    with visiting() as visit:
        visit.fill([["Бренд", "Штук"], ["Лён", 12.5], ["", 3]])
        yield visit


def lookup(**parts):
    return {"dataFilters": [{"developerMetadataLookup": parts}]}


def tag(visit, key, value="", *, number=None, **place):
    data = {"metadataKey": key, "metadataValue": value, "visibility": "DOCUMENT"}
    data |= {"metadataId": number} if number else {}
    return visit.batch(
        {"createDeveloperMetadata": {"developerMetadata": {**data, "location": place}}}
    )


def column(at):
    return {"sheetId": 0, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}


def test_values_leave_out_blank_tails(visit):
    assert visit.values("A1:D10") == [["Бренд", "Штук"], ["Лён", "12,5"], ["", "3"]]
    assert visit.ask("/values/D5:E6") == {"range": "'Лист1'!D5:E6", "majorDimension": "ROWS"}


def test_columns_can_come_first_and_numbers_unformatted(visit):
    how = {"majorDimension": "COLUMNS", "valueRenderOption": "UNFORMATTED_VALUE"}

    assert visit.values("A1:B3", **how) == [["Бренд", "Лён"], ["Штук", 12.5, 3]]


def test_dates_come_as_numbers_or_as_shown(visit):
    visit.tab().edit(0, 3, "23.11.2026")
    plain = {"valueRenderOption": "UNFORMATTED_VALUE"}

    assert visit.values("D1", **plain) == [[46349]]
    assert visit.values("D1", **plain, dateTimeRenderOption="FORMATTED_STRING") == [["23.11.2026"]]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("Нет!A1", "Unable to parse range: Нет!A1"),
        ("A0", "Unable to parse range: A0"),
        ("A2000:B2001", "Range ('Лист1'!A2000:B2001) exceeds grid limits. Max rows: 1000"),
    ],
)
def test_a_range_that_does_not_exist_is_refused(visit, cells, words):
    assert words in visit.ask(f"/values/{cells}")["error"]["message"]


def test_a_tab_whose_name_needs_quotes_is_addressed(visit):
    visit.batch({"addSheet": {"properties": {"title": "Остатки / Q'4:5"}}})
    name = "%27Остатки %2F Q%27%274%3A5%27%21A1"
    written = visit.call(
        "PUT", f"{visit.url}/values/{name}?valueInputOption=RAW", json={"values": [["да"]]}
    )

    assert written.json()["updatedRange"] == "'Остатки / Q''4:5'!A1"
    assert visit.ask(f"/values/{name}")["values"] == [["да"]]


def test_null_leaves_a_cell_and_an_empty_text_clears_it(visit):
    visit.fill([[None, ""]], "A2")

    assert visit.values("A1:B3") == [["Бренд", "Штук"], ["Лён"], ["", "3"]]


def test_values_beyond_the_named_range_are_refused(visit):
    url = f"{visit.url}/values/A1:B1?valueInputOption=RAW"
    words = visit.call("PUT", url, json={"values": [[1], [2]]}).json()["error"]["message"]

    assert words == "Requested writing within range ['Лист1'!A1:B1], but tried writing to row [2]"


def test_the_input_option_is_required(visit):
    answer = visit.call("PUT", f"{visit.url}/values/A1", json={"values": [[1]]})

    assert answer.json()["error"]["message"] == "'valueInputOption' is required but not specified"


def test_appended_rows_stand_under_the_table(visit):
    answer = visit.post("/values/A1:B:append", {"values": [["Хлопок", 4]]}, valueInputOption="RAW")

    assert answer["tableRange"] == "'Лист1'!A1:B3"
    assert answer["updates"]["updatedRange"] == "'Лист1'!A4:B4"
    assert visit.values("A4:B4") == [["Хлопок", "4"]]


def test_values_are_read_and_written_by_tags(visit):
    tag(visit, "st.col", "stock", dimensionRange=column(1))
    wanted = {"developerMetadataLookup": {"metadataKey": "st.col"}}
    data = [{"dataFilter": wanted, "majorDimension": "COLUMNS", "values": [["Остатки", 7]]}]
    visit.post("/values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": data})
    body = {"dataFilters": [wanted], "majorDimension": "COLUMNS"}
    answer = visit.post("/values:batchGetByDataFilter", body)

    matched = answer["valueRanges"][0]
    assert matched["valueRange"]["values"] == [["Остатки", "7", "3"]]
    assert matched["dataFilters"] == [wanted]


def test_a_lookup_by_location_finds_what_stands_on_it_or_what_crosses_it(visit):
    tag(visit, "k", "tab", sheetId=0)
    tag(visit, "k", "column", dimensionRange=column(1))
    tag(visit, "k", "row", dimensionRange={**column(2), "dimension": "ROWS"})

    def values(**how):
        found = visit.post("/developerMetadata:search", lookup(**how))
        tags = [one["developerMetadata"] for one in found.get("matchedDeveloperMetadata", [])]
        return {one["metadataValue"] for one in tags}

    exact = {"locationMatchingStrategy": "EXACT_LOCATION"}
    assert values(metadataKey="k") == {"tab", "column", "row"}
    assert values(metadataLocation={"sheetId": 0}, **exact) == {"tab"}
    assert values(metadataLocation={"sheetId": 0}) == {"tab", "column", "row"}
    assert values(metadataLocation={"dimensionRange": column(1)}, **exact) == {"column"}
    assert values(metadataLocation={"dimensionRange": column(0)}) == {"tab", "row"}
    assert values(locationType="ROW") == {"row"}
    assert values(metadataValue="нет") == set()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"locationMatchingStrategy": "EXACT_LOCATION"}, "requires a metadataLocation"),
        (
            {
                "locationMatchingStrategy": "EXACT_LOCATION",
                "metadataLocation": {"sheetId": 0},
                "locationType": "ROW",
            },
            "must be left unspecified for EXACT_LOCATION",
        ),
        (
            {"metadataLocation": {"sheetId": 0}, "locationType": "SPREADSHEET"},
            "cannot be SPREADSHEET",
        ),
        ({"metadataLocation": {"sheetId": 5}}, "No grid with id: 5"),
    ],
)
def test_a_lookup_that_contradicts_itself_is_refused(visit, parts, words):
    assert words in visit.post(":getByDataFilter", lookup(**parts))["error"]["message"]


def test_a_filter_of_a_tab_that_is_gone_is_refused(visit):
    body = {"dataFilters": [{"gridRange": {"sheetId": 5}}]}

    assert visit.post(":getByDataFilter", body)["error"]["message"] == "No grid with id: 5"


def test_filters_limit_the_answer_to_their_tabs(visit):
    visit.batch({"addSheet": {"properties": {"title": "Другая", "sheetId": 9}}})
    body = {"dataFilters": [{"a1Range": "Другая!A1:B2"}], "includeGridData": True}
    sheets = visit.post(":getByDataFilter", body)["sheets"]

    assert [sheet["properties"]["sheetId"] for sheet in sheets] == [9]
    assert len(sheets[0]["data"][0]["rowMetadata"]) == 2


def test_without_grid_data_no_cells_are_sent(visit):
    assert "data" not in visit.ask("")["sheets"][0]
    assert "data" in visit.ask("", includeGridData="true", ranges="A1:B2")["sheets"][0]


def test_a_mask_sends_its_fields_and_no_other(visit):
    visit.tab().annotate(0, 0, "заметка")
    fields = "sheets(properties/title,data.rowData.values(note,effectiveValue.numberValue))"
    sheet = visit.ask("", fields=fields, ranges="A1:B2")["sheets"][0]

    assert sheet == {
        "properties": {"title": "Лист1"},
        "data": [
            {
                "rowData": [
                    {"values": [{"effectiveValue": {}, "note": "заметка"}, {"effectiveValue": {}}]},
                    {"values": [{"effectiveValue": {}}, {"effectiveValue": {"numberValue": 12.5}}]},
                ]
            }
        ],
    }


@pytest.mark.parametrize("fields", ["sheets.propertiez", "sheets(data", "a,,b", "nope", "title.x"])
def test_a_mask_that_names_nothing_is_refused(visit, fields):
    assert visit.ask("", fields=fields)["error"]["code"] == 400


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("a,b.c", {("a",), ("b", "c")}),
        ("a(b,c(d,e)),f", {("a", "b"), ("a", "c", "d"), ("a", "c", "e"), ("f",)}),
        ("a.b,a.c", {("a", "b"), ("a", "c")}),
        ("a,a.b", {("a",)}),
        ("*", {()}),
        ("a(*)", {("a",)}),
    ],
)
def test_a_mask_is_a_tree_of_names(text, paths):
    assert set(parse_mask(text).paths()) == paths


def test_formats_come_back_with_colours_in_both_spellings(visit):
    visit.tab().paint(Span(0, 1, 0, 1), 1, 0.5, 0)
    fields = "sheets.data.rowData.values(userEnteredFormat,effectiveFormat.textFormat.fontSize)"
    cell = visit.ask("", fields=fields, ranges="A1")["sheets"][0]["data"][0]["rowData"][0]

    shown = cell["values"][0]
    color = {"red": 1, "green": 0.5, "blue": 0}
    assert shown["userEnteredFormat"]["backgroundColor"] == color
    assert shown["userEnteredFormat"]["backgroundColorStyle"] == {"rgbColor": color}
    assert shown["effectiveFormat"] == {"textFormat": {"fontSize": 10}}


def test_hidden_lines_are_marked_by_who_hid_them(visit):
    visit.tab().hide("COLUMNS", 1)
    criteria = {"0": {"hiddenValues": ["Лён"]}}
    area = {"sheetId": 0, "endRowIndex": 3, "endColumnIndex": 2}
    visit.batch({"setBasicFilter": {"filter": {"range": area, "criteria": criteria}}})
    fields = "sheets(basicFilter,data(rowMetadata.hiddenByFilter,columnMetadata.hiddenByUser))"
    sheet = visit.ask("", fields=fields, ranges="A1:B3")["sheets"][0]

    assert sheet["data"][0]["rowMetadata"] == [{}, {"hiddenByFilter": True}, {}]
    assert sheet["data"][0]["columnMetadata"] == [{}, {"hiddenByUser": True}]
    assert sheet["basicFilter"]["criteria"] == criteria
