"""What the fleet is at: failures by cause, workers, lanes and budgets. Pages of the operator; a
seller finds her own failures and her own lane on the same ones."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from markupsafe import Markup

from app.graphql.connection import cursor, key_of
from app.handle import Handle
from app.read_models import Database
from app.runs import words
from app.runs.causes import cause
from app.runs.fleet import lanes as stored
from app.runs.fleet.budgets import Budgets, levels
from app.runs.fleet.failures import FailureRow, failures
from app.runs.fleet.failures import Key as FailureKey
from app.runs.fleet.lanes import Key as LaneKey
from app.runs.fleet.lanes import LaneRow, LaneState, lanes, reasons_in
from app.runs.fleet.novelties import novelties
from app.runs.fleet.workers import Crew, drain, workers
from app.runs.holds import MOST as MOST_HOLDS
from app.runs.holds import HoldRow, holds
from app.runs.listed import times
from app.runs.waiting import Why
from app.staff import CONSOLE, everyone, looking
from app.web.console import Form, Visitor, action, live, page, render, see_other
from domain.access import Everyone, Role, Scope
from domain.fact import fact
from domain.run import KINDS, LOST_AFTER, SILENT_AFTER

PAGE = 25
SAID_BY_STATE = (Why.LATER, Why.CAP, Why.BEHIND, Why.SOON)
"""Why a lane's first run waits, where its state says as much."""


@fact
class Operate:
    """What the pages need of the rest."""

    database: Database
    handle: Handle
    budgets: Budgets


@page("/failures")
async def look_at_failures(
    visitor: NamedDependency[Visitor],
    operate: NamedDependency[Operate],
    after: FromQuery[str | None] = None,
) -> str:
    return render("runs/failures.html", visitor, **await failures_values(operate, visitor, after))


@page("/workers", staff=True)
async def look_at_workers(
    visitor: NamedDependency[Visitor], operate: NamedDependency[Operate]
) -> str:
    return render("runs/workers.html", visitor, **await workers_values(operate, visitor))


@action("/workers/drain", Role.VIEWER, staff=True)
async def drain_worker(
    visitor: NamedDependency[Visitor],
    operate: NamedDependency[Operate],
    form: NamedDependency[Form],
) -> Response[Any]:
    scope = await _everyone(operate, visitor)
    worker = form.text("worker")
    await drain(operate.database, operate.handle, scope, visitor.asker, worker)
    return see_other("/workers")


@page("/lanes")
async def look_at_lanes(
    visitor: NamedDependency[Visitor],
    operate: NamedDependency[Operate],
    after: FromQuery[str | None] = None,
) -> str:
    return render("runs/lanes.html", visitor, **await lanes_values(operate, visitor, after))


async def _failures(
    operate: Operate, visitor: Visitor, request: Request[Any, Any, Any]
) -> Mapping[str, object]:
    return await failures_values(operate, visitor, request.query_params.get("after"))


async def _workers(
    operate: Operate, visitor: Visitor, _: Request[Any, Any, Any]
) -> Mapping[str, object]:
    return await workers_values(operate, visitor)


async def _lanes(
    operate: Operate, visitor: Visitor, request: Request[Any, Any, Any]
) -> Mapping[str, object]:
    return await lanes_values(operate, visitor, request.query_params.get("after"))


async def failures_values(
    operate: Operate, visitor: Visitor, after: str | None
) -> Mapping[str, object]:
    """All that the page of failures shows."""
    scope = await looking(operate.handle, visitor)
    last = key_of(after, FailureKey) if after else None
    rows = await failures(operate.database, scope, last, PAGE + 1)
    return {
        "rows": rows[:PAGE],
        "next": cursor(*rows[PAGE - 1].key) if len(rows) > PAGE else None,
        "begun": after is not None,
        "called": partial(words.kind, language=visitor.language),
        "headed": partial(_headed, language=visitor.language),
        **_who(visitor, scope),
    }


async def workers_values(operate: Operate, visitor: Visitor) -> Mapping[str, object]:
    """All that the page of workers shows."""
    scope = await _everyone(operate, visitor)
    rows = await workers(operate.database, scope)
    return {
        "rows": [(row, row.state(visitor.now)) for row in rows],
        "silent_after": int(SILENT_AFTER.total_seconds()),
        "lost_after": int(LOST_AFTER.total_seconds()),
        "crew": Crew.of(rows, visitor.now),
    }


async def lanes_values(
    operate: Operate, visitor: Visitor, after: str | None
) -> Mapping[str, object]:
    """All that the page of lanes shows; budgets to the staff, for they are shared by all."""
    scope = await looking(operate.handle, visitor)
    last = key_of(after, LaneKey) if after else None
    rows = await lanes(operate.database, scope, last, PAGE + 1)
    return {
        "rows": await _moving(operate, visitor, scope, rows[:PAGE]),
        "next": cursor(*rows[PAGE - 1].key) if len(rows) > PAGE else None,
        "begun": after is not None,
        "holds": [
            (each, _releases(visitor, each)) for each in await holds(operate.database, scope)
        ],
        "most": stored.MOST_WAITING,
        "most_holds": MOST_HOLDS,
        "kinds": KINDS,
        "called": partial(words.kinds, language=visitor.language),
        **await _shared(operate, visitor, scope),
        **_who(visitor, scope),
    }


def pages(operate: Operate) -> Router:
    """All of them, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            look_at_failures,
            live("/failures", "runs/failures.html", partial(_failures, operate)),
            look_at_workers,
            live("/workers", "runs/workers.html", partial(_workers, operate), staff=True),
            drain_worker,
            look_at_lanes,
            live("/lanes", "runs/lanes.html", partial(_lanes, operate)),
        ],
        dependencies={"operate": Provide(lambda: operate, sync_to_thread=False)},
    )


async def _shared(operate: Operate, visitor: Visitor, scope: Scope) -> Mapping[str, object]:
    """What concerns all companies, for who sees all."""
    if not isinstance(scope, Everyone):
        return {"budgets": (), "novelties": ()}
    return {
        "budgets": await levels(operate.budgets),
        "novelties": await novelties(operate.database, scope, visitor.now),
    }


def _headed(row: FailureRow, language: str) -> str:
    """What failed them, in a few words; one of our code's errors by its name."""
    error = row.error_type or ""
    return cause(error, language) or error or words.kind(row.kind, language)


def _who(visitor: Visitor, scope: Scope) -> Mapping[str, object]:
    return {
        "everyone": isinstance(scope, Everyone),
        "acts": visitor.staff or visitor.may(Role.ADMIN),
    }


def _releases(visitor: Visitor, hold: HoldRow) -> bool:
    return visitor.staff if hold.fleet else visitor.may(Role.ADMIN, hold.tenant_id)


async def _moving(
    operate: Operate, visitor: Visitor, scope: Scope, rows: Sequence[LaneRow]
) -> Sequence[tuple[LaneRow, LaneState, Markup]]:
    """Lanes with their state, and why the first run waits where the state does not say it."""
    waits = await reasons_in(operate.database, scope, rows, visitor.now)

    def why(row: LaneRow) -> Markup:
        reason = waits.get(row.tenant_id)
        if reason is None or reason.why in SAID_BY_STATE:
            return Markup()
        return words.why(reason, visitor.language, times(visitor))

    return [(row, row.state(visitor.now), why(row)) for row in rows]


async def _everyone(operate: Operate, visitor: Visitor) -> Everyone:
    return await everyone(operate.handle, visitor.asker, visitor.now.date(), CONSOLE)
