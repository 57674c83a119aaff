"""What callers may ask of the audit log, checked: each refusal names the argument and the cure."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import msgspec
import strawberry

from app.audit.entries import Wanted, actions_of
from app.audit.targets import targets
from app.graphql.connection import key_of, text
from app.graphql.context import Context
from domain.errors import Invalid

SOURCES = ("user", "api_token", "run", "schedule", "stripe", "staff", "cli")
MOST_ACTIONS = 50
ACTION = re.compile(r"[a-z_]*(\.[a-z_]*)?\*|[a-z]+\.[a-z_]+")

Position = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Time = Annotated[datetime, msgspec.Meta(tz=True)]


@strawberry.enum(description="Where a list begins.")
class AuditOrder(Enum):
    NEWEST = "newest"
    OLDEST = "oldest"


@strawberry.input(description="Which facts; all that is given must be true.")
class AuditFilter:
    actor: UUID | None = strawberry.field(default=None, description="Done by this person.")
    action: list[str] | None = strawberry.field(
        default=None,
        description="One of these: tenant.sheet_connected; with a star at the end all that begin "
        "so: tenant.*",
    )
    target: str | None = strawberry.field(
        default=None,
        description="About this: an id; or how the name of a shop, a colleague or the company "
        "begins, or nearly is; or how a seller's or a spreadsheet's id begins.",
    )
    since: datetime | None = strawberry.field(
        default=None, description="Recorded at this time or later."
    )
    until: datetime | None = strawberry.field(
        default=None, description="Recorded before this time."
    )
    source: str | None = strawberry.field(
        default=None,
        description="Through this door: user, api_token, run, schedule, stripe, staff, cli.",
    )
    correlation: UUID | None = strawberry.field(
        default=None, description="All that followed from one request."
    )


async def wanted_of(
    context: Context, asked: AuditFilter, order: AuditOrder, after: str | None
) -> Wanted:
    """Raises Invalid."""
    database, scope = context.ports.database, context.scope
    since, until = _time(asked.since, "filter.since"), _time(asked.until, "filter.until")
    if since is not None and until is not None and since >= until:
        message = "`filter.until` must be later than `filter.since`: it is not included itself."
        raise Invalid(message, field="filter.until")
    target = text(asked.target, "filter.target")
    return Wanted(
        actor=asked.actor,
        actions=None if asked.action is None else await _actions(context, asked.action),
        targets=None if target is None else await targets(database, scope, target),
        since=since,
        until=until,
        source=_source(asked.source),
        correlation=asked.correlation,
        oldest_first=order is AuditOrder.OLDEST,
        after=None if after is None else _place(after),
    )


def _place(after: str) -> tuple[datetime, int]:
    at, position = key_of(after, tuple[Time, Position])
    return _utc(at, "after"), position


def _time(at: datetime | None, field: str) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        message = f"`{field}` needs its offset: 2026-11-23T07:40:00+03:00, or Z at the end for UTC."
        raise Invalid(message, field=field)
    return _utc(at, field)


def _utc(at: datetime, field: str) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as never:
        message = f"`{field}` is outside the years 1 to 9999 in UTC. Name a time in between."
        raise Invalid(message, field=field) from never


def _source(source: str | None) -> str | None:
    if source is not None and source not in SOURCES:
        raise Invalid(f"`filter.source` is one of: {', '.join(SOURCES)}.", field="filter.source")
    return source


async def _actions(context: Context, asked: Sequence[str]) -> Sequence[str]:
    """The names that are meant, of all that ever happened here: facts of a newer version have names
    that only the log itself knows."""
    if not 1 <= len(asked) <= MOST_ACTIONS:
        message = f"`filter.action` takes 1 to {MOST_ACTIONS} names. Leave it out for all."
        raise Invalid(message, field="filter.action")
    here = await actions_of(context.ports.database, context.scope)
    meant = {name for each in asked for name in _meant(each, here, context.ports.actions)}
    return sorted(meant.intersection(here))


def _meant(asked: str, here: Sequence[str], known: Collection[str]) -> Sequence[str]:
    start = asked.removesuffix("*")
    meant = [
        each
        for each in {*here, *known}
        if each == asked or (start != asked and each.startswith(start))
    ]
    if not meant or not ACTION.fullmatch(asked):
        examples = ", ".join(sorted(known)[:3])
        message = f"`filter.action` has a name that no fact has. There are: tenant.*, {examples} …"
        raise Invalid(message, field="filter.action")
    return meant
