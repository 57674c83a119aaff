"""The spreadsheets.values endpoints."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from sandbox.google.changes.change import Change
from sandbox.google.errors import Json, invalid
from sandbox.google.http.call import Asked
from sandbox.google.http.endpoint import Endpoint, Visit, echoed
from sandbox.google.reading.filters import Area, area_of, areas
from sandbox.google.reading.values import (
    Render,
    append_values,
    clear_values,
    update_values,
    value_range,
)
from sandbox.google.wire import bodies
from sandbox.google.wire.metadata import DataFilter
from sandbox.google.wire.ranges import Dimension

_Written: TypeAlias = list[tuple[Area, tuple[tuple[list[Any], ...], Dimension], Json]]


def _get(visit: Visit) -> Json:
    area = area_of(visit.file.book, visit.name)
    return visit.call.mask.keep(value_range(area, visit.file.seen(), _render(visit.call)))


def _batch_get(visit: Visit) -> Json:
    seen, how = visit.file.seen(), _render(visit.call)
    found = [area_of(visit.file.book, name) for name in visit.call.params.get("ranges", [])]
    answer = {"spreadsheetId": visit.file.id}
    return visit.call.mask.keep(
        {**answer, "valueRanges": [value_range(area, seen, how) for area in found]}
    )


def _batch_get_by_filter(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.BatchGetByDataFilter)
    how = Render(body.value_render_option, body.date_time_render_option, body.major_dimension)
    seen, answer = visit.file.seen(), {"spreadsheetId": visit.file.id}
    matched = [
        {"valueRange": value_range(area, seen, how), "dataFilters": [echoed(wanted)]}
        for wanted in body.data_filters
        for area in areas(visit.file.book, wanted)
    ]
    return visit.call.mask.keep({**answer, "valueRanges": matched} if matched else answer)


def _update(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.ValueRange)
    how = _input(visit.call.param("valueInputOption"))
    draft = visit.file.draft(visit.who)
    area = area_of(draft.book, visit.name)
    answer = update_values(draft, area, (body.values, body.major_dimension), how)
    visit.file.adopt(draft)
    return visit.call.mask.keep({"spreadsheetId": visit.file.id, **answer})


def _append(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.ValueRange)
    how = _input(visit.call.param("valueInputOption"))
    draft = visit.file.draft(visit.who)
    insert_rows = visit.call.param("insertDataOption") == "INSERT_ROWS"
    area = area_of(draft.book, visit.name)
    answer = append_values(draft, area, body.values, how, insert_rows=insert_rows)
    visit.file.adopt(draft)
    return visit.call.mask.keep(answer)


def _clear(visit: Visit) -> Json:
    cleared = _cleared(visit, [visit.name])
    return {"spreadsheetId": visit.file.id, "clearedRange": cleared[0]}


def _batch_clear(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.BatchClear)
    return {"spreadsheetId": visit.file.id, "clearedRanges": _cleared(visit, [*body.ranges])}


def _batch_clear_by_filter(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.BatchClearByDataFilter)
    draft = visit.file.draft(visit.who)
    found = [area for wanted in body.data_filters for area in areas(draft.book, wanted)]
    cleared = [clear_values(draft, area) for area in found]
    visit.file.adopt(draft)
    return {"spreadsheetId": visit.file.id, "clearedRanges": cleared}


def _batch_update(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.BatchUpdateValues)
    draft = visit.file.draft(visit.who)
    named = {"spreadsheetId": visit.file.id}
    written: _Written = [
        (area_of(draft.book, one.range or ""), (one.values, one.major_dimension), named)
        for one in body.data
    ]
    return _batched(visit, draft, body, written)


def _batch_update_by_filter(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.BatchUpdateValuesByDataFilter)
    draft = visit.file.draft(visit.who)
    written = [
        (area, (one.values, one.major_dimension), {"dataFilter": echoed(one.data_filter)})
        for one in body.data
        for area in _one_area(draft, one.data_filter)
    ]
    return _batched(visit, draft, body, written)


def _batched(visit: Visit, draft: Change, body: bodies.ValuesBatch, written: _Written) -> Json:
    how = _input(body.value_input_option)
    responses = [
        {**update_values(draft, area, table, how), **also} for area, table, also in written
    ]
    visit.file.adopt(draft)
    if body.include_values_in_response:
        shown = Render(body.response_value_render_option, body.response_date_time_render_option)
        for (area, _, _), response in zip(written, responses, strict=True):
            response["updatedData"] = value_range(area, visit.file.seen(), shown)
    answer: Json = {"spreadsheetId": visit.file.id, "responses": responses}
    sums = dict(_sums(responses))
    sheets = len({area.sheet.id for area, _, _ in written})
    return visit.call.mask.keep({**answer, **sums, "totalUpdatedSheets": sheets})


def _sums(responses: list[Json]) -> Iterator[tuple[str, int]]:
    for name in ("Rows", "Columns", "Cells"):
        yield f"totalUpdated{name}", sum(one.get(f"updated{name}", 0) for one in responses)


def _cleared(visit: Visit, names: list[str]) -> list[str]:
    draft = visit.file.draft(visit.who)
    cleared = [clear_values(draft, area_of(draft.book, name)) for name in names]
    visit.file.adopt(draft)
    return cleared


def _one_area(draft: Change, wanted: DataFilter) -> list[Area]:
    found = areas(draft.book, wanted)
    if len(found) != 1:
        raise invalid(f"The data filter must match exactly one range, it matched {len(found)}.")
    return found


def _render(call: Asked) -> Render:
    return Render(
        bodies.option(call.param("valueRenderOption"), bodies.Shown, "FORMATTED_VALUE"),
        bodies.option(call.param("dateTimeRenderOption"), bodies.Dates, "SERIAL_NUMBER"),
        bodies.option(call.param("majorDimension"), Dimension, "ROWS"),
    )


def _input(given: str | None) -> bodies.Input:
    chosen: bodies.Input = bodies.option(given, bodies.Input, "INPUT_VALUE_OPTION_UNSPECIFIED")
    if chosen == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise invalid("'valueInputOption' is required but not specified")
    return chosen


_RANGE: Final = r"/values/(?P<name>[^/]+?)"
VALUES: Final = [
    Endpoint("GET", r"/values:batchGet", "Read", _batch_get),
    Endpoint("POST", r"/values:batchGetByDataFilter", "Read", _batch_get_by_filter),
    Endpoint("POST", r"/values:batchUpdate", "Write", _batch_update),
    Endpoint("POST", r"/values:batchUpdateByDataFilter", "Write", _batch_update_by_filter),
    Endpoint("POST", r"/values:batchClear", "Write", _batch_clear),
    Endpoint("POST", r"/values:batchClearByDataFilter", "Write", _batch_clear_by_filter),
    Endpoint("POST", rf"{_RANGE}:append", "Write", _append),
    Endpoint("POST", rf"{_RANGE}:clear", "Write", _clear),
    Endpoint("GET", _RANGE, "Read", _get),
    Endpoint("PUT", _RANGE, "Write", _update),
]
