"""Cutting a formula into tokens, so references can be found without touching the rest."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from sandbox.google.model.spans import OPEN, Span, column_index, letters, quoted


class Token(NamedTuple):
    """A piece of the formula: its kind and its letters."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Corner:
    """One end of a reference; None where the reference has no row or no column."""

    row: int | None
    column: int | None
    fixed_row: bool = False
    fixed_column: bool = False

    def __str__(self) -> str:
        column = "" if self.column is None else "$" * self.fixed_column + letters(self.column)
        row = "" if self.row is None else "$" * self.fixed_row + str(self.row + 1)
        return column + row


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell or a range of this or a named tab."""

    title: str | None
    start: Corner
    end: Corner | None

    def __str__(self) -> str:
        front = f"{quoted(self.title)}!" if self.title is not None else ""
        return f"{front}{self.start}" + (f":{self.end}" if self.end else "")

    def span(self, rows: int = 0, columns: int = 0) -> Span:
        """The cells meant, seen from a place that many rows and columns further on."""
        start, end = self.start, self.end or self.start
        top, left = _moved(start, rows, columns)
        bottom, right = _moved(end, rows, columns)
        return Span(
            top or 0,
            OPEN if bottom is None else bottom + 1,
            left or 0,
            OPEN if right is None else right + 1,
        )


_TITLE: Final = r"(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
_CELL: Final = r"\$?[A-Za-z]{1,3}\$?[1-9]\d*"
_COLUMN: Final = r"\$?[A-Za-z]{1,3}"
_RANGE: Final = rf"{_CELL}:(?:{_CELL}|{_COLUMN})|{_COLUMN}:{_COLUMN}|\$?[1-9]\d*:\$?[1-9]\d*"
_TOKEN: Final = re.compile(
    r'(?P<space>\s+)|(?P<text>"(?:[^"]|"")*")'
    rf"|(?P<reference>{_TITLE}(?:{_RANGE}|{_CELL})(?![\w(!]))"
    r"|(?P<error>#[A-Z/0]+[!?])|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d][\w.]*)|(?P<sign><=|>=|<>|[-+*/^&=<>%();,{}\\])"
)
_CORNER: Final = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([1-9]\d*)?")
_COMMA: Final = re.compile(r"(\d+),(\d+)")


class Unreadable(ValueError):
    """The text is not a formula; a spreadsheet shows #ERROR!."""


@lru_cache(maxsize=1 << 15)
def tokens(formula: str, *, comma: bool = False) -> tuple[Token, ...]:
    """The tokens after the equals sign; with `comma`, 1,5 is a number as in a Russian file."""
    text = formula.removeprefix("=")
    found: list[Token] = []
    at = 0
    while at < len(text):
        decimal = _COMMA.match(text, at) if comma else None
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unreadable(text[at:])
        if decimal and match.lastgroup == "number":
            found.append(Token("number", f"{decimal[1]}.{decimal[2]}"))
            at = decimal.end()
            continue
        found.append(Token(str(match.lastgroup), match[0]))
        at = match.end()
    return tuple(found)


def rewritten(formula: str, change: Callable[[Reference], Reference | None]) -> str:
    """The formula with each reference changed; None becomes #REF!; all else stays as it was."""
    try:
        pieces = tokens(formula)
    except Unreadable:
        return formula
    parts = [_rewritten(piece, change) for piece in pieces]
    return "=" * formula.startswith("=") + "".join(parts)


@lru_cache(maxsize=1 << 15)
def reference(text: str) -> Reference:
    """The reference a token of that kind names."""
    title, mark, cells = text.rpartition("!")
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    start, _, end = cells.partition(":")
    return Reference(title if mark else None, _corner(start), _corner(end) if end else None)


def _rewritten(piece: Token, change: Callable[[Reference], Reference | None]) -> str:
    if piece.kind != "reference":
        return piece.text
    old = reference(piece.text)
    new = change(old)
    if new is None:
        return "#REF!"
    return piece.text if new == old else str(new)


def _corner(text: str) -> Corner:
    found = _CORNER.fullmatch(text)
    if found is None:
        raise Unreadable(text)
    column = column_index(found[2]) if found[2] else None
    row = int(found[4]) - 1 if found[4] else None
    fixed_row = bool(found[3] if found[2] else found[1] or found[3])
    return Corner(row, column, fixed_row, bool(found[1]) and column is not None)


def _moved(corner: Corner, rows: int, columns: int) -> tuple[int | None, int | None]:
    row = corner.row if corner.row is None or corner.fixed_row else corner.row + rows
    column = corner.column
    return row, column if column is None or corner.fixed_column else column + columns
