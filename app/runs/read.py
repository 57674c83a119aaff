"""Runs as they stand in the ledger: one by its id or key, and the tries of some."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Executable,
    FromClause,
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
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import Select

from app.read_models import Database
from domain.access import Scope
from domain.fact import fact
from domain.run import SILENT_AFTER

LIVE = ("waiting", "running")
LAST, FIRST = 10_000, 1_000


@fact
class RunRow:
    """One run, live or finished; ids grow with time.

    `why`: its first 1,000 letters. `due_at`: until when it waits; `handed_at`, `worker`: whom it
    was given to, last heard of at `heartbeat_at`; `cancelling`: why it is to stop; `fingerprint`:
    equal for failures of one cause.
    """

    tenant_id: UUID
    run_id: UUID
    kind: str
    shop_id: UUID | None
    args: Mapping[str, Any]
    source: str
    correlation_id: UUID
    causation: str
    state: str
    why: str
    attempt: int
    progress: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    waited_ms: int | None
    fingerprint: str | None
    created_at: datetime
    started_at: datetime | None
    due_at: datetime | None
    handed_at: datetime | None
    heartbeat_at: datetime | None
    worker: str | None
    cancelling: str | None
    finished_at: datetime | None

    def silent_since(self, now: datetime) -> datetime | None:
        """Its worker has not been heard of since then, though it is under way."""
        heard = self.heartbeat_at if self.state == "running" else None
        return heard if heard and now - heard >= SILENT_AFTER else None


@fact
class AttemptRow:
    """What came of taking up a run. The traceback is for who runs the servers alone, the log for
    owners too; of either the last 10,000 letters, of the message the first 1,000.

    `take` grows with each; `attempt`: which of its tries that was, and waiting costs none. `times`:
    how often it was taken up between the two times, to wait for the same each time.
    """

    run_id: UUID
    take: int
    attempt: int
    times: int
    worker: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    error_type: str | None
    message: str | None
    traceback: str | None
    log: str | None


_TIME = DateTime(timezone=True)
_SHARED: dict[str, Any] = {
    **dict.fromkeys(("tenant_id", "run_id", "shop_id", "correlation_id"), Uuid),
    **dict.fromkeys(("kind", "source", "causation", "state", "why"), Text),
    **dict.fromkeys(("args", "progress"), JSONB),
    **dict.fromkeys(("attempt", "waited_ms"), Integer),
    **dict.fromkeys(("created_at", "started_at"), _TIME),
}
_OF_LIVE: dict[str, Any] = {
    **dict.fromkeys(("due_at", "handed_at", "heartbeat_at"), _TIME),
    **dict.fromkeys(("worker", "cancelling"), Text),
}
_OF_FINISHED: dict[str, Any] = {"result": JSONB, "fingerprint": Text, "finished_at": _TIME}


def _table(name: str, own: dict[str, Any]) -> TableClause:
    return table(name, *(column(each, kind) for each, kind in (_SHARED | own).items()))


live = _table("job_runs", _OF_LIVE | {"key": Text})
finished = _table("job_history", _OF_FINISHED)
_attempts = table(
    "job_attempts",
    *(column(each, Uuid) for each in ("tenant_id", "run_id")),
    *(column(each, Integer) for each in ("attempt", "number", "times")),
    *(column(each, _TIME) for each in ("started_at", "ended_at")),
    *(column(each, Text) for each in ("worker", "outcome", "error_type", "message")),
    *(column(each, Text) for each in ("traceback", "log")),
)


async def run_by_id(database: Database, scope: Scope, run_id: UUID) -> RunRow | None:
    """None also for one that is not the scope's."""
    both = union_all(
        select_live().where(live.c.run_id == run_id),
        select_finished().where(finished.c.run_id == run_id, text("attempt >= 0")),
    )
    return next(iter(await rows_of(database, scope, both)), None)


async def live_run(database: Database, scope: Scope, key: str) -> RunRow | None:
    """The one run of a company with this key that is not finished."""
    query = select_live().where(live.c.key == key)
    return next(iter(await rows_of(database, scope, query)), None)


async def attempts(
    database: Database, scope: Scope, runs: Sequence[RunRow]
) -> Mapping[UUID, Sequence[AttemptRow]]:
    """All that was tried of these runs, in order."""
    wanted = _attempts.c
    number = func.coalesce(wanted.number, wanted.attempt).label("attempt")
    as_kept = {each.name for each in fields(AttemptRow)} - {"take", "attempt"}
    query = (
        select(wanted.attempt.label("take"), number, *(_short(wanted[each]) for each in as_kept))
        .where(wanted.tenant_id.in_({each.tenant_id for each in runs}))
        .where(wanted.run_id.in_([each.run_id for each in runs]))
        .order_by(wanted.run_id, wanted.attempt)
    )
    found: dict[UUID, list[AttemptRow]] = {each.run_id: [] for each in runs}
    async with database.reading(scope) as connection:
        for row in (await connection.execute(query)).mappings():
            found[row["run_id"]].append(AttemptRow(**row))
    return found


async def rows_of(database: Database, scope: Scope, query: Executable) -> Sequence[RunRow]:
    """Of a query over `select_live` and `select_finished`."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(query)
    return [RunRow(**row) for row in rows.mappings()]


def select_live() -> Select[Any]:
    """A live run as a row."""
    absent = (cast(null(), kind).label(each) for each, kind in _OF_FINISHED.items())
    return select(*(_short(live.c[each]) for each in _SHARED | _OF_LIVE), *absent)


def select_finished(source: FromClause = finished) -> Select[Any]:
    """A finished one, with the columns in the same order."""
    absent = (cast(null(), kind).label(each) for each, kind in _OF_LIVE.items())
    own = (source.c[each] for each in _OF_FINISHED)
    return select(*(_short(source.c[each]) for each in _SHARED), *absent, *own)


def _short(one: ColumnElement[Any]) -> ColumnElement[Any]:
    """A traceback may be of any length, and so may what a neighbour answered; a page is not."""
    match one.key:
        case "why" | "message" as name:
            return func.left(one, FIRST).label(name)
        case "traceback" | "log" as name:
            return func.right(one, LAST).label(name)
        case _:
            return one
