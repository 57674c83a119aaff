"""How a page is declared, and all that happens before its handler: who comes, may she, did she."""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from string import punctuation
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request, Response, Router, post, route
from litestar.datastructures import Cookie
from litestar.di import Provide
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from markupsafe import Markup

from app.asker import Asker
from app.errors import ForStaff, TooMany, describe
from app.web.console.cookies import language_of, theme_of, zone_of
from app.web.console.forms import LARGEST, SAFE, Form, Tokens, ensure_same_site, form_of
from app.web.console.greeting import Greet
from app.web.console.guards import Guarded
from app.web.console.hub import Hub
from app.web.console.links import local
from app.web.console.menu import menu
from app.web.console.mishaps import HTML, LIVE, asked, mishap, page_of, to_sign_in
from app.web.console.visitor import Identify, Signed, Visitor
from app.web.door import Door, door_of
from domain.access import Role
from domain.errors import Forbidden
from domain.fact import fact
from domain.ports import Clock
from domain.secrecy import Limiter, Secret

log = logging.getLogger(__name__)

NEEDS = "console"
LOOKS = (HttpMethod.GET, HttpMethod.HEAD)
FLEET = "fleet"
"""The field by which any form means all companies."""
CHANGES, BURST = 120, 60
"""Changes of one company: per minute, and at once; the API counts in the same bucket."""


@fact
class Needs:
    """Who may come. Without a role everybody may. `elsewhere`: for those who run the servers the
    role counts in their own company alone."""

    least: Role | None
    staff: bool
    elsewhere: bool = False

    def admits(self, signed: Signed) -> bool:
        """May she come?"""
        if self.staff and not signed.staff:
            return False
        if self.least is None or (self.elsewhere and signed.staff):
            return True
        return signed.scope.may(self.least)


@fact
class Console:
    """What the console needs of the rest. `keep_origin`: of a change that came through a door;
    `banner`: what a company has to hear of on every page, as HTML."""

    identify: Identify
    secret_key: Secret
    clock: Clock
    limiter: Limiter
    keep_origin: Callable[[Asker, Door], Awaitable[None]]
    banner: Callable[[Visitor], Awaitable[Markup]] | None = None
    hub: Hub = field(default_factory=Hub)


def page(
    path: str,
    least: Role | None = Role.VIEWER,
    *,
    staff: bool = False,
    **more: Any,  # noqa: ANN401 - Litestar's
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A page to look at: `@page("/runs") async def runs(visitor: NamedDependency[Visitor]) -> str`.
    Who is not signed in is sent to do so and comes back."""
    needs = {NEEDS: Needs(least=least, staff=staff)}
    shown = {"media_type": HTML, **more}
    return route(path, http_method=LOOKS, opt=needs, include_in_schema=False, **shown)


def action(
    path: str,
    least: Role | None = Role.MEMBER,
    *,
    staff: bool = False,
    elsewhere: bool = False,
    **more: Any,  # noqa: ANN401 - Litestar's
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Where a form is sent to. It has been checked for forgery when the handler begins; that ends
    in `see_other(…)`, or in `html(…)` with what was wrong. `elsewhere`: those who run the servers
    send it for other companies, whatever they are in their own; in whose name it is carried out is
    then for `app.staff.acting` to say, which demands the role where it counts."""
    needs = {NEEDS: Needs(least=least, staff=staff, elsewhere=elsewhere)}
    return post(path, opt=needs, include_in_schema=False, **more)


def html(text: str, status: int = 200, cookies: Sequence[Cookie] = ()) -> Response[str]:
    """A finished page, in answer to a form that could not be used."""
    return Response(text, status_code=status, media_type=HTML, cookies=list(cookies))


def see_other(path: str, cookies: Sequence[Cookie] = ()) -> Response[bytes]:
    """Done: look there, at a path of ours with whatever letters. The browser's button for "again"
    then does nothing twice."""
    headers = {"Location": quote(path, safe=punctuation)}
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers=headers, cookies=list(cookies))


def router(console: Console, pages: Sequence[Router | HTTPRouteHandler]) -> Router:
    """All pages of all features behind the same checks; their handlers may ask for `visitor` and,
    in an action, for `form`."""
    tokens, greet = Tokens(console.secret_key), greeting(console, pages)

    async def enter(request: Request[Any, Any, Any]) -> Response[Any] | None:
        if request.method == HttpMethod.OPTIONS:  # Litestar answers it, by a handler of its own
            return None
        needs: Needs = request.route_handler.opt[NEEDS]
        visitor = replace(await greet(request), least=needs.least or Role.VIEWER)
        request.scope["state"]["visitor"] = visitor
        if request.method not in SAFE:
            await _read(request)
        if needs.least is None:
            return None
        if visitor.signed is None:
            return to_sign_in(request)
        if request.method not in SAFE:
            tokens.ensure(visitor.signed.session, sent(request).text("csrf"))
            await _count(console.limiter, visitor)
        _ensure_admitted(needs, visitor.signed)
        if request.method not in SAFE:
            _ensure_meant(sent(request), visitor)
        return None

    async def leave(request: Request[Any, Any, Any]) -> None:
        if request.method not in SAFE and visitor_of(request).signed is not None:
            await _keep_origin(console, visitor_of(request))

    return Router(
        path="/",
        route_handlers=list(pages),
        before_request=enter,
        after_response=leave,
        middleware=[Guarded()],
        exception_handlers={Exception: mishap(console.clock)},
        dependencies={
            "console": Provide(lambda: console, sync_to_thread=False),
            "visitor": Provide(visitor_of, sync_to_thread=False),
            "form": Provide(sent, sync_to_thread=False),
        },
        request_max_body_size=LARGEST,
        include_in_schema=False,
    )


