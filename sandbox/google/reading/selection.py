"""The names a field mask may use, so that a misspelt one is refused and not silently empty."""

from typing import Final

from sandbox.google.errors import invalid
from sandbox.google.masks import Mask

_OPAQUE: Final = "any"
_GRID_RANGE: Final = dict.fromkeys(
    ("sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"), ""
)
# Reduced from the Sheets v4 discovery document: each name with the type below it.
_TYPES: Final[dict[str, dict[str, str]]] = {
    "Spreadsheet": {
        "spreadsheetId": "",
        "properties": "SpreadsheetProperties",
        "sheets": "Sheet",
        "namedRanges": _OPAQUE,
        "spreadsheetUrl": "",
        "developerMetadata": "DeveloperMetadata",
        "dataSources": _OPAQUE,
        "dataSourceSchedules": _OPAQUE,
        "comments": _OPAQUE,
        "commentsViewMode": "",
    },
    "SpreadsheetProperties": dict.fromkeys(
        (
            "title",
            "locale",
            "autoRecalc",
            "timeZone",
            "defaultFormat",
            "iterativeCalculationSettings",
            "spreadsheetTheme",
            "importFunctionsExternalUrlAccessAllowed",
        ),
        _OPAQUE,
    ),
    "Sheet": {
        "properties": "SheetProperties",
        "data": "GridData",
        "merges": "GridRange",
        "conditionalFormats": _OPAQUE,
        "protectedRanges": "ProtectedRange",
        "basicFilter": _OPAQUE,
        "developerMetadata": "DeveloperMetadata",
        **dict.fromkeys(
            (
                "filterViews",
                "charts",
                "bandedRanges",
                "rowGroups",
                "columnGroups",
                "slicers",
                "tables",
                "commentAnchors",
            ),
            _OPAQUE,
        ),
    },
    "SheetProperties": dict.fromkeys(
        (
            "sheetId",
            "title",
            "index",
            "sheetType",
            "gridProperties",
            "hidden",
            "tabColor",
            "tabColorStyle",
            "rightToLeft",
            "dataSourceSheetProperties",
        ),
        _OPAQUE,
    ),
    "GridData": {
        "startRow": "",
        "startColumn": "",
        "rowData": "RowData",
        "rowMetadata": "DimensionProperties",
        "columnMetadata": "DimensionProperties",
    },
    "RowData": {"values": "CellData"},
    "CellData": dict.fromkeys(
        (
            "userEnteredValue",
            "effectiveValue",
            "formattedValue",
            "userEnteredFormat",
            "effectiveFormat",
            "hyperlink",
            "note",
            "textFormatRuns",
            "dataValidation",
            "pivotTable",
            "dataSourceTable",
            "dataSourceFormula",
            "chipRuns",
        ),
        _OPAQUE,
    ),
    "DimensionProperties": {
        "hiddenByFilter": "",
        "hiddenByUser": "",
        "pixelSize": "",
        "developerMetadata": "DeveloperMetadata",
        "dataSourceColumnReference": _OPAQUE,
    },
    "DeveloperMetadata": {
        "metadataId": "",
        "metadataKey": "",
        "metadataValue": "",
        "location": _OPAQUE,
        "visibility": "",
    },
    "ProtectedRange": {
        "protectedRangeId": "",
        "range": "GridRange",
        "namedRangeId": "",
        "tableId": "",
        "description": "",
        "warningOnly": "",
        "requestingUserCanEdit": "",
        "unprotectedRanges": "GridRange",
        "editors": _OPAQUE,
    },
    "GridRange": _GRID_RANGE,
    "BatchUpdateSpreadsheetResponse": {
        "spreadsheetId": "",
        "replies": _OPAQUE,
        "updatedSpreadsheet": "Spreadsheet",
    },
}


def check_selection(kind: str, mask: Mask) -> None:
    """400 if the mask names a field that the answer of this type does not have."""
    if kind == _OPAQUE:
        return
    known = _TYPES.get(kind, {})
    for name, below in mask.fields.items():
        if name not in known:
            raise invalid(
                "Request contains an invalid argument. Error expanding 'fields' parameter: "
                f"cannot find matching fields for path '{name}' in {kind or 'a plain value'}."
            )
        check_selection(known[name], below)
