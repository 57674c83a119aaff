"""Runs as rows of the list, and the tabs over it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from markupsafe import Markup, escape

from app.read_models import Database, Remarked
from app.runs import words
from app.runs.effect import effect
from app.runs.names import names_of
from app.runs.read import RunRow
from app.runs.search import Search
from app.runs.standing import reasons, reasons_of
from app.runs.waiting import Reason, Why
from app.web.console import Visitor, formats
from domain.access import Scope, TenantScope
from domain.fact import fact

SHOWN = 300
"""Letters of an error in a list."""
IN_ORDER = ("waiting", "running", "failed", "succeeded", "cancelled")


@fact
class Row:
    """A run in the list. `what` happens to it, or happened; `bar`: how much of how much; `elapsed`
    seconds since it was asked for, until it ended."""

    run: RunRow
    kind: str
    company: str
    shop: str
    what: Markup | str
    bar: tuple[int, int] | None
    paused: bool
    elapsed: float

    @property
    def brief(self) -> str:
        """How its id begins: enough to find it again."""
        return str(self.run.run_id)[:13]


@fact
class Tab:
    """A state to narrow the search to; None is all of them. `more` than the `count` there are."""

    state: str | None
    count: int
    more: bool
    href: str
    here: bool


async def listed(
    database: Database, scope: Scope, found: Sequence[RunRow], visitor: Visitor
) -> Sequence[Row]:
    """With names, and why each of them waits."""
    if not found:
        return []
    names = await names_of(database, scope, found)
    waiting = await reasons(database, scope, found, visitor.now)
    return [_row(each, names, waiting.get(each.run_id), visitor) for each in found]


async def remarks(
    database: Database, scope: TenantScope, runs: Sequence[Remarked], visitor: Visitor
) -> Mapping[UUID, Markup | str]:
    """By run of this company: why it waits, or what is kept of how it ended."""
    waiting = [(scope.tenant, each.run_id) for each in runs if each.state == "waiting"]
    because = await reasons_of(database, scope, waiting, visitor.now)
    return {each.run_id: _remark(each, because.get(each.run_id), visitor) for each in runs}


def tabs(search: Search, found: Mapping[str, int], most: int) -> Sequence[Tab]:
    """All, and each state; `found` counts up to one more than `most`."""
    counted = {state: found[state] for state in IN_ORDER}
    more = any(each > most for each in counted.values())
    whole = _tab(search, None, sum(min(each, most) for each in counted.values()), more=more)
    return [
        whole,
        *(
            _tab(search, state, min(count, most), more=count > most)
            for state, count in counted.items()
        ),
    ]


def address(said: str, **place: UUID) -> str:
    """Of a page of the list."""
    named = {**({"q": said} if said else {}), **{name: str(at) for name, at in place.items()}}
    return f"/runs?{urlencode(named)}" if named else "/runs"


def timed(visitor: Visitor, at: datetime) -> Markup:
    """A time as the visitor reads it."""
    return formats.moment(at, visitor.language, visitor.zone, visitor.now)


def times(visitor: Visitor) -> words.Times:
    """How times are said to the visitor within a sentence."""

    def at(value: datetime) -> Markup:
        return formats.at(value, visitor.language, visitor.zone, visitor.now)

    return words.Times(plain=partial(timed, visitor), at=at)


def _tab(search: Search, state: str | None, count: int, *, more: bool) -> Tab:
    only = replace(search, states=[state] if state else [])
    here = list(search.states) == list(only.states)
    return Tab(state=state, count=count, more=more, href=address(str(only)), here=here)


def _row(run: RunRow, names: Mapping[UUID, str], reason: Reason | None, visitor: Visitor) -> Row:
    return Row(
        run=run,
        kind=words.kind(run.kind, visitor.language),
        company=names.get(run.tenant_id, "") if visitor.staff else "",
        shop=names.get(run.shop_id, "") if run.shop_id else "",
        what=_what(run, reason, visitor),
        bar=words.share(run.progress) if run.state == "running" else None,
        paused=reason is not None and reason.why is Why.HELD,
        elapsed=((run.finished_at or visitor.now) - run.created_at).total_seconds(),
    )


def _remark(run: Remarked, reason: Reason | None, visitor: Visitor) -> Markup | str:
    if reason is None:
        return words.told(run.why, visitor.language)
    held = words.HELD if visitor.staff else words.HELD_HER
    return words.why(reason, visitor.language, times(visitor), held)


def _what(run: RunRow, reason: Reason | None, visitor: Visitor) -> Markup | str:
    if reason is not None:
        return words.why(reason, visitor.language, times(visitor))
    if run.state == "running" and run.cancelling is None:
        if silent := run.silent_since(visitor.now):
            said = escape(visitor.say("Its worker has been silent since %(since)s."))
            return said % {"since": timed(visitor, silent)}
        told = words.step(run.progress, visitor.language)
        return told or visitor.say("It has just begun.")
    if run.state == "succeeded":
        return effect(run.result, visitor.language)
    told = visitor.heard(run.cancelling or run.why)
    return f"{told[:SHOWN]}…" if len(told) > SHOWN else told
