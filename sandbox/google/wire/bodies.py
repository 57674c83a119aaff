"""Whole request bodies, read at the speed of msgspec and refused in Google's words."""

import re
from typing import Any, Literal, TypeVar

import msgspec

from sandbox.google.errors import Refusal, invalid
from sandbox.google.wire import requests as kinds
from sandbox.google.wire.metadata import DataFilter
from sandbox.google.wire.properties import SpreadsheetProperties
from sandbox.google.wire.ranges import Dimension, Wire

Shown = Literal["FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"]
Dates = Literal["SERIAL_NUMBER", "FORMATTED_STRING"]
Input = Literal["RAW", "USER_ENTERED", "INPUT_VALUE_OPTION_UNSPECIFIED"]
T = TypeVar("T")


class Request(Wire):
    """Exactly one of these."""

    add_sheet: kinds.AddSheet | None = None
    delete_sheet: kinds.DeleteSheet | None = None
    duplicate_sheet: kinds.DuplicateSheet | None = None
    update_sheet_properties: kinds.UpdateSheetProperties | None = None
    update_spreadsheet_properties: kinds.UpdateSpreadsheetProperties | None = None
    update_cells: kinds.UpdateCells | None = None
    repeat_cell: kinds.RepeatCell | None = None
    append_cells: kinds.AppendCells | None = None
    paste_data: kinds.PasteData | None = None
    merge_cells: kinds.MergeCells | None = None
    unmerge_cells: kinds.UnmergeCells | None = None
    update_borders: kinds.UpdateBorders | None = None
    update_dimension_properties: kinds.UpdateDimensionProperties | None = None
    insert_dimension: kinds.InsertDimension | None = None
    delete_dimension: kinds.DeleteDimension | None = None
    append_dimension: kinds.AppendDimension | None = None
    move_dimension: kinds.MoveDimension | None = None
    auto_resize_dimensions: kinds.AutoResizeDimensions | None = None
    insert_range: kinds.InsertRange | None = None
    delete_range: kinds.DeleteRange | None = None
    sort_range: kinds.SortRange | None = None
    set_basic_filter: kinds.SetBasicFilter | None = None
    clear_basic_filter: kinds.ClearBasicFilter | None = None
    add_protected_range: kinds.AddProtectedRange | None = None
    update_protected_range: kinds.UpdateProtectedRange | None = None
    delete_protected_range: kinds.DeleteProtectedRange | None = None
    add_conditional_format_rule: kinds.AddConditionalFormatRule | None = None
    update_conditional_format_rule: kinds.UpdateConditionalFormatRule | None = None
    delete_conditional_format_rule: kinds.DeleteConditionalFormatRule | None = None
    create_developer_metadata: kinds.CreateDeveloperMetadata | None = None
    update_developer_metadata: kinds.UpdateDeveloperMetadata | None = None
    delete_developer_metadata: kinds.DeleteDeveloperMetadata | None = None
    find_replace: kinds.FindReplace | None = None
    add_named_range: kinds.AddNamedRange | None = None
    delete_named_range: kinds.DeleteNamedRange | None = None


class BatchUpdate(Wire):
    """The body of spreadsheets.batchUpdate."""

    requests: tuple[Request, ...] = ()
    include_spreadsheet_in_response: bool = False
    response_ranges: tuple[str, ...] = ()
    response_include_grid_data: bool = False


class GetByDataFilter(Wire):
    data_filters: tuple[DataFilter, ...] = ()
    include_grid_data: bool = False
    exclude_tables_in_banded_ranges: bool = False


class SearchMetadata(Wire):
    data_filters: tuple[DataFilter, ...] = ()


class ValueRange(Wire):
    """Values of a range; null leaves a cell alone, an empty text clears it."""

    range: str | None = None
    major_dimension: Dimension = "ROWS"
    values: tuple[list[Any], ...] = ()


class DataFilterValueRange(Wire):
    data_filter: DataFilter
    major_dimension: Dimension = "ROWS"
    values: tuple[list[Any], ...] = ()


class ValuesBatch(Wire):
    """How a batch of values is to be read and answered."""

    value_input_option: Input | None = None
    include_values_in_response: bool = False
    response_value_render_option: Shown = "FORMATTED_VALUE"
    response_date_time_render_option: Dates = "SERIAL_NUMBER"


class BatchUpdateValues(ValuesBatch):
    data: tuple[ValueRange, ...] = ()


class BatchUpdateValuesByDataFilter(ValuesBatch):
    data: tuple[DataFilterValueRange, ...] = ()


class BatchClear(Wire):
    ranges: tuple[str, ...] = ()


class BatchClearByDataFilter(Wire):
    data_filters: tuple[DataFilter, ...] = ()


class BatchGetByDataFilter(Wire):
    data_filters: tuple[DataFilter, ...] = ()
    major_dimension: Dimension = "ROWS"
    value_render_option: Shown = "FORMATTED_VALUE"
    date_time_render_option: Dates = "SERIAL_NUMBER"


class CopyTo(Wire):
    destination_spreadsheet_id: str = ""


class CreateSpreadsheet(Wire):
    properties: SpreadsheetProperties | None = None


def body(raw: bytes, kind: type[T]) -> T:
    """The request body as a type; 400 as Google words it for broken or unknown JSON."""
    try:
        return _decoded(raw or b"{}", kind)
    except msgspec.ValidationError as error:
        raise _refused(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None


def option(value: str | None, kind: Any, default: T) -> T:  # noqa: ANN401 - a Literal is no class
    """A query parameter of an enum; 400 for a value outside it."""
    if value is None:
        return default
    try:
        chosen: T = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _refused(str(error)) from None
    return chosen


def _decoded(raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        if "got `null`" not in str(error):
            raise
    return msgspec.convert(_without_nulls(msgspec.json.decode(raw)), kind)


def _without_nulls(part: Any) -> Any:  # noqa: ANN401 - JSON
    # JSON mapping of protocol buffers: null is an unset field; inside lists it stays a value.
    if isinstance(part, dict):
        return {name: _without_nulls(inner) for name, inner in part.items() if inner is not None}
    return [_without_nulls(inner) for inner in part] if isinstance(part, list) else part


def _refused(message: str) -> Refusal:
    reason, _, place = message.partition(" - at ")
    path = re.sub(r"[A-Z]", lambda m: "_" + m[0].lower(), place.strip("`").removeprefix("$."))
    unknown = re.search(r"unknown field `(.+)`", reason)
    if unknown:
        at = f" at '{path}'" if place else ""
        return invalid(
            f'Invalid JSON payload received. Unknown name "{unknown[1]}"{at}: Cannot find field.'
        )
    return invalid(f"Invalid value at '{path}': {reason}")
