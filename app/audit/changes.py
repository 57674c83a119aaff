"""What a fact changed: the state before it and the state after it, where the two differ.

Each stream of a page is read once, from before its first fact there to its last one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import strawberry
from sqlalchemy import BigInteger, Integer, LargeBinary, Text, Uuid, column, select, table

from app.audit.entries import FactRow
from app.audit.reader import Reader
from app.audit.run_sentences import held
from app.audit.sentences import Names, said
from app.graphql.fields import said as meant
from app.history import TooNew
from domain import fleet, subscription, tenant, user
from domain.access import TenantScope
from domain.decider import Decider
from domain.doubt import Doubt
from domain.events import Moment, Unread
from domain.run_acts import Hold
from domain.schedule import Schedule
from domain.table.words import Words

Path: TypeAlias = tuple[str | UUID, ...]
Difference: TypeAlias = tuple[Path, Any, Any]
"""Where in a state, what it was, and what it has become; None is nothing there."""

DECIDERS: Mapping[str, Decider[Any, Any, Any]] = {
    each.kind: each for each in (tenant.decider, user.decider, subscription.decider, fleet.decider)
}
FAR = 500
"""Facts between two of a page that are rather skipped: the state there is read anew."""

BROKEN = (LookupError, AttributeError, AssertionError)
"""What a decider raises of a history in which somebody deleted or forged facts: it is still to be
read, that everybody can see it."""

SECRETS: Mapping[str, tuple[Words, Words]] = {
    "token_id": (
        Words(ru="прежний токен", en="the token before"),
        Words(ru="новый токен", en="a new token"),
    ),
    "key_id": (
        Words(ru="прежний ключ", en="the key before"),
        Words(ru="новый ключ", en="a new key"),
    ),
    "consent_id": (
        Words(ru="прежнее согласие", en="the consent before"),
        Words(ru="новое согласие", en="a new consent"),
    ),
}
"""Ids that open something, and what is said instead: before, and after."""
YES = Words(ru="да", en="yes")
NO = Words(ru="нет", en="no")
PEOPLE = ("members", "staff", "choices")
MEANT = {"broken": "cause", "members": "role", "missed": "hour"}
"""Parts of a state that sentences know by another name."""
WITHIN = ("health", "writer", "claims", "standing", "billed")
"""Parts of a state that nobody knows apart from what is in them."""
SILENT = ("dead", "late", "heard")
"""Parts that follow from others."""


@strawberry.type(description="One thing that a fact changed.")
class Change:
    field: str = meant("What: shops.Рыжий кот.schedule, members.Анна Котова …")
    before: str | None = meant("What it was, for a person; null for nothing.")
    after: str | None = meant("What it has become; null for nothing.")


async def differences_of(
    reader: Reader, scope: TenantScope, rows: Sequence[FactRow]
) -> Mapping[int, Sequence[Difference]]:
    """By position, as far as this version can read what was before."""
    found: dict[int, Sequence[Difference]] = {}
    for stretch in _stretches(rows):
        found |= await _of_stretch(reader, scope, stretch)
    return found


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[Difference]:  # noqa: ANN401 - parts of any state
    """Where two states differ, down to plain values."""
    if before is after or before == after:
        return
    was, become = _parts(before), _parts(after)
    if was is None and become is None:
        yield path, before, after
        return
    was, become = was or {}, become or {}
    for name in {**was, **become}:
        one, other = was.get(name), become.get(name)
        if one is not other:  # a state shares with the one before it what did not change
            yield from differences(one, other, (*path, name))


def change_of(difference: Difference, names: Names) -> Change:
    """The same for a person."""
    path, before, after = difference
    name = next(each for each in reversed(path) if isinstance(each, str))
    return Change(
        field=".".join(_label(path, names)),
        before=_shown(name, before, names, 0),
        after=_shown(name, after, names, 1),
    )


def ids_in(found: Mapping[int, Sequence[Difference]]) -> set[UUID]:
    """Whose names it takes to say them."""
    every = (part for each in found.values() for path, *two in each for part in (*path, *two))
    return {one for part in every for one in _within(part) if isinstance(one, UUID)}


def _within(part: Any) -> Iterator[Any]:  # noqa: ANN401 - parts of any state
    """Itself, and the shops that a list of holds names."""
    yield part
    if isinstance(part, tuple):
        yield from (each.shop_id for each in part if isinstance(each, Hold))


async def _of_stretch(
    reader: Reader, scope: TenantScope, stretch: Sequence[FactRow]
) -> Mapping[int, Sequence[Difference]]:
    first, decider = stretch[0], DECIDERS.get(stretch[0].kind)
    if decider is None:
        return {}
    found: dict[int, Sequence[Difference]] = {}
    wanted, stream = {row.position for row in stretch}, first.stream(scope)
    try:
        state, _ = await reader.history.state(decider, stream, Moment(position=first.position - 1))
        for position, name, version, payload in await _facts(reader, scope, stretch):
            event = reader.decode(name, version, payload)
            if isinstance(event, Unread):
                break
            before, state = state, decider.evolve(state, event)
            if position in wanted:
                every = differences(before, state)
                found[position] = [each for each in every if not {*SILENT} & {*each[0]}]
    except (TooNew, *BROKEN):
        pass
    return found


_events = table(
    "events",
    *(column(each, Uuid) for each in ("tenant_id", "stream_id")),
    *(column(each, Text) for each in ("kind", "name")),
    *(column(each, Integer) for each in ("version", "schema_version")),
    column("position", BigInteger),
    column("payload", LargeBinary),
)


async def _facts(
    reader: Reader, scope: TenantScope, stretch: Sequence[FactRow]
) -> Sequence[tuple[int, str, int, bytes]]:
    """(position, name, schema version, payload) from the first to the last, with all between."""
    first, last = stretch[0], stretch[-1]
    if last.version - first.version < len(stretch):
        return [(row.position, row.name, row.schema_version, row.payload) for row in stretch]
    row = _events.c
    query = (
        select(row.position, row.name, row.schema_version, row.payload)
        .where(row.tenant_id == scope.tenant, row.kind == first.kind)
        .where(row.stream_id == first.stream_id)
        .where(row.version.between(first.version, last.version))
        .order_by(row.version)
    )
    async with reader.database.reading(scope) as connection:
        return [(*each,) for each in await connection.execute(query)]


def _stretches(rows: Sequence[FactRow]) -> Sequence[Sequence[FactRow]]:
    """Facts of one stream, in order, none far from the one before it."""
    stretches: list[list[FactRow]] = []
    for row in sorted(rows, key=lambda row: (row.kind, row.stream_id, row.version)):
        last = stretches[-1][-1] if stretches else None
        near = last is not None and (last.kind, last.stream_id) == (row.kind, row.stream_id)
        if last is not None and near and row.version - last.version <= FAR:
            stretches[-1].append(row)
        else:
            stretches.append([row])
    return stretches


def _parts(whole: Any) -> Mapping[Any, Any] | None:  # noqa: ANN401 - a part of any state
    """A schedule has none, nor has a doubt: they are said as one. Who is in a set is there, and who
    is not is not."""
    if isinstance(whole, Mapping):
        return whole
    if isinstance(whole, Schedule | Doubt):
        return None
    if isinstance(whole, frozenset):
        return dict.fromkeys(whole, True)
    names = getattr(whole, "__dataclass_fields__", None)
    return None if names is None else {each: getattr(whole, each) for each in names}


def _label(path: Path, names: Names) -> Iterator[str]:
    for part in path:
        if part in WITHIN:
            continue
        if isinstance(part, str):
            yield part.removesuffix("_id")
        else:
            yield names.person(part) if path[0] in PEOPLE else names.thing(part)


def _shown(name: str, value: object, names: Names, side: int) -> str | None:
    """Never an id that opens something: of a secret only that there is one."""
    match value:
        case None:
            return None
        case UUID() if name in SECRETS:
            return SECRETS[name][side].say(names.language)
        case UUID() as thing:
            return names.known.get(thing) or str(thing)
        case bool():
            return (YES if value else NO).say(names.language)
        case tuple() as several if name != "kinds":
            return ", ".join(_one(each, names) for each in several) or None
        case plain:
            return str(said(MEANT.get(name, name), plain, names))


def _one(each: Hold | str | None, names: Names) -> str:
    """Of several holds, by what it holds: the fleet's knows a kind alone."""
    if not isinstance(each, Hold):
        return held(each, None, "", names.language)
    shop = "" if each.shop_id is None else names.thing(each.shop_id)
    return held(each.kind, each.shop_id, shop, names.language)
