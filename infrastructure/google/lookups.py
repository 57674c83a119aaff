"""What we ask of a spreadsheet: the bodies and field masks of the reads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from infrastructure.google.spans import Json

_TAB = "properties(sheetId,title,index,hidden,gridProperties)"
LISTING = f"spreadsheetId,properties(title,locale,timeZone),sheets({_TAB},developerMetadata)"
FILE = "spreadsheetId,properties(title,locale,timeZone)"
LOOK = (
    f"spreadsheetId,properties(locale,timeZone),sheets({_TAB},merges,"
    "protectedRanges(protectedRangeId,range,description,warningOnly,requestingUserCanEdit),"
    "conditionalFormats,basicFilter,developerMetadata,"
    "data(startRow,startColumn,"
    "rowData(values(effectiveValue,userEnteredValue(formulaValue),note)),"
    "rowMetadata(developerMetadata),columnMetadata(developerMetadata,hiddenByUser)))"
)
HEADS = (
    "sheets(properties(sheetId),protectedRanges(range,warningOnly,requestingUserCanEdit),"
    "data(rowData(values(effectiveValue))))"
)
WRITTEN = (
    "replies,updatedSpreadsheet(sheets(properties(sheetId),developerMetadata,"
    "data(startRow,rowData(values(effectiveValue)))))"
)
WRITTEN_BLIND = "spreadsheetId"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What to see of a tab: all of ours if `whole`; `keyed` if its columns have tags and she may
    have moved its rows."""

    sheet_id: int
    whole: bool
    keyed: bool


def look(looks: Iterable[Look]) -> Json:
    """Tabs: header, keys or all of our columns, and everything that may be in the way.

    By id and tag, so a renamed tab, a moved column, a row above the header do not matter.
    """
    filters = [each for tab in looks for each in _filters(tab)]
    return {"dataFilters": filters, "includeGridData": True}


def heads(sizes: Mapping[int, tuple[int, int]]) -> Json:
    """The upper left corner of each tab, by id and (rows, columns): as far as any header of the old
    tool goes, and no further than the tab does."""
    corners = [
        {
            "sheetId": sheet_id,
            "startRowIndex": 0,
            "endRowIndex": min(2, rows),
            "startColumnIndex": 0,
            "endColumnIndex": min(9, columns),
        }
        for sheet_id, (rows, columns) in sizes.items()
    ]
    return {"dataFilters": [{"gridRange": each} for each in corners], "includeGridData": True}


def _columns(sheet_id: int, tags: Iterable[str]) -> Iterator[Json]:
    tagged = [_tagged(sheet_id, "COLUMN", "st.col", tag) for tag in tags]
    yield from tagged or [{"gridRange": {"sheetId": sheet_id}}]


def _filters(tab: Look) -> Iterator[Json]:
    head = {"sheetId": tab.sheet_id, "startRowIndex": 0, "endRowIndex": 2}
    if tab.keyed:
        yield _tagged(tab.sheet_id, "COLUMN", "st.col", None if tab.whole else "nm")
        yield _tagged(tab.sheet_id, "ROW", "st.row", None)
        yield {"gridRange": head}
    else:
        yield {"gridRange": {"sheetId": tab.sheet_id} if tab.whole else head}


def values(tabs: Iterable[tuple[int, Iterable[str]]]) -> Json:
    """Of each tab the columns with these tags, or all of it if there are none; values only: 3 to 5
    bytes a cell."""
    return {
        "dataFilters": [each for sheet_id, tags in tabs for each in _columns(sheet_id, tags)],
        "majorDimension": "COLUMNS",
        "valueRenderOption": "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }


def _tagged(sheet_id: int, kind: str, key: str, value: str | None) -> Json:
    lookup: Json = {"locationType": kind, "metadataKey": key}
    if value is not None:
        lookup["metadataValue"] = value
    lookup["metadataLocation"] = {"sheetId": sheet_id}
    lookup["locationMatchingStrategy"] = "INTERSECTING_LOCATION"
    return {"developerMetadataLookup": lookup}
