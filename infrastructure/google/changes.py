"""The single requests of a batch, in Google's words (BatchUpdateSpreadsheetRequest)."""

from collections.abc import Sequence
from typing import Literal

from domain.table.blocks import Block, Clear, Paste
from domain.table.numbers import Value
from infrastructure.google.spans import Json, Span

Dimension = Literal["ROWS", "COLUMNS"]

VALUE = "userEnteredValue"
VALUE_AND_NOTE = "userEnteredValue,note"


def of_block(sheet_id: int, block: Block) -> Json:
    """A block of the packer."""
    match block:
        case Paste(row=row, column=column, text=text):
            return paste(sheet_id, row, column, text)
        case Clear(row=row, column=column, height=height, width=width):
            return clear(sheet_id, Span(row, row + height, column, column + width))
        case _:
            rows = [[typed(value) for value in line] for line in block.rows]
            return update_cells(sheet_id, block.row, block.column, rows)


def typed(value: Value) -> Json:
    """A value that is never parsed: text stays letters, whatever it begins with."""
    if value is None:
        return {}
    kind = "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}


def paste(sheet_id: int, row: int, column: int, text: str) -> Json:
    """Numbers, parsed by the spreadsheet's locale."""
    return {
        "pasteData": {
            "coordinate": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "data": text,
            "type": "PASTE_VALUES",
            "delimiter": "\t",
        }
    }


def update_cells(
    sheet_id: int, row: int, column: int, rows: Sequence[Sequence[Json]], fields: str = VALUE
) -> Json:
    """Cells from one corner on."""
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "rows": [{"values": list(cells)} for cells in rows],
            "fields": fields,
        }
    }


def clear(sheet_id: int, span: Span) -> Json:
    """Blank values. What the rows do not cover is cleared (UpdateCellsRequest.range)."""
    return {
        "updateCells": {
            "range": span.on(sheet_id),
            "rows": [{"values": [{}]}],
            "fields": VALUE,
        }
    }


def repeat(sheet_id: int, span: Span, cell: Json, fields: str) -> Json:
    """The same cell all over a rectangle."""
    return {"repeatCell": {"range": span.on(sheet_id), "cell": cell, "fields": fields}}


def merge(sheet_id: int, span: Span) -> Json:
    """One cell of many."""
    return {"mergeCells": {"range": span.on(sheet_id), "mergeType": "MERGE_ALL"}}


def unmerge(sheet_id: int, span: Span) -> Json:
    """Many cells again."""
    return {"unmergeCells": {"range": span.on(sheet_id)}}


def append(sheet_id: int, dimension: Dimension, length: int) -> Json:
    """A larger grid."""
    return {"appendDimension": {"sheetId": sheet_id, "dimension": dimension, "length": length}}


def insert(sheet_id: int, dimension: Dimension, start: int, count: int, *, inherit: bool) -> Json:
    """New rows or columns; with `inherit` they look like the ones before."""
    lines = _lines(sheet_id, dimension, start, start + count)
    return {"insertDimension": {"range": lines, "inheritFromBefore": inherit}}


def resize(
    sheet_id: int, dimension: Dimension, lines: range, pixels: int, *, show: bool = False
) -> Json:
    """Width or height; `show` for columns that would inherit being hidden."""
    shape: Json = {"pixelSize": pixels}
    if show:
        shape["hiddenByUser"] = False
    return {
        "updateDimensionProperties": {
            "range": _lines(sheet_id, dimension, lines.start, lines.stop),
            "properties": shape,
            "fields": ",".join(shape),
        }
    }


def hide(sheet_id: int, dimension: Dimension, lines: range, *, hidden: bool) -> Json:
    """Out of sight, or back."""
    return {
        "updateDimensionProperties": {
            "range": _lines(sheet_id, dimension, lines.start, lines.stop),
            "properties": {"hiddenByUser": hidden},
            "fields": "hiddenByUser",
        }
    }


def freeze(sheet_id: int, rows: int) -> Json:
    """Rows that stay when she scrolls."""
    shape = {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": rows}}
    return _sheet(shape, "gridProperties.frozenRowCount")


def rename(sheet_id: int, title: str) -> Json:
    """Another title for a tab."""
    return _sheet({"sheetId": sheet_id, "title": title}, "title")


def tag_line(sheet_id: int, dimension: Dimension, at: int, key: str, value: str) -> Json:
    """A tag on one row or column; it moves with it."""
    return tag({"dimensionRange": _lines(sheet_id, dimension, at, at + 1)}, key, value)


def tag(location: Json, key: str, value: str, metadata_id: int | None = None) -> Json:
    """Developer metadata. DOCUMENT: another service account of ours sees it too."""
    data: Json = {
        "metadataKey": key,
        "metadataValue": value,
        "location": location,
        "visibility": "DOCUMENT",
    }
    if metadata_id is not None:
        data["metadataId"] = metadata_id
    return {"createDeveloperMetadata": {"developerMetadata": data}}


def retag(metadata_id: int, value: str) -> Json:
    """Another value for a tag."""
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [{"developerMetadataLookup": {"metadataId": metadata_id}}],
            "developerMetadata": {"metadataValue": value},
            "fields": "metadataValue",
        }
    }


def untag(metadata_id: int) -> Json:
    """A tag that goes; what bore it stays."""
    lookup = {"developerMetadataLookup": {"metadataId": metadata_id}}
    return {"deleteDeveloperMetadata": {"dataFilter": lookup}}


def height(sheet_id: int, rows: int) -> Json:
    """A grid of so many rows: more below, or those at the bottom go."""
    shape = {"sheetId": sheet_id, "gridProperties": {"rowCount": rows}}
    return _sheet(shape, "gridProperties.rowCount")


def delete(sheet_id: int, dimension: Dimension, start: int, count: int) -> Json:
    """Rows or columns that go with all they hold."""
    return {"deleteDimension": {"range": _lines(sheet_id, dimension, start, start + count)}}


def _lines(sheet_id: int, dimension: Dimension, start: int, end: int) -> Json:
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def _sheet(properties: Json, fields: str) -> Json:
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}
