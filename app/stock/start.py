"""Start: from a token to a filled sheet, in three steps that may be left and taken up again."""

from functools import partial
from typing import Any

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery

from app.stock import start_google, start_writer
from app.stock import start_schedule as plans
from app.stock.connect import Wish
from app.stock.limiting import set_schedule
from app.stock.start_google import told
from app.stock.start_insight import insight
from app.stock.start_shown import Start, again, followed, of, shop_of, shown
from app.stock.start_words import refused
from app.web.console import (
    Form,
    Visitor,
    action,
    html,
    live,
    page,
    render,
    see_other,
    zone_cookie,
)
from domain.access import Role
from domain.errors import Conflict, Outside, Refused
from domain.ids import id_in
from domain.secrecy import Secret

WILDBERRIES = "wildberries"


@page("/start")
async def look(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    shop: FromQuery[str | None] = None,
    google: FromQuery[str | None] = None,
) -> str:
    """`google`: what came of signing in there, a word of `start_google`."""
    return await shown(start, visitor, shop, told(google, visitor))


@action("/start/insight", Role.ADMIN)
async def try_token(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    """While she is still in the field: what the token would be good for."""
    if not form.text("token").strip():
        return html("")
    values: dict[str, object] = {"found": None, "said": ""}
    try:
        account = await start.connect.look(visitor.asker, _wish(form))
        values["found"] = insight(account, visitor, slow=start.slow)
    except (Refused, Outside) as no:
        values["said"] = refused(no, visitor)
    return html(render("stock/insight.html", visitor, **values))


@action("/start/shop", Role.ADMIN)
async def connect_shop(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    try:
        made, account = await start.connect.shop(visitor.asker, _wish(form))
    except (Refused, Outside, Conflict) as no:
        return await again(start, visitor, form, no, "token")
    start.insights.remember(made.token_id, account)
    return see_other(of(made.shop_id))


@action("/start/sheet", Role.ADMIN)
async def connect_sheet(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    try:
        shop_id = shop_of(form)
        await start.connect.spreadsheet(visitor.asker, shop_id, form.text("url"))
    except (Refused, Outside, Conflict) as no:
        return await again(start, visitor, form, no, "url")
    return see_other(of(shop_id))


@action("/start/schedule", Role.ADMIN)
async def plan(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    try:
        shop_id, zone = shop_of(form), form.text("zone")
        wanted = plans.command(shop_id, form.text("hour"), form.text("days"), zone)
        connect = start.connect
        await set_schedule(connect.handle, connect.plans, visitor.asker, wanted, visitor.now)
    except (Refused, Conflict) as no:
        return await again(start, visitor, form, no, "hour")
    return see_other(of(shop_id), [zone_cookie(request, zone)])


@action("/start/sync", Role.MEMBER)
async def sync(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    try:
        shop_id = shop_of(form)
        await start.pace.ask_for_sync(visitor.asker, shop_id)
    except (Refused, Conflict) as no:
        return await again(start, visitor, form, no, "sync")
    return see_other(of(shop_id))


def pages(start: Start) -> Router:
    """All of them, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            *(look, live("/start", "stock/start.html", partial(followed, start))),
            *(try_token, connect_shop, connect_sheet, plan, sync),
            *(*start_google.HANDLERS, *start_writer.HANDLERS),
        ],
        dependencies={"start": Provide(lambda: start, sync_to_thread=False)},
    )


def _wish(form: Form) -> Wish:
    return Wish(
        marketplace=WILDBERRIES,
        token=Secret(form.text("token")),
        shop_id=id_in(form.text("shop")),
    )
