"""The style sheet, the modules and the icon: read once, compressed once, kept by browsers for ever.

An address carries the hash of what it leads to, so it never has to be asked for again.
"""

import gzip
import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from domain.fact import fact

FOLDER = Path(__file__).parent / "static"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"


@fact
class Asset:
    """One file. `small` is its gzip form; each form has a strong tag of its own (RFC 9110,
    8.8.3.3: other bytes, other tag)."""

    address: str
    kind: str
    plain: bytes
    small: bytes
    tag: str


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    digest = hashlib.sha256(plain).hexdigest()[:16]
    return Asset(
        address=f"/static/{path.stem}.{digest}{path.suffix}",
        kind=KINDS[path.suffix],
        plain=plain,
        small=gzip.compress(plain, 9, mtime=0),
        tag=digest,
    )


ASSETS: Mapping[str, Asset] = {path.name: _read(path) for path in sorted(FOLDER.iterdir())}
_BY_ADDRESS = {each.address: each for each in ASSETS.values()}


def address(name: str) -> str:
    """Where a page finds this file."""
    return ASSETS[name].address


@route(
    "/static/{name:str}",
    http_method=(HttpMethod.GET, HttpMethod.HEAD),
    opt={"public": True},
    include_in_schema=False,
    sync_to_thread=False,
)
def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The file, small if the browser takes it so; an old address is no file any more."""
    found = _BY_ADDRESS.get(f"/static/{name}")
    if found is None:
        raise NotFoundException
    small = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{found.tag}{"-gz" if small else ""}"'
    headers = {"Cache-Control": FOR_EVER, "ETag": tag, "Vary": "Accept-Encoding"}
    headers |= {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if small:
        headers["Content-Encoding"] = "gzip"
    content = found.small if small else found.plain
    return Response(content, media_type=found.kind, headers=headers)
