"""The page of a run: what caused it, what became of it, why it waits, and what may be done."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from markupsafe import Markup

from app.handle import Handle
from app.read_models import Database
from app.runs import words
from app.runs.cause import Cause, because
from app.runs.causes import cause
from app.runs.effect import effect, effects, notices
from app.runs.listed import times
from app.runs.names import names_of, sheet_of
from app.runs.read import LIVE, RunRow, attempts, run_by_id
from app.runs.standing import reasons
from app.runs.timeline import timeline
from app.runs.waiting import Reason, Why
from app.staff import acting, looking
from app.web.console import Visitor, live, page, render
from domain.access import Role, TenantScope
from domain.fact import fact
from domain.run import LOST_AFTER
from domain.run_acts import UnknownRun

HASTENED = (Why.NEIGHBOUR, Why.BACKOFF, Why.UNKNOWN_KIND, Why.LATER)
"""What a person may cut short."""


Left: TypeAlias = Callable[[TenantScope, RunRow, Visitor], Awaitable[Markup | str]]
"""What is left to read of a run that is under way."""


@fact
class Runs:
    """What the pages of runs need of the rest."""

    database: Database
    handle: Handle
    cause: Cause
    left: Left


@page("/runs/{run_id:uuid}")
async def look(
    run_id: FromPath[UUID], visitor: NamedDependency[Visitor], of: NamedDependency[Runs]
) -> str:
    return render("runs/run.html", visitor, **await run_values(of, visitor, run_id))


def followed(of: Runs) -> HTTPRouteHandler:
    """Its stream."""

    async def values(visitor: Visitor, request: Request[Any, Any, Any]) -> Mapping[str, object]:
        return await run_values(of, visitor, request.path_params["run_id"])

    return live("/runs/{run_id:uuid}", "runs/run.html", values)


async def run_values(of: Runs, visitor: Visitor, run_id: UUID) -> Mapping[str, object]:
    """All that the page shows. Raises UnknownRun for one that is not hers to see; the staff's look
    into another company is on its record."""
    run = await _found(of, visitor, run_id)
    scope = (await acting(of.handle, visitor, run.tenant_id)).scope
    tries = (await attempts(of.database, scope, [run]))[run.run_id]
    names = await names_of(of.database, scope, [run])
    reason = (await reasons(of.database, scope, [run], visitor.now)).get(run.run_id)
    return {
        "run": run,
        "left": await of.left(scope, run, visitor) if run.state in LIVE else "",
        "kind": words.kind(run.kind, visitor.language),
        "company": names.get(run.tenant_id, ""),
        "shop": names.get(run.shop_id, "") if run.shop_id else "",
        "sheet": await sheet_of(of.database, scope, run),
        "because": await because(of.cause, scope, run, visitor),
        "args": effects(run.args, visitor.language),
        "moments": timeline(run, tries, visitor),
        "tries": tries[::-1],
        "told": partial(words.told, language=visitor.language),
        "cause_of": partial(cause, language=visitor.language),
        "logs": visitor.staff or visitor.may(Role.ADMIN),
        "offered": {each.path for group in visitor.menu for each in group.entries},
        **_now(run, reason, visitor),
        **_effect(run, visitor),
        **_acts(run, reason, visitor),
    }


def _now(run: RunRow, reason: Reason | None, visitor: Visitor) -> Mapping[str, object]:
    def said(reason: Reason) -> Markup:
        return words.why(reason, visitor.language, times(visitor))

    return {
        "live": run.state in LIVE,
        "why": said(reason) if reason else "",
        "paused": reason is not None and reason.why is Why.HELD,
        "step": words.step(run.progress, visitor.language),
        "share": words.share(run.progress),
        "silent": run.silent_since(visitor.now),
        "lost_after": int(LOST_AFTER.total_seconds()),
        "since": ((run.finished_at or visitor.now) - run.created_at).total_seconds(),
    }


def _effect(run: RunRow, visitor: Visitor) -> Mapping[str, object]:
    return {
        "came": effect(run.result, visitor.language),
        "lines": effects(run.result, visitor.language),
        "notices": notices(run.result, visitor.language),
    }


def _acts(run: RunRow, reason: Reason | None, visitor: Visitor) -> Mapping[str, object]:
    """What she may do with it as it stands."""
    may = visitor.may(Role.MEMBER, run.tenant_id)
    return {
        "cancels": may and run.state in LIVE and run.cancelling is None,
        "retries": may and run.state not in LIVE,
        "hastens": may and reason is not None and reason.why in HASTENED,
    }


async def _found(of: Runs, visitor: Visitor, run_id: UUID) -> RunRow:
    own = await run_by_id(of.database, visitor.scope, run_id)
    if own is None and visitor.staff:
        own = await run_by_id(of.database, await looking(of.handle, visitor), run_id)
    if own is None:
        raise UnknownRun
    return own
