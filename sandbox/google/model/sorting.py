"""Sorting a range as a person does: cells, notes and formats go, tags and heights stay."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sandbox.google.errors import invalid
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.formulas.references import translated
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.values import Broken, Effective, Entered, Formula


class By(NamedTuple):
    """A column of the sheet and its direction."""

    column: int
    descending: bool = False


def sort(sheet: Sheet, span: Span, keys: Sequence[By], seen: Calculation) -> None:
    """Sort the rows of the span; blanks stand last in both directions, equal rows keep place."""
    if any(merge.meets(span) and merge.bottom - merge.top > 1 for merge in sheet.merges):
        raise invalid("You can't sort a range with vertical merges.")
    order = list(range(span.bottom - span.top))
    for key in reversed(keys):
        order = _ordered(order, _values(sheet, span, key.column, seen), descending=key.descending)
    _permute(sheet, span, order)


def _values(sheet: Sheet, span: Span, column: int, seen: Calculation) -> list[Effective]:
    return [seen.value(sheet, row, column) for row in range(span.top, span.bottom)]


def _ordered(order: list[int], values: list[Effective], *, descending: bool) -> list[int]:
    filled = [at for at in order if values[at] not in (None, "")]
    blank = [at for at in order if values[at] in (None, "")]
    filled.sort(key=lambda at: _rank(values[at]), reverse=descending)
    return filled + blank


def _rank(value: Effective) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, int | float):
        return 0, value, ""
    return (3, 0, value.type) if isinstance(value, Broken) else (1, 0, str(value).casefold())


def _permute(sheet: Sheet, span: Span, order: list[int]) -> None:
    old = [_slice(sheet, span, span.top + at) for at in range(len(order))]
    for to, at in enumerate(order):
        if to != at:
            moved = (_carried(value, to - at) for value in old[at])
            sheet.write(span.top + to, span.left, tuple(moved))
    _permute_notes(sheet, span, order)
    for column in range(span.left, span.right):
        sheet.formats[column] = sheet.formats[column].permuted(span.top, order)


def _slice(sheet: Sheet, span: Span, row: int) -> tuple[Entered, ...]:
    held = sheet.row(row)[span.left : span.right]
    return held + (None,) * (span.right - span.left - len(held))


def _carried(value: Entered, rows: int) -> Entered:
    return Formula(translated(value.text, rows, 0)) if isinstance(value, Formula) else value


def _permute_notes(sheet: Sheet, span: Span, order: list[int]) -> None:
    target: Callable[[int], int] = {at: to for to, at in enumerate(order)}.__getitem__
    inside = {place: note for place, note in sheet.notes.items() if span.holds(*place)}
    for place in inside:
        del sheet.notes[place]
    for (row, column), note in inside.items():
        sheet.notes[span.top + target(row - span.top), column] = note
