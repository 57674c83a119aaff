"""One shop and its sheet: what is connected, is it fresh, when is the next time, what ran last."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from app.cron import upcoming
from app.errors import problem_of
from app.stock import terms_form
from app.stock.capability_words import sources
from app.stock.check_page import check
from app.stock.checked import last_check
from app.stock.connect import Connect
from app.stock.explain_page import explain
from app.stock.forecast import Forecast
from app.stock.forecast_words import sentence
from app.stock.freshness import fresh
from app.stock.last_runs import Remarks, last_runs
from app.stock.pages import one_product, scope_of, stock, told
from app.stock.preview import ROWS, preview
from app.stock.products import Wanted, products
from app.stock.read import ShopRow, shop_by_id
from app.stock.report.kept import kept_since
from app.stock.report.taking import Taking
from app.stock.report.wish import wish
from app.stock.start_insight import kind
from app.stock.start_steps import written
from app.stock.writing import LANGUAGE, deadline
from app.web.console import Form, Visitor, action, html, page, render, see_other
from app.web.query import WrongQuery
from domain import arrangement
from domain.access import Role, TenantScope
from domain.doubt import AcceptNumbers, Because, NothingHeldBack
from domain.errors import Invalid
from domain.fact import fact
from domain.schedule_words import in_words, place
from domain.shop import UnknownShop
from domain.snapshot import MOSCOW
from domain.terms import TermsInTab


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


SHOWN = 5
"""Runs, and times of the schedule."""
SOON = timedelta(days=14)
"""How long before its end a token is spoken of."""
WRONG = {"at": _("Write a day such as 2026-11-23.")}
"""What is said of a field that holds something else, where it can be typed."""
WHY = _("Choose why the new numbers are right: taken_away, sold or checked.")
SWITCHED = {"on": True, "off": False}


@fact
class Shops:
    """What the page needs of the rest."""

    connect: Connect
    remarks: Remarks
    take: Taking
    forecast: Forecast


@page("/shops/{shop_id:uuid}")
async def one_shop(
    visitor: NamedDependency[Visitor],
    of: NamedDependency[Shops],
    shop_id: FromPath[UUID],
    tenant: FromQuery[str | None] = None,
) -> str:
    """`tenant`: the company, where the staff looks."""
    values = await shop_values(of, visitor, shop_id, tenant or "")
    return render("stock/shop.html", visitor, **values)


@action("/shops/{shop_id:uuid}/disconnect", Role.ADMIN)
async def disconnect(
    visitor: NamedDependency[Visitor],
    connect: NamedDependency[Connect],
    shop_id: FromPath[UUID],
) -> Response[Any]:
    """The sheet stays as it is, the token is forgotten."""
    await connect.drop(visitor.asker, shop_id)
    return see_other("/stock")


@action("/shops/{shop_id:uuid}/report", Role.VIEWER, elsewhere=True, status_code=HTTPStatus.OK)
async def report(
    visitor: NamedDependency[Visitor],
    of: NamedDependency[Shops],
    form: NamedDependency[Form],
    shop_id: FromPath[UUID],
) -> Stream:
    """The table as a file, as a program gets it over REST."""
    scope = await scope_of(of.connect, visitor, form.text("tenant"))
    told = {each: form.text(each) for each in ("format", "at")}
    try:
        wished = wish(told, visitor.language)
    except WrongQuery as wrong:
        raise WrongQuery(WRONG.get(wrong.field or "", str(wrong)), field=wrong.field) from wrong
    return await of.take(scope, shop_id, wished)


@action("/shops/{shop_id:uuid}/sheet", Role.ADMIN)
async def arrange(
    visitor: NamedDependency[Visitor],
    connect: NamedDependency[Connect],
    form: NamedDependency[Form],
    shop_id: FromPath[UUID],
) -> Response[Any]:
    """What else the sheet shows. A field that the form does not have stays as it is."""
    command: arrangement.Command = arrangement.ArrangeSheet(
        shop_id=shop_id,
        data_tab=SWITCHED.get(form.text("data_tab")),
        replenishment_tab=SWITCHED.get(form.text("replenishment_tab")),
        check_tab=SWITCHED.get(form.text("check_tab")),
        hide_empty=SWITCHED.get(form.text("hide_empty")),
    )
    if form.text("columns"):
        command = arrangement.ReturnColumns(shop_id=shop_id)
    await visitor.asker.tell(connect.handle, command)
    return see_other(f"/shops/{shop_id}#arranged")


@action("/shops/{shop_id:uuid}/terms", Role.ADMIN)
async def restock(
    visitor: NamedDependency[Visitor],
    of: NamedDependency[Shops],
    form: NamedDependency[Form],
    shop_id: FromPath[UUID],
) -> Response[Any]:
    """By which terms she restocks, unless her sheet says them."""
    try:
        wished = terms_form.command(shop_id, form)
        await visitor.asker.tell(of.connect.handle, wished)
    except (Invalid, TermsInTab) as no:
        said = {name: visitor.heard(sentence) for name, sentence in no.problems}
        values = await shop_values(of, visitor, shop_id, "")
        again = {**values, "said": said, "terms": terms_form.as_typed(form)}
        return html(render("stock/shop.html", visitor, **again), problem_of(no).status)
    return see_other(f"/shops/{shop_id}#terms")


@action("/shops/{shop_id:uuid}/accept", Role.ADMIN)
async def accept(
    visitor: NamedDependency[Visitor],
    connect: NamedDependency[Connect],
    form: NamedDependency[Form],
    shop_id: FromPath[UUID],
) -> Response[Any]:
    """New numbers that are held back, and why they are right."""
    try:
        because = Because(form.text("because"))
    except ValueError:
        raise Invalid(WHY, field="because") from None
    command = AcceptNumbers(shop_id=shop_id, because=because)
    with suppress(NothingHeldBack):  # a second press, or they were right again in the meantime
        await visitor.asker.tell(connect.handle, command)
    return see_other(f"/shops/{shop_id}")


def pages(of: Shops) -> Router:
    """Stock, its products and their shops, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            *(stock, one_product, explain, one_shop, check, report),
            *(disconnect, arrange, restock, accept),
        ],
        dependencies={
            "connect": Provide(lambda: of.connect, sync_to_thread=False),
            "of": Provide(lambda: of, sync_to_thread=False),
        },
    )


