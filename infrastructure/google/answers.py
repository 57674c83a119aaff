"""The shapes of Google's answers, as far as we ask for them (Sheets v4 discovery document)."""

from typing import Any

import msgspec

from domain.table.numbers import Value


class Answer(msgspec.Struct, rename="camel", gc=False):
    """Unknown fields are ignored, missing ones have the default that Google leaves out."""


class Extended(Answer):
    """ExtendedValue: one of its fields is set."""

    number_value: int | float | None = None
    string_value: str | None = None
    bool_value: bool | None = None
    formula_value: str | None = None


class Cell(Answer):
    """CellData. Of what was entered only a formula is asked for."""

    effective_value: Extended | None = None
    user_entered_value: Extended | None = None
    note: str | None = None

    @property
    def value(self) -> Value:
        """What the cell shows; an error value counts as text of hers."""
        shown = self.effective_value
        if shown is None:
            return None
        if shown.number_value is not None:
            return shown.number_value
        text = shown.string_value if shown.bool_value is None else shown.bool_value
        return "" if text is None else text


class Row(Answer):
    """RowData."""

    values: list[Cell] = []


class Tag(Answer):
    """DeveloperMetadata."""

    metadata_id: int = 0
    metadata_key: str = ""
    metadata_value: str = ""


class Line(Answer):
    """DimensionProperties of a row or a column."""

    developer_metadata: list[Tag] = []
    hidden_by_user: bool = False


class Grid(Answer):
    """GridData: a rectangle that a filter matched."""

    start_row: int = 0
    start_column: int = 0
    row_data: list[Row] = []
    row_metadata: list[Line] = []
    column_metadata: list[Line] = []


class Range(Answer):
    """GridRange: a missing end is open."""

    start_row_index: int = 0
    end_row_index: int | None = None
    start_column_index: int = 0
    end_column_index: int | None = None


class Protection(Answer):
    """ProtectedRange. Without the right to see it the answer leaves `requestingUserCanEdit` out."""

    protected_range_id: int = 0
    range: Range = msgspec.field(default_factory=Range)
    description: str = ""
    warning_only: bool = False
    requesting_user_can_edit: bool = False


class GridProperties(Answer):
    """Size of a tab."""

    row_count: int = 0
    column_count: int = 0


class SheetProperties(Answer):
    """Of a tab."""

    sheet_id: int = 0
    title: str = ""
    grid_properties: GridProperties = msgspec.field(default_factory=GridProperties)


class Sheet(Answer):
    """A tab."""

    properties: SheetProperties = msgspec.field(default_factory=SheetProperties)
    merges: list[Range] = []
    protected_ranges: list[Protection] = []
    conditional_formats: list[dict[str, Any]] = []
    basic_filter: dict[str, Any] | None = None
    developer_metadata: list[Tag] = []
    data: list[Grid] = []


class Properties(Answer):
    """SpreadsheetProperties."""

    title: str = ""
    locale: str = ""
    time_zone: str = ""


class Spreadsheet(Answer):
    """The answer to get, getByDataFilter, and inside that to batchUpdate."""

    spreadsheet_id: str = ""
    properties: Properties = msgspec.field(default_factory=Properties)
    sheets: list[Sheet] = []


class BatchAnswer(Answer):
    """BatchUpdateSpreadsheetResponse."""

    updated_spreadsheet: Spreadsheet | None = None


class Lookup(Answer):
    """DeveloperMetadataLookup as Google repeats it."""

    metadata_value: str = ""


class Filter(Answer):
    """DataFilter as Google repeats it."""

    developer_metadata_lookup: Lookup = msgspec.field(default_factory=Lookup)


class ValueRange(Answer):
    """A matched range; `range` is in A1 notation, `values` by columns."""

    range: str = ""
    values: list[list[Value]] = []


class Matched(Answer):
    """MatchedValueRange."""

    value_range: ValueRange = msgspec.field(default_factory=ValueRange)
    data_filters: list[Filter] = []


class Values(Answer):
    """BatchGetValuesByDataFilterResponse."""

    value_ranges: list[Matched] = []
