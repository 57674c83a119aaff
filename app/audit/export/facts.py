"""A page of facts as people read it: what stands beside them is read once for all of them."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.audit.causes import Cause
from app.audit.changes import Change
from app.audit.export.read import StoredFact
from app.audit.facts import opened
from app.audit.more import More
from app.audit.origins import OriginRow
from app.audit.reader import Reader
from app.audit.sentences import who
from domain.access import TenantScope
from domain.fact import fact

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
    changes: Sequence[Change]
    causes: Sequence[Cause]


async def tell(
    reader: Reader, scope: TenantScope, language: str, page: Sequence[StoredFact]
) -> list[Told]:
    """All of them, in order."""
    facts = opened(page, reader.decode)
    more = More(reader, scope, facts, language)
    names = await more.names(set().union(*(each.ids() for each in facts)))
    origins, changes, causes = await more.origins(), await more.changes(), await more.causes()
    told = []
    for row, each in zip(page, facts, strict=True):
        origin, (_, about) = origins.get(row.correlation_id, NOWHERE), each.target
        told.append(
            Told(
                row=row,
                payload=readable(row.payload),
                sentence=each.say(names),
                actor=who(row.actor_id, row.source, names),
                target=names.known.get(about),
                target_id=about,
                ip=origin.ip,
                agent=origin.agent,
                changes=changes.get(row.position, ()),
                causes=causes[row.position],
            )
        )
    return told


def readable(stored: bytes) -> object:
    """JSON decoded; None for bytes that somebody broke: an export goes on, and shows it."""
    try:
        return msgspec.json.decode(stored)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
