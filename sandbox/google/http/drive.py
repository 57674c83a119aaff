"""The Drive v3 calls that gspread makes: files, copies and shares."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from litestar import Request, Response, Router, route
from litestar.enums import HttpMethod
from litestar.response import Stream

from sandbox.google.drive import Drive
from sandbox.google.errors import DriveRefusal, Json
from sandbox.google.files import ANYONE, File, Permission
from sandbox.google.http.call import Asked, answer, asked

_MIME: Final = "application/vnd.google-apps.spreadsheet"
_KIND: Final = "drive#file"
_WRITERS: Final = ("owner", "writer")


def drive_router(drive: Drive) -> Router:
    """All of /drive/v3/files for one drive."""

    @route(
        ["/drive/v3/files", "/drive/v3/files/{rest:path}"],
        http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE],
        include_in_schema=False,
    )
    async def files(request: Request[Any, Any, Any]) -> Response[Any] | Stream:
        return await answer(drive, await asked(request), "Drive", lambda call: _work(drive, call))

    return Router("/", route_handlers=[files])


def _work(drive: Drive, call: Asked) -> Json | None:
    if not call.caller.may("drive", "drive.file", "drive.readonly", "drive.metadata.readonly"):
        raise DriveRefusal(
            403,
            "insufficientPermissions",
            "Request had insufficient authentication scopes.",
        )
    tail = call.path.partition("/drive/v3/files")[2].rstrip("/")
    for method, shape, handler in _ENDPOINTS:
        found = re.fullmatch(shape, tail)
        if found and method == call.method:
            return handler(drive, call, *(unquote(part) for part in found.groups()))
    raise DriveRefusal(404, "notFound", f"Not found: {call.method} {call.path}")


def _list(drive: Drive, call: Asked) -> Json:
    mine = drive.visible(call.caller.email)
    found = [
        file for file in mine if drive.reachable(file.id, call.caller) and _asked_for(call, file)
    ]
    start, size = int(call.param("pageToken") or 0), int(call.param("pageSize") or 100)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        answer["nextPageToken"] = str(start + size)
    answer["files"] = [_file(file) for file in found[start : start + size]]
    return call.mask.keep(answer)


def _create(drive: Drive, call: Asked) -> Json:
    drive.check_room(call.caller.email)
    body = _body(call)
    name, caller = str(body.get("name") or "Untitled"), call.caller
    file = drive.create(name, caller.email, "en_US", "Etc/GMT", made_by=caller.client)
    return _brief(file)


def _get(drive: Drive, call: Asked, file_id: str) -> Json:
    file = _opened(drive, call, file_id)
    return call.mask.keep(_file(file)) if call.param("fields") else _brief(file)


def _rename(drive: Drive, call: Asked, file_id: str) -> Json:
    file = _opened(drive, call, file_id, *_WRITERS)
    file.book.title = str(_body(call).get("name") or file.book.title)
    return _brief(file)


def _delete(drive: Drive, call: Asked, file_id: str) -> None:
    _opened(drive, call, file_id, "owner")
    drive.delete(file_id)


def _copy(drive: Drive, call: Asked, file_id: str) -> Json:
    source = _opened(drive, call, file_id)
    drive.check_room(call.caller.email)
    name = _body(call).get("name") or f"Copy of {source.book.title}"
    return _brief(drive.copy(source, str(name), call.caller.email))


def _permissions(drive: Drive, call: Asked, file_id: str) -> Json:
    file = _opened(drive, call, file_id, *_WRITERS)
    held = [_permission(one) for one in file.permissions]
    return {"kind": "drive#permissionList", "permissions": held}


def _share(drive: Drive, call: Asked, file_id: str) -> Json:
    file, body = _opened(drive, call, file_id, *_WRITERS), _body(call)
    kind, role = body.get("type"), body.get("role")
    address = str(body.get("emailAddress") or "")
    if kind not in ("user", "group", ANYONE) or role not in ("reader", "commenter", "writer"):
        raise DriveRefusal(400, "invalid", "The permission type or role field is invalid.")
    if kind != ANYONE and "@" not in address:
        raise DriveRefusal(400, "invalidSharingRequest", "The emailAddress field is required.")
    return _permission(file.share(address, role, kind))


def _unshare(drive: Drive, call: Asked, file_id: str, permission_id: str) -> None:
    file = _opened(drive, call, file_id, *_WRITERS)
    held = next((one for one in file.permissions if one.id == permission_id), None)
    if held is None:
        raise DriveRefusal(404, "notFound", f"Permission not found: {permission_id}.")
    if held.role == "owner":
        raise DriveRefusal(403, "insufficientFilePermissions", "The owner cannot be removed.")
    file.unshare(held.email)


def _comments(drive: Drive, call: Asked, file_id: str) -> Json:
    _opened(drive, call, file_id)
    return {"comments": []}


_FILE: Final = r"/([^/]+)"
_ENDPOINTS: Final[list[tuple[str, str, Callable[..., Json | None]]]] = [
    ("GET", r"", _list),
    ("POST", r"", _create),
    ("GET", _FILE, _get),
    ("PATCH", _FILE, _rename),
    ("DELETE", _FILE, _delete),
    ("POST", rf"{_FILE}/copy", _copy),
    ("GET", rf"{_FILE}/permissions", _permissions),
    ("POST", rf"{_FILE}/permissions", _share),
    ("DELETE", rf"{_FILE}/permissions/([^/]+)", _unshare),
    ("GET", rf"{_FILE}/comments", _comments),
]


def _opened(drive: Drive, call: Asked, file_id: str, *roles: str) -> File:
    file = drive.reachable(file_id, call.caller)
    role = file.role(call.caller.email) if file else ""
    if file is None or not role:
        raise DriveRefusal(404, "notFound", f"File not found: {file_id}.")
    if roles and role not in roles:
        words = "The user does not have sufficient permissions for this file."
        raise DriveRefusal(403, "insufficientFilePermissions", words)
    return file


def _asked_for(call: Asked, file: File) -> bool:
    query = call.param("q") or ""
    wanted = re.search(r"name\s*=\s*[\"']((?:\\.|[^\"'\\])*)[\"']", query)
    name = re.sub(r"\\(.)", r"\1", wanted[1]) if wanted else file.book.title
    mime = re.search(r"mimeType\s*=\s*[\"']([^\"']*)[\"']", query)
    return name == file.book.title and (mime is None or mime[1] == _MIME) and "parents" not in query


def _body(call: Asked) -> Json:
    try:
        return msgspec.json.decode(call.body or b"{}", type=Json)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise DriveRefusal(400, "parseError", "Parse Error") from None


def _brief(file: File) -> Json:
    return {"kind": _KIND, "id": file.id, "name": file.book.title, "mimeType": _MIME}


def _file(file: File) -> Json:
    times = {"createdTime": _time(file.created), "modifiedTime": _time(file.modified)}
    owner = {"kind": "drive#user", "emailAddress": file.owner}
    return {**_brief(file), **times, "trashed": False, "owners": [owner]}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _permission(held: Permission) -> Json:
    answer: Json = {"kind": "drive#permission", "id": held.id, "type": held.kind}
    answer["role"] = held.role
    if held.kind != ANYONE:
        answer |= {"emailAddress": held.email, "displayName": held.email.partition("@")[0]}
    return answer
