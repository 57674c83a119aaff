"""How the tab looks. Set when a tab, row or column is made, never again: later it is hers."""

from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from domain.table.columns import Column, Group, Holds
from domain.table.look import (
    BLANK,
    DATE,
    EDGE,
    FILL,
    GRID,
    HEIGHTS,
    HERS,
    LETTERS,
    MOMENT,
    PATTERNS,
    SIZE,
    TALL,
)
from infrastructure.google import changes
from infrastructure.google.spans import OPEN, Json, Span

Trait = TypeVar("Trait", bound=Hashable)
Heads = tuple[int, int]
"""The rows of titles and of captions."""


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
    Holds.SHARE: _number("CENTER", Holds.SHARE),
    Holds.RATE: _number("CENTER", Holds.RATE),
}
_DAYS = {Holds.MOMENT: ("DATE_TIME", MOMENT), Holds.DATE: ("DATE", DATE)}
_HERS = {"backgroundColorStyle": colour(HERS)}


def dress(  # noqa: PLR0913, PLR0917 - of neighbours in one tab
    sheet_id: int, groups: Sequence[Group], left: int, heads: Heads, bottom: int, language: str
) -> Iterator[Json]:
    """Neighbouring groups from column `left` on: their header, and data to `bottom`.

    Everything is set, since inserted columns inherit from hers.
    """
    columns = [column for group in groups for column in group.columns]
    yield from header(sheet_id, groups, left, heads)
    yield from data(sheet_id, columns, left, range(heads[1] + 1, OPEN), language)
    yield from widths(sheet_id, columns, left)
    yield from _borders(sheet_id, groups, left, heads, bottom)


def data(
    sheet_id: int, columns: Sequence[Column], left: int, rows: range, language: str
) -> Iterator[Json]:
    """The formats of neighbouring columns from `left` on."""
    kinds = [(column.holds, column.hers, column.bold) for column in columns]
    for (holds, hers, bold), start, end in _runs(kinds, left):
        look = _look(holds, language) | (_HERS if hers else {})
        look |= {"textFormat": {"bold": True}} if bold else {}
        span = Span(rows.start, rows.stop, start, end)
        yield changes.repeat(sheet_id, span, {_FORMAT: look}, _FORMAT)


def term(holds: Holds, language: str, *, hers: bool) -> Json:
    """A cell above the header."""
    wrapped = {"horizontalAlignment": "CENTER", "wrapStrategy": "WRAP"}
    return _look(holds, language) | wrapped | (_HERS if hers else {})


def handed(sheet_id: int, cells: Span, *, hers: bool) -> Json:
    """The fill of cells that become hers, or ours."""
    cell = {_FORMAT: _HERS if hers else {}}
    return changes.repeat(sheet_id, cells, cell, f"{_FORMAT}.backgroundColorStyle")


def _look(holds: Holds, language: str) -> Json:
    if holds not in _DAYS:
        return dict(_DATA[holds])
    kind, pattern = _DAYS[holds]
    number = {"type": kind, "pattern": pattern.say(language)}
    return {"horizontalAlignment": "CENTER", "numberFormat": number}


def header(sheet_id: int, groups: Sequence[Group], left: int, heads: Heads) -> Iterator[Json]:
    """Merged titles and the fill of both rows."""
    above, below = heads
    ends, right = _ends(groups, left), left
    for group, end in zip(groups, ends, strict=True):
        right = end - len(group.columns) + len(group.titled)
        yield from _merged(sheet_id, Span(above, above + 1, end - len(group.columns), right))
    if below > above + 1:
        if right > left:
            yield filled(sheet_id, Span(above, above + 1, left, right))
        above = below
    yield filled(sheet_id, Span(above, below + 1, left, ends[-1]))


def titled(sheet_id: int, left: int, width: int, row: int, *, merged: bool) -> Iterator[Json]:
    """One group's part of a row of the header."""
    span = Span(row, row + 1, left, left + width)
    if merged:
        yield from _merged(sheet_id, span)
    yield filled(sheet_id, span)


def widths(sheet_id: int, columns: Sequence[Column], left: int = 0) -> Iterator[Json]:
    """Of neighbouring columns from `left` on; none of them hidden."""
    for width, start, end in _runs([column.width for column in columns], left):
        yield changes.resize(sheet_id, "COLUMNS", range(start, end), width, show=True)


def filled(sheet_id: int, header: Span) -> Json:
    """The fill and letters of a header, without a merge."""
    return changes.repeat(sheet_id, header, _HEADER, _FORMAT)


def heights(sheet_id: int, *heads: int, tall: bool) -> Iterator[Json]:
    """Of the two header rows; `tall` where captions are long."""
    for row, pixels in zip(heads, (HEIGHTS[0], TALL) if tall else HEIGHTS, strict=True):
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
    sheet_id: int, groups: Sequence[Group], left: int, heads: Heads, bottom: int
) -> Iterator[Json]:
    """A thin grid; thick lines under the header and to the right of every group."""
    ends, (above, below) = _ends(groups, left), heads
    top = above if below == above + 1 else below
    grid = {"innerHorizontal": _THIN, "innerVertical": _THIN, "bottom": _THIN}
    yield _lines(sheet_id, Span(top, bottom, left, ends[-1]), grid)
    yield _lines(sheet_id, Span(below, below + 1, left, ends[-1]), {"bottom": _THICK})
    for end in ends:
        yield _lines(sheet_id, Span(top, bottom, end - 1, end), {"right": _THICK})


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
