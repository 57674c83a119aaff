"""The list of runs: found by typed qualifiers, a page at a time, picked and acted on together."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery

from app.runs import run_page
from app.runs.listed import address, listed, tabs
from app.runs.run_page import Runs
from app.runs.search import LONGEST, NotASearch, Search, parse
from app.runs.search.found import COUNTED, Wanted, counts, runs
from app.runs.search.meant import wanted_of
from app.staff import looking
from app.web.console import Visitor, html, live, page, render
from domain.access import Role, Scope
from domain.fact import fact
from domain.ids import id_in
from domain.schedule_words import place

SIZE = 50


@fact
class Asked:
    """What was typed, and what it means; or what is wrong with it, and then nothing is found."""

    search: Search
    wanted: Wanted
    wrong: str = ""


@page("/runs")
async def look(
    visitor: NamedDependency[Visitor],
    of: NamedDependency[Runs],
    q: FromQuery[str] = "",
    before: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    values = await runs_values(of, visitor, q, before, after)
    return html(render("runs/runs.html", visitor, **values), 422 if values["wrong"] else 200)


async def runs_values(
    of: Runs, visitor: Visitor, q: str = "", before: str = "", after: str = ""
) -> Mapping[str, object]:
    """All that the page shows. Where a search is wrong, the tabs count as if nothing were typed."""
    scope = await looking(of.handle, visitor)
    asked = await _asked(of, scope, visitor, q)
    at = replace(asked.wanted, before=id_in(before), after=id_in(after))
    found = [] if asked.wrong else await runs(of.database, scope, at, SIZE + 1)
    more, found = len(found) > SIZE, found[-SIZE:] if at.after else found[:SIZE]
    any_state = ["failed"] if asked.search.errors else []
    counted = await counts(of.database, scope, replace(asked.wanted, states=any_state), COUNTED)
    said = str(asked.search)
    newer = found and (more if at.after else at.before)
    older = found and (more or at.after)
    return {
        "q": q[:LONGEST] if asked.wrong else said,
        "wrong": asked.wrong,
        "said": said,
        "zone": place(visitor.zone.key, visitor.language),
        "rows": await listed(of.database, scope, found, visitor),
        "tabs": tabs(asked.search, counted, COUNTED),
        "newer": address(said, after=found[0].run_id) if newer else "",
        "older": address(said, before=found[-1].run_id) if older else "",
        "first": address(said),
        "paged": at.before is not None or at.after is not None,
        "acts": visitor.staff or visitor.may(Role.MEMBER),
    }


async def _followed(
    of: Runs, visitor: Visitor, request: Request[Any, Any, Any]
) -> Mapping[str, object]:
    asked = request.query_params
    return await runs_values(
        of, visitor, asked.get("q", ""), asked.get("before", ""), asked.get("after", "")
    )


def pages(of: Runs) -> Router:
    """The list and the page of a run, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            *(look, live("/runs", "runs/runs.html", partial(_followed, of))),
            *(run_page.look, run_page.followed(of)),
        ],
        dependencies={"of": Provide(lambda: of, sync_to_thread=False)},
    )


async def _asked(of: Runs, scope: Scope, visitor: Visitor, q: str) -> Asked:
    try:
        search = parse(q, visitor.now.astimezone(visitor.zone))
        return Asked(search=search, wanted=await wanted_of(of.database, scope, search))
    except NotASearch as no:
        wrong = visitor.say(no.words, **no.values)
        return Asked(search=Search(), wanted=Wanted(), wrong=wrong)
