"""The first page: to the operator who is late and whose move it is, to a seller whether her sheet
is fresh, and if not, when."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from markupsafe import Markup

from app.handle import Handle
from app.read_models import Database
from app.runs.fleet.budgets import Budgets, levels
from app.runs.overview.charts import DAY, HOUR, charts, steps
from app.runs.overview.read import Counts, fleet
from app.runs.overview.shops import MOST_LATE, ShopSeen, all_shops, late_shops
from app.runs.overview.week import weeks
from app.runs.overview.words import (
    MOVERS,
    NEXT_STEP,
    TO_DO,
    TOLD_HER,
    Reddens,
    Told,
    because,
    held,
    told,
)
from app.runs.words import HELD_HER
from app.staff import CONSOLE, everyone, looking
from app.web.console import Visitor, html, live, page, render, see_other
from domain.access import Everyone, Role
from domain.fact import fact
from domain.freshness import Freshness
from domain.lateness import Move, Why, folded
from domain.ports import Opened
from domain.schedule_words import place

MOST_SHOPS = 50
"""Shops of one company that are shown; no plan has so many."""
MOST_LISTED, MOST_ROWS = 25, 25
"""Shops of one incident that are named, and incidents of one mover: the page stays light."""
SHEET = "https://docs.google.com/spreadsheets/d/{}/edit"


Incidents: TypeAlias = Callable[[], Awaitable[Sequence[Opened]]]
"""Who of our neighbours is away, so that the fleet does not call."""


@fact
class Overview:
    """What the page needs of the rest. `reddens`: when a sheet turns red by itself."""

    database: Database
    handle: Handle
    reddens: Reddens
    incidents: Incidents
    budgets: Budgets


@fact
class LateShop:
    """One line of the list, or of an incident's own list. `retries`: she may run it again."""

    shop: ShopSeen
    told: Told
    late: timedelta
    retries: bool


@fact
class Row:
    """Late shops of one incident, those who are late longest by name; `said`: why they are late, in
    words; `untold` of all."""

    why: Why
    said: Markup
    shops: Sequence[LateShop]
    count: int
    untold: int

    @property
    def more(self) -> int:
        """How many of the incident are not named."""
        return self.count - len(self.shops)


@fact
class Movers:
    """All incidents that are one mover's to end; `more` shops are in those that are not shown."""

    rows: Sequence[Row]
    more: int


@page("/overview")
async def look(
    visitor: NamedDependency[Visitor],
    overview: NamedDependency[Overview],
    over: FromQuery[str] = "day",
) -> Response[Any]:
    scope = await looking(overview.handle, visitor)
    if isinstance(scope, Everyone):
        values = await operator_values(overview, visitor, scope, over)
        return html(render("runs/overview.html", visitor, **values))
    values = await seller_values(overview, visitor)
    if not values["shops"] and values["edits"]:
        return see_other("/start")
    return html(render("runs/overview-mine.html", visitor, **values))


async def operator_values(
    overview: Overview, visitor: Visitor, scope: Everyone, over: str
) -> Mapping[str, object]:
    """Of all companies. `over` an hour, or else a day, the charts are drawn."""
    database, now = overview.database, visitor.now
    seen, incidents, budgets = await asyncio.gather(
        fleet(database, scope, now), overview.incidents(), levels(overview.budgets)
    )
    late = await late_shops(database, scope, now, workers=seen.works)
    hour = steps(seen.hour, HOUR, now)
    span = HOUR if over == "hour" else DAY
    shown = hour if span is HOUR else steps(seen.day, DAY, now)
    return {
        "counts": seen.counts,
        "place": place(visitor.zone.key, visitor.language),
        "groups": _by_move(late, visitor, overview.reddens),
        "moves": {move: sum(each.why.move is move for each in late) for move in Move},
        "unseen": _unseen(seen.counts, late),
        "movers": MOVERS,
        "next_step": NEXT_STEP,
        "over": "hour" if span is HOUR else "day",
        "charts": charts(shown, hour, span, visitor),
        "workers": seen.workers,
        "incidents": incidents,
        "budgets": budgets,
    }


async def seller_values(overview: Overview, visitor: Visitor) -> Mapping[str, object]:
    """Of her own company."""
    found = await all_shops(overview.database, visitor.scope, visitor.now, MOST_SHOPS)
    return {
        "place": place(visitor.zone.key, visitor.language),
        "shops": found,
        "late": sum(each.freshness is Freshness.LATE for each in found),
        "stopped": sum(each.stopped is not None for each in found),
        "fresh": sum(each.is_fresh for each in found),
        "days": await weeks(overview.database, visitor, found),
        "held": partial(held, visitor=visitor, said=HELD_HER),
        "to_do": TO_DO,
        "causes": TOLD_HER,
        "link": SHEET,
        "syncs": visitor.may(Role.MEMBER),
        "edits": visitor.may(Role.ADMIN),
    }


def pages(overview: Overview) -> Router:
    """Ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            look,
            live("/overview", "runs/overview.html", partial(_operator, overview), staff=True),
            live("/overview/mine", "runs/overview-mine.html", partial(_seller, overview)),
        ],
        dependencies={"overview": Provide(lambda: overview, sync_to_thread=False)},
    )


async def _operator(
    overview: Overview, visitor: Visitor, request: Request[Any, Any, Any]
) -> Mapping[str, object]:
    scope = await everyone(overview.handle, visitor.asker, visitor.now.date(), CONSOLE)
    return await operator_values(overview, visitor, scope, request.query_params.get("over", "day"))


async def _seller(
    overview: Overview, visitor: Visitor, _: Request[Any, Any, Any]
) -> Mapping[str, object]:
    return await seller_values(overview, visitor)


def _by_move(late: Sequence[ShopSeen], visitor: Visitor, reddens: Reddens) -> Mapping[Move, Movers]:
    """Only of movers who have one."""
    found: dict[Move, list[Row]] = {}
    for group in folded(late):
        row = _row(group, visitor, reddens)
        found.setdefault(row.why.move, []).append(row)
    return {
        move: Movers(rows=rows[:MOST_ROWS], more=sum(row.count for row in rows[MOST_ROWS:]))
        for move, rows in found.items()
    }


def _row(group: Sequence[ShopSeen], visitor: Visitor, reddens: Reddens) -> Row:
    now = visitor.now
    shops = [
        LateShop(
            shop=each,
            told=told(each, now, reddens),
            late=now - each.since,
            retries=each.state == "failed" and visitor.may(Role.MEMBER, each.tenant),
        )
        for each in group
    ]
    return Row(
        why=group[0].why,
        said=because(group, visitor),
        shops=shops[:MOST_LISTED],
        count=len(shops),
        untold=sum(each.told.by == "nothing" for each in shops),
    )


def _unseen(number: Counts, late: Sequence[ShopSeen]) -> int:
    """How many are late beyond those who were looked into."""
    return max(number.late - len(late), 0) if len(late) >= MOST_LATE else 0
