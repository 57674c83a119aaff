"""What we ask of a spreadsheet: the bodies and field masks of the reads."""

from collections.abc import Iterable, Mapping

from infrastructure.google.spans import Json

_TAB = "properties(sheetId,title,index,hidden,gridProperties)"
LISTING = f"spreadsheetId,properties(title,locale,timeZone),sheets({_TAB},developerMetadata)"
FILE = "spreadsheetId,properties(title,locale,timeZone)"
LOOK = (
    f"spreadsheetId,properties(locale,timeZone),sheets({_TAB},merges,"
    "protectedRanges(protectedRangeId,range,description,warningOnly,requestingUserCanEdit),"
    "conditionalFormats,basicFilter,developerMetadata,"
    "data(startRow,startColumn,rowData(values(effectiveValue,note)),"
    "rowMetadata(developerMetadata),columnMetadata(developerMetadata,hiddenByUser)))"
)
HEADS = (
    "sheets(properties(sheetId),protectedRanges(range,warningOnly,requestingUserCanEdit),"
    "data(rowData(values(effectiveValue))))"
)
WRITTEN = (
    "replies,updatedSpreadsheet(sheets(developerMetadata,"
    "data(startRow,rowData(values(effectiveValue)))))"
)
WRITTEN_BLIND = "spreadsheetId"


def look(sheet_id: int, *, whole: bool) -> Json:
    """One tab: its header, its keys or all of our columns, and everything that may be in the way.

    By id and tag, so a renamed tab, a moved column, a row above the header do not matter.
    """
    columns = _tagged(sheet_id, "COLUMN", "st.col", None if whole else "nm")
    head = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 2}
    filters = [columns, _tagged(sheet_id, "ROW", "st.row", None), {"gridRange": head}]
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


def columns(sheet_id: int, tags: Iterable[str]) -> Json:
    """Whole columns, values only: 3 to 5 bytes a cell."""
    return {
        "dataFilters": [_tagged(sheet_id, "COLUMN", "st.col", tag) for tag in tags],
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
