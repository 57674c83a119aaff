"""One tab: its rows, formats, notes and everything else that stands on its grid."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sandbox.google.errors import Json, invalid
from sandbox.google.model.axis import Axis
from sandbox.google.model.formats import PLAIN, Format, Path, restyled
from sandbox.google.model.rules import Filter, Protection, Rule
from sandbox.google.model.runs import Runs
from sandbox.google.model.spans import OPEN, Span, a1
from sandbox.google.model.values import Entered, Formula, Row

# "Files you can store in Google Drive" (Drive help): 18,278 columns a tab.
WIDEST: Final = 18_278


class Size(NamedTuple):
    """Height of a row or width of a column in pixels, and whether somebody hid it."""

    pixels: int
    hidden: bool = False


DEFAULT_SIZE: Final[dict[Axis, Size]] = {"ROWS": Size(21), "COLUMNS": Size(100)}


class Sheet:
    """A grid of cells. Rows are tuples, shared between copies; blank tails are not stored."""

    __slots__ = (
        "columns",
        "filter",
        "formats",
        "formula_rows",
        "frozen_columns",
        "frozen_rows",
        "gridlines_hidden",
        "height",
        "hidden",
        "id",
        "merges",
        "notes",
        "protections",
        "rows",
        "rules",
        "sizes",
        "tab_color",
        "title",
    )

    def __init__(self, sheet_id: int, title: str, height: int = 1000, columns: int = 26) -> None:
        self.id = sheet_id
        self.title = title
        self.hidden = False
        self.height = height
        self.columns = columns
        self.frozen_rows = 0
        self.frozen_columns = 0
        self.gridlines_hidden = False
        self.tab_color: Json | None = None
        self.rows: list[Row] = []
        self.formula_rows: set[int] = set()
        self.formats: list[Runs[Format]] = [Runs([(height, PLAIN)])] * columns
        self.sizes: dict[Axis, Runs[Size]] = {
            "ROWS": Runs([(height, DEFAULT_SIZE["ROWS"])]),
            "COLUMNS": Runs([(columns, DEFAULT_SIZE["COLUMNS"])]),
        }
        self.notes: dict[tuple[int, int], str] = {}
        self.merges: list[Span] = []
        self.protections: list[Protection] = []
        self.rules: list[Rule] = []
        self.filter: Filter | None = None

    def copy(self) -> "Sheet":
        """An independent tab that shares rows and runs, which never change in place."""
        twin = Sheet.__new__(Sheet)
        for name in Sheet.__slots__:
            value = getattr(self, name)
            fresh = value.copy() if isinstance(value, list | dict | set) else value
            setattr(twin, name, fresh)
        return twin

    @property
    def whole(self) -> Span:
        return Span(0, self.height, 0, self.columns)

    @property
    def cells(self) -> int:
        return self.height * self.columns

    def length(self, axis: Axis) -> int:
        return self.height if axis == "ROWS" else self.columns

    def row(self, at: int) -> Row:
        return self.rows[at] if at < len(self.rows) else ()

    def cell(self, row: int, column: int) -> Entered:
        values = self.row(row)
        return values[column] if column < len(values) else None

    def put_row(self, at: int, values: Sequence[Entered]) -> None:
        """Replace a whole row; blanks at its end are dropped."""
        end = len(values)
        while end and values[end - 1] is None:
            end -= 1
        if end and at >= len(self.rows):
            self.rows.extend([()] * (at + 1 - len(self.rows)))
        if at < len(self.rows):
            self.rows[at] = tuple(values[:end])
        self._remember_formulas(at, values)

    def write(self, row: int, column: int, values: Sequence[Entered]) -> None:
        """Put values side by side into one row, from the column on."""
        old = self.row(row)
        head = old[:column] + (None,) * (column - len(old))
        self.put_row(row, (*head, *values, *old[column + len(values) :]))

    def put(self, row: int, column: int, value: Entered) -> None:
        self.write(row, column, (value,))

    def annotate(self, row: int, column: int, note: str | None) -> None:
        if note:
            self.notes[row, column] = note
        else:
            self.notes.pop((row, column), None)

    def format(self, row: int, column: int) -> Format:
        return self.formats[column].at(row)

    def restyle(self, span: Span, paths: tuple[Path, ...], given: Format) -> None:
        """Give every cell of the span the named parts of a format."""
        for column in range(span.left, min(span.right, self.columns)):
            self.formats[column] = self.formats[column].patched(
                span.top, min(span.bottom, self.height), lambda old: restyled(old, paths, given)
            )

    def demand(self, span: Span) -> Span:
        """The span cut to the grid where it is open; 400 where it is bounded beyond it."""
        inside = span.within(self.height, self.columns)
        beyond = span.top >= self.height or span.left >= self.columns
        if beyond or inside.cells() == 0 or not _fits(span, self):
            raise invalid(
                f"Range ({a1(span, self.title)}) exceeds grid limits. "
                f"Max rows: {self.height}, max columns: {self.columns}"
            )
        return inside

    def used(self) -> tuple[int, int]:
        """How many rows and columns hold values."""
        height = len(self.rows)
        while height and not self.rows[height - 1]:
            height -= 1
        return height, max(map(len, self.rows), default=0)

    def _remember_formulas(self, at: int, values: Sequence[Entered]) -> None:
        if Formula in map(type, values):
            self.formula_rows.add(at)
        else:
            self.formula_rows.discard(at)


def _fits(span: Span, sheet: Sheet) -> bool:
    rows = span.bottom <= sheet.height or span.bottom >= OPEN
    return rows and (span.right <= sheet.columns or span.right >= OPEN)
