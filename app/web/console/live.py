"""How the stream of a page is declared: beside the page, with its checks and its values."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from litestar import Request, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from app.web.console.mishaps import LIVE
from app.web.console.parts import Part, named, part
from app.web.console.rendering import fragments
from app.web.console.room import Viewer
from app.web.console.routes import LOOKS, NEEDS, Console, Needs
from app.web.console.stream import Stream, head
from app.web.console.visitor import Visitor
from domain.access import Role
from domain.errors import Unavailable
from domain.fleet import FLEET

Values: TypeAlias = Callable[[Visitor, Request[Any, Any, Any]], Awaitable[Mapping[str, object]]]
"""What a page's template is given."""


def live(
    path: str,
    template: str,
    values: Values,
    least: Role = Role.VIEWER,
    *,
    staff: bool = False,
) -> HTTPRouteHandler:
    """The stream of the page at `path`, under /live, for those who may see the page; `values` gives
    what the page's own handler gives its template.

    All who see a page alike share what is drawn: a live part shows nothing of one person. Tokens of
    forms are each viewer's own.
    """
    needs = {NEEDS: Needs(least=least, staff=staff)}

    @route(f"{LIVE}{path}", http_method=LOOKS, opt=needs, include_in_schema=False)
    async def stream(
        request: Request[Any, Any, Any],
        visitor: NamedDependency[Visitor],
        console: NamedDependency[Console],
    ) -> ASGIApp:
        hub, asks_only = console.hub, request.method == HttpMethod.HEAD

        async def draw() -> Mapping[str, Part]:
            shared = replace(visitor, csrf=hub.blank, now=console.clock())
            drawn = fragments(template, shared, await values(shared, request))
            return {name: part(html, hub.blank) for name, html in drawn.items()}

        # The looks of the staff are on record, also where somebody else's is shared.
        if visitor.staff or asks_only:
            await values(visitor, request)
        if asks_only:
            return head
        viewer = Viewer(person=visitor.scope.person, depends=_depends(visitor), draw=draw)
        key, company = _alike(visitor), None if visitor.staff else visitor.scope.tenant
        return Stream(
            room=await hub.enter(key, company, viewer),
            viewer=viewer,
            leave=partial(hub.leave, key, viewer),
            may_stay=partial(_may_stay, console, request, visitor),
            filled=lambda event: event.replace(hub.blank, visitor.csrf),
            seen=named(request.headers.get("last-event-id", "")),
        )

    return stream


def _alike(visitor: Visitor) -> tuple[object, ...]:
    """Who has this in common sees the same."""
    where = (visitor.back, visitor.language, visitor.zone.key, visitor.theme)
    return *where, visitor.scope.tenant, visitor.scope.role, visitor.staff


def _depends(visitor: Visitor) -> frozenset[UUID]:
    """Herself, her company, and for the staff the fleet: there it stands who belongs to it."""
    scope = visitor.scope
    return frozenset((scope.person, scope.tenant, *([FLEET] if visitor.staff else [])))


async def _may_stay(console: Console, request: Request[Any, Any, Any], visitor: Visitor) -> bool:
    """Is she who she was, and still here? During an outage nothing is shown, so nothing is lost."""
    try:
        async with console.hub.asking:
            signed = await console.identify(request)
    except Unavailable:
        return True
    return signed is not None and (signed.scope, signed.staff) == (visitor.scope, visitor.staff)
