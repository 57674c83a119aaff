"""The entries of the audit log as GraphQL shows them."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.audit.causes import Cause
from app.audit.changes import Change
from app.audit.facts import Opened
from app.audit.more import More
from app.audit.sentences import Names
from app.graphql.fields import resolved, said
from app.graphql.scalars import BigInt


@strawberry.type(description="Who did it.")
class Actor:
    id: UUID = said("The person's id, for ever.")
    name: str | None = said("Her name; null when she was erased.")


@strawberry.type(description="What a fact is about.")
class Target:
    kind: str = said("shop, person, company, subscription …")
    id: UUID = said("Its id, for ever.")
    name: str | None = said("Its name; null when nobody named it, or it was erased.")


@strawberry.type(description="One fact: what happened, who did it, when, and what led to it.")
class AuditEntry:
    id: UUID = said("The fact's id.")
    position: BigInt = said("Orders all facts.")
    at: datetime = said("When it was recorded.")
    action: str = said("A stable word: tenant.sheet_connected …")
    sentence: str = said("What happened, for a person.")
    actor: Actor | None = said("The person; null when it was a machine.")
    target: Target = said("What it is about.")
    source: str = said("Through which door: user, api_token, run, stripe, staff, cli.")
    shop_id: UUID | None = said("The shop that it is about, if it is about one.")
    correlation_id: UUID = said("Joins all that followed from one request.")
    causation: str = said("The one thing that led to it: request:…, event:…, run:…")
    more: strawberry.Private[More]

    @resolved(
        "The address that the request which led to it came from; kept for 90 days, for owners and "
        "admins, null for others."
    )
    async def ip(self) -> str | None:
        origin = (await self.more.origins()).get(self.correlation_id)
        return origin.ip if origin else None

    @resolved("The program that sent the request, as it named itself; kept and shown as `ip` is.")
    async def agent(self) -> str | None:
        origin = (await self.more.origins()).get(self.correlation_id)
        return origin.agent if origin else None

    @resolved("What it changed, before and after; empty for a fact that changed nothing.", size=10)
    async def changes(self) -> list[Change]:
        return (await self.more.changes()).get(self.position, [])

    @resolved("What led to it: the nearest cause first, then the cause of that …", size=4)
    async def causes(self) -> list[Cause]:
        return (await self.more.causes())[self.position]


def entry_of(opened: Opened, names: Names, more: More) -> AuditEntry:
    """A fact as its company sees it."""
    row, (noun, about) = opened.row, opened.target
    return AuditEntry(
        id=row.event_id,
        position=BigInt(row.position),
        at=row.at,
        action=row.name,
        sentence=opened.say(names),
        actor=Actor(id=row.actor_id, name=names.known.get(row.actor_id)) if row.actor_id else None,
        target=Target(kind=noun, id=about, name=names.known.get(about)),
        source=row.source,
        shop_id=about if noun == "shop" else None,
        correlation_id=row.correlation_id,
        causation=row.causation,
        more=more,
    )
