"""What an export reads: page after page by position, each in a transaction of its own.

Facts never change, so what was sealed at the start can be read at leisure: up to the sealed version
of each stream all is there, whatever is appended meanwhile.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, bindparam, text

from app.audit.entries import IN_ORDER, FactRow
from app.audit.seal import Seal, Standing
from app.read_models import Database
from domain.access import TenantScope
from domain.events import START, Head
from domain.fact import fact

PAGE = 1_000

# One range of one index, as long as what is exported. OFFSET 0 keeps the planner from looking for
# the ends by position, through the whole log. An empty range lies before what was recorded next.
_SPAN = text("""
WITH span AS (
  SELECT min(position) AS low, max(position) AS high FROM (
    SELECT position FROM audit_entries WHERE tenant_id = :tenant
      AND at >= coalesce(CAST(:since AS timestamptz), '-infinity')
      AND at < coalesce(CAST(:until AS timestamptz), 'infinity') OFFSET 0) AS inside
), following AS (
  SELECT position FROM audit_entries
  WHERE tenant_id = :tenant AND at >= CAST(:until AS timestamptz) ORDER BY at, position LIMIT 1
)
SELECT coalesce(low, next, 9223372036854775807), coalesce(high, next - 1, 9223372036854775806)
FROM span LEFT JOIN LATERAL (SELECT position AS next FROM following) AS f ON true
""")
_NEWEST = text("SELECT coalesce(max(position), 0) FROM events")
_PARTS = text("""
SELECT h.kind, h.stream_id, a.version, a.hash, z.version, z.hash
FROM unnest(:kinds, :streams, :versions) AS h (kind, stream_id, version)
LEFT JOIN LATERAL (
  SELECT version, hash FROM events e WHERE e.kind = h.kind AND e.stream_id = h.stream_id
    AND e.version <= h.version AND position < :low ORDER BY e.version DESC LIMIT 1) a ON true
LEFT JOIN LATERAL (
  SELECT version, hash FROM events e WHERE e.kind = h.kind AND e.stream_id = h.stream_id
    AND e.version <= h.version AND position <= :high ORDER BY e.version DESC LIMIT 1) z ON true
""").bindparams(
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("streams", type_=ARRAY(Uuid)),
    bindparam("versions", type_=ARRAY(Integer)),
)
_FACTS = text("""
SELECT tenant_id, kind, stream_id, version, position, event_id, name, schema_version, at, source,
       actor_id, correlation_id, causation, command_id, payload, hash
FROM events WHERE position > :after AND position <= :high ORDER BY position LIMIT :most
""")
_SEALS = text("""
SELECT number, body, signature FROM seals
WHERE number > :after AND number <= :last ORDER BY number LIMIT :most
""")


@fact
class StoredFact(FactRow):
    """Every column of a fact."""

    tenant_id: UUID
    command_id: UUID | None
    hash: bytes


@fact
class StoredSeal:
    """A seal. Its time is in its body, where it is signed: the column beside it proves nothing."""

    number: int
    body: bytes
    signature: bytes


@fact
class Part:
    """What of a stream is exported: what follows on `first`, up to `last`."""

    kind: str
    stream_id: UUID
    first: Head
    last: Head


@fact
class Cut:
    """What is exported: facts of these parts, whose positions lie in (`after`, `high`].

    `between`: the numbers of the two seals that prove it, 0 for the beginning; None: none do.
    """

    parts: Mapping[tuple[str, UUID], Part]
    after: int
    high: int
    between: tuple[int, int] | None = None

    def __contains__(self, row: StoredFact) -> bool:
        part = self.parts.get((row.kind, row.stream_id))
        return part is not None and part.first.version < row.version <= part.last.version


async def whole(database: Database, scope: TenantScope, seal: Seal) -> Cut:
    """Everything that was sealed."""
    high = await newest(database, scope)
    rows = ((h.kind, h.stream_id, None, None, h.version, h.hash) for h in seal.heads)
    parts = {stream: part for stream, part in _parts(rows).items() if part.last.version}
    return Cut(parts=parts, after=0, high=high, between=(0, seal.number))


async def between(
    database: Database,
    scope: TenantScope,
    heads: Sequence[Standing],
    since: datetime | None,
    until: datetime | None,
) -> Cut:
    """From the first position of those recorded in [since, until) to the last one. So each stream
    gives facts without a hole, even where a clock was set back. All streams are its parts, with
    facts or without."""
    async with database.reading(scope) as connection:
        times = {"tenant": scope.tenant, "since": since, "until": until}
        await connection.execute(IN_ORDER)
        span = await connection.execute(_SPAN, times)
        low, high = span.one()
        asked = {
            "kinds": [each.kind for each in heads],
            "streams": [each.stream_id for each in heads],
            "versions": [each.version for each in heads],
        }
        rows = await connection.execute(_PARTS, {**asked, "low": low, "high": high})
        return Cut(parts=_parts(rows), after=low - 1, high=high)


async def newest(database: Database, scope: TenantScope) -> int:
    """The last position there is."""
    async with database.reading(scope) as connection:
        position: int = (await connection.execute(_NEWEST)).scalar_one()
    return position


async def pages(
    database: Database, scope: TenantScope, cut: Cut
) -> AsyncIterator[list[StoredFact]]:
    """The facts of the cut, about a thousand at a time. No transaction outlives a page."""
    after = cut.after
    while True:
        asked = {"after": after, "high": cut.high, "most": PAGE}
        async with database.reading(scope) as connection:
            rows = [
                StoredFact(**row) for row in (await connection.execute(_FACTS, asked)).mappings()
            ]
        if not rows:
            return
        yield [row for row in rows if row in cut]
        after = rows[-1].position


async def seals(
    database: Database, scope: TenantScope, after: int, most: int, last: int = 2**31 - 1
) -> list[StoredSeal]:
    """Up to `most` seals with a number above `after`, and none above `last`."""
    asked = {"after": after, "last": last, "most": most}
    async with database.reading(scope) as connection:
        rows = await connection.execute(_SEALS, asked)
        return [StoredSeal(**row) for row in rows.mappings()]


def _parts(rows: Iterable[Any]) -> dict[tuple[str, UUID], Part]:
    return {
        (kind, stream_id): Part(
            kind=kind, stream_id=stream_id, first=_head(*first), last=_head(*last)
        )
        for kind, stream_id, *ends in rows
        for first, last in ((ends[:2], ends[2:]),)
    }


def _head(version: int | None, link: bytes | None) -> Head:
    return Head(version=version, hash=link) if version and link else START
