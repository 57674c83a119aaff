"""What is on hold: how facts write it, and who reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.read_models import Database, Projected, Projection, Written
from domain import fleet, run_acts
from domain.access import Scope
from domain.events import Recorded
from domain.fact import fact

HOLDS = Projected(name="holds", key=("tenant_id", "scope"))

HOLD = HOLDS.put("fleet", "kind", "shop_id", "since", "source", "actor_id")
RELEASE = HOLDS.drop()


def project(recorded: Recorded) -> Written:
    origin, tenant = recorded.origin, recorded.tenant
    by = (recorded.at, origin.source, origin.actor)
    match recorded.event:
        case run_acts.RunsHeld(kind=kind, shop_id=shop_id):
            yield HOLD, (tenant, _scope(kind, shop_id), False, kind, shop_id, *by)
        case run_acts.RunsReleased(kind=kind, shop_id=shop_id):
            yield RELEASE, (tenant, _scope(kind, shop_id))
        case fleet.RunsHeld(kind=kind):
            yield HOLD, (tenant, _scope(kind, None), True, kind, None, *by)
        case fleet.RunsReleased(kind=kind):
            yield RELEASE, (tenant, _scope(kind, None))


def _scope(kind: str | None, shop_id: UUID | None) -> str:
    return f"{kind or '*'}/{shop_id or '*'}"


PROJECTION = Projection(
    project=project,
    tables=(HOLDS,),
    reads=frozenset({run_acts.RunsHeld, run_acts.RunsReleased, fleet.RunsHeld, fleet.RunsReleased}),
)


# Reads


@fact
class HoldRow:
    """What is on hold in one company, or in all: `fleet`. None is every kind, every shop. `by`: her
    name, if a person of the company did it and is still known; `company` and `shop` are names."""

    tenant_id: UUID
    fleet: bool
    kind: str | None
    shop_id: UUID | None
    since: datetime
    source: str | None
    by: str | None
    company: str
    shop: str

    @property
    def width(self) -> tuple[bool, bool, bool, datetime]:
        """Sorts the widest first."""
        return not self.fleet, self.shop_id is not None, self.kind is not None, self.since


MOST = 100
_HOLDS = text("""
SELECT h.tenant_id, h.fleet, h.kind, h.shop_id, h.since, h.source, p.full_name AS by,
  coalesce(c.name, '') AS company, coalesce(s.name, '') AS shop
FROM holds h
LEFT JOIN people p ON p.tenant_id = h.actor_id
LEFT JOIN labels c ON c.tenant_id = h.tenant_id AND c.id = h.tenant_id
LEFT JOIN labels s ON s.tenant_id = h.tenant_id AND s.id = h.shop_id
ORDER BY h.fleet DESC, h.since DESC, h.tenant_id, h.scope LIMIT :most
""")


async def holds(database: Database, scope: Scope) -> Sequence[HoldRow]:
    """What the scope may see, the widest first; those of the fleet are everybody's. At most MOST,
    the newest."""
    async with database.reading(scope) as connection:
        rows = (await connection.execute(_HOLDS, {"most": MOST})).mappings().all()
    return sorted((HoldRow(**row) for row in rows), key=lambda row: row.width)


@fact
class Hold:
    """What keeps a run from beginning: everybody's (`fleet`) or a company's, of all runs or of one
    kind or shop. `source` and `by` are as in HoldRow."""

    fleet: bool
    of_kind: bool
    of_shop: bool
    since: datetime
    source: str | None
    by: str | None


WIDEST = """
SELECT h.fleet, h.kind IS NOT NULL AS of_kind, h.shop_id IS NOT NULL AS of_shop, h.since, h.source,
  p.full_name AS by
FROM holds h LEFT JOIN people p ON p.tenant_id = h.actor_id
WHERE (h.fleet OR h.tenant_id = {tenant}) AND (h.kind IS NULL OR h.kind = {kind})
  AND (h.shop_id IS NULL OR h.shop_id = {shop})
ORDER BY h.fleet DESC, of_shop, of_kind, h.since LIMIT 1
"""
"""Of the holds that keep such a run from being handed out the first one, as `hold_in` reads it."""


def hold_in(row: Mapping[Any, Any]) -> Hold | None:
    """None where nothing does."""
    if row["since"] is None:
        return None
    return Hold(**{each.name: row[each.name] for each in fields(Hold)})
