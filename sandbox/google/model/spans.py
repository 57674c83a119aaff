"""Rectangles of cells and their A1 names, because both sides of the API speak of ranges."""

import re
from typing import Final, NamedTuple

from sandbox.google.errors import Json

# Far above any index a file can have, so arithmetic on open ends needs no special case.
OPEN: Final = 1 << 40
_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?")


class Span(NamedTuple):
    """Rows top..bottom and columns left..right, zero-based, ends excluded; OPEN = no end."""

    top: int = 0
    bottom: int = OPEN
    left: int = 0
    right: int = OPEN

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row < self.bottom and self.left <= column < self.right

    def meets(self, other: "Span") -> bool:
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right

    def covers(self, other: "Span") -> bool:
        rows = self.top <= other.top and other.bottom <= self.bottom
        return rows and self.left <= other.left and other.right <= self.right

    def within(self, rows: int, columns: int) -> "Span":
        return Span(self.top, min(self.bottom, rows), self.left, min(self.right, columns))

    def cells(self) -> int:
        return max(0, self.bottom - self.top) * max(0, self.right - self.left)

    def json(self, sheet_id: int) -> Json:
        """The GridRange of the API: an open side is left out."""
        answer: Json = {"sheetId": sheet_id}
        if self.top or self.bottom < OPEN:
            answer["startRowIndex"] = self.top
        if self.bottom < OPEN:
            answer["endRowIndex"] = self.bottom
        if self.left or self.right < OPEN:
            answer["startColumnIndex"] = self.left
        if self.right < OPEN:
            answer["endColumnIndex"] = self.right
        return answer


def letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """A → 0, AA → 26, any letter case."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def a1(span: Span, title: str = "") -> str:
    """The A1 name, with the tab in front if given, quoted where Google quotes it."""
    start = letters(span.left) + str(span.top + 1)
    end = ("" if span.right >= OPEN else letters(span.right - 1)) + (
        "" if span.bottom >= OPEN else str(span.bottom)
    )
    cells = start if end == start else f"{start}:{end}"
    return f"{quoted(title)}!{cells}" if title else cells


def quoted(title: str) -> str:
    """The tab's title as it stands in front of an exclamation mark."""
    like_a_cell = re.fullmatch(r"[A-Za-z]{1,3}\d+", title)
    plain = re.fullmatch(r"[A-Za-z_]\w*", title, re.ASCII) and not like_a_cell
    return title if plain else "'" + title.replace("'", "''") + "'"


def parse_a1(text: str) -> Span | None:
    """The span of `B2`, `A1:C3`, `A:C`, `2:5`, `A3:A`; None if it is not such a name."""
    first, _, second = text.partition(":")
    start, end = _corner(first), _corner(second or first)
    if start is None or end is None or (not second and None in start):
        return None
    return _between(start, end)


def split_title(text: str) -> tuple[str | None, str]:
    """The tab and the cells of `'Tab name'!A1`; the tab is None if the text names none."""
    found = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
    if found:
        return found[1].replace("''", "'"), found[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def _corner(text: str) -> tuple[int | None, int | None] | None:
    found = _CELL.fullmatch(text)
    if not found or not text:
        return None
    row = int(found[2]) - 1 if found[2] else None
    return row, column_index(found[1]) if found[1] else None


def _between(start: tuple[int | None, int | None], end: tuple[int | None, int | None]) -> Span:
    (top, left), (bottom, right) = start, end
    rows = sorted(index for index in (top, bottom) if index is not None)
    columns = sorted(index for index in (left, right) if index is not None)
    return Span(
        rows[0] if rows else 0,
        rows[-1] + 1 if rows and bottom is not None else OPEN,
        columns[0] if columns else 0,
        columns[-1] + 1 if columns and right is not None else OPEN,
    )
