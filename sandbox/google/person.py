"""A person at her spreadsheet: what she does with mouse and keyboard, for page and tests."""

from sandbox.google.changes.renaming import rename
from sandbox.google.changes.tabs import duplicate_sheet, remove_sheet
from sandbox.google.errors import invalid
from sandbox.google.files import File
from sandbox.google.model import structure
from sandbox.google.model.axis import Axis, Block
from sandbox.google.model.entry import Typing, type_cell
from sandbox.google.model.formats import read, written
from sandbox.google.model.rules import Protection
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.sorting import By, sort
from sandbox.google.model.spans import Span
from sandbox.google.model.values import Effective, Entered
from sandbox.google.reading.shown import shown_text
from sandbox.google.wire.requests import DuplicateSheet


class Tab:
    """The owner's hands on one tab. Rows and columns count from 0. It survives a rename."""

    def __init__(self, file: File, title: str) -> None:
        sheet = file.book.titled(title)
        if sheet is None:
            raise KeyError(title)
        self.file = file
        self.id = sheet.id

    @property
    def sheet(self) -> Sheet:
        return self.file.book.sheet(self.id)

    def value(self, row: int, column: int) -> Effective:
        """What the cell amounts to now."""
        return self.file.seen().value(self.sheet, row, column)

    def text(self, row: int, column: int) -> str:
        """What the cell shows now, in the file's locale."""
        style = read(self.sheet.format(row, column))
        return shown_text(self.value(row, column), style, self.file.book.rules)

    def entered(self, row: int, column: int) -> Entered:
        return self.sheet.cell(row, column)

    def note(self, row: int, column: int) -> str:
        return self.sheet.notes.get((row, column), "")

    def column(self, column: int, first: int = 0) -> list[Effective]:
        """The values of a column from a row down to the last row with values."""
        seen = self.file.seen()
        rows = range(first, self.sheet.used()[0])
        return [seen.value(self.sheet, row, column) for row in rows]

    def edit(self, row: int, column: int, text: str) -> None:
        """Type a text into a cell: numbers, dates and formulas are understood as such."""
        self.sheet.demand(Span(row, row + 1, column, column + 1))
        with_draft = self.file.draft(self.file.owner)
        typing = Typing(with_draft.book, with_draft.book.sheet(self.id), with_draft.moment.year)
        type_cell(typing, row, column, text)
        self.file.adopt(with_draft)

    def annotate(self, row: int, column: int, note: str) -> None:
        """Write, or with an empty text remove, a note."""
        self.sheet.annotate(row, column, note or None)

    def paint(self, span: Span, red: float, green: float, blue: float) -> None:
        """Fill cells with a colour, parts between 0 and 1."""
        color = {"rgbColor": {"red": red, "green": green, "blue": blue}}
        given = written({"backgroundColorStyle": color})
        self.sheet.restyle(span, (("backgroundColorStyle",),), given)

    def sort(self, column: int, *, descending: bool = False, span: Span | None = None) -> None:
        """Sort by a column: all rows below the frozen ones, or only those of the span."""
        draft = self.file.draft(self.file.owner)
        sheet = draft.book.sheet(self.id)
        part = (span or Span(top=sheet.frozen_rows)).within(max(1, len(sheet.rows)), sheet.columns)
        sort(sheet, part, [By(column, descending)], draft.calculation())
        self.file.adopt(draft)

    def insert_rows(self, at: int, count: int = 1) -> None:
        """Rows above `at` that look like the row above them, or below if there is none."""
        self._insert("ROWS", at, count)

    def insert_columns(self, at: int, count: int = 1) -> None:
        self._insert("COLUMNS", at, count)

    def delete_rows(self, at: int, count: int = 1) -> None:
        self._delete(Block("ROWS", at, at + count))

    def delete_columns(self, at: int, count: int = 1) -> None:
        self._delete(Block("COLUMNS", at, at + count))

    def move_column(self, at: int, to: int, count: int = 1) -> None:
        """Move columns before the index `to`, counted before the move."""
        self._move(Block("COLUMNS", at, at + count), to)

    def hide(self, axis: Axis, at: int, count: int = 1, *, hidden: bool = True) -> None:
        """Hide or show rows or columns."""
        sheet = self.sheet
        sheet.sizes[axis] = sheet.sizes[axis].patched(
            at, at + count, lambda size: size._replace(hidden=hidden)
        )

    def resize(self, axis: Axis, at: int, pixels: int) -> None:
        """Set the height of a row or the width of a column."""
        sheet = self.sheet
        sheet.sizes[axis] = sheet.sizes[axis].patched(
            at, at + 1, lambda size: size._replace(pixels=pixels)
        )

    def merge(self, span: Span) -> None:
        self.sheet.merges.append(self.sheet.demand(span))

    def protect(self, span: Span, description: str = "", *editors: str) -> None:
        """Protect cells from everybody but the owner and the editors named."""
        new_id = self.file.book.new_id()
        self.sheet.protections.append(Protection(new_id, span, description, editors=editors))

    def unprotect(self) -> None:
        self.sheet.protections.clear()

    def rename(self, title: str) -> None:
        """Give the tab another title; 400 if it is taken or empty."""
        if not title.strip() or self.file.book.titled(title) not in (None, self.sheet):
            raise invalid(f'The tab cannot be called "{title}": the name is empty or taken.')
        rename(self.file.book, self.sheet, title)

    def duplicate(self, title: str) -> "Tab":
        """A copy of the tab right of it, tags included, as Google makes it."""
        draft = self.file.draft(self.file.owner)
        at = draft.book.sheets.index(draft.book.sheet(self.id)) + 1
        request = DuplicateSheet(
            source_sheet_id=self.id, insert_sheet_index=at, new_sheet_name=title
        )
        duplicate_sheet(draft, request)
        self.file.adopt(draft)
        return Tab(self.file, title)

    def delete(self) -> None:
        """Delete the tab; 400 for the last one."""
        if len(self.file.book.sheets) == 1:
            raise invalid("You can't remove all the sheets in a document.")
        remove_sheet(self.file.book, self.sheet)

    def _insert(self, axis: Axis, at: int, count: int) -> None:
        draft = self.file.draft(self.file.owner)
        sheet = draft.book.sheet(self.id)
        heir = at - 1 if at else 0
        structure.insert(draft.book, sheet, Block(axis, at, at + count), heir)
        self.file.adopt(draft)

    def _delete(self, block: Block) -> None:
        draft = self.file.draft(self.file.owner)
        structure.delete(draft.book, draft.book.sheet(self.id), block)
        self.file.adopt(draft)

    def _move(self, block: Block, to: int) -> None:
        draft = self.file.draft(self.file.owner)
        structure.move(draft.book, draft.book.sheet(self.id), block, to)
        self.file.adopt(draft)
