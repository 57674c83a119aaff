"""How the tab looks. Set when a tab, row or column is made, never again: later it is hers."""

from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from domain.table.columns import Column, Group, Holds
from domain.table.look import BLANK, EDGE, FILL, GRID, HEIGHTS, LETTERS, PATTERNS, SIZE
from domain.table.words import Words
from infrastructure.google import changes
from infrastructure.google.spans import OPEN, Json, Span

Trait = TypeVar("Trait", bound=Hashable)


def colour(code: str) -> Json:
    """#RRGGBB as ColorStyle."""
    red, green, blue = (round(int(code[i : i + 2], 16) / 255, 7) for i in (1, 3, 5))
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


WHITE = colour(LETTERS)
YELLOW = colour(BLANK)
_FILL = colour(FILL)
_THIN = {"style": "SOLID", "colorStyle": colour(GRID)}
_THICK = {"style": "SOLID_THICK", "colorStyle": colour(EDGE)}

_HEADER: Json = {
    "userEnteredFormat": {
        "backgroundColorStyle": _FILL,
        "horizontalAlignment": "CENTER",
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
        "textFormat": {"bold": True, "fontSize": SIZE, "foregroundColorStyle": WHITE},
    }
}
_FORMAT = "userEnteredFormat"
_LETTERS = "userEnteredFormat.textFormat.foregroundColorStyle"
_STRUCK = "userEnteredFormat.textFormat.strikethrough,note"


def _number(align: str, holds: Holds) -> Json:
    pattern = {"type": "NUMBER", "pattern": PATTERNS[holds]}
    return {"horizontalAlignment": align, "numberFormat": pattern}


_DATA: dict[Holds, Json] = {
    Holds.TEXT: {"horizontalAlignment": "LEFT", "wrapStrategy": "CLIP"},
    Holds.KEY: _number("LEFT", Holds.KEY),
    Holds.PIECES: _number("CENTER", Holds.PIECES),
    Holds.DAYS: _number("CENTER", Holds.DAYS),
    Holds.ITEM: _number("LEFT", Holds.ITEM),
    Holds.NUMBER: _number("CENTER", Holds.NUMBER),
    Holds.PROSE: {"horizontalAlignment": "LEFT", "wrapStrategy": "WRAP"},
}
_MOMENT = Words(ru="dd.mm.yyyy hh:mm", en="yyyy-mm-dd hh:mm")


def dress(
    sheet_id: int, groups: Sequence[Group], left: int, head: int, bottom: int
) -> Iterator[Json]:
    """Neighbouring groups from column `left` on: header rows `head` and the next, data to `bottom`.

    Everything is set, since inserted columns inherit from hers.
    """
    columns = [column for group in groups for column in group.columns]
    yield from header(sheet_id, groups, left, head)
    yield from data(sheet_id, [column.holds for column in columns], left, range(head + 2, OPEN))
    yield from widths(sheet_id, columns, left)
    yield from _borders(sheet_id, groups, left, head, bottom)


def data(sheet_id: int, kinds: Sequence[Holds], left: int, rows: range) -> Iterator[Json]:
    """The formats of neighbouring columns from `left` on."""
    for holds, start, end in _runs(kinds, left):
        span = Span(rows.start, rows.stop, start, end)
        yield changes.repeat(sheet_id, span, {_FORMAT: _DATA[holds]}, _FORMAT)


def header(sheet_id: int, groups: Sequence[Group], left: int, head: int) -> Iterator[Json]:
    """Merged titles and the fill of both rows."""
    ends = _ends(groups, left)
    for group, end in zip(groups, ends, strict=True):
        yield from _merged(sheet_id, Span(head, head + 1, end - len(group.columns), end))
    yield changes.repeat(sheet_id, Span(head, head + 2, left, ends[-1]), _HEADER, _FORMAT)


