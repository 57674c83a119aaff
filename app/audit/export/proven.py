"""A range goes on to a seal at both of its ends, so that everything inside it can be proven.

Links prove order, and only a seal proves a link: a fact after which nothing was sealed in the file
could be written anew with all that follow it.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, text

from app.audit.entries import Wanted
from app.audit.export.read import Cut, Part, seals
from app.audit.seal import Said, Seal, said
from app.read_models import Database
from domain.access import TenantScope
from domain.events import START, Head
from domain.fact import fact

SEALS = 200
"""Seals read at a time."""
Heads: TypeAlias = Mapping[tuple[str, UUID], Head]

# By the ends of each stream, which its key finds at once.
_SPAN = text("""
SELECT coalesce(min(e.position), 1) - 1, coalesce(max(e.position), 0)
FROM unnest(:kinds, :streams, :firsts, :lasts) AS p (kind, stream_id, first, last)
JOIN events e ON e.kind = p.kind AND e.stream_id = p.stream_id
  AND e.version IN (p.first + 1, p.last)
""").bindparams(
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("streams", type_=ARRAY(Uuid)),
    bindparam("firsts", type_=ARRAY(BigInteger)),
    bindparam("lasts", type_=ARRAY(BigInteger)),
)


@fact
class End:
    """An end of what is exported: a seal's number, and where streams stood. 0: the beginning."""

    number: int
    heads: Heads


BEGINNING = End(number=0, heads={})


async def proven(
    database: Database, scope: TenantScope, seal: Seal, exact: Cut, wanted: Wanted
) -> Cut:
    """From the last seal before `exact` to the first one after it, or the fresh `seal`.

    Both by the time that they were made and by what they say: a fact that was deleted moves no end.
    """
    first, last = await _ends(database, scope, seal, exact, wanted)
    parts = {
        stream: Part(kind=stream[0], stream_id=stream[1], first=one, last=other)
        for stream in exact.parts
        if (one := first.heads.get(stream, START)).version
        < (other := last.heads.get(stream, START)).version
    }
    after, high = await _span(database, scope, [*parts.values()])
    return Cut(parts=parts, after=after, high=high, between=(first.number, last.number))


async def _ends(
    database: Database, scope: TenantScope, seal: Seal, exact: Cut, wanted: Wanted
) -> tuple[End, End]:
    first, number = BEGINNING, 0
    while rows := await seals(database, scope, number, SEALS, seal.number):
        for row in rows:
            told, number = said(row.body), row.number
            if told and wanted.until and told.at >= wanted.until and _covers(told, exact):
                return first, End(number=number, heads=told.heads)
            if told and wanted.since and told.at <= wanted.since and _precedes(told, exact):
                first = End(number=number, heads=told.heads)
    return first, _fresh(seal)


def _covers(told: Said, exact: Cut) -> bool:
    parts = exact.parts.items()
    return all(told.heads.get(s, START).version >= part.last.version for s, part in parts)


def _precedes(told: Said, exact: Cut) -> bool:
    parts = exact.parts.items()
    return all(told.heads.get(s, START).version <= part.first.version for s, part in parts)


def _fresh(seal: Seal) -> End:
    heads = {(h.kind, h.stream_id): Head(version=h.version, hash=h.hash) for h in seal.heads}
    return End(number=seal.number, heads=heads)


async def _span(database: Database, scope: TenantScope, parts: Sequence[Part]) -> tuple[int, int]:
    asked = {
        "kinds": [each.kind for each in parts],
        "streams": [each.stream_id for each in parts],
        "firsts": [each.first.version for each in parts],
        "lasts": [each.last.version for each in parts],
    }
    async with database.reading(scope) as connection:
        after, high = (await connection.execute(_SPAN, asked)).one()
    return after, high
