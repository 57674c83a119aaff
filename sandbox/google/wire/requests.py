"""Every kind of request the sandbox carries out in spreadsheets.batchUpdate."""

from typing import Literal

from msgspec import field

from sandbox.google.wire.cells import CellData, RowData
from sandbox.google.wire.formats import Border
from sandbox.google.wire.metadata import DataFilter, DeveloperMetadata
from sandbox.google.wire.properties import SheetProperties, SpreadsheetProperties
from sandbox.google.wire.ranges import Dimension, DimensionRange, GridCoordinate, GridRange, Wire
from sandbox.google.wire.rules import (
    BasicFilter,
    ConditionalFormatRule,
    DimensionProperties,
    NamedRange,
    ProtectedRange,
    SortSpec,
)

MergeType = Literal["MERGE_ALL", "MERGE_COLUMNS", "MERGE_ROWS"]
PasteType = Literal[
    "PASTE_NORMAL",
    "PASTE_VALUES",
    "PASTE_FORMAT",
    "PASTE_NO_BORDERS",
    "PASTE_FORMULA",
    "PASTE_DATA_VALIDATION",
    "PASTE_CONDITIONAL_FORMATTING",
]


class AddSheet(Wire):
    properties: SheetProperties = field(default_factory=SheetProperties)


class DeleteSheet(Wire):
    sheet_id: int = 0


class DuplicateSheet(Wire):
    source_sheet_id: int = 0
    insert_sheet_index: int = 0
    new_sheet_id: int | None = None
    new_sheet_name: str | None = None


class UpdateSheetProperties(Wire):
    properties: SheetProperties
    fields: str = ""


class UpdateSpreadsheetProperties(Wire):
    properties: SpreadsheetProperties
    fields: str = ""


class UpdateCells(Wire):
    start: GridCoordinate | None = None
    range: GridRange | None = None
    rows: tuple[RowData, ...] = ()
    fields: str = ""


class RepeatCell(Wire):
    range: GridRange
    cell: CellData = field(default_factory=CellData)
    fields: str = ""


class AppendCells(Wire):
    sheet_id: int = 0
    rows: tuple[RowData, ...] = ()
    fields: str = ""


class PasteData(Wire):
    coordinate: GridCoordinate
    data: str = ""
    type: PasteType = "PASTE_NORMAL"
    delimiter: str | None = None
    html: bool | None = None


class MergeCells(Wire):
    range: GridRange
    merge_type: MergeType = "MERGE_ALL"


class UnmergeCells(Wire):
    range: GridRange


class UpdateBorders(Wire):
    range: GridRange
    top: Border | None = None
    bottom: Border | None = None
    left: Border | None = None
    right: Border | None = None
    inner_horizontal: Border | None = None
    inner_vertical: Border | None = None


class UpdateDimensionProperties(Wire):
    range: DimensionRange
    properties: DimensionProperties = field(default_factory=DimensionProperties)
    fields: str = ""


class InsertDimension(Wire):
    range: DimensionRange
    inherit_from_before: bool = False


class DeleteDimension(Wire):
    range: DimensionRange


class AppendDimension(Wire):
    dimension: Dimension
    sheet_id: int = 0
    length: int = 0


class MoveDimension(Wire):
    source: DimensionRange
    destination_index: int = 0


class AutoResizeDimensions(Wire):
    dimensions: DimensionRange


class InsertRange(Wire):
    range: GridRange
    shift_dimension: Dimension


class DeleteRange(Wire):
    range: GridRange
    shift_dimension: Dimension


class SortRange(Wire):
    range: GridRange
    sort_specs: tuple[SortSpec, ...] = ()


class SetBasicFilter(Wire):
    filter: BasicFilter


class ClearBasicFilter(Wire):
    sheet_id: int = 0


class AddProtectedRange(Wire):
    protected_range: ProtectedRange


class UpdateProtectedRange(Wire):
    protected_range: ProtectedRange
    fields: str = ""


class DeleteProtectedRange(Wire):
    protected_range_id: int = 0


class AddConditionalFormatRule(Wire):
    rule: ConditionalFormatRule
    index: int = 0


class UpdateConditionalFormatRule(Wire):
    index: int = 0
    sheet_id: int = 0
    rule: ConditionalFormatRule | None = None
    new_index: int | None = None


class DeleteConditionalFormatRule(Wire):
    index: int = 0
    sheet_id: int = 0


class CreateDeveloperMetadata(Wire):
    developer_metadata: DeveloperMetadata


class UpdateDeveloperMetadata(Wire):
    developer_metadata: DeveloperMetadata
    data_filters: tuple[DataFilter, ...] = ()
    fields: str = ""


class DeleteDeveloperMetadata(Wire):
    data_filter: DataFilter


class FindReplace(Wire):
    find: str = ""
    replacement: str = ""
    match_case: bool = False
    match_entire_cell: bool = False
    search_by_regex: bool = False
    include_formulas: bool = False
    range: GridRange | None = None
    sheet_id: int | None = None
    all_sheets: bool | None = None


class AddNamedRange(Wire):
    named_range: NamedRange


class DeleteNamedRange(Wire):
    named_range_id: str = ""
