"""What led to a fact, and what led to that: from the nearest cause to the first.

All chains of a page are followed together, one step of each at a time.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import strawberry
from sqlalchemy import DateTime, TableClause, Text, Uuid, column, select, table, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from app.audit import run_sentences
from app.audit.entries import facts_by_id
from app.audit.facts import Opened, opened
from app.audit.reader import Decode, Reader
from app.audit.sentences import Names, who
from app.graphql.fields import said
from domain.access import TenantScope
from domain.causation import sayable, slot, split
from domain.fact import fact
from domain.ids import id_in
from domain.snapshot import MOSCOW
from domain.table.words import Words, moment

DEEPEST = 16
"""Steps back, at most."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SORTABLE = 7
"""The version of ids that begin with their time."""

REQUEST = Words(ru="{who}: запрос", en="{who} sent a request")
SYNC = Words(ru="Обновление магазина «{shop}»", en="The sync of the shop “{shop}”")
RUN = Words(ru="Задание: {kind}", en="A run: {kind}")
SCHEDULE = Words(ru="Расписание: настало время", en="The schedule: it was time")
SLOT = Words(
    ru="Расписание: настало время, {moment} МСК", en="The schedule: it was {moment} Moscow time"
)
COMMAND = Words(
    ru="Администратор сервера: команда «{id}»", en="The server's administrator ran “{id}”"
)
STRIPE = Words(ru="Stripe: событие {id}", en="Stripe sent the event {id}")
LOST = Words(ru="Об этом больше ничего не известно", en="Nothing more is known about it")


@strawberry.type(description="One of the things that led to a fact.")
class Cause:
    kind: str = said("request, event, run, schedule, stripe or cli.")
    id: str = said("The fact's, the run's or the request's id; or the name of the command.")
    at: datetime | None = said("When it was, if that is known.")
    sentence: str = said("What it was, for a person.")


@fact
class Caused:
    """A run, as far as it is a cause."""

    run_id: UUID
    kind: str
    shop_id: UUID | None
    causation: str
    created_at: datetime


Chain: TypeAlias = Sequence[tuple[str, Opened | Caused | None]]
"""Causations, nearest first, with what they name; None is known by its id only."""


async def chains_of(
    reader: Reader, scope: TenantScope, facts: Sequence[Opened]
) -> Mapping[int, Chain]:
    """By position of the fact."""
    known: dict[str, Opened | Caused | None] = {
        f"event:{each.row.event_id}": each for each in facts
    }
    steps = {each.row.causation for each in facts}
    async with reader.database.reading(scope) as connection:
        for _ in range(DEEPEST):
            known |= await _step(reader.decode, connection, scope, steps - known.keys())
            steps = {_before(found) for each in steps if (found := known[each]) is not None}
    return {each.row.position: list(_chain(each.row.causation, known)) for each in facts}


def ids_in(chains: Mapping[int, Chain]) -> set[UUID]:
    """Whose names it takes to say them."""
    ids: set[UUID] = set()
    for _, found in (link for chain in chains.values() for link in chain):
        if isinstance(found, Opened):
            ids |= found.ids()
        elif found is not None and found.shop_id is not None:
            ids.add(found.shop_id)
    return ids


def causes(first: Opened, chain: Chain, names: Names) -> list[Cause]:
    """The chain for a person. A request is owed to whoever signed the fact that it led to."""
    told, by = [], first
    for causation, found in chain:
        told.append(_cause(causation, found, by, names))
        by = found if isinstance(found, Opened) else by
    return told


def _cause(causation: str, found: Opened | Caused | None, by: Opened, names: Names) -> Cause:
    kind, ident = split(causation)
    if isinstance(found, Opened):
        return Cause(kind=kind, id=ident, at=found.row.at, sentence=found.say(names))
    if found is not None:
        return Cause(kind=kind, id=ident, at=found.created_at, sentence=_run(found, names))
    at = slot(ident) if kind == "schedule" else _made(ident) if kind == "request" else None
    shown = moment(at.astimezone(MOSCOW), names.language) if at else None
    person = who(by.row.actor_id, by.row.source, names)
    words = {"request": REQUEST, "stripe": STRIPE, "cli": COMMAND}.get(kind, LOST)
    if kind == "schedule":
        words = SLOT if at else SCHEDULE
    said = words.say(names.language, who=person, id=ident, moment=shown)
    return Cause(kind=kind, id=ident, at=at, sentence=said)


def _run(run: Caused, names: Names) -> str:
    if run.kind == "sync" and run.shop_id is not None:
        return SYNC.say(names.language, shop=names.thing(run.shop_id))
    return RUN.say(names.language, kind=run_sentences.one(run.kind, names.language))


def _live_and_finished(name: str) -> TableClause:
    return table(
        name,
        *(column(each, Uuid) for each in ("tenant_id", "run_id", "shop_id")),
        *(column(each, Text) for each in ("kind", "causation")),
        column("created_at", DateTime(timezone=True)),
    )


_RUNS = [_live_and_finished(name) for name in ("job_runs", "job_history")]


async def _step(
    decode: Decode, connection: AsyncConnection, scope: TenantScope, causations: Collection[str]
) -> dict[str, Opened | Caused | None]:
    """What these name: one statement for facts and one for runs, if there are any."""
    found: dict[str, Opened | Caused | None] = dict.fromkeys(causations)
    if events := _ids(causations, "event"):
        rows = await facts_by_id(connection, scope, list(events))
        found |= {events[each.row.event_id]: each for each in opened(rows, decode)}
    if runs := _ids(causations, "run"):
        parts = [
            select(
                each.c.run_id, each.c.kind, each.c.shop_id, each.c.causation, each.c.created_at
            ).where(each.c.tenant_id == scope.tenant, each.c.run_id.in_(list(runs)))
            for each in _RUNS
        ]
        for row in (await connection.execute(union_all(*parts))).mappings():
            found[runs[row["run_id"]]] = Caused(**row)
    return found


def _chain(causation: str, known: Mapping[str, Opened | Caused | None]) -> Iterator[Any]:
    for _ in range(DEEPEST):
        if causation not in known:
            return
        found = known[causation]
        yield causation, found
        if found is None:
            return
        causation = _before(found)


def _before(found: Opened | Caused) -> str:
    return found.row.causation if isinstance(found, Opened) else found.causation


def _ids(causations: Collection[str], kind: str) -> dict[UUID, str]:
    """Those of one kind that are ids."""
    named = ((split(each), each) for each in causations)
    ids = ((id_in(ident), each) for (said, ident), each in named if said == kind)
    return {ident: each for ident, each in ids if ident is not None}


def _made(text: str) -> datetime | None:
    """The millisecond that an id of version 7 begins with (RFC 9562, 5.7)."""
    ident = id_in(text)
    if ident is None or ident.version != SORTABLE:
        return None
    try:
        return sayable(EPOCH + timedelta(milliseconds=ident.int >> 80))
    except OverflowError:
        return None
