"""Failures by their cause: what went wrong, how often, for whom, and when last.

Whoever sees all companies has them added up, each cause over the newest of its companies. Causes
are few, companies are not: what is read is one entry of an index for each cause there is, and then
the causes of one page.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta
from sqlalchemy import DateTime, bindparam, text

from app.read_models import Database
from domain.access import Everyone, Scope
from domain.fact import fact

MOST_COMPANIES = 500
"""So many of a cause's companies are added up; one more says that there are more."""


class Key(NamedTuple):
    """After which cause a page begins."""

    last_at: Annotated[datetime, Meta(tz=True)]
    fingerprint: Annotated[str, Meta(pattern="^[0-9a-f]+$")]


@fact
class FailureRow:
    """One cause. `more`: it touched more companies than were added up, so `count`, `companies` and
    `shops` are the least that is true. `why` is the last run's sentence."""

    fingerprint: str
    kind: str
    error_type: str
    why: str
    count: int
    companies: int
    shops: int
    first_at: datetime
    last_at: datetime
    last_run: UUID
    more: bool

    @property
    def key(self) -> Key:
        """For the page after it."""
        return Key(self.last_at, self.fingerprint)


_OWN = """
SELECT fingerprint, kind, error_type, why, count, 1 AS companies, cardinality(shops) AS shops,
  first_at, last_at, last_run, false AS more
FROM run_failures
WHERE CAST(:at AS timestamptz) IS NULL OR (last_at, fingerprint) < (:at, :cause)
ORDER BY last_at DESC, fingerprint DESC LIMIT :limit
"""
_CAUSES = """
RECURSIVE causes AS (
  (SELECT fingerprint, last_at FROM run_failures ORDER BY fingerprint, last_at DESC LIMIT 1)
  UNION ALL
  SELECT next.* FROM causes, LATERAL (
    SELECT fingerprint, last_at FROM run_failures f WHERE f.fingerprint > causes.fingerprint
    ORDER BY fingerprint, last_at DESC LIMIT 1) next
)
"""
_ALL = f"""
WITH {_CAUSES}, page AS (
  SELECT * FROM causes
  WHERE CAST(:at AS timestamptz) IS NULL OR (last_at, fingerprint) < (:at, :cause)
  ORDER BY last_at DESC, fingerprint DESC LIMIT :limit
)
SELECT page.fingerprint, last.kind, last.error_type, last.why, sums.count,
  least(sums.companies, :most) AS companies, sums.shops, sums.first_at, page.last_at,
  last.last_run, sums.companies > :most AS more
FROM page CROSS JOIN LATERAL (
  SELECT kind, error_type, why, last_run FROM run_failures f
  WHERE f.fingerprint = page.fingerprint AND f.last_at = page.last_at LIMIT 1) last
CROSS JOIN LATERAL (
  SELECT sum(count) AS count, count(*) AS companies, sum(cardinality(shops)) AS shops,
    min(first_at) AS first_at
  FROM (SELECT count, shops, first_at FROM run_failures f
        WHERE f.fingerprint = page.fingerprint ORDER BY last_at DESC LIMIT :most + 1) few) sums
ORDER BY page.last_at DESC, page.fingerprint DESC
"""  # noqa: S608 - constants of ours
_COUNT_OWN = "SELECT count(*) FROM (SELECT FROM run_failures LIMIT :most + 1) few"
_COUNT_ALL = f"WITH {_CAUSES} SELECT count(*) FROM (SELECT FROM causes LIMIT :most + 1) few"  # noqa: S608 - constants of ours


async def failures(
    database: Database, scope: Scope, after: Key | None, limit: int
) -> Sequence[FailureRow]:
    """The causes of all runs that failed, the last one first, from after this key on."""
    at, cause = after or (None, "")
    said: Mapping[str, object] = {"at": at, "cause": cause, "limit": limit, "most": MOST_COMPANIES}
    if isinstance(scope, Everyone):
        query = text(_ALL)
    else:
        query, said = text(_OWN), {name: said[name] for name in ("at", "cause", "limit")}
    query = query.bindparams(bindparam("at", type_=DateTime(timezone=True)))
    async with database.reading(scope) as connection:
        rows = await connection.execute(query, said)
    return [FailureRow(**row) for row in rows.mappings()]


async def count_failures(database: Database, scope: Scope, most: int) -> int:
    """How many causes there are; `most` + 1 means more than that."""
    query = text(_COUNT_ALL if isinstance(scope, Everyone) else _COUNT_OWN)
    async with database.reading(scope) as connection:
        found: int = (await connection.execute(query, {"most": most})).scalar_one()
    return found
