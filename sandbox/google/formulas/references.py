"""Keeping references true when rows and columns move, tabs are renamed or cells are sorted."""

from dataclasses import replace

from sandbox.google.formulas.tokens import Corner, Reference, rewritten
from sandbox.google.model.axis import Axis, Edit
from sandbox.google.model.spans import OPEN


def adjusted(formula: str, own: str, title: str, axis: Axis, edit: Edit) -> str:
    """The formula of a cell on tab `own` after an edit of tab `title`."""

    def change(old: Reference) -> Reference | None:
        meant = own if old.title is None else old.title
        return _edited(old, axis, edit) if meant.casefold() == title.casefold() else old

    return rewritten(formula, change)


def translated(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads when its cell is sorted or copied that far away."""

    def change(old: Reference) -> Reference | None:
        start = _shifted(old.start, rows, columns)
        end = _shifted(old.end, rows, columns) if old.end else None
        if start is None or (old.end and end is None):
            return None
        return replace(old, start=start, end=end)

    return rewritten(formula, change)


def retitled(formula: str, old_title: str, new_title: str) -> str:
    """The formula after a tab got another name."""

    def change(old: Reference) -> Reference:
        same = old.title is not None and old.title.casefold() == old_title.casefold()
        return replace(old, title=new_title) if same else old

    return rewritten(formula, change)


def _edited(old: Reference, axis: Axis, edit: Edit) -> Reference | None:
    if old.end is None:
        at = edit.index(_along(old.start, axis) or 0)
        return None if at is None else replace(old, start=_put(old.start, axis, at))
    start, end = _along(old.start, axis), _along(old.end, axis)
    kept = edit.interval(start or 0, OPEN if end is None else end + 1)
    if kept is None:
        return None
    first = old.start if start is None else _put(old.start, axis, kept[0])
    last = old.end if end is None else _put(old.end, axis, kept[1] - 1)
    return replace(old, start=first, end=last)


def _along(corner: Corner, axis: Axis) -> int | None:
    return corner.row if axis == "ROWS" else corner.column


def _put(corner: Corner, axis: Axis, at: int) -> Corner:
    return replace(corner, row=at) if axis == "ROWS" else replace(corner, column=at)


def _shifted(corner: Corner, rows: int, columns: int) -> Corner | None:
    row, column = corner.row, corner.column
    if row is not None and not corner.fixed_row:
        row += rows
    if column is not None and not corner.fixed_column:
        column += columns
    gone = (row is not None and row < 0) or (column is not None and column < 0)
    return None if gone else replace(corner, row=row, column=column)
