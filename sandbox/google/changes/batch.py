"""A whole batch: every request in order on a copy, then all of it or nothing."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from sandbox.google.changes import cells, grid, looks, rules, tabs, tags
from sandbox.google.changes.change import Change
from sandbox.google.changes.replacing import find_replace
from sandbox.google.errors import Json, Refusal, invalid
from sandbox.google.wire import requests as kinds
from sandbox.google.wire.bodies import Request

_NAMES: Final = {f.name: f.encode_name for f in msgspec.structs.fields(Request)}
_HANDLERS: Final[dict[type, Callable[[Change, Any], Json | None]]] = {
    kinds.AddSheet: tabs.add_sheet,
    kinds.DeleteSheet: tabs.delete_sheet,
    kinds.DuplicateSheet: tabs.duplicate_sheet,
    kinds.UpdateSheetProperties: tabs.update_sheet_properties,
    kinds.UpdateSpreadsheetProperties: tabs.update_spreadsheet_properties,
    kinds.UpdateCells: cells.update_cells,
    kinds.RepeatCell: cells.repeat_cell,
    kinds.AppendCells: cells.append_cells,
    kinds.PasteData: cells.paste_data,
    kinds.MergeCells: looks.merge_cells,
    kinds.UnmergeCells: looks.unmerge_cells,
    kinds.UpdateBorders: looks.update_borders,
    kinds.UpdateDimensionProperties: looks.update_dimension_properties,
    kinds.AutoResizeDimensions: looks.auto_resize_dimensions,
    kinds.InsertDimension: grid.insert_dimension,
    kinds.DeleteDimension: grid.delete_dimension,
    kinds.AppendDimension: grid.append_dimension,
    kinds.MoveDimension: grid.move_dimension,
    kinds.InsertRange: grid.insert_range,
    kinds.DeleteRange: grid.delete_range,
    kinds.SortRange: grid.sort_range,
    kinds.SetBasicFilter: rules.set_basic_filter,
    kinds.ClearBasicFilter: rules.clear_basic_filter,
    kinds.AddProtectedRange: rules.add_protected_range,
    kinds.UpdateProtectedRange: rules.update_protected_range,
    kinds.DeleteProtectedRange: rules.delete_protected_range,
    kinds.AddConditionalFormatRule: rules.add_conditional_format_rule,
    kinds.UpdateConditionalFormatRule: rules.update_conditional_format_rule,
    kinds.DeleteConditionalFormatRule: rules.delete_conditional_format_rule,
    kinds.CreateDeveloperMetadata: tags.create_developer_metadata,
    kinds.UpdateDeveloperMetadata: tags.update_developer_metadata,
    kinds.DeleteDeveloperMetadata: tags.delete_developer_metadata,
    kinds.FindReplace: find_replace,
    kinds.AddNamedRange: rules.add_named_range,
    kinds.DeleteNamedRange: rules.delete_named_range,
}


def carry_out(change: Change, requests: Sequence[Request]) -> list[Json]:
    """The replies of all requests; a refusal names its request and leaves the draft useless."""
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_one(change, at, request) for at, request in enumerate(requests)]


def _one(change: Change, at: int, request: Request) -> Json:
    chosen = {name: part for name in _NAMES if (part := getattr(request, name)) is not None}
    if not chosen:
        raise invalid(f"Invalid requests[{at}]: No request set.")
    if len(chosen) > 1:
        second = _NAMES[[*chosen][1]]
        raise invalid(
            f"Invalid value at 'requests[{at}]' (oneof), oneof field 'kind' is already set. "
            f"Cannot set '{second}'"
        )
    name, part = chosen.popitem()
    try:
        reply = _HANDLERS[type(part)](change, part)
    except Refusal as refusal:
        raise invalid(f"Invalid requests[{at}].{_NAMES[name]}: {refusal}") from None
    return reply or {}
