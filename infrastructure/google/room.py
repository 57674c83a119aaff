"""How many cells a file lacks for a batch that it had no room for: so many she has to delete."""

from collections.abc import Iterable
from typing import Any

from domain.both import Both
from domain.table.words import Words
from infrastructure.google.answers import Spreadsheet
from infrastructure.google.batch import MOST
from infrastructure.google.spans import Json

NEED = Words(ru=". Нужно ещё ячеек: {n}", en=". More cells needed: {n}")
"""Behind the sentence of a file that is full."""


def need(file: Spreadsheet, requests: Iterable[Json]) -> Both | None:
    """None where it is not cells that it lacks."""
    more = _cells(file, requests) - MOST
    spaced = f"{more:,}".replace(",", "\N{NO-BREAK SPACE}")
    return NEED.both(n=Both(ru=spaced, en=f"{more:,}")) if more > 0 else None


def _cells(file: Spreadsheet, requests: Iterable[Json]) -> int:
    """Of all grids after the batch."""
    grids = ((each.properties.sheet_id, each.properties.grid_properties) for each in file.sheets)
    sizes = {sheet_id: [grid.row_count, grid.column_count] for sheet_id, grid in grids}
    for request in requests:
        ((kind, body),) = request.items()
        _grow(sizes, kind, body)
    return sum(rows * columns for rows, columns in sizes.values())


def _grow(sizes: dict[int, list[int]], kind: str, body: dict[str, Any]) -> None:
    match kind, body:
        case "addSheet", {"properties": {"sheetId": sheet_id, "gridProperties": grid}}:
            sizes[sheet_id] = [grid["rowCount"], grid["columnCount"]]
        case "appendDimension", {"sheetId": sheet_id, "dimension": lines, "length": length}:
            sizes[sheet_id][lines == "COLUMNS"] += length
        case "insertDimension", {"range": lines}:
            length = lines["endIndex"] - lines["startIndex"]
            sizes[lines["sheetId"]][lines["dimension"] == "COLUMNS"] += length
