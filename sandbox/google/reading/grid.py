"""GridData: cells and line properties of a range, only the fields the mask names."""

from collections import defaultdict
from collections.abc import Iterator

from sandbox.google.errors import Json
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.masks import Mask
from sandbox.google.model.axis import Axis
from sandbox.google.model.book import Book
from sandbox.google.model.formats import PLAIN, answered, effective, read
from sandbox.google.model.rules import Filter
from sandbox.google.model.sheet import Sheet, Size
from sandbox.google.model.spans import Span
from sandbox.google.model.values import Effective, effective_json, entered_json
from sandbox.google.reading.filtering import hidden_rows
from sandbox.google.reading.shown import shown_text


class GridReader:
    """One tab as GridData for one mask; cells are computed once per reader."""

    def __init__(self, book: Book, sheet: Sheet, seen: Calculation, mask: Mask) -> None:
        self.book = book
        self.sheet = sheet
        self.seen = seen
        self.mask = mask
        self.cells = mask.under("rowData").under("values")
        self.noted = _noted_columns(sheet)
        self.styled = any(
            name in self.cells
            for name in ("userEnteredFormat", "effectiveFormat", "formattedValue")
        )

    def read(self, span: Span) -> Json:
        """The GridData of a span that lies on the grid."""
        answer: Json = {}
        if span.top and "startRow" in self.mask:
            answer["startRow"] = span.top
        if span.left and "startColumn" in self.mask:
            answer["startColumn"] = span.left
        if "rowData" in self.mask and (rows := self._rows(span)):
            answer["rowData"] = rows
        if "rowMetadata" in self.mask:
            answer["rowMetadata"] = self._lines("ROWS", span.top, span.bottom)
        if "columnMetadata" in self.mask:
            answer["columnMetadata"] = self._lines("COLUMNS", span.left, span.right)
        return answer

    def _rows(self, span: Span) -> list[Json]:
        rows = [self._row(row, span) for row in range(span.top, self._last_row(span))]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def _row(self, row: int, span: Span) -> Json:
        if "values" not in self.mask.under("rowData"):
            return {}
        last = self._last_column(row, span)
        values = [self._cell(row, column) for column in range(span.left, last)]
        return {"values": values} if values else {}

    def _cell(self, row: int, column: int) -> Json:
        answer = {name: value for name, value in self._parts(row, column) if value is not None}
        return self.cells.keep(answer) if answer else answer

    def _parts(self, row: int, column: int) -> Iterator[tuple[str, object]]:
        held, cells = self.sheet.cell(row, column), self.cells
        value = self.seen.value(self.sheet, row, column)
        if "userEnteredValue" in cells:
            yield "userEnteredValue", entered_json(held)
        if "effectiveValue" in cells:
            yield "effectiveValue", effective_json(value)
        if self.styled:
            yield from self._style(row, column, value)
        if "note" in cells:
            yield "note", self.sheet.notes.get((row, column))

    def _style(self, row: int, column: int, value: Effective) -> Iterator[tuple[str, object]]:
        look = self.sheet.format(row, column)
        if value is not None and "formattedValue" in self.cells:
            yield "formattedValue", shown_text(value, read(look), self.book.rules)
        if look != PLAIN and "userEnteredFormat" in self.cells:
            yield "userEnteredFormat", answered(look)
        if (look != PLAIN or value is not None) and "effectiveFormat" in self.cells:
            yield "effectiveFormat", effective(look)

    def _last_row(self, span: Span) -> int:
        """Rows without any content at the end are not sent."""
        if self.styled and any(f.values != (PLAIN,) for f in self.sheet.formats):
            return span.bottom
        noted = max((row + 1 for row, _ in self.sheet.notes), default=0)
        return min(span.bottom, max(len(self.sheet.rows), noted))

    def _last_column(self, row: int, span: Span) -> int:
        end = min(span.right, max(len(self.sheet.row(row)), self.noted.get(row, 0)))
        if not self.styled:
            return end
        look = next(
            (c for c in range(span.right - 1, end - 1, -1) if self.sheet.format(row, c) != PLAIN),
            end - 1,
        )
        return max(end, look + 1)

    def _lines(self, axis: Axis, start: int, end: int) -> list[Json]:
        mask = self.mask.under("rowMetadata" if axis == "ROWS" else "columnMetadata")
        tagged = self._tagged(axis) if "developerMetadata" in mask else {}
        filtered = self._filtered() if axis == "ROWS" and "hiddenByFilter" in mask else set()
        sizes = self.sheet.sizes[axis].spread(start, end)
        looks = {size: mask.keep(_line(size)) for size in set(sizes)}
        lines = [looks[size].copy() for size in sizes]
        for at in tagged.keys() & range(start, end):
            lines[at - start]["developerMetadata"] = tagged[at]
        for at in filtered & set(range(start, end)):
            lines[at - start]["hiddenByFilter"] = True
        return lines

    def _tagged(self, axis: Axis) -> dict[int, list[Json]]:
        found: defaultdict[int, list[Json]] = defaultdict(list)
        for tag in self.book.tags_on(axis.removesuffix("S"), self.sheet.id):
            found[tag.at].append(tag.json())
        return found

    def _filtered(self) -> set[int]:
        held: Filter | None = self.sheet.filter
        return hidden_rows(self.sheet, held, self.seen, self.book.rules) if held else set()


def _line(size: Size) -> Json:
    answer: Json = {"hiddenByUser": True} if size.hidden else {}
    return {**answer, "pixelSize": size.pixels}


def _noted_columns(sheet: Sheet) -> dict[int, int]:
    found: dict[int, int] = {}
    for row, column in sheet.notes:
        found[row] = max(found.get(row, 0), column + 1)
    return found
