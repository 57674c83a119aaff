"""Rectangles of cells, zero-based and half-open, and their names in A1 notation."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from infrastructure.google.answers import Range

OPEN = 1 << 40
_LETTERS = 26


class Span(NamedTuple):
    """Rows top..bottom, columns left..right; the ends are not part of it."""

    top: int
    bottom: int
    left: int
    right: int

    def meets(self, other: "Span") -> bool:
        """Do they share a cell?"""
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right

    @property
    def a1(self) -> str:
        """B2:C4."""
        return f"{letters(self.left)}{self.top + 1}:{letters(self.right - 1)}{self.bottom}"

    def on(self, sheet_id: int) -> dict[str, int]:
        """As GridRange; an open end is left out."""
        ends = {"startRowIndex": self.top, "endRowIndex": self.bottom}
        ends |= {"startColumnIndex": self.left, "endColumnIndex": self.right}
        return {"sheetId": sheet_id, **{name: at for name, at in ends.items() if at < OPEN}}


def span_of(given: Range) -> Span:
    """A GridRange with its open ends far away."""
    return Span(
        given.start_row_index,
        OPEN if given.end_row_index is None else given.end_row_index,
        given.start_column_index,
        OPEN if given.end_column_index is None else given.end_column_index,
    )


def runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring rows together: the first one, and the one after the last."""
    start = 0
    for k in range(1, len(rows) + 1):
        if k == len(rows) or rows[k] != rows[k - 1] + 1:
            yield rows[start], rows[k - 1] + 1
            start = k


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def title_of(a1: str) -> str:
    """Which tab a range in A1 notation is of."""
    title = a1.rpartition("!")[0]
    quoted = title.startswith("'") and title.endswith("'")
    return title[1:-1].replace("''", "'") if quoted else title


def column_of(a1: str) -> tuple[int, int]:
    """The first column and row of a range in A1 notation, zero-based."""
    cell = a1.rpartition("!")[2].partition(":")[0]
    name = cell.rstrip("0123456789")
    column = 0
    for letter in name:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    digits = cell[len(name) :]
    return column - 1, int(digits) - 1 if digits else 0


Json = dict[str, Any]
"""An object of a request."""
