"""Making room inside a range, where only part of the rows or columns moves."""

from sandbox.google.model.axis import Axis
from sandbox.google.model.book import Book
from sandbox.google.model.formats import PLAIN
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.structure import make_room
from sandbox.google.model.values import Entered


def open_gap(book: Book, sheet: Sheet, span: Span, axis: Axis) -> None:
    """Move the cells from the span on down or right; the grid grows if data would fall off."""
    rows, columns = _step(span, axis)
    used = sheet.used()
    make_room(book, sheet, Span(0, used[0] + rows, 0, used[1] + columns))
    _shift(sheet, _tail(sheet, span, axis), rows, columns)


def close_gap(sheet: Sheet, span: Span, axis: Axis) -> None:
    """Drop the cells of the span and draw the later ones up or left."""
    rows, columns = _step(span, axis)
    _shift(sheet, _tail(sheet, span, axis), -rows, -columns)


def _step(span: Span, axis: Axis) -> tuple[int, int]:
    if axis == "ROWS":
        return span.bottom - span.top, 0
    return 0, span.right - span.left


def _tail(sheet: Sheet, span: Span, axis: Axis) -> Span:
    return (
        span._replace(bottom=sheet.height) if axis == "ROWS" else span._replace(right=sheet.columns)
    )


def _shift(sheet: Sheet, span: Span, rows: int, columns: int) -> None:
    if rows:
        _shift_rows(sheet, span, rows)
    else:
        _shift_columns(sheet, span, columns)
    moved = {at: note for at, note in sheet.notes.items() if span.holds(*at)}
    sheet.notes = {at: note for at, note in sheet.notes.items() if at not in moved}
    targets = {(row + rows, column + columns): note for (row, column), note in moved.items()}
    sheet.notes |= {at: note for at, note in targets.items() if span.holds(*at)}


def _shift_rows(sheet: Sheet, span: Span, step: int) -> None:
    old = [_cells(sheet, row, span) for row in range(span.top, span.bottom)]
    blank: list[tuple[Entered, ...]] = [(None,) * (span.right - span.left)] * abs(step)
    new = blank + old[:-step] if step > 0 else old[-step:] + blank
    for row, cells in enumerate(new, span.top):
        if cells != old[row - span.top]:
            sheet.write(row, span.left, cells)
    for column in range(span.left, span.right):
        runs = sheet.formats[column]
        kept = (span.top, span.bottom - step) if step > 0 else (span.top - step, span.bottom)
        body, gap = list(runs.cut(*kept)), [(abs(step), PLAIN)]
        pieces = [*gap, *body] if step > 0 else [*body, *gap]
        sheet.formats[column] = runs.spliced(span.top, span.bottom, pieces)


def _shift_columns(sheet: Sheet, span: Span, step: int) -> None:
    blank: tuple[Entered, ...] = (None,) * abs(step)
    for row in range(span.top, min(span.bottom, len(sheet.rows))):
        old = _cells(sheet, row, span)
        sheet.write(row, span.left, blank + old[:-step] if step > 0 else old[-step:] + blank)
    looks = [
        list(sheet.formats[c].cut(span.top, span.bottom)) for c in range(span.left, span.right)
    ]
    empty = [[(span.bottom - span.top, PLAIN)]] * abs(step)
    moved = empty + looks[:-step] if step > 0 else looks[-step:] + empty
    for column, pieces in enumerate(moved, span.left):
        sheet.formats[column] = sheet.formats[column].spliced(span.top, span.bottom, pieces)


def _cells(sheet: Sheet, row: int, span: Span) -> tuple[Entered, ...]:
    held = sheet.row(row)[span.left : span.right]
    return held + (None,) * (span.right - span.left - len(held))
