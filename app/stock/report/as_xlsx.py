"""The report as XLSX (ECMA-376): the tab as it looks, in a file.

The library draws the book; the products are put into its sheet as XML, in the formats of the row of
empty cells that it drew. Cell by cell the library takes five times as long, in a process that
serves pages meanwhile. Text is an inline string, which no program takes for a formula.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter.utility import xl_col_to_name

from app.stock.report.book import LONGEST, TOP, drawn
from domain.errors import Refused
from domain.table.columns import Holds
from domain.table.numbers import Value, tenths
from domain.table.report import Report
from domain.table.text import clean

MOST = 1_048_576 - TOP
"""Products that fit below the header (Microsoft, "Excel specifications and limits")."""

_SHEET = "xl/worksheets/sheet1.xml"
_FAST = 1  # of zlib's levels: a quarter larger than its usual one, in a third of the time
_LONG, _CELL = 2**31, 64
"""Bytes above which a part of the file is declared otherwise, and more than what a number takes."""
# XML 1.0 cannot hold these two. What looks like an escape of Excel's own is escaped by one.
_ILLEGAL = re.compile("[\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class TooLarge(Refused):
    """There are more products than rows in a sheet of this format. Take CSV."""


def ensure_fits(products: int) -> None:
    """Raises TooLarge."""
    if products > MOST:
        raise TooLarge(field="format")


def write(report: Report, file: IO[bytes]) -> None:
    """All of it, some rows at a time. The file stays open."""
    long = len(report.nm_ids) * len(report.columns) * _CELL > _LONG
    with (
        ZipFile(drawn(report)) as book,
        ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_FAST) as made,
    ):
        for part in book.infolist():
            if part.filename != _SHEET:
                made.writestr(part, book.read(part))
                continue
            with made.open(_SHEET, "w", force_zip64=long) as sheet:
                for piece in _filled(report, book.read(part).decode()):
                    sheet.write(piece.encode())


def _filled(report: Report, sheet: str) -> Iterator[str]:
    """The sheet, with all products instead of the row of empty cells."""
    before, pattern, after = re.split(rf'(<row r="{TOP + 1}".*?</row>)', sheet, maxsplit=1)
    styles = re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"/>', pattern)
    last = xl_col_to_name(len(styles) - 1)
    bottom = TOP + len(report.nm_ids)
    yield before.replace(f"A1:{last}{TOP + 1}", f"A1:{last}{bottom}", 1)
    writers = [
        _writer(f'<c r="{xl_col_to_name(n)}%d" s="{style}"', column.holds)
        for n, (style, column) in enumerate(zip(styles, report.columns, strict=True))
    ]
    top = TOP + 1
    for columns in report.slices():
        rows = range(top, top + len(columns[0]))
        cells = [write(rows, values) for write, values in zip(writers, columns, strict=True)]
        for row, line in zip(rows, zip(*cells, strict=True), strict=True):
            yield f'<row r="{row}">{"".join(line)}</row>'
        top = rows.stop
    yield after


_Writer = Callable[[range, Sequence[Value]], list[str]]


def _writer(opening: str, holds: Holds) -> _Writer:
    """Of the cells of a column. `opening`: of the element, with a place for the row's number."""
    blank, number = f"{opening}/>", f"{opening}><v>%s</v></c>"
    if holds is Holds.TEXT:
        number = f'{opening} t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
    inside = _INSIDE[holds]

    def cells(rows: range, values: Sequence[Value]) -> list[str]:
        return [
            blank % row if value is None else number % (row, inside(value))
            for row, value in zip(rows, values, strict=True)
        ]

    return cells


def _xml(value: Value) -> str:
    text = clean(_ILLEGAL.sub("", str(value)), LONGEST)
    return escape(_ESCAPE.sub("_x005F_", text))


def _days(value: Value) -> str:
    assert isinstance(value, int)  # noqa: S101 - for the type checker: whole tenths
    return tenths(value, ".")


_INSIDE: dict[Holds, Callable[[Value], str]] = {
    Holds.TEXT: _xml,
    Holds.KEY: str,
    Holds.PIECES: str,
    Holds.DAYS: _days,
}