async def shop_values(
    of: Shops, visitor: Visitor, shop_id: UUID, company: str
) -> Mapping[str, object]:
    """Raises UnknownShop, UnknownTenant."""
    connect = of.connect
    database, scope = connect.database, await scope_of(connect, visitor, company)
    shop = await shop_by_id(database, scope, shop_id)
    if shop is None:
        raise UnknownShop
    seen = await fresh(database, scope, shop_id)
    rows = await products(database, scope, Wanted(shop_id=shop_id), ROWS) if seen else ()
    checked = await last_check(database, scope, shop_id)
    runs = await last_runs(database, scope, shop_id, SHOWN)
    since = await kept_since(database, scope, shop_id) if seen else None
    since = await of.take.reach.since(scope, since)
    ends = shop.token_expires_at
    return {
        **told(connect, visitor, shop, seen, own=scope.tenant == visitor.scope.tenant),
        "company": scope.tenant,
        "terms": terms_form.as_they_are(shop),
        "said": {},
        "kind": kind(shop.token_kind, visitor),
        "ending": ends is not None and ends - visitor.now < SOON,
        "ended": ends is not None and ends <= visitor.now,
        "address": connect.writers.address(shop),
        "checked": checked,
        "kept_since": since,
        "kept_days": [each.astimezone(MOSCOW).date() for each in (since, visitor.now) if each],
        "written": await written(database, scope, shop) if shop.spreadsheet_id else None,
        "zone": place(visitor.zone.key, visitor.language),
        "schedule": in_words(shop.schedule, visitor.language),
        "times": upcoming(shop.schedule, visitor.now, SHOWN - 2),
        "runs": runs,
        "remarks": await of.remarks(scope, runs, visitor),
        "red": seen is not None and deadline(shop.schedule, seen.taken_at) <= visitor.now,
        **await _ahead(of.forecast, scope, shop, visitor),
        "preview": preview(rows, seen.period.days, LANGUAGE) if seen and rows else None,
    }


async def _ahead(
    forecast: Forecast, scope: TenantScope, shop: ShopRow, visitor: Visitor
) -> Mapping[str, object]:
    """What the token opens; what a sync would ask now, and what the next one will."""
    opens = sources(await forecast.capabilities(scope, shop), visitor.language)
    if not shop.spreadsheet_id or shop.token_dead:
        return {"opens": opens, "asks": None, "asks_then": None}
    now, due = await forecast.planned(scope, shop), shop.next_run_at
    then = await forecast.planned(scope, shop, due) if due and due > visitor.now else None
    return {
        "opens": opens,
        "asks": sentence(now, visitor) if now else None,
        "asks_then": sentence(then, visitor) if then else None,
    }
