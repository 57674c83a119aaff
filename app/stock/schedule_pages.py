"""Schedules: by when each sheet is promised, what came of the last hour, and a sync right now."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from app.cron import upcoming
from app.graphql.connection import cursor, key_of
from app.handle import Handle
from app.pace import Pace
from app.read_models import Database
from app.staff import acting, looking
from app.stock.planned import Key, Planned, Which, live_run, planned
from app.stock.schedules_shown import NEXT_TIMES
from app.stock.start_words import broken
from app.stock.writers import Writers
from app.web.console import Form, Visitor, action, live, page, render, see_other
from domain import tenant
from domain.access import Everyone, Role
from domain.both import Both
from domain.fact import fact
from domain.ids import id_in
from domain.schedule_words import in_words

PAGE = 25


@fact
class Schedules:
    """What the page needs of the rest."""

    database: Database
    handle: Handle
    writers: Writers
    pace: Pace


@page("/schedules")
async def look(
    visitor: NamedDependency[Visitor],
    schedules: NamedDependency[Schedules],
    show: FromQuery[str] = "all",
    after: FromQuery[str | None] = None,
) -> str:
    values = await schedules_values(schedules, visitor, show, after)
    return render("stock/schedules.html", visitor, **values)


@action("/schedules/{shop_id:uuid}/run", Role.MEMBER, elsewhere=True)
async def run_now(
    shop_id: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    schedules: NamedDependency[Schedules],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Asked twice, it is one run: there the person is led."""
    asker = await acting(schedules.handle, visitor, _company(form, visitor))
    await schedules.pace.ask_for_sync(asker, shop_id)
    run_id = await live_run(schedules.database, asker.scope, shop_id)
    return see_other(f"/runs/{run_id}" if run_id else "/schedules")


async def _followed(
    schedules: Schedules, visitor: Visitor, request: Request[Any, Any, Any]
) -> Mapping[str, object]:
    asked = request.query_params
    return await schedules_values(schedules, visitor, asked.get("show", "all"), asked.get("after"))


async def schedules_values(
    schedules: Schedules, visitor: Visitor, show: str, after: str | None
) -> Mapping[str, object]:
    """All that the page shows. A word that names no kind of schedules shows all."""
    scope = await looking(schedules.handle, visitor)
    which = Which(show) if show in list(Which) else Which.ALL
    last = key_of(after, Key) if after else None
    rows = await planned(schedules.database, scope, which, visitor.now, last, PAGE + 1)
    return {
        "rows": [_shown(row, visitor, schedules.writers.named(row.shop)) for row in rows[:PAGE]],
        "which": which,
        "next": cursor(*rows[PAGE - 1].key) if len(rows) > PAGE else None,
        "begun": after is not None,
        "everyone": isinstance(scope, Everyone),
    }


def pages(schedules: Schedules) -> Router:
    """All of them, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            *(look, run_now),
            live("/schedules", "stock/schedules.html", partial(_followed, schedules)),
        ],
        dependencies={"schedules": Provide(lambda: schedules, sync_to_thread=False)},
    )


def _shown(row: Planned, visitor: Visitor, address: str | Both) -> Mapping[str, object]:
    schedule = row.shop.schedule
    mine = row.shop.tenant_id == visitor.scope.tenant
    return {
        "planned": row,
        "shop": row.shop,
        "words": in_words(schedule, visitor.language),
        "upcoming": upcoming(schedule, visitor.now, NEXT_TIMES),
        "broken": broken(row.shop, visitor, address),
        "runs": visitor.may(Role.MEMBER, row.shop.tenant_id),
        "edits": mine and visitor.may(Role.ADMIN),
    }


def _company(form: Form, visitor: Visitor) -> UUID:
    """Whose shop it is; her own where the form does not say. Raises UnknownTenant."""
    told = form.text("tenant")
    company = id_in(told) if told else visitor.scope.tenant
    if company is None:
        raise tenant.UnknownTenant
    return company
