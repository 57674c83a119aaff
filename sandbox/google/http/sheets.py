"""The Sheets v4 endpoints, one small function each."""

import re
from typing import Any, Final
from urllib.parse import unquote

from litestar import Request, Response, Router, route
from litestar.enums import HttpMethod
from litestar.response import Stream

from sandbox.google.accounts import is_service
from sandbox.google.changes.batch import carry_out
from sandbox.google.drive import Drive
from sandbox.google.errors import Json, Refusal, invalid
from sandbox.google.http.call import Asked, answer, asked
from sandbox.google.http.endpoint import Endpoint, Visit, echoed
from sandbox.google.http.values import VALUES
from sandbox.google.reading.filters import area_of, areas, tags_matching
from sandbox.google.reading.properties import sheet_properties
from sandbox.google.reading.selection import check_selection
from sandbox.google.reading.whole import Look, spreadsheet
from sandbox.google.wire import bodies

_WRITING: Final = ("spreadsheets", "drive", "drive.file")
_READING: Final = ("spreadsheets.readonly", "drive.readonly")
# Google sets no limit of its own; this one only keeps the sandbox's memory.
_LARGEST: Final = 200_000_000


def sheets_router(drive: Drive) -> Router:
    """All of /v4/spreadsheets for one drive."""

    @route(
        ["/v4/spreadsheets", "/v4/spreadsheets/{rest:path}"],
        http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT],
        request_max_body_size=_LARGEST,
        include_in_schema=False,
    )
    async def sheets(request: Request[Any, Any, Any]) -> Response[Any] | Stream:
        call = await asked(request)
        endpoint, file_id, name = _endpoint(call)
        return await answer(
            drive, call, endpoint.quota, lambda _: _worked(drive, call, endpoint, (file_id, name))
        )

    return Router("/", route_handlers=[sheets])


def _worked(drive: Drive, call: Asked, endpoint: Endpoint, place: tuple[str, str]) -> Json:
    writing = endpoint.quota == "Write"
    if not call.caller.may(*_WRITING, *(() if writing else _READING)):
        raise Refusal(403, "Request had insufficient authentication scopes.")
    drive.quotas.spend(endpoint.quota, call.caller)
    file_id, name = place
    if endpoint is _CREATE:
        return _created(drive, call)
    file = drive.opened(file_id, call.caller, write=writing)
    return endpoint.handler(Visit(drive, file, call, name))


def _get(visit: Visit) -> Json:
    names = visit.call.params.get("ranges", [])
    wanted = [area_of(visit.file.book, name) for name in names] or None
    # The reference of spreadsheets.get says that a field mask overrules includeGridData.
    masked = visit.call.param("fields") is not None
    cells = masked or visit.call.flag("includeGridData")
    return spreadsheet(visit.file.book, _look(visit, cells=cells), wanted)


def _get_by_filter(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.GetByDataFilter)
    book = visit.file.book
    wanted = [area for one in body.data_filters for area in areas(book, one)]
    cells = body.include_grid_data or visit.call.param("fields") is not None
    return spreadsheet(book, _look(visit, cells=cells), wanted if body.data_filters else None)


def _look(visit: Visit, *, cells: bool) -> Look:
    return Look(visit.who, visit.file.seen(), cells, visit.call.mask)


def _batch_update(visit: Visit) -> Json:
    mask, file = visit.call.mask, visit.file
    check_selection("BatchUpdateSpreadsheetResponse", mask)
    body = bodies.body(visit.call.body, bodies.BatchUpdate)
    draft = file.draft(visit.who)
    replies = carry_out(draft, body.requests)
    ranges = [area_of(draft.book, name) for name in body.response_ranges] or None
    file.adopt(draft)
    kept = mask.keep({"spreadsheetId": file.id, "replies": replies})
    if body.include_spreadsheet_in_response and "updatedSpreadsheet" in mask:
        inner = mask.under("updatedSpreadsheet")
        look = Look(visit.who, file.seen(), body.response_include_grid_data, inner)
        kept["updatedSpreadsheet"] = spreadsheet(file.book, look, ranges)
    return kept


def _search(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.SearchMetadata)
    found: dict[int, Json] = {}
    for wanted in body.data_filters:
        if wanted.developer_metadata_lookup is None:
            raise invalid("The sandbox searches developer metadata by a lookup only.")
        for tag in tags_matching(visit.file.book, wanted.developer_metadata_lookup):
            match = found.setdefault(tag.id, {"developerMetadata": tag.json(), "dataFilters": []})
            match["dataFilters"].append(echoed(wanted))
    return {"matchedDeveloperMetadata": list(found.values())} if found else {}


def _one_tag(visit: Visit) -> Json:
    tag = visit.file.book.tags.get(int(visit.name))
    if tag is None:
        raise Refusal(404)
    return tag.json()


def _copy_to(visit: Visit) -> Json:
    body = bodies.body(visit.call.body, bodies.CopyTo)
    target = visit.drive.opened(body.destination_spreadsheet_id, visit.call.caller, write=True)
    draft = target.draft(visit.who)
    twin = visit.file.book.sheet(int(visit.name)).copy()
    twin.id = draft.book.new_id(lambda at: draft.book.find(at) is not None)
    twin.title = f"Copy of {twin.title}"
    draft.book.check_growth(twin.height, twin.columns)
    draft.book.sheets.append(twin)
    target.adopt(draft)
    return sheet_properties(target.book, twin)


def _created(drive: Drive, call: Asked) -> Json:
    if is_service(call.caller.email):
        raise Refusal(403)
    body = bodies.body(call.body, bodies.CreateSpreadsheet)
    given = body.properties
    title = (given.title if given else None) or "Untitled spreadsheet"
    locale = (given.locale if given else None) or "en_US"
    zone = (given.time_zone if given else None) or "Europe/Moscow"
    file = drive.create(title, call.caller.email, locale, zone, made_by=call.caller.client)
    return spreadsheet(file.book, Look(call.caller.email, file.seen(), cells=False, mask=call.mask))


def _unknown(visit: Visit) -> Json:
    raise Refusal(404, f"No such method: {visit.call.path}")


_CREATE: Final = Endpoint("POST", "", "Write", _unknown)
_UNKNOWN: Final = Endpoint("", "", "Read", _unknown)
_ENDPOINTS: Final = [
    Endpoint("GET", r"", "Read", _get),
    Endpoint("POST", r":getByDataFilter", "Read", _get_by_filter),
    Endpoint("POST", r":batchUpdate", "Write", _batch_update),
    Endpoint("POST", r"/developerMetadata:search", "Read", _search),
    Endpoint("GET", r"/developerMetadata/(?P<name>\d+)", "Read", _one_tag),
    Endpoint("POST", r"/sheets/(?P<name>\d+):copyTo", "Write", _copy_to),
    *VALUES,
]


def _endpoint(call: Asked) -> tuple[Endpoint, str, str]:
    tail = call.path.partition("/v4/spreadsheets")[2].rstrip("/")
    if not tail and call.method == "POST":
        return _CREATE, "", ""
    for endpoint in _ENDPOINTS:
        found = re.fullmatch(rf"/(?P<id>[^/:]+){endpoint.shape}", tail)
        if found and endpoint.method == call.method:
            parts = found.groupdict()
            return endpoint, unquote(parts["id"]), unquote(parts.get("name") or "")
    return _UNKNOWN, "", ""
