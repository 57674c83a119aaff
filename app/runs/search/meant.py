"""Which runs a search means: names become ids, errors and words become fingerprints."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, DateTime, Text, Uuid, column, func, or_, select, table

from app.read_models import Database
from app.runs.search import FINGERPRINT, NotASearch, Search
from app.runs.search.found import Wanted
from domain.access import Everyone, Scope
from domain.fact import fact
from domain.ids import id_in


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


NAMES, CAUSES = 20, 20
"""Companies or shops that one beginning of a name may mean; causes that one word may stand in."""
LAST = "\U0010ffff"
"""No letter stands behind it."""

NOBODY = _("No company is called “%(name)s…”, and none has this id.")
NO_SHOP = _("No shop is called “%(name)s…”, and none has this id.")
MANY = _("More than %(most)s are called “%(name)s…”: write more of the name, or an id.")
STAFF_ONLY = _("“tenant:” is for those who run the servers: leave it out, all here is yours.")

_labels = table(
    "labels", *(column(each, Uuid) for each in ("tenant_id", "id")), column("name", Text)
)
_failures = table(
    "run_failures",
    column("tenant_id", Uuid),
    *(column(each, Text) for each in ("fingerprint", "error_type", "why")),
    column("last_at", DateTime(timezone=True)),
)


@fact
class Label:
    """What a company, or one of its shops, is called by."""

    tenant: UUID
    id: UUID


async def wanted_of(database: Database, scope: Scope, search: Search) -> Wanted:
    """Raises NotASearch for a name that nothing has."""
    if search.tenants and not isinstance(scope, Everyone):
        raise NotASearch(STAFF_ONLY)
    tenants = [
        each.id for name in search.tenants for each in await _companies(database, scope, name)
    ]
    shops = [
        (each.tenant, each.id)
        for name in search.shops
        for each in await _shops(database, scope, name, tenants)
    ]
    states = search.states
    alike = await _alike(database, scope, search)
    if search.errors:
        alike = alike if not states or "failed" in states else []
        states = ["failed"]
    return Wanted(
        tenants=tenants,
        shops=shops,
        kinds=search.kinds,
        states=states,
        alike=alike,
        said=search.words,
        args=[
            [{name: value} for text in values for value in _values(text)]
            for name, values in search.args.items()
        ],
        ids=[_range(each) for each in search.ids],
        since=search.since,
    )


async def _companies(database: Database, scope: Scope, name: str) -> Sequence[Label]:
    ident = id_in(name)
    if ident is not None:
        return [Label(tenant=ident, id=ident)]
    return await _labelled(database, scope, name, [_labels.c.id == _labels.c.tenant_id], NOBODY)


async def _shops(
    database: Database, scope: Scope, name: str, tenants: Sequence[UUID]
) -> Sequence[Label]:
    ident = id_in(name)
    if ident is not None and not isinstance(scope, Everyone):
        return [Label(tenant=scope.tenant, id=ident)]
    conditions = [_labels.c.id != _labels.c.tenant_id]
    if tenants:
        conditions.append(_labels.c.tenant_id.in_(tenants))
    return await _labelled(database, scope, name, conditions, NO_SHOP)


async def _labelled(
    database: Database, scope: Scope, name: str, conditions: list[ColumnElement[bool]], none: str
) -> Sequence[Label]:
    """By the id, or by how the name begins, in small letters. Raises NotASearch."""
    ident, begin = id_in(name), name.lower()
    folded = func.lower(_labels.c.name)
    named = (folded.op("~>=~")(begin), folded.op("~<~")(f"{begin}{LAST}"))
    found = (_labels.c.id == ident,) if ident else named
    query = select(_labels.c.tenant_id, _labels.c.id).where(*conditions, *found).limit(NAMES + 1)
    async with database.reading(scope) as connection:
        rows = (await connection.execute(query)).all()
    if not rows:
        raise NotASearch(none, name=name)
    if len(rows) > NAMES:
        raise NotASearch(MANY, name=name, most=NAMES)
    return [Label(tenant=tenant, id=ident) for tenant, ident in rows]


async def _alike(database: Database, scope: Scope, search: Search) -> Sequence[str] | None:
    """Fingerprints of the failures that are meant; None when any run is."""
    if not search.errors and not search.words:
        return None
    failures = _failures.c
    told = [each for each in search.errors if FINGERPRINT.fullmatch(each)]
    types = [each for each in search.errors if each not in told]
    conditions: list[ColumnElement[bool]] = []
    if search.errors:
        named = failures.fingerprint.in_(told), failures.error_type.in_(types)
        conditions.append(or_(*named) if types else named[0])
    conditions += [
        or_(
            failures.why.icontains(word, autoescape=True),
            failures.error_type.icontains(word, autoescape=True),
        )
        for word in search.words
    ]
    if not types and not search.words:
        return told
    query = (
        select(failures.fingerprint)
        .where(*conditions)
        .group_by(failures.fingerprint)
        .order_by(func.max(failures.last_at).desc())
        .limit(CAUSES)
    )
    async with database.reading(scope) as connection:
        return list((await connection.execute(query)).scalars())


def _values(text: str) -> Iterator[object]:
    """What may stand in the arguments: the text, or the number or truth value it looks like."""
    yield text
    with suppress(msgspec.DecodeError):
        value = msgspec.json.decode(text.encode())
        if isinstance(value, int | float | bool):
            yield value


def _range(begin: str) -> tuple[UUID, UUID]:
    """First and last of the ids that begin so."""
    letters = begin.replace("-", "")
    return UUID(letters.ljust(32, "0")), UUID(letters.ljust(32, "f"))
