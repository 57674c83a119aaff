"""Runs as their owner sees them: the live ones and the finished ones, newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Executable,
    Integer,
    TableClause,
    Text,
    Uuid,
    cast,
    column,
    func,
    null,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import Select

from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact

LIVE = ("waiting", "running")


@fact
class RunRow:
    """One run, live or finished. `due_at`: until when it waits; ids grow with time."""

    run_id: UUID
    kind: str
    shop_id: UUID | None
    source: str
    correlation_id: UUID
    causation: str
    state: str
    why: str
    attempt: int
    progress: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None


@fact
class AttemptRow:
    """One try of a run. The traceback is not its owner's business."""

    run_id: UUID
    attempt: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    error_type: str | None
    message: str | None


@fact
class Wanted:
    """Which runs. `after`: older than this one."""

    shop_id: UUID | None = None
    state: str | None = None
    after: UUID | None = None


_TIME = DateTime(timezone=True)
_SHARED: dict[str, Any] = {
    **dict.fromkeys(("run_id", "shop_id", "correlation_id"), Uuid),
    **dict.fromkeys(("kind", "source", "causation", "state", "why"), Text),
    "attempt": Integer,
    "progress": JSONB,
    **dict.fromkeys(("created_at", "started_at"), _TIME),
}


def _table(name: str, own: dict[str, Any]) -> TableClause:
    return table(name, *(column(each, kind) for each, kind in (_SHARED | own).items()))


_live = _table("job_runs", {"key": Text, "due_at": _TIME})
_finished = _table("job_history", {"result": JSONB, "finished_at": _TIME})
_attempts = table(
    "job_attempts",
    column("run_id", Uuid),
    column("attempt", Integer),
    *(column(name, _TIME) for name in ("started_at", "ended_at")),
    *(column(name, Text) for name in ("outcome", "error_type", "message")),
)


async def runs(
    database: Database, scope: TenantScope, wanted: Wanted, limit: int
) -> Sequence[RunRow]:
    """Up to `limit` of them. One statement: a run that ends meanwhile is not missed or doubled."""
    parts = [
        _filtered(part, wanted).order_by(part.selected_columns["run_id"].desc()).limit(limit)
        for part in _parts(wanted)
    ]
    both = union_all(*(part.subquery().select() for part in parts)).subquery()
    return await _read(database, scope, both.select().order_by(both.c.run_id.desc()).limit(limit))


async def run_by_id(database: Database, scope: TenantScope, run_id: UUID) -> RunRow | None:
    """None also for another tenant's."""
    live = _select_live().where(_live.c.run_id == run_id)
    finished = _select_finished().where(_finished.c.run_id == run_id)
    return next(iter(await _read(database, scope, union_all(live, finished))), None)


async def live_run(database: Database, scope: TenantScope, key: str) -> RunRow | None:
    """The one run with this key that is not finished."""
    query = _select_live().where(_live.c.key == key)
    return next(iter(await _read(database, scope, query)), None)


async def attempts(
    database: Database, scope: TenantScope, run_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[AttemptRow]]:
    """All tries of these runs, in order."""
    order = (_attempts.c.run_id, _attempts.c.attempt)
    query = select(_attempts).where(_attempts.c.run_id.in_(run_ids)).order_by(*order)
    found: dict[UUID, list[AttemptRow]] = {run_id: [] for run_id in run_ids}
    async with database.reading(scope) as connection:
        for row in (await connection.execute(query)).mappings():
            found[row["run_id"]].append(AttemptRow(**row))
    return found


async def count(database: Database, scope: TenantScope, wanted: Wanted, most: int) -> int:
    """How many there are; `most` + 1 means more than that."""
    parts = [
        _filtered(part, wanted).with_only_columns(part.selected_columns["run_id"])
        for part in _parts(wanted)
    ]
    some = union_all(*parts).limit(most + 1).subquery()
    async with database.reading(scope) as connection:
        return (await connection.execute(select(func.count()).select_from(some))).scalar_one()


async def _read(database: Database, scope: TenantScope, query: Executable) -> Sequence[RunRow]:
    async with database.reading(scope) as connection:
        rows = await connection.execute(query)
    return [RunRow(**row) for row in rows.mappings()]


def _parts(wanted: Wanted) -> Sequence[Select[Any]]:
    """Only the tables that can hold a run of this state."""
    if wanted.state is None:
        return _select_live(), _select_finished()
    return (_select_live() if wanted.state in LIVE else _select_finished(),)


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    row = query.selected_columns
    if wanted.shop_id is not None:
        query = query.where(row["shop_id"] == wanted.shop_id)
    if wanted.state is not None:
        query = query.where(row["state"] == wanted.state)
    if wanted.after is not None:
        query = query.where(row["run_id"] < wanted.after)
    return query


def _select_live() -> Select[Any]:
    return select(
        *(_live.c[name] for name in _SHARED),
        _live.c.due_at,
        cast(null(), JSONB).label("result"),
        cast(null(), _TIME).label("finished_at"),
    )


def _select_finished() -> Select[Any]:
    return select(
        *(_finished.c[name] for name in _SHARED),
        cast(null(), _TIME).label("due_at"),
        _finished.c.result,
        _finished.c.finished_at,
    )