def titled(sheet_id: int, left: int, width: int, head: int) -> Iterator[Json]:
    """One group's title and its part of the header."""
    yield from _merged(sheet_id, Span(head, head + 1, left, left + width))
    yield changes.repeat(sheet_id, Span(head, head + 2, left, left + width), _HEADER, _FORMAT)


def moments(sheet_id: int, column: int, top: int, language: str) -> Json:
    """Days and minutes, as the language writes them."""
    pattern = {"type": "DATE_TIME", "pattern": _MOMENT.say(language)}
    look = {_FORMAT: {"horizontalAlignment": "CENTER", "numberFormat": pattern}}
    return changes.repeat(sheet_id, Span(top, OPEN, column, column + 1), look, _FORMAT)


def widths(sheet_id: int, columns: Sequence[Column], left: int = 0) -> Iterator[Json]:
    """Of neighbouring columns from `left` on; none of them hidden."""
    for width, start, end in _runs([column.width for column in columns], left):
        yield changes.resize(sheet_id, "COLUMNS", range(start, end), width, show=True)


def filled(sheet_id: int, header: Span) -> Json:
    """The fill and letters of a header, without a merge."""
    return changes.repeat(sheet_id, header, _HEADER, _FORMAT)


def heights(sheet_id: int, head: int) -> Iterator[Json]:
    """Of the two header rows."""
    for row, pixels in enumerate(HEIGHTS, head):
        yield changes.resize(sheet_id, "ROWS", range(row, row + 1), pixels)


def letters_of(sheet_id: int, row: int, column: int, *, blank: bool) -> Json:
    """A header cell's letters: yellow while the column is blank for a reason."""
    cell = {_FORMAT: {"textFormat": {"foregroundColorStyle": YELLOW if blank else WHITE}}}
    return changes.repeat(sheet_id, Span(row, row + 1, column, column + 1), cell, _LETTERS)


def struck(sheet_id: int, row: int, column: int, note: str | None, *, gone: bool) -> Json:
    """The key of a product that vanished, or came back; `note` as it shall stand."""
    cell: Json = {_FORMAT: {"textFormat": {"strikethrough": gone}}}
    if note:
        cell["note"] = note
    return changes.update_cells(sheet_id, row, column, [[cell]], _STRUCK)


def plain(sheet_id: int, rows: Span) -> Json:
    """Inserted rows inherit formats, but not her colours, strokes and notes."""
    mask = "userEnteredFormat.backgroundColorStyle,userEnteredFormat.textFormat,note"
    return changes.repeat(sheet_id, rows, {_FORMAT: {}}, mask)


def _merged(sheet_id: int, title: Span) -> Iterator[Json]:
    """One cell alone cannot be merged."""
    if title.right - title.left > 1:
        yield changes.merge(sheet_id, title)


def _borders(
    sheet_id: int, groups: Sequence[Group], left: int, head: int, bottom: int
) -> Iterator[Json]:
    """A thin grid; thick lines under the header and to the right of every group."""
    ends = _ends(groups, left)
    grid = {"innerHorizontal": _THIN, "innerVertical": _THIN, "bottom": _THIN}
    yield _lines(sheet_id, Span(head, bottom, left, ends[-1]), grid)
    yield _lines(sheet_id, Span(head + 1, head + 2, left, ends[-1]), {"bottom": _THICK})
    for end in ends:
        yield _lines(sheet_id, Span(head, bottom, end - 1, end), {"right": _THICK})


def _lines(sheet_id: int, span: Span, lines: Json) -> Json:
    return {"updateBorders": {"range": span.on(sheet_id), **lines}}


def _ends(groups: Sequence[Group], left: int) -> list[int]:
    """The column after each group."""
    ends = []
    for group in groups:
        left += len(group.columns)
        ends.append(left)
    return ends


def _runs(traits: Sequence[Trait], left: int) -> Iterator[tuple[Trait, int, int]]:
    """Neighbours that share a trait, with the columns they take."""
    for trait, run in groupby(traits):
        end = left + len(list(run))
        yield trait, left, end
        left = end