def visitor_of(request: Request[Any, Any, Any]) -> Visitor:
    """Whom the checks found; the dependency `visitor`."""
    found: Visitor = request.scope["state"]["visitor"]
    return found


def sent(request: Request[Any, Any, Any]) -> Form:
    """What the checks read; the dependency `form`."""
    found: Form = request.scope["state"]["form"]
    return found


def greeting(console: Console, pages: Sequence[Router | HTTPRouteHandler]) -> Greet:
    """Who comes, at any address, and which of the pages she may go to."""
    return partial(_visitor, console, Tokens(console.secret_key), dict(_shown(pages)))


async def _visitor(
    console: Console,
    tokens: Tokens,
    shown: Mapping[str, Needs],
    request: Request[Any, Any, Any],
) -> Visitor:
    signed = await console.identify(request)
    path = page_of(request)
    visitor = Visitor(
        door=door_of(request),
        path=path,
        back=back(request),
        language=language_of(request),
        theme=theme_of(request),
        zone=zone_of(request),
        now=console.clock(),
        signed=signed,
        csrf=tokens.of(signed.session) if signed else "",
        menu=menu(_open_to(signed, shown), path, staff=signed.staff) if signed else (),
    )
    streams = request.scope["path"].startswith(f"{LIVE}/")
    if console.banner is None or signed is None or streams:
        return visitor
    return replace(visitor, banner=await _above(console.banner, visitor))


async def _above(banner: Callable[[Visitor], Awaitable[Markup]], visitor: Visitor) -> Markup:
    """Whatever is wrong with it, the page is shown without."""
    try:
        return await banner(visitor)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page is one without it
        log.warning("request %s: no banner: %s", visitor.door.correlation, describe(error))
        return Markup()


def back(request: Request[Any, Any, Any]) -> str:
    """The address of the page that is looked at: of a form, the one it stands on."""
    if request.method in SAFE:
        return asked(request)
    try:
        at = urlsplit(request.headers.get("referer", "/"))
    except ValueError:
        return "/"
    return local(f"{at.path}?{at.query}" if at.query else at.path)


async def _read(request: Request[Any, Any, Any]) -> None:
    """Raises Forged or NotAForm."""
    ensure_same_site(request)
    request.scope["state"]["form"] = await form_of(request)


def _ensure_admitted(needs: Needs, signed: Signed) -> None:
    """Raises ForStaff, Forbidden."""
    if not needs.admits(signed):
        raise ForStaff if needs.staff and not signed.staff else Forbidden


def _ensure_meant(form: Form, visitor: Visitor) -> None:
    """What a field means in whichever form it stands. Raises WrongField, ForStaff."""
    form.ensure_ids()
    if form.text(FLEET) and not visitor.staff:
        raise ForStaff(field=FLEET)


async def _count(limiter: Limiter, visitor: Visitor) -> None:
    """Raises TooMany."""
    key, minute = f"changes:{visitor.scope.tenant}", timedelta(minutes=1)
    verdict = await limiter.hit(key, CHANGES, minute, burst=BURST)
    if not verdict.allowed:
        raise TooMany(verdict.retry_after)


async def _keep_origin(console: Console, visitor: Visitor) -> None:
    """After the answer: it is not why the change was made."""
    try:
        await console.keep_origin(visitor.asker, visitor.door)
    except Exception as error:  # noqa: BLE001 - whatever it is, the change is made
        log.warning(
            "request %s: its origin is not kept: %s",
            visitor.door.correlation,
            type(error).__name__,
        )


def _shown(pages: Sequence[Router | HTTPRouteHandler]) -> Iterator[tuple[str, Needs]]:
    """Each page to look at, and who may."""
    for each in pages:
        if isinstance(each, Router):
            routes = (route for route in each.routes if isinstance(route, HTTPRoute))
            yield from _shown([handler for route in routes for handler in route.route_handlers])
        elif HttpMethod.GET in each.http_methods:
            yield from ((path, each.opt[NEEDS]) for path in each.paths)


def _open_to(signed: Signed, shown: Mapping[str, Needs]) -> Collection[str]:
    return [path for path, needs in shown.items() if needs.admits(signed)]
