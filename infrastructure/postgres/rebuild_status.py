"""What there is to rebuild, and how far a rebuild has come."""

from collections.abc import Sequence

from domain.fact import fact
from infrastructure.postgres.database import Database

# reltuples is -1 until somebody has counted (PostgreSQL 18, 52.11 pg_class); the other one counts
# what was written since the server began to.
_STATUS = """
SELECT asked.name, greatest(reltuples, n_live_tup, 0)::bigint AS rows,
  pg_total_relation_size(t.oid) AS size,
  c.position, (SELECT coalesce(max(position), 0) FROM events) AS last,
  EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = hashtext('rebuild')::oid
          AND objid = hashtext(asked.name)::oid
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ) AS running
FROM unnest($1::text[]) WITH ORDINALITY AS asked (name, nth)
JOIN pg_class t ON t.oid = asked.name::regclass
LEFT JOIN pg_stat_all_tables s ON s.relid = t.oid
LEFT JOIN consumers c ON c.name = 'rebuild:' || asked.name
ORDER BY nth
"""


@fact
class Status:
    """A projected table. `rows` is an estimate; `size` in bytes, with indexes.

    `position` is how far a rebuild has come on its way to `last`, None if there is none; it may
    have been interrupted: then it is not `running`.
    """

    name: str
    rows: int
    size: int
    position: int | None
    last: int
    running: bool


async def status(database: Database, tables: Sequence[str]) -> list[Status]:
    """In the order of `tables`."""
    async with database.driver() as driver:
        return [Status(**row) for row in await driver.fetch(_STATUS, tables)]
