"""Texts that arrive as if typed: by a paste, by USER_ENTERED values, by the person herself."""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from sandbox.google.model.book import Book
from sandbox.google.model.formats import read, written
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.typed import Typed, typed
from sandbox.google.model.values import Entered, checked


class Keep:
    """The mark of a cell that an entry leaves as it is."""


KEEP: Final = Keep()
# What arrives for a cell: a text to be understood, a ready value, or nothing at all.
Arrival: TypeAlias = str | bool | int | float | Keep | None


class Typing(NamedTuple):
    """Where texts are typed, and the year that completes a date such as `1-2`."""

    book: Book
    sheet: Sheet
    year: int


def type_rows(at: Typing, row: int, column: int, rows: Sequence[Sequence[Arrival]]) -> None:
    """Type a block of texts from one cell on; an empty text clears its cell."""
    width = max(map(len, rows), default=0)
    plain = _text_columns(at.sheet, Span(row, row + len(rows), column, column + width))
    for offset, texts in enumerate(rows):
        if texts:
            _type_row(at, (row + offset, column), texts, plain)


def type_cell(at: Typing, row: int, column: int, text: str) -> None:
    """Type one text into one cell."""
    type_rows(at, row, column, [[text]])


def put_rows(sheet: Sheet, row: int, column: int, rows: Sequence[Sequence[Entered | Keep]]) -> None:
    """Put ready values from one cell on."""
    for offset, values in enumerate(rows):
        if values:
            sheet.write(row + offset, column, _kept(sheet, row + offset, column, values))


def _type_row(
    at: Typing, place: tuple[int, int], texts: Sequence[Arrival], plain: set[int]
) -> None:
    row, left = place
    rules = at.book.rules
    values: list[Entered | Keep] = []
    for column, text in enumerate(texts, left):
        if not isinstance(text, str):
            values.append(text)
        elif column in plain and _is_text(at.sheet, row, column):
            values.append(checked(text) or None)
        else:
            found = typed(text, rules, at.year)
            values.append(found.value)
            _bring_format(at.sheet, row, column, found)
    at.sheet.write(row, left, _kept(at.sheet, row, left, values))


def _kept(
    sheet: Sheet, row: int, left: int, values: Sequence[Entered | Keep]
) -> tuple[Entered, ...]:
    return tuple(
        sheet.cell(row, column) if isinstance(value, Keep) else value
        for column, value in enumerate(values, left)
    )


def _bring_format(sheet: Sheet, row: int, column: int, found: Typed) -> None:
    if found.format is None or "numberFormat" in read(sheet.format(row, column)):
        return
    kind, pattern = found.format
    given = written({"numberFormat": {"type": kind, "pattern": pattern}})
    sheet.restyle(Span(row, row + 1, column, column + 1), (("numberFormat",),), given)


def _text_columns(sheet: Sheet, span: Span) -> set[int]:
    return {
        column
        for column in range(span.left, min(span.right, sheet.columns))
        if any('"TEXT"' in f for _, f in sheet.formats[column].cut(span.top, span.bottom))
    }


def _is_text(sheet: Sheet, row: int, column: int) -> bool:
    number_format = read(sheet.format(row, column)).get("numberFormat", {})
    return bool(number_format.get("type") == "TEXT")
