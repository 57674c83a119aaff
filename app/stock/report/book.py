"""The looks of an XLSX, drawn by the library: the header, its notes, and one row of empty cells."""

from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from domain.table.columns import Column, Holds
from domain.table.header import Cell
from domain.table.look import (
    BLANK,
    COVER,
    EDGE,
    FILL,
    GRID,
    HEIGHTS,
    LETTERS,
    LOW,
    PATTERNS,
    SIZE,
    SOON,
    thresholds,
)
from domain.table.report import Report
from domain.table.text import clean

TOP = 2
"""Rows of the header."""
LONGEST = 32_767
"""Characters of a cell, in UTF-16 (Microsoft, "Excel specifications and limits")."""

_BY = "Stock Tracker"
_THIN, _THICK = 1, 5
_NOTE = {"author": _BY, "width": 320, "height": 120}
_CAPTION = {
    "bold": True,
    "font_color": LETTERS,
    "bg_color": FILL,
    "align": "center",
    "valign": "vcenter",
    "text_wrap": True,
}
_AS_TEXT = "@"  # a text that she edits stays one, whatever it begins with

Look = dict[str, Any]


def drawn(report: Report) -> BytesIO:
    """A whole book, as a file."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(made, options)
    created = report.taken_at.replace(tzinfo=None)
    book.set_properties({"author": _BY, "created": created})
    _Drawing(book, report).draw()
    book.close()
    return made


class _Drawing:
    def __init__(self, book: Workbook, report: Report) -> None:
        self._book, self._report = book, report
        self._sheet = book.add_worksheet(_BY)
        self._bottom = TOP + max(len(report.nm_ids), 1) - 1

    def draw(self) -> None:
        for row, pixels in enumerate(HEIGHTS):
            self._sheet.set_row_pixels(row, pixels)
        self._sheet.freeze_panes(TOP, 0)
        left = 0
        for group, cell in self._report.titles():
            right = left + len(group.columns) - 1
            look = self._look(_CAPTION, last=True)
            self._sheet.merge_range(0, left, 0, right, "", look)
            self._write(0, left, cell, look)
            for n, column in enumerate(group.columns, left):
                self._column(n, column, last=n == right)
            left = right + 1
        self._leave_texts()
        tags = [column.tag for column in self._report.columns]
        self._warn(tags.index("cover"), left - 1)

    def _column(self, n: int, column: Column, *, last: bool) -> None:
        cell = self._report.captions[column.tag]
        letters = BLANK if cell.blank else LETTERS
        under = {"bottom": _THICK, "bottom_color": EDGE}
        caption = self._look(_CAPTION | {"font_color": letters} | under, last=last)
        self._write(1, n, cell, caption)
        self._sheet.set_column_pixels(n, n, column.width)
        self._sheet.write_blank(TOP, n, None, self._look(_data(column.holds), last=last))

    def _write(self, row: int, column: int, cell: Cell, look: Format) -> None:
        self._sheet.write_string(row, column, clean(cell.text, LONGEST), look)
        if cell.note:
            self._sheet.write_comment(row, column, clean(cell.note, LONGEST), _NOTE)

    def _look(self, own: Look, *, last: bool) -> Format:
        """In the grid; with a thick line to the right of a group's last column."""
        grid: Look = {
            "font_name": "Arial",
            "font_size": SIZE,
            "border": _THIN,
            "border_color": GRID,
        }
        edge = {"right": _THICK, "right_color": EDGE} if last else {}
        return self._book.add_format(grid | edge | own)

    def _leave_texts(self) -> None:
        """Articles of digits only are meant as text: no green corner on each."""
        texts = sum(column.holds is Holds.TEXT for column in self._report.columns)
        area = xl_range(TOP, 0, self._bottom, texts - 1)
        self._sheet.ignore_errors({"number_stored_as_text": area})

    def _warn(self, left: int, right: int) -> None:
        """Where stock runs out soon, by the rules of the sheet."""
        word, cell = COVER.say(self._report.language), xl_rowcol_to_cell(TOP, left)
        heading = f'LEFT({xl_rowcol_to_cell(1, left, row_abs=True)},{len(word)})="{word}"'
        below = thresholds(self._report.terms)
        for days, colour in zip(below, (LOW, SOON), strict=True):
            rule = {
                "type": "formula",
                "criteria": f"=AND({heading},ISNUMBER({cell}),{cell}<{days})",
                "format": self._book.add_format({"bg_color": colour}),
                "stop_if_true": True,
            }
            self._sheet.conditional_format(TOP, left, self._bottom, right, rule)


def _data(holds: Holds) -> Look:
    if holds is Holds.TEXT:
        return {"align": "left", "num_format": _AS_TEXT}
    align = "left" if holds is Holds.KEY else "center"
    return {"align": align, "num_format": PATTERNS[holds]}
