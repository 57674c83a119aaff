"""What went wrong, as a page: in words, with what to do next, and never our insides."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException

from app.errors import TooMany, describe, problem_of
from app.web.console.cookies import language_of, theme_of, zone_of
from app.web.console.forms import SAFE
from app.web.console.guards import guards
from app.web.console.rendering import render
from app.web.console.visitor import Visitor
from app.web.door import REQUEST_ID, door_of
from domain.errors import Unknown
from domain.ports import Clock
from domain.secrecy import NotSignedIn


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


log = logging.getLogger(__name__)

Answer: TypeAlias = Callable[[Request[Any, Any, Any], Exception], Response[Any]]

HTML = "text/html"
API = (
    "/auth/",
    "/graphql",
    "/health",
    "/docs",
    "/audit/export",
    "/audit/seals",
    "/audit/key",
    "/reports/",
    "/webhooks/",
)
"""Addresses of programs: they are answered as programs expect, whatever they accept."""
NOWHERE = _(
    "There is no such page, or it is not yours to see. What you look for may have moved: go to the "
    "start and look from there."
)
UNKNOWN: Mapping[str, str] = {
    "UNKNOWN_RUN": _(
        "There is no such run, or it is not yours to see. The list of runs has all that are."
    ),
    "UNKNOWN_SHOP": _(
        "There is no such shop, or it is not yours to see. Schedules lists all that are."
    ),
    "UNKNOWN_TENANT": _(
        "There is no such company, or it is not yours to see. Look for it in the list that you "
        "came from."
    ),
    "UNKNOWN_WORKER": _(
        "There is no such worker any more: it has ended, or was lost an hour ago. Open Workers "
        "again and choose among those that are there."
    ),
}
"""Of what is not there, by the code of the refusal: its own sentence is for programs."""
TOO_LARGE = _(
    "This form is too large to be read, so nothing was changed. Pick fewer rows at once, or narrow "
    "the list by a search and tick “and all others that match”."
)
BROKEN = 500
LIVE = "/live"
"""Under it stand the streams of pages."""


def mishap(clock: Clock) -> Answer:
    """The console's handler for every exception."""

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        if isinstance(error, NotSignedIn):
            return to_sign_in(request)
        door, problem = door_of(request), problem_of(error)
        if problem.status >= BROKEN:
            log.error("request %s failed: %s", door.correlation, describe(error))
        visitor = _visitor(request, clock)
        page = render(
            "mishap.html",
            visitor,
            status=problem.status,
            words=_words(error, problem.detail, visitor),
            back="" if request.method in SAFE else visitor.back,
            reference=str(door.correlation),
        )
        headers = {REQUEST_ID: str(door.correlation), "Cache-Control": "no-store"}
        headers |= guards(secure=door.secure) | dict(problem.headers or {})
        return Response(page, status_code=problem.status, media_type=HTML, headers=headers)

    return answer


def for_people(pages: Answer, programs: Answer) -> Answer:
    """The application's handler: a person's browser gets a page, any other client its problem."""

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        wants_page = "text/html" in request.headers.get("accept", "")
        path = request.scope["path"]
        return (pages if wants_page and not path.startswith(API) else programs)(request, error)

    return answer


def to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    """And back afterwards, if it was a page that she wanted to see."""
    here = asked(request)
    back = f"?after={quote(here)}" if request.method == "GET" and here != "/" else ""
    headers = {"Location": f"/sign-in{back}", "Cache-Control": "no-store"}
    return Response(b"", status_code=303, headers=headers)


def page_of(request: Request[Any, Any, Any]) -> str:
    """The path of the page that is looked at: of a stream, the one it belongs to."""
    path = request.scope["path"]
    return path.removeprefix(LIVE) if path.startswith(f"{LIVE}/") else path


def asked(request: Request[Any, Any, Any]) -> str:
    """The address within our site, as it stands in a link: whatever the request calls our host."""
    query = request.scope["query_string"].decode("latin-1")
    path = quote(page_of(request))
    return f"{path}?{query}" if query else path


def _words(error: Exception, detail: str, visitor: Visitor) -> str:
    if isinstance(error, TooMany):
        return visitor.say("Too many attempts. Try again in %(n)s seconds.", n=error.retry_after)
    match error:
        case Unknown():
            return visitor.heard(UNKNOWN.get(error.code) or detail)
        case HTTPException(status_code=HTTPStatus.NOT_FOUND):
            return visitor.heard(NOWHERE)
        case HTTPException(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
            return visitor.heard(TOO_LARGE)
    return visitor.heard(" ".join(detail.split()))


def _visitor(request: Request[Any, Any, Any], clock: Clock) -> Visitor:
    """Who she is, if it was found out before something went wrong; else a stranger."""
    known: Visitor | None = request.scope["state"].get("visitor")
    if known is not None:
        return known
    return Visitor(
        door=door_of(request),
        path=request.scope["path"],
        back="/",
        language=language_of(request),
        theme=theme_of(request),
        zone=zone_of(request),
        now=clock(),
    )
