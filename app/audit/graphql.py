"""The audit log as callers read it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import msgspec
import strawberry

from app.audit import read
from app.audit.read import FactRow
from app.audit.sentences import Names, ids, sentence, unknown
from app.graphql.connection import (
    COUNTED,
    Connection,
    Edge,
    connection,
    cursor,
    key_of,
    page_size,
)
from app.graphql.context import Info
from app.graphql.fields import query, said
from app.graphql.scalars import BigInt
from domain.access import Role
from domain.fact import fact
from domain.ports import Unread

Position = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


@strawberry.enum(description="What sentences are said in.")
class Language(Enum):
    RU = "ru"
    EN = "en"


@strawberry.type(description="Who did it.")
class Actor:
    id: UUID = said("The person's id, for ever.")
    name: str | None = said("Her name; null when she was erased.")


@strawberry.type(description="One fact: what happened, who did it, when, and what led to it.")
class AuditEntry:
    id: UUID = said("The fact's id.")
    position: BigInt = said("Orders all facts.")
    at: datetime = said("When it was recorded.")
    action: str = said("A stable word: tenant.sheet_connected …")
    sentence: str = said("What happened, for a person.")
    actor: Actor | None = said("The person; null when it was a machine.")
    source: str = said("Through which door: user, api_token, run, stripe, staff, cli.")
    shop_id: UUID | None = said("The shop that it is about, if it is about one.")
    correlation_id: UUID = said("Joins all that followed from one request.")
    causation: str = said("The one thing that led to it: request:…, event:…, run:…")


@fact
class _Read:
    """A fact, and its event if this version can read it."""

    row: FactRow
    event: object | None


@strawberry.type
class Query:
    @query(Role.VIEWER, "Every fact of the company, the newest first; 1 to 100 a page.")
    async def audit_log(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        language: Language | None = None,
    ) -> Connection[AuditEntry]:
        size, database, scope = page_size(first), info.context.ports.database, info.context.scope
        before = key_of(after, tuple[Position])[0] if after is not None else None
        rows = await read.page(database, scope, before, size + 1)
        found = [_Read(row=row, event=_event(row, info.context.ports.decode)) for row in rows]
        known = await read.names_of(database, scope, _ids(found))
        names = Names(known=known, language=language.value if language else info.context.language)

        async def count() -> int:
            return await read.count(database, scope, COUNTED)

        def edge_of(each: _Read) -> Edge[AuditEntry]:
            return Edge(cursor=cursor(each.row.position), node=_entry(each, names))

        return connection(found, size, after, edge_of, count)


def _event(row: FactRow, decode: Callable[[str, int, bytes], object]) -> object | None:
    """None for what only a newer version knows."""
    event = decode(row.name, row.schema_version, row.payload)
    return None if isinstance(event, Unread) else event


def _ids(found: Sequence[_Read]) -> set[UUID]:
    actors = {each.row.actor_id for each in found if each.row.actor_id}
    return actors.union(*(ids(each.event) for each in found if each.event))


def _entry(each: _Read, names: Names) -> AuditEntry:
    row, event = each.row, each.event
    signed = (row.actor_id, row.source, names)
    return AuditEntry(
        id=row.event_id,
        position=BigInt(row.position),
        at=row.at,
        action=row.name,
        sentence=unknown(row.name, *signed) if event is None else sentence(event, *signed),
        actor=Actor(id=row.actor_id, name=names.known.get(row.actor_id)) if row.actor_id else None,
        source=row.source,
        shop_id=getattr(event, "shop_id", None),
        correlation_id=row.correlation_id,
        causation=row.causation,
    )
