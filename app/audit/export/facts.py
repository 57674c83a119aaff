"""A page of facts as people read it: names are looked up once for all of them."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias
from uuid import UUID

import msgspec

from app.audit.export.read import StoredFact
from app.audit.origins import OriginRow, origins_of
from app.audit.read import names_of, target_of
from app.audit.sentences import Names, ids, sentence, unknown, who
from app.read_models import Database
from domain.access import TenantScope
from domain.events import Unread
from domain.fact import fact

Decode: TypeAlias = Callable[[str, int, bytes], object]
"""A stored fact back: (name, schema version, payload)."""

NOWHERE = OriginRow(ip=None, agent=None)


@fact
class Told:
    """A fact, and what stands beside it for people. `payload`: its JSON, decoded."""

    row: StoredFact
    payload: object
    sentence: str
    actor: str
    target: str | None
    target_id: UUID
    ip: str | None
    agent: str | None


async def tell(
    database: Database,
    scope: TenantScope,
    decode: Decode,
    language: str,
    page: Sequence[StoredFact],
) -> list[Told]:
    """All of them, in order."""
    read = [(row, _event(decode, row)) for row in page]
    correlations = {row.correlation_id for row in page}
    known = await names_of(database, scope, _ids(read))
    origins = await origins_of(database, scope, correlations)
    names = Names(known=known, language=language)
    return [
        _told(row, event, names, origins.get(row.correlation_id, NOWHERE)) for row, event in read
    ]


def readable(stored: bytes) -> object:
    """JSON decoded; None for bytes that somebody broke: an export goes on, and shows it."""
    try:
        return msgspec.json.decode(stored)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _told(row: StoredFact, event: object | None, names: Names, origin: OriginRow) -> Told:
    signed = (row.actor_id, row.source, names)
    _, target_id = target_of(event, row.kind, row.stream_id)
    return Told(
        row=row,
        payload=readable(row.payload),
        sentence=unknown(row.name, *signed) if event is None else sentence(event, *signed),
        actor=who(*signed),
        target=names.known.get(target_id),
        target_id=target_id,
        ip=origin.ip,
        agent=origin.agent,
    )


def _event(decode: Decode, row: StoredFact) -> object | None:
    """None for what only a newer version knows, and for what somebody broke: an export shows it."""
    try:
        event = decode(row.name, row.schema_version, row.payload)
    except (msgspec.MsgspecError, ValueError, LookupError, RecursionError):
        return None
    return None if isinstance(event, Unread) else event


def _ids(read: Sequence[tuple[StoredFact, object | None]]) -> Collection[UUID]:
    wanted: set[UUID] = set()
    for row, event in read:
        wanted |= {row.stream_id, *([row.actor_id] if row.actor_id else ())}
        wanted |= ids(event) if event is not None else set()
    return wanted
