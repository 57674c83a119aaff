"""What is paused: how facts write it, who reads it, and how a run that waits for it says so."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
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
    """What is paused in one company, or in all: `fleet`. None is every kind, every shop. `by`: her
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


def applying(
    held: Sequence[HoldRow], tenant: UUID, kind: str, shop_id: UUID | None
) -> Sequence[HoldRow]:
    """Those of them that keep such a run from being handed out."""
    return [
        each
        for each in held
        if (each.fleet or each.tenant_id == tenant)
        and each.kind in {None, kind}
        and each.shop_id in {None, shop_id}
    ]


Say: TypeAlias = Callable[..., str]
"""`Visitor.say`."""


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


# By whether it is everybody's, of one kind, of one shop.
_WHY: Mapping[tuple[bool, bool, bool], str] = {
    (True, False, False): _("All runs of all companies are paused by %(who)s since %(since)s."),
    (True, True, False): _("Such runs are paused in all companies by %(who)s since %(since)s."),
    (False, False, False): _("All runs of the company are paused by %(who)s since %(since)s."),
    (False, True, False): _("Such runs are paused by %(who)s since %(since)s."),
    (False, False, True): _("Runs of this shop are paused by %(who)s since %(since)s."),
    (False, True, True): _("Such runs of this shop are paused by %(who)s since %(since)s."),
}


def why_held(hold: HoldRow, since: str, say: Say) -> str:
    """Why a run waits, in one sentence. `since` is the moment as the reader writes it."""
    message = _WHY[hold.fleet, hold.kind is not None, hold.shop_id is not None]
    return say(message, who=_who(hold, say), since=since)


def _who(hold: HoldRow, say: Say) -> str:
    if hold.fleet or hold.source == "staff":
        return say("Stock Tracker's staff")
    return hold.by or say("somebody who has left")
