"""Pages of the audit log by keyset. Each filter alone is one range of one index of its own.

A page is found in the index table alone; events are read for what is on it. Several actions or
targets are so many ranges, each read for one page at most: one range over them all would be sorted.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    column,
    func,
    literal,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from app.read_models import Database
from domain.access import TenantScope
from domain.events import Stream
from domain.fact import fact


@fact
class FactRow:
    """One fact as stored, in its envelope."""

    kind: str
    stream_id: UUID
    version: int
    position: int
    event_id: UUID
    name: str
    at: datetime
    source: str
    actor_id: UUID | None
    correlation_id: UUID
    causation: str
    schema_version: int
    payload: bytes

    def stream(self, scope: TenantScope) -> Stream:
        """Where it stands; who may read it says whose it is."""
        return Stream(kind=self.kind, tenant=scope.tenant, id=self.stream_id)


Row = TypeVar("Row", bound=FactRow)


@fact
class Wanted:
    """Which facts; all that is given must be true. Times: [since, until); `after`: (at, position)
    of the last one of the page before, in the same order."""

    actor: UUID | None = None
    actions: Sequence[str] | None = None
    targets: Sequence[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None
    source: str | None = None
    correlation: UUID | None = None
    oldest_first: bool = False
    after: tuple[datetime, int] | None = None


_TIME = DateTime(timezone=True)
_entries = table(
    "audit_entries",
    *(column(each, Uuid) for each in ("tenant_id", "actor_id", "correlation_id", "target_id")),
    *(column(each, Text) for each in ("name", "source")),
    column("at", _TIME),
    column("position", BigInteger),
)
_events = table(
    "events",
    *(column(each, Uuid) for each in ("tenant_id", "stream_id", "event_id", "actor_id")),
    *(column(each, Uuid) for each in ("correlation_id", "command_id")),
    *(column(each, Text) for each in ("kind", "name", "source", "causation")),
    *(column(each, Integer) for each in ("version", "schema_version")),
    column("position", BigInteger),
    column("at", _TIME),
    *(column(each, LargeBinary) for each in ("payload", "hash")),
)

# A new company's facts come faster than statistics about them. Taken for few, they would be fetched
# all and sorted; without bitmaps the planner reads them in the order of the index and stops.
IN_ORDER = text("SELECT set_config('enable_bitmapscan', 'off', true)")


async def page(
    database: Database, scope: TenantScope, wanted: Wanted, limit: int, shape: type[Row]
) -> Sequence[Row]:
    """Up to `limit` facts, in order, with the columns that `shape` has."""
    found = _found(scope, wanted, limit).subquery()
    # Each by itself: in a join, a company taken for small has all its facts compared with these.
    at_it = _events.c.position == found.c.position
    fact_at = select(*_columns(shape)).where(at_it, _events.c.tenant_id == scope.tenant).limit(1)
    each = fact_at.correlate(found).lateral()
    query = select(each).select_from(found, each).order_by(*_order(wanted, found))
    async with database.reading(scope) as connection:
        await connection.execute(IN_ORDER)
        rows = await connection.execute(query)
    return [shape(**row) for row in rows.mappings()]


async def count(database: Database, scope: TenantScope, wanted: Wanted, most: int) -> int:
    """How many there are, on all pages; `most` + 1 means more than that."""
    several = [one.in_(values) for one, values in _several(wanted)]
    some = select(_entries.c.position).where(*_true(scope, wanted), *several).limit(most + 1)
    query = select(func.count()).select_from(some.subquery())
    async with database.reading(scope) as connection:
        await connection.execute(IN_ORDER)
        return (await connection.execute(query)).scalar_one()


async def facts_by_id(
    connection: AsyncConnection, scope: TenantScope, event_ids: Sequence[UUID]
) -> Sequence[FactRow]:
    """The facts of these ids, in any order."""
    query = select(*_columns(FactRow)).where(
        _events.c.tenant_id == scope.tenant, _events.c.event_id.in_(event_ids)
    )
    return [FactRow(**row) for row in (await connection.execute(query)).mappings()]


async def actions_of(database: Database, scope: TenantScope) -> Sequence[str]:
    """The names of all that ever happened in the company: as many probes of an index as names."""
    rows = _entries.alias()
    first = select(func.min(_entries.c.name).label("name")).where(
        _entries.c.tenant_id == scope.tenant
    )
    names = first.cte("names", recursive=True)
    following = (
        select(func.min(rows.c.name))
        .where(rows.c.tenant_id == scope.tenant, rows.c.name > names.c.name)
        .scalar_subquery()
    )
    names = names.union_all(select(following).where(names.c.name.is_not(None)))
    async with database.reading(scope) as connection:
        found = await connection.execute(select(names.c.name).where(names.c.name.is_not(None)))
        return list(found.scalars())


def _columns(shape: type[FactRow]) -> Sequence[ColumnElement[Any]]:
    return [_events.c[each.name] for each in fields(shape)]


def _found(scope: TenantScope, wanted: Wanted, limit: int) -> Select[Any]:
    """(at, position) of a page. If every filter takes several values, those of the first one are
    ranges; else there is one range already, and a second condition only narrows it: ranges of pairs
    were refused, for a pair that never occurs is looked for to the end of the log."""
    several = _several(wanted)
    alone = not _single(wanted) and all(len(values) > 1 for _, values in several)
    leading = several[:1] if alone else []
    narrowing = [one.in_(values) for one, values in several[len(leading) :]]
    query = select(_entries.c.at, _entries.c.position).where(*_true(scope, wanted), *narrowing)
    if not leading:
        return query.order_by(*_order(wanted, _entries)).limit(limit)
    ((one, values),) = leading
    listed = func.unnest(literal(values, ARRAY(one.type))).table_valued("one").render_derived()
    part = query.where(one == listed.c.one).order_by(*_order(wanted, _entries)).limit(limit)
    found = part.correlate(listed).lateral()
    each = select(found.c.at, found.c.position).select_from(listed, found)
    return each.order_by(*_order(wanted, found)).limit(limit)


def _several(wanted: Wanted) -> Sequence[tuple[ColumnElement[Any], Sequence[Any]]]:
    pairs = ((_entries.c.target_id, wanted.targets), (_entries.c.name, wanted.actions))
    return [(one, values) for one, values in pairs if values is not None]


def _single(wanted: Wanted) -> Sequence[tuple[ColumnElement[Any], Any]]:
    pairs = (
        (_entries.c.actor_id, wanted.actor),
        (_entries.c.source, wanted.source),
        (_entries.c.correlation_id, wanted.correlation),
    )
    return [(one, value) for one, value in pairs if value is not None]


def _true(scope: TenantScope, wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    """Row-level security narrows to the tenant as well; said here, it is the head of each range."""
    at, place = _entries.c.at, tuple_(_entries.c.at, _entries.c.position)
    single = [one == value for one, value in _single(wanted)]
    conditions = [_entries.c.tenant_id == scope.tenant, *single]
    if wanted.since is not None:
        conditions.append(at >= wanted.since)
    if wanted.until is not None:
        conditions.append(at < wanted.until)
    if wanted.after is not None:
        last = tuple_(literal(wanted.after[0], _TIME), literal(wanted.after[1], BigInteger))
        conditions.append(place > last if wanted.oldest_first else place < last)
    return conditions


def _order(wanted: Wanted, of: FromClause) -> Sequence[ColumnElement[Any]]:
    keys = (of.c.at, of.c.position)
    return keys if wanted.oldest_first else [each.desc() for each in keys]
