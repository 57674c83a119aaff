"""The page over HTTP, under a policy that lets nothing in from elsewhere."""

from hashlib import blake2s
from pathlib import Path
from typing import Annotated, Any, Final

from litestar import MediaType, Request, Response, Router, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect

from sandbox.google.drive import Drive
from sandbox.google.errors import Refusal
from sandbox.google.files import File
from sandbox.google.model.sheet import Sheet
from sandbox.google.page.actions import act, shown_sheet
from sandbox.google.page.frame import files_page, sheet_page
from sandbox.google.page.looks import style_sheet

POLICY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATIC: Final = Path(__file__).parent.parent / "static"
_TYPES: Final = {
    "sheet.css": "text/css; charset=utf-8",
    "sheet.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def page_router(drive: Drive) -> Router:
    """/sheets and everything below it."""

    @get("/", media_type=MediaType.HTML)
    async def listed() -> str:
        return files_page(drive.recent(), drive.locale)

    @post("/")
    async def created(request: Request[Any, Any, Any]) -> Redirect:
        form = await form_of(request)
        title = form.get("title", "").strip() or "Таблица"
        return _see(f"/sheets/{drive.create(title, drive.person, drive.locale).id}")

    @get("/-/{name:str}")
    async def static(name: FromPath[str]) -> Response[bytes]:
        if name not in _TYPES:
            raise NotFoundException
        return Response((_STATIC / name).read_bytes(), media_type=_TYPES[name])

    @get("/{file_id:str}", media_type=MediaType.HTML)
    async def shown(
        file_id: FromPath[str],
        tab: FromQuery[str | None] = None,
        first: Annotated[int, QueryParameter(name="from", ge=0)] = 0,
    ) -> str:
        file = _file(drive, file_id)
        return _page(file, shown_sheet(file, tab), first)

    @get("/{file_id:str}/{tab:int}/look.css", media_type=MediaType.CSS)
    async def look(file_id: FromPath[str], tab: FromPath[int]) -> str:
        return style_sheet(shown_sheet(_file(drive, file_id), str(tab)))

    @post("/{file_id:str}/do", media_type=MediaType.HTML)
    async def done(request: Request[Any, Any, Any], file_id: FromPath[str]) -> Response[Any]:
        file, form = _file(drive, file_id), await form_of(request)
        if form.get("act") == "delete":
            drive.delete(file.id)
            return _see("/sheets")
        try:
            act(file, form)
        except Refusal as refusal:
            page = _page(file, shown_sheet(file, form.get("tab")), _first(form), str(refusal))
            return Response(page, status_code=400, media_type=MediaType.HTML)
        return _see(f"/sheets/{file.id}?tab={form.get('tab', '')}&from={_first(form)}")

    handlers: list[Any] = [listed, created, static, shown, look, done]
    return Router(
        "/sheets",
        route_handlers=handlers,
        include_in_schema=False,
        response_headers=POLICY,
    )


def _file(drive: Drive, file_id: str) -> File:
    file = drive.files.get(file_id)
    if file is None:
        raise NotFoundException(f"There is no spreadsheet {file_id}: it was deleted or never was.")
    return file


def _page(file: File, sheet: Sheet, first: int, trouble: str = "") -> str:
    version = blake2s(style_sheet(sheet).encode(), digest_size=6).hexdigest()
    look = f"/sheets/{file.id}/{sheet.id}/look.css?v={version}"
    return sheet_page(file, sheet, min(first, max(0, sheet.height - 1)), look, trouble)


def _first(form: dict[str, str]) -> int:
    first = form.get("from", "")
    return int(first) if first.isdigit() else 0


async def form_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    # Any page could post to loopback: a browser says itself when a form comes from elsewhere.
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise PermissionDeniedException("Forms are accepted from this page only.")
    data = await request.form()
    return {name: str(value) for name, value in data.items()}


def _see(path: str) -> Redirect:
    return Redirect(path, status_code=303)
