"""The old tool's tabs in a file where ours has to be made: looked for by name, told by header."""

from collections.abc import Iterator, Sequence

from domain.table.former import NAMES, is_former
from domain.table.numbers import Value
from infrastructure.google.answers import Sheet, Spreadsheet
from infrastructure.google.batch import Aim
from infrastructure.google.tab import is_marked
from infrastructure.google.visit import Visit


async def former(visit: Visit, aim: Aim, file: Spreadsheet) -> frozenset[int]:
    """Their ids. One read, and none if no tab has such a name: a name costs it once, at the first
    write to the file. What bears our own tab's name is kept anyway, whatever it is; what is
    protected against us keeps its own, or nothing could be written."""
    wanted = {each.casefold() for each in (*NAMES, aim.target.former or "")}
    sizes = {
        sheet.properties.sheet_id: _size(sheet)
        for sheet in file.sheets
        if _called(sheet, wanted, aim) and all(_size(sheet))
    }
    if not sizes:
        return frozenset()
    heads = await visit.heads(sizes)
    return frozenset(
        sheet.properties.sheet_id
        for sheet in heads.sheets
        if is_former(*_rows(sheet)) and _is_open(sheet)
    )


def _called(sheet: Sheet, wanted: set[str], aim: Aim) -> bool:
    title = sheet.properties.title.casefold()
    return title in wanted and title != aim.target.title.casefold() and not is_marked(sheet)


def _size(sheet: Sheet) -> tuple[int, int]:
    """Rows and columns; none where the tab is a chart."""
    grid = sheet.properties.grid_properties
    return grid.row_count, grid.column_count


def _is_open(sheet: Sheet) -> bool:
    fences = sheet.protected_ranges
    return all(each.warning_only or each.requesting_user_can_edit for each in fences)


def _rows(sheet: Sheet) -> Iterator[Sequence[Value]]:
    """The first two, blank where nothing was read."""
    rows = [row for grid in sheet.data for row in grid.row_data]
    for n in range(2):
        yield [cell.value for cell in rows[n].values] if n < len(rows) else ()
