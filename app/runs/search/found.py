"""Pages of runs by keyset, and how many there are: each filter is one range of one index.

Live runs are few, so one range of theirs is narrowed by all that is wanted. Of finished ones each
value of the filter that says most is a range of the index for it, read for one page at most; the
other filters narrow these.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from app.read_models import Database
from app.runs.read import LIVE, RunRow, finished, live, select_finished, select_live
from app.runs.search import STATES
from domain.access import Everyone, Scope
from domain.fact import fact
from domain.ids import first_at

RANGES = 24
"""Ranges of one page, at most: beyond that a filter only narrows those of the filters before."""
LARGEST = (1 << 128) - 1
"""Of ids."""
COUNTED = 1_000
"""A page counts runs up to here; one more says that there are more."""

# A new company's runs come faster than statistics about them. Taken for few, they would be fetched
# all and sorted; so the planner reads them in the order of the index and stops. What it is told to
# avoid it reckons as dear, and would compile the query for that (before PostgreSQL 18).
IN_ORDER = text(
    "SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true), "
    "set_config('enable_incremental_sort', 'off', true), set_config('jit', 'off', true)"
)

Condition: TypeAlias = ColumnElement[bool]

_FLEET: Condition = literal_column("attempt") >= literal_column("0")
"""True of all; said by indexes over all companies, so that no company's read takes one of them and
wades through the runs of others."""
_HAS_ARGS: Condition = literal_column("args") != literal_column("'{}'")
"""As the index says it: its rows are those alone."""


@fact
class Wanted:
    """Which runs; all that is given must be true, and of several values one.

    `shops` with their companies. `alike`: fingerprints of failures; given, only failed ones are
    meant of the finished runs. `said`: words of why a live run waits. `args`: each a choice of
    documents that the arguments hold. `ids`: first and last. `since`: when they were asked for.
    `before` and `after`: older or newer than this one.
    """

    tenants: Sequence[UUID] = ()
    shops: Sequence[tuple[UUID, UUID]] = ()
    kinds: Sequence[str] = ()
    states: Sequence[str] = ()
    alike: Sequence[str] | None = None
    said: Sequence[str] = ()
    args: Sequence[Sequence[Mapping[str, object]]] = ()
    ids: Sequence[tuple[UUID, UUID]] = ()
    since: datetime | None = None
    before: UUID | None = None
    after: UUID | None = None


async def runs(database: Database, scope: Scope, wanted: Wanted, limit: int) -> Sequence[RunRow]:
    """Up to `limit` of them, the newest first; with `after` those next to it. One statement: a run
    that ends meanwhile is not missed or doubled."""
    parts = [
        part.limit(limit) for part in (*_live_parts(scope, wanted), *_finished_parts(scope, wanted))
    ]
    if not parts:
        return []
    both = union_all(*(part.subquery().select() for part in parts)).subquery()
    ids = both.c.run_id.desc() if wanted.after is None else both.c.run_id.asc()
    query = both.select().order_by(ids).limit(limit)
    async with _reading(database, scope, wanted) as connection:
        rows = [RunRow(**row) for row in (await connection.execute(query)).mappings()]
    return rows if wanted.after is None else rows[::-1]


async def counts(database: Database, scope: Scope, wanted: Wanted, most: int) -> Mapping[str, int]:
    """How many there are in each state; `most` + 1 means more than that. One statement."""
    query = select(*(_count(scope, wanted, state, most).label(state) for state in STATES))
    async with _reading(database, scope, wanted) as connection:
        return dict((await connection.execute(query)).mappings().one())


async def count(database: Database, scope: Scope, wanted: Wanted, most: int) -> int:
    """How many there are; `most` + 1 means more than that."""
    return min(sum((await counts(database, scope, wanted, most)).values()), most + 1)


def _count(scope: Scope, wanted: Wanted, state: str, most: int) -> ColumnElement[int]:
    if wanted.states and state not in wanted.states:
        return literal(0)
    of_state = replace(wanted, states=[state])
    parts = (*_live_parts(scope, of_state), *_finished_parts(scope, of_state))
    if not parts:
        return literal(0)
    ids = [
        part.with_only_columns(part.selected_columns["run_id"]).limit(most + 1) for part in parts
    ]
    some = union_all(*(each.subquery().select() for each in ids)).limit(most + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


@asynccontextmanager
async def _reading(
    database: Database, scope: Scope, wanted: Wanted
) -> AsyncIterator[AsyncConnection]:
    async with database.reading(scope) as connection:
        if not wanted.args:  # an index over documents is read by a bitmap, or not at all
            await connection.execute(IN_ORDER)
        yield connection


def _live_parts(scope: Scope, wanted: Wanted) -> Sequence[Select[Any]]:
    states = [each for each in wanted.states or LIVE if each in LIVE]
    if not states or (wanted.alike is not None and not wanted.said):
        return []
    row = live.c
    conditions = [_among(row.state, states), _within(row, wanted)]
    if not isinstance(scope, Everyone):
        conditions.append(row.tenant_id == scope.tenant)
    conditions += [_among(row.tenant_id, wanted.tenants), _among(row.kind, wanted.kinds)]
    if wanted.shops:
        conditions.append(_among(row.shop_id, [shop for _, shop in wanted.shops]))
    conditions += [row.why.icontains(word, autoescape=True) for word in wanted.said]
    conditions += [_holds(row, documents) for documents in wanted.args]
    ids = row.run_id.desc() if wanted.after is None else row.run_id.asc()
    return [select_live().where(*conditions).order_by(ids)]


def _finished_parts(scope: Scope, wanted: Wanted) -> Sequence[Select[Any]]:
    """One for each range, in its order."""
    states = [each for each in wanted.states or STATES if each not in LIVE]
    if wanted.alike is not None:
        states = [each for each in states if each == "failed"] if wanted.alike else []
    if not states:
        return []
    source = _of_these_args(wanted) if wanted.args else finished
    row = source.c
    names, values = _ranges(scope, wanted, states)
    others = {
        "tenant_id": wanted.tenants if isinstance(scope, Everyone) else [scope.tenant],
        "kind": wanted.kinds,
        "state": states if wanted.states or wanted.alike is not None else (),
        "fingerprint": wanted.alike or (),
    }
    narrowing = [_among(row[each], told) for each, told in others.items() if each not in names]
    if "tenant_id" not in names:
        narrowing.append(_FLEET)
    key = [row[each] for each in (*names, "run_id")]
    order = [each.desc() if wanted.after is None else each for each in key]
    return [
        select_finished(source).where(*narrowing, *_between(key, each, bounds)).order_by(*order)
        for each, bounds in product(values, _bounds(wanted))
    ]


def _ranges(
    scope: Scope, wanted: Wanted, states: Sequence[str]
) -> tuple[tuple[str, ...], Sequence[tuple[Any, ...]]]:
    """(columns that lead an index, their values): of one index, whatever else is wanted."""
    if wanted.shops:
        return ("tenant_id", "shop_id"), wanted.shops
    tenants = wanted.tenants if isinstance(scope, Everyone) else [scope.tenant]
    leads: tuple[str, ...] = ("tenant_id",) if tenants else ()
    whose: list[tuple[Any, ...]] = [(each,) for each in tenants] or [()]
    name, values = _second(wanted, states)
    whole = [(*one, each) for one in whose for each in values]
    return ((*leads, name), whole) if name and len(whole) <= RANGES else (leads, whose)


def _second(wanted: Wanted, states: Sequence[str]) -> tuple[str, Sequence[str]]:
    """What narrows it most: nearly all runs succeed, and nearly all are syncs."""
    if wanted.alike:
        return "fingerprint", wanted.alike
    if wanted.states and "succeeded" not in states:
        return "state", states
    if wanted.kinds:
        return "kind", wanted.kinds
    return ("state", states) if wanted.states else ("", ())


def _between(
    key: Sequence[ColumnElement[Any]], values: Sequence[Any], bounds: tuple[UUID, UUID]
) -> tuple[Condition, Condition]:
    """As rows, never as equal values: by those the planner would be free to read another index in
    the order of ids, in the hope of meeting such runs early, and to the end if there are none."""
    low, high = (
        tuple_(*(literal(each, one.type) for one, each in zip(key, (*values, end), strict=True)))
        for end in bounds
    )
    return tuple_(*key) >= low, tuple_(*key) <= high


def _bounds(wanted: Wanted) -> Sequence[tuple[UUID, UUID]]:
    """First and last id of each range."""
    first = first_at(wanted.since).int if wanted.since else 0
    first = max(first, min(wanted.after.int + 1, LARGEST) if wanted.after else 0)
    last = max(wanted.before.int - 1, 0) if wanted.before else LARGEST
    ranges = wanted.ids or [(UUID(int=0), UUID(int=last))]
    met = ((max(one.int, first), min(end.int, last)) for one, end in ranges)
    return [(UUID(int=one), UUID(int=end)) for one, end in met]


def _of_these_args(wanted: Wanted) -> FromClause:
    """Found by their arguments first of all: the offset keeps the planner from walking through all
    runs in the hope of meeting some of these early."""
    conditions = [_holds(finished.c, documents) for documents in wanted.args]
    return select(finished).where(_HAS_ARGS, *conditions).offset(0).subquery()


def _within(row: Any, wanted: Wanted) -> Condition:  # noqa: ANN401 - the columns of a table
    return or_(*(row.run_id.between(one, end) for one, end in _bounds(wanted)))


def _among(one: ColumnElement[Any], values: Sequence[Any]) -> Condition:
    return one.in_(values) if values else true()


def _holds(row: Any, documents: Sequence[Mapping[str, object]]) -> Condition:  # noqa: ANN401 - the columns of a table
    return or_(*(row.args.contains(literal(each, JSONB)) for each in documents))
