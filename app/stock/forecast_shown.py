"""What a token opens, and what the next sync will ask, as GraphQL shows them."""

from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

import strawberry

from app.graphql.context import Context
from app.graphql.fields import listed, said
from app.stock.capability_words import cure, gives, source
from app.stock.forecast import Forecast, Planned
from app.stock.read import ShopRow
from app.stock.writers import Writers
from domain.capability import Capability as Seen
from domain.capability import Evidence, Standing
from domain.errors import Invalid
from domain.planner import Cause, Line

FORETOLD = timedelta(days=7)
"""How far ahead a plan says anything."""

strawberry.enum(Standing, name="SourceStanding", description="May a source be read?")
strawberry.enum(Evidence, name="SourceEvidence", description="How that is known.")


@strawberry.enum(description="Why a part of a sync begins later, or is not read.")
class PlanCause(Enum):
    NONE = "none"
    LIMIT = Cause.LIMIT.value
    AWAY = Cause.AWAY.value
    CLOSED = Cause.CLOSED.value
    KEPT = Cause.KEPT.value


@strawberry.type(description="How one source of the marketplace stands for a shop's token.")
class Capability:
    source: str = said("A stable word for the source.")
    name: str = said("What the marketplace calls it.")
    gives: str = said("What it tells.")
    standing: Standing = said("May it be read?")
    evidence: Evidence = said("How that is known.")
    cause: str | None = said("Why not: no_scope, no_funds, method_off.")
    cure: str | None = said("What to do, where it is not open.")
    since: datetime | None = said("Since when it stands so, as far as was seen.")
    checked_at: datetime | None = said("When that was looked at last.")


@strawberry.type(description="One part of a sync, as it is planned.")
class PlanPart:
    part: str = said("cards, wb_stock, seller_stock, orders, sheet.")
    source: str | None = said("By which source it is read; null where it is not read.")
    alternatives: list[str] = listed(3, "Sources that could stand in for it.")
    calls: int = said("Calls that it takes.")
    starts_at: datetime = said("When the first of them can be made.")
    ends_at: datetime = said("When it can be there, if every answer comes at once.")
    cause: PlanCause = said("Why it begins later, or is not read.")


@strawberry.type(description="What a sync will ask, and when it can be ready.")
class SyncPlan:
    calls: int = said("Calls in all, to the marketplace and to Google.")
    starts_at: datetime = said("When the first of them can be made.")
    ready_at: datetime = said("When the sheet can be written, if every answer comes at once.")
    parts: list[PlanPart] = listed(5, "Part by part, in their order.")


async def capabilities(context: Context, row: ShopRow) -> list[Capability]:
    """Of a shop's token, each source once."""
    found = await _forecast(context).capabilities(context.scope, row)
    return [_capability(each, context.language) for each in found]


async def planned(
    context: Context, row: ShopRow, begins_at: datetime | None, run_id: UUID | None
) -> SyncPlan | None:
    """Of a sync that begins then, or what is left of one."""
    forecast = _forecast(context)
    begins = None if begins_at is None else _soon(begins_at, forecast.clock())
    if run_id is None:
        found = await forecast.planned(context.scope, row, begins)
    elif begins is None:
        found = await forecast.left(context.scope, row, run_id)
    else:
        raise Invalid("`runId` goes without `beginsAt`: leave one of them out.", field="beginsAt")
    if found is None:
        return None
    return SyncPlan(
        calls=found.plan.calls,
        starts_at=found.starts,
        ready_at=found.ready,
        parts=[_part(line, found) for line in found.plan.lines],
    )


def _soon(at: datetime, now: datetime) -> datetime:
    """Raises Invalid for what is too far off to be foretold."""
    if at.tzinfo is None:
        message = "`beginsAt` needs its offset: 2026-11-24T07:40:00+03:00, or Z at the end for UTC."
        raise Invalid(message, field="beginsAt")
    if at - now > FORETOLD:
        raise Invalid("`beginsAt` is more than a week off. Name a nearer time.", field="beginsAt")
    return at


def _forecast(context: Context) -> Forecast:
    ports = context.ports
    writers = Writers(principals=ports.principals, vault=ports.vault)
    return Forecast(database=ports.database, ahead=ports.ahead, writers=writers, clock=ports.clock)


def _capability(seen: Seen, language: str) -> Capability:
    return Capability(
        source=seen.reading,
        name=source(seen.reading, language),
        gives=gives(seen.reading, language),
        standing=seen.standing,
        evidence=seen.evidence,
        cause=seen.cause or None,
        cure=cure(seen, language) or None,
        since=seen.since,
        checked_at=seen.checked_at,
    )


def _part(line: Line, planned: Planned) -> PlanPart:
    return PlanPart(
        part=line.part,
        source=line.reading or None,
        alternatives=list(line.others),
        calls=line.calls,
        starts_at=planned.moment(line.starts),
        ends_at=planned.moment(line.ends),
        cause=PlanCause(line.cause.value or "none"),
    )
