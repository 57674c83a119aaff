"""POST /notices/off/{token}: mails are turned off by one click, without signing in (RFC 8058)."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, quote

from litestar import MediaType, Request, Response, Router, get, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from app.notices.choose import Choose
from app.notices.links import Links
from app.web.problem import problems
from domain import tenant
from domain.errors import Unknown
from domain.fact import fact

BIGGEST_BODY = 4 * 1024
DONE = "Done: no such mails any more."


@fact
class Muting:
    """What the handler needs."""

    choose: Choose
    links: Links


class UnknownLink(Unknown):
    """This link is not one of ours, or not whole. Open it again from the mail, or sign in and
    choose what you are told of."""


@get("/off/{token:str}", opt={"scope": "public"}, include_in_schema=False)
async def ask(token: FromPath[str]) -> Response[str]:
    """Looking turns nothing off: programs that scan mails open every link."""
    return _see(f"/notices/stop/{token}")


@post(
    "/off/{token:str}",
    opt={"scope": "public"},
    status_code=HTTPStatus.OK,
    media_type=MediaType.TEXT,
    summary="Turn mails off, by the link in one of them",
    description="As mail programs do it: `List-Unsubscribe=One-Click` in the body turns all "
    "notices of that company off for who got the mail; `only=kind` those of the mail's kind.",
    responses=problems(HTTPStatus.NOT_FOUND),
)
async def mute(
    request: Request[Any, Any, Any], token: FromPath[str], muting: NamedDependency[Muting]
) -> Response[str]:
    off = muting.links.read(token)
    if off is None:
        raise UnknownLink
    sent = parse_qs((await request.body()).decode("ascii", errors="replace"))
    with suppress(tenant.UnknownMember, tenant.UnknownTenant):
        await muting.choose.mute(off, everything=sent.get("only") != ["kind"])
    if "back" in sent:
        return _see(f"/notices/stop/{token}?done=yes")
    return Response(DONE, media_type=MediaType.TEXT)


def _see(path: str) -> Response[str]:
    return Response("", status_code=HTTPStatus.SEE_OTHER, headers={"Location": quote(path, "/?=")})


def router(muting: Muting) -> Router:
    """Ready to be mounted."""
    return Router(
        path="/notices",
        route_handlers=[ask, mute],
        dependencies={"muting": Provide(lambda: muting, sync_to_thread=False)},
        request_max_body_size=BIGGEST_BODY,
        response_headers=[ResponseHeader(name="Cache-Control", value="no-store")],
        tags=["Notices"],
    )
