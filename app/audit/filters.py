"""What callers may ask of the audit log, checked: each refusal names the argument and the cure."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import msgspec
import strawberry

from app.audit.entries import Wanted, actions_of
from app.audit.reader import Reader
from app.audit.targets import targets
from app.graphql.connection import key_of, text
from app.graphql.moment import in_utc, instant
from domain.access import TenantScope
from domain.errors import Invalid

SOURCES = ("user", "api_token", "run", "schedule", "stripe", "staff", "cli", "mail")
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
    reader: Reader, scope: TenantScope, asked: AuditFilter, order: AuditOrder, of: str = "filter."
) -> Wanted:
    """The first page of these. `of`: what callers write before the name of a filter. Raises
    Invalid."""
    since = instant(asked.since, f"{of}since") if asked.since else None
    until = instant(asked.until, f"{of}until") if asked.until else None
    if since is not None and until is not None and since >= until:
        message = f"`{of}until` must be later than `{of}since`: it is not included itself."
        raise Invalid(message, field=f"{of}until")
    source, target = _source(asked.source, f"{of}source"), text(asked.target, f"{of}target")
    named = asked.action
    return Wanted(
        actor=asked.actor,
        actions=None if named is None else await _actions(reader, scope, named, f"{of}action"),
        targets=None if target is None else await targets(reader.database, scope, target),
        since=since,
        until=until,
        source=source,
        correlation=asked.correlation,
        oldest_first=order is AuditOrder.OLDEST,
    )


def place(after: str) -> tuple[datetime, int]:
    """(at, position) of a cursor. Raises Invalid."""
    at, position = key_of(after, tuple[Time, Position])
    return in_utc(at, "after"), position


def _source(source: str | None, field: str) -> str | None:
    if source is not None and source not in SOURCES:
        raise Invalid(f"`{field}` is one of: {', '.join(SOURCES)}.", field=field)
    return source


async def _actions(
    reader: Reader, scope: TenantScope, asked: Sequence[str], field: str
) -> Sequence[str]:
    """The names that are meant, of all that ever happened here: facts of a newer version have names
    that only the log itself knows."""
    if not 1 <= len(asked) <= MOST_ACTIONS:
        message = f"`{field}` takes 1 to {MOST_ACTIONS} names. Leave it out for all."
        raise Invalid(message, field=field)
    here = await actions_of(reader.database, scope)
    meant = {each: _meant(each, here, reader.actions) for each in asked}
    if not all(meant.values()):
        examples = ", ".join(sorted(reader.actions)[:3])
        message = f"`{field}` has a name that no fact has. There are: tenant.*, {examples} …"
        raise Invalid(message, field=field)
    return sorted({name for names in meant.values() for name in names}.intersection(here))


def _meant(asked: str, here: Sequence[str], known: Collection[str]) -> Sequence[str]:
    """None for what is no name, nor the beginning of one."""
    if not ACTION.fullmatch(asked):
        return []
    start = asked.removesuffix("*")
    return [
        each
        for each in {*here, *known}
        if each == asked or (start != asked and each.startswith(start))
    ]
