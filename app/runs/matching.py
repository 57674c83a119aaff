"""Which runs a query of a bulk means: kind:sync state:failed shop:<id>, all of them at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TableClause, Text, Uuid, column, select, table, union_all
from sqlalchemy.sql import Select

from app.read_models import Database
from domain.access import Scope
from domain.errors import Invalid
from domain.run import KINDS

PAGE = 500
STATES = ("waiting", "running", "succeeded", "failed", "cancelled")


class WrongQuery(Invalid):
    """A query is made of kind:sync, state:failed and shop:<id>, each once."""


async def settled(_database: Database, _scope: Scope, text: str, _now: datetime) -> str:
    """The query as it may stay on record, and mean the same later. Raises WrongQuery."""
    return " ".join(f"{name}:{value}" for name, value in sorted(_terms(text).items()))


async def found(
    database: Database, scope: Scope, text: str, after: UUID | None
) -> Sequence[tuple[UUID, UUID]]:
    """(company, run) of up to PAGE of them, the newest first, older than `after`."""
    terms = _terms(text)
    parts = [_matching(which, terms, after) for which in _TABLES]
    both = union_all(*(part.subquery().select() for part in parts)).subquery()
    query = both.select().order_by(both.c.run_id.desc()).limit(PAGE)
    async with database.reading(scope) as connection:
        return [(row[0], row[1]) for row in await connection.execute(query)]


def _table(name: str) -> TableClause:
    return table(
        name,
        *(column(each, Uuid) for each in ("tenant_id", "run_id", "shop_id")),
        *(column(each, Text) for each in ("kind", "state")),
    )


_TABLES = (_table("job_runs"), _table("job_history"))


def _matching(which: TableClause, terms: Mapping[str, Any], after: UUID | None) -> Select[Any]:
    row = which.c
    query = select(row.tenant_id, row.run_id).order_by(row.run_id.desc()).limit(PAGE)
    for name, value in terms.items():
        query = query.where(row["shop_id" if name == "shop" else name] == value)
    return query if after is None else query.where(row.run_id < after)


def _terms(text: str) -> dict[str, Any]:
    terms: dict[str, Any] = {}
    for word in text.split():
        name, _, value = word.partition(":")
        if name in terms:
            raise WrongQuery(field="query")
        terms[name] = _value(name, value)
    if not terms:
        raise WrongQuery(field="query")
    return terms


def _value(name: str, value: str) -> str | UUID:
    match name:
        case "kind" if value in KINDS:
            return value
        case "state" if value in STATES:
            return value
        case "shop":
            try:
                return UUID(value)
            except ValueError:
                pass
    raise WrongQuery(field="query")
