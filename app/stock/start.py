"""Start: from a token to a filled sheet, in three steps that may be left and taken up again."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery

from app.errors import problem_of
from app.stock import start_schedule as plans
from app.stock.connect import Connect, Wish
from app.stock.last_runs import Remarks
from app.stock.read import shops
from app.stock.start_insight import Insights, insight, kind
from app.stock.start_steps import (
    Seen,
    chosen,
    is_going,
    parts,
    percent,
    steps,
    written,
)
from app.stock.start_words import broken, refused
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
from domain import shop
from domain.access import Role, TenantScope
from domain.errors import Conflict, Outside, Refused
from domain.fact import fact
from domain.ids import id_in
from domain.schedule_words import in_words
from domain.secrecy import Secret
from domain.table.link import SHEET

WILDBERRIES = "wildberries"

Newest: TypeAlias = Callable[[TenantScope, UUID], Awaitable[Seen | None]]
"""The newest run of a shop."""


@fact
class Start:
    """What the page needs of the rest. `slow`: Wildberries gives Base tokens little, for the
    operator has no service secret."""

    connect: Connect
    insights: Insights
    newest: Newest
    remarks: Remarks
    slow: bool


@fact
class Trouble:
    """What was refused, beside the field it belongs to; `kept` is shown again, never a token."""

    said: Mapping[str, str]
    status: int
    kept: Mapping[str, str]


@page("/start")
async def look(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    shop: FromQuery[str | None] = None,
) -> str:
    return await _shown(start, visitor, shop)


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
        return await _again(start, visitor, form, no, "token")
    start.insights.remember(made.token_id, account)
    return see_other(_of(made.shop_id))


@action("/start/sheet", Role.ADMIN)
async def connect_sheet(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    try:
        shop_id = _shop_id(form)
        await start.connect.spreadsheet(visitor.asker, shop_id, form.text("url"))
    except (Refused, Outside, Conflict) as no:
        return await _again(start, visitor, form, no, "url")
    return see_other(_of(shop_id))


@action("/start/schedule", Role.ADMIN)
async def plan(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    try:
        shop_id, zone = _shop_id(form), form.text("zone")
        wanted = plans.command(shop_id, form.text("hour"), form.text("days"), zone)
        await visitor.asker.tell(start.connect.handle, wanted)
    except (Refused, Conflict) as no:
        return await _again(start, visitor, form, no, "hour")
    return see_other(_of(shop_id), [zone_cookie(request, zone)])


@action("/start/sync", Role.MEMBER)
async def sync(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    try:
        shop_id = _shop_id(form)
        await visitor.asker.ask_for_sync(start.connect.handle, shop_id)
    except (Refused, Conflict) as no:
        return await _again(start, visitor, form, no, "sync")
    return see_other(_of(shop_id))


def pages(start: Start) -> Router:
    """All of them, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            *(look, live("/start", "stock/start.html", partial(_followed, start))),
            *(try_token, connect_shop, connect_sheet, plan, sync),
        ],
        dependencies={"start": Provide(lambda: start, sync_to_thread=False)},
    )


async def _shown(
    start: Start, visitor: Visitor, wanted: str | None, trouble: Trouble | None = None
) -> str:
    return render("stock/start.html", visitor, **await _values(start, visitor, wanted, trouble))


async def _followed(
    start: Start, visitor: Visitor, request: Request[Any, Any, Any]
) -> Mapping[str, object]:
    return await _values(start, visitor, request.query_params.get("shop"))


async def _values(
    start: Start, visitor: Visitor, wanted: str | None, trouble: Trouble | None = None
) -> Mapping[str, object]:
    database = start.connect.database
    mine = await shops(database, visitor.scope)
    row = chosen(mine, wanted)
    filled = await written(database, visitor.scope, row) if row else None
    run = await start.newest(visitor.scope, row.shop_id) if row and row.spreadsheet_id else None
    account = start.insights.of(row.token_id) if row else None
    found = steps(row, filled)
    going = is_going(run, found)
    return {
        "shops": mine,
        "shop": row,
        "steps": found,
        "run": run,
        "remark": (await start.remarks(visitor.scope, [run], visitor))[run.run_id] if run else "",
        "going": going,
        "follows": going and trouble is None,
        "percent": percent(run) if run else 0,
        "parts": parts(run) if run else (),
        "insight": insight(account, visitor, slow=start.slow) if account else None,
        "kind": kind(row.token_kind, visitor) if row else "",
        "broken": broken(row, visitor, start.connect.sheet.address) if row else "",
        "address": start.connect.sheet.address,
        "link": SHEET.format(row.spreadsheet_id) if row and row.spreadsheet_id else "",
        "ready": plans.ready(row) if row else None,
        "schedule": in_words(row.schedule, visitor.language) if row else "",
        "plans": plans,
        "said": defaultdict(str, trouble.said if trouble else {}),
        "kept": defaultdict(str, trouble.kept if trouble else {}),
        "edits": visitor.may(Role.ADMIN),
        "syncs": visitor.may(Role.MEMBER),
    }


async def _again(
    start: Start, visitor: Visitor, form: Form, no: Refused | Outside | Conflict, field: str
) -> Response[str]:
    """The page with what was wrong. A shop that is not hers is none: that is another page."""
    if isinstance(no, shop.UnknownShop):
        raise no
    named = no.field if isinstance(no, Refused) and no.field else field
    named = field if named == "shopId" else named
    words = refused(no, visitor)
    trouble = Trouble(
        said={named: words},
        status=problem_of(no).status,
        kept={"url": form.text("url")[:2_000]},
    )
    wanted = form.text("shop") or "new"
    return html(await _shown(start, visitor, wanted, trouble), trouble.status)


def _wish(form: Form) -> Wish:
    return Wish(
        marketplace=WILDBERRIES,
        token=Secret(form.text("token")),
        shop_id=id_in(form.text("shop")),
    )


def _shop_id(form: Form) -> UUID:
    """Raises UnknownShop."""
    found = id_in(form.text("shop"))
    if found is None:
        raise shop.UnknownShop
    return found


def _of(shop_id: UUID) -> str:
    return f"/start?shop={shop_id}"
