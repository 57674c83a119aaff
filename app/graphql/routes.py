"""The addresses: POST /graphql for programs, GET /graphql for people, with an explorer of ours.

Strawberry's controller hops threads on each request, keeps a response on the shared object, writes
Russian as escapes and loads its explorer from elsewhere.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
import strawberry
from litestar import Request, Response, Router, get, post
from litestar.exceptions import MethodNotAllowedException, NotFoundException

from app.asker import Asker
from app.graphql.context import Caller, Context, Ports
from app.graphql.handler import Handler, Reply
from app.web.body import WrongMediaType
from app.web.door import door_of
from app.web.languages import preferred
from domain.errors import Invalid

Identify: TypeAlias = Callable[[Request[Any, Any, Any]], Awaitable[Caller]]
"""Who signs this request. Raises NotSignedIn for nobody."""

LARGEST = 64 * 1024
STATIC = Path(__file__).parent / "static"
KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
GUARDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
LEGACY, MODERN = "application/json", "application/graphql-response+json"


def graphql_routes(schema: strawberry.Schema, ports: Ports, identify: Identify) -> Router:
    """POST /graphql, GET /graphql and the explorer's files, ready to be mounted at the root."""
    handler = Handler(schema._schema)  # noqa: SLF001 - Strawberry has no public name for it
    files = {each.name: each.read_bytes() for each in STATIC.iterdir() if each.suffix in KINDS}

    @post("/graphql", status_code=200, request_max_body_size=LARGEST, include_in_schema=False)
    async def carry_out(request: Request[Any, Any, Any]) -> Response[bytes]:
        if request.content_type[0] not in (LEGACY, "application/graphql+json"):
            raise WrongMediaType
        raw = await request.body()
        anonymous = Context(ports=ports, asker=None, language=_language(request))

        async def enter() -> Context:
            return _context(ports, await identify(request), request)

        reply = await handler(raw, enter, anonymous, door_of(request))
        return _response(reply, request)

    @get(["/graphql", "/graphql/{name:str}"], include_in_schema=False)
    async def explorer(request: Request[Any, Any, Any]) -> Response[bytes]:
        name = request.path_params.get("name", "explorer.html")
        if name not in files:
            raise NotFoundException
        if "query" in request.query_params:
            raise MethodNotAllowedException(headers={"Allow": "POST"})
        return Response(files[name], media_type=KINDS[Path(name).suffix], headers=GUARDS)

    return Router("/", route_handlers=[carry_out, explorer], opt={"public": True})


def _context(ports: Ports, caller: Caller, request: Request[Any, Any, Any]) -> Context:
    asker = Asker(scope=caller.scope, origin=caller.origin)
    return Context(ports=ports, asker=asker, language=_language(request), key=_key(request))


def _key(request: Request[Any, Any, Any]) -> UUID | None:
    """The same change with the same key again is carried out once."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    try:
        return UUID(key.strip().strip('"'))
    except ValueError as wrong:
        message = "The header Idempotency-Key must be a UUID, new for each change."
        raise Invalid(message, field="Idempotency-Key") from wrong


def _language(request: Request[Any, Any, Any]) -> str:
    return preferred(request.headers.get("accept-language", ""))


def _response(reply: Reply, request: Request[Any, Any, Any]) -> Response[bytes]:
    """The media type of GraphQL over HTTP for those who name it, plain JSON for all others."""
    media_type = MODERN if MODERN in request.headers.get("accept", "") else LEGACY
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if reply.status == 401:  # noqa: PLR2004 - Unauthorized
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(reply.body),
        status_code=reply.status,
        media_type=f"{media_type}; charset=utf-8",
        headers=headers,
    )
