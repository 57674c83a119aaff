"""Places on a grid as the API names them (discovery document of Sheets v4)."""

from typing import Literal, TypeAlias

from msgspec import Struct

from sandbox.google.errors import invalid
from sandbox.google.model.spans import OPEN, Span

Dimension: TypeAlias = Literal["ROWS", "COLUMNS"]


class Wire(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A JSON object of the API: camel case names, no unknown ones."""


class GridRange(Wire):
    """A rectangle; an absent side is open."""

    sheet_id: int = 0
    start_row_index: int | None = None
    end_row_index: int | None = None
    start_column_index: int | None = None
    end_column_index: int | None = None

    def span(self) -> Span:
        """The rectangle; 400 if it is empty or negative."""
        span = Span(
            self.start_row_index or 0,
            OPEN if self.end_row_index is None else self.end_row_index,
            self.start_column_index or 0,
            OPEN if self.end_column_index is None else self.end_column_index,
        )
        if min(span) < 0 or not span.cells():
            raise invalid("Invalid range: the end index must be greater than the start index.")
        return span


class GridCoordinate(Wire):
    """One cell."""

    sheet_id: int = 0
    row_index: int = 0
    column_index: int = 0


class DimensionRange(Wire):
    """Consecutive rows or columns; an absent end is open."""

    dimension: Dimension
    sheet_id: int = 0
    start_index: int = 0
    end_index: int | None = None

    def bounds(self, length: int) -> tuple[int, int]:
        """Start and end on an axis of that length; 400 if empty or beyond it."""
        end = length if self.end_index is None else self.end_index
        if not 0 <= self.start_index < end:
            raise invalid("Invalid range: the end index must be greater than the start index.")
        if end > length:
            raise invalid(
                f"range.endIndex[{end}] is beyond the last "
                f"{self.dimension.lower()[:-1]} [{length}] of the sheet."
            )
        return self.start_index, end
