"""The runs that somebody acts on, as they stand."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    TableClause,
    Text,
    Uuid,
    column,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.sql import Select

from app.read_models import Database
from domain.access import Scope
from domain.fact import fact


@fact
class Subject:
    """One run, live or finished; `cancelling`: somebody wants it to stop."""

    tenant_id: UUID
    run_id: UUID
    kind: str
    shop_id: UUID | None
    kept_key: str
    state: str
    cancelling: bool

    @property
    def finished(self) -> bool:
        """It has ended, one way or another."""
        return self.state not in {"waiting", "running"}

    @property
    def key(self) -> str:
        """What the one live run for the same work is found by. There was a time when no key was
        kept of finished runs; all were their shop's."""
        return self.kept_key or f"{self.kind}:{self.shop_id or self.run_id}"


def _table(name: str) -> TableClause:
    return table(
        name,
        *(column(each, Uuid) for each in ("tenant_id", "run_id", "shop_id")),
        *(column(each, Text) for each in ("kind", "key", "state")),
    )


_live, _finished = _table("job_runs"), _table("job_history")


async def subjects(
    database: Database, scope: Scope, run_ids: Collection[UUID]
) -> Mapping[UUID, Subject]:
    """By id; none for one that is not the scope's to see. One statement: none ends between two."""
    async with database.reading(scope) as connection:
        rows = (await connection.execute(naming(run_ids))).mappings()
    return {row["run_id"]: Subject(**row) for row in rows}


def naming(run_ids: Collection[UUID]) -> CompoundSelect[Any]:
    """These runs, of whatever company. All finished ones have a number of tries: the index that is
    over all companies is over those that say so."""
    return union_all(
        _select(_live, "cancelling IS NOT NULL").where(_live.c.run_id.in_(run_ids)),
        _select(_finished, "false").where(_finished.c.run_id.in_(run_ids), text("attempt >= 0")),
    )


async def live_by_key(database: Database, scope: Scope, key: str) -> Subject | None:
    """The one run for this work that has not ended."""
    query = _select(_live, "cancelling IS NOT NULL").where(_live.c.key == key)
    async with database.reading(scope) as connection:
        row = (await connection.execute(query)).mappings().first()
    return None if row is None else Subject(**row)


def _select(which: TableClause, cancelling: str) -> Select[Any]:
    row = which.c
    return select(
        *(row.tenant_id, row.run_id, row.kind, row.shop_id, row.key.label("kept_key"), row.state),
        literal_column(cancelling).label("cancelling"),
    )
