"""Requests that write cells: values, notes and formats."""

from collections.abc import Sequence

from sandbox.google.changes.change import Change
from sandbox.google.errors import invalid
from sandbox.google.formulas.references import translated
from sandbox.google.model.entry import KEEP, Keep, type_rows
from sandbox.google.model.formats import Path, restyled
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.structure import make_room
from sandbox.google.model.values import Entered, Formula
from sandbox.google.wire.cells import CellData, CellFields, cell_fields
from sandbox.google.wire.requests import AppendCells, PasteData, RepeatCell, UpdateCells

_EMPTY = CellData()


def update_cells(change: Change, request: UpdateCells) -> None:
    """Write rows from `start` on, or fill `range`, where cells not given are cleared."""
    fields = cell_fields(request.fields)
    rows = [row.values for row in request.rows]
    if request.range is not None:
        sheet, span = change.target(request.range)
        rows = _filled(rows, span)
    elif request.start is not None:
        sheet = change.book.sheet(request.start.sheet_id)
        span = _reach(rows, request.start.row_index, request.start.column_index)
    else:
        raise invalid("Must specify either 'start' or 'range'.")
    if span.cells():
        change.writable(sheet, span)
        _write(sheet, span, rows, fields)


def append_cells(change: Change, request: AppendCells) -> None:
    """Write rows after the last row with data; the grid grows if it must."""
    sheet = change.book.sheet(request.sheet_id)
    rows = [row.values for row in request.rows]
    span = _reach(rows, sheet.used()[0], 0)
    make_room(change.book, sheet, span)
    if span.cells():
        change.guard(sheet, span)
        _write(sheet, span, rows, cell_fields(request.fields))


def repeat_cell(change: Change, request: RepeatCell) -> None:
    """Give every cell of the range the same value, note or format."""
    sheet, span = change.target(request.range)
    fields = cell_fields(request.fields)
    if fields.formats:
        sheet.restyle(span, fields.formats, request.cell.format())
    if fields.note:
        _annotate(sheet, span, request.cell.note)
    if fields.value:
        _repeat_value(sheet, span, request.cell.entered())


def paste_data(change: Change, request: PasteData) -> None:
    """Type delimited text into cells from one cell on."""
    if request.html or not request.delimiter:
        raise invalid("A delimiter must be set: the sandbox pastes no HTML.")
    sheet = change.book.sheet(request.coordinate.sheet_id)
    lines = request.data.removesuffix("\n").split("\n")
    rows = [line.removesuffix("\r").split(request.delimiter) for line in lines]
    top, left = request.coordinate.row_index, request.coordinate.column_index
    change.writable(sheet, _reach(rows, top, left))
    if request.type in ("PASTE_NORMAL", "PASTE_VALUES", "PASTE_NO_BORDERS", "PASTE_FORMULA"):
        type_rows(change.typing(sheet), top, left, _blanks(rows, clear=change.blanks_clear))


def _reach(rows: Sequence[Sequence[object]], top: int, left: int) -> Span:
    return Span(top, top + len(rows), left, left + max(map(len, rows), default=0))


def _filled(rows: list[tuple[CellData, ...]], span: Span) -> list[tuple[CellData, ...]]:
    height, width = span.bottom - span.top, span.right - span.left
    if len(rows) > height or any(len(row) > width for row in rows):
        raise invalid("Attempting to write beyond the requested range.")
    given = [*rows, *[()] * (height - len(rows))]
    return [(*row, *[_EMPTY] * (width - len(row))) for row in given]


def _write(sheet: Sheet, span: Span, rows: list[tuple[CellData, ...]], fields: CellFields) -> None:
    for row, cells in enumerate(rows, span.top):
        if fields.value and cells:
            sheet.write(row, span.left, [cell.entered() for cell in cells])
        if fields.note:
            for column, cell in enumerate(cells, span.left):
                sheet.annotate(row, column, cell.note)
    if fields.formats:
        for column in range(span.left, span.right):
            _write_formats(sheet, (span.top, column), rows, column - span.left, fields.formats)


def _write_formats(
    sheet: Sheet,
    start: tuple[int, int],
    rows: list[tuple[CellData, ...]],
    offset: int,
    paths: tuple[Path, ...],
) -> None:
    top, column = start
    runs = sheet.formats[column]
    old = runs.spread(top, top + len(rows))
    new = [
        restyled(had, paths, cells[offset].format()) if offset < len(cells) else had
        for had, cells in zip(old, rows, strict=True)
    ]
    sheet.formats[column] = runs.spliced(top, top + len(rows), ((1, look) for look in new))


def _annotate(sheet: Sheet, span: Span, note: str | None) -> None:
    if note:
        places = (
            (r, c) for r in range(span.top, span.bottom) for c in range(span.left, span.right)
        )
        sheet.notes.update(dict.fromkeys(places, note))
    else:
        sheet.notes = {at: text for at, text in sheet.notes.items() if not span.holds(*at)}


def _repeat_value(sheet: Sheet, span: Span, value: Entered) -> None:
    stop = span.bottom if value is not None else min(span.bottom, len(sheet.rows))
    for row in range(span.top, stop):
        values = [
            Formula(translated(value.text, row - span.top, column - span.left))
            if isinstance(value, Formula)
            else value
            for column in range(span.left, span.right)
        ]
        sheet.write(row, span.left, values)


def _blanks(rows: list[list[str]], *, clear: bool) -> Sequence[Sequence[str | Keep]]:
    return rows if clear else [[text or KEEP for text in row] for row in rows]
