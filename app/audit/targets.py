"""What a caller means by a target: an id, the beginning of a name, or a name nearly right."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, Uuid, column, false, select, table, true, union_all
from sqlalchemy.sql import Select

from app.audit.read import sight
from app.audit.trigrams import ALIKE, begins, folded, similarity
from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact
from domain.fleet import FLEET
from domain.ids import id_in

MOST = 20
"""Targets at once, the likest first: each is a range of the log to read."""


@fact
class Named:
    """What can be looked for. The id of a seller or a file is `exact`: begun, not guessed."""

    id: UUID
    name: str
    exact: bool


_people = table(
    "people", *(column(each, Uuid) for each in ("tenant_id", "user_id")), column("full_name", Text)
)
_entries = table(
    "audit_entries",
    *(column(each, Uuid) for each in ("tenant_id", "target_id")),
    column("name", Text),
)
_labels = table("labels", column("tenant_id", Uuid), column("id", Uuid), column("name", Text))
_shops = table(
    "shops",
    *(column(each, Uuid) for each in ("tenant_id", "shop_id")),
    *(column(each, Text) for each in ("seller_id", "spreadsheet_id")),
)


async def targets(database: Database, scope: TenantScope, wanted: str) -> Sequence[UUID]:
    """Ids of what may be meant; none if nothing of the company's is called like this."""
    ident = id_in(wanted)
    return matching(await _named(database, scope), wanted) if ident is None else [ident]


def matching(named: Sequence[Named], wanted: str) -> Sequence[UUID]:
    """What begins so; or else what is like it, the likest first."""
    text = folded(wanted)
    begun = [each.id for each in named if begins(folded(each.name), text)]
    if not begun:
        guessed = [(_likeness(folded(each.name), text), each) for each in named if not each.exact]
        likest = sorted(guessed, key=lambda pair: -pair[0])
        begun = [each.id for alike, each in likest if alike >= ALIKE]
    return list(dict.fromkeys(begun))[:MOST]


def _likeness(name: str, text: str) -> float:
    """Of the whole name, or of the likest of its words: people type one of them."""
    return max(similarity(each, text) for each in (name, *name.split()))


async def _named(database: Database, scope: TenantScope) -> Sequence[Named]:
    """A company's names are few: read whole, they need no index of trigrams."""
    tenant = scope.tenant
    known = _shops.c.tenant_id == tenant
    query = union_all(
        select(_labels.c.id, _labels.c.name, false()).where(_labels.c.tenant_id == tenant),
        _acquainted(scope),
        select(_shops.c.shop_id, _shops.c.seller_id, true()).where(known),
        select(_shops.c.shop_id, _shops.c.spreadsheet_id, true()).where(
            known, _shops.c.spreadsheet_id.is_not(None)
        ),
    )
    async with database.reading(sight(scope)) as connection:
        rows = (await connection.execute(query)).all()
    return [Named(id=row[0], name=row[1], exact=row[2]) for row in rows]


def _acquainted(scope: TenantScope) -> Select[tuple[UUID, str, bool]]:
    """Those of whom the company sees the names; of the fleet who belongs to its staff, or did."""
    people = select(_people.c.user_id, _people.c.full_name, false())
    if scope.tenant != FLEET:
        return people
    staff = select(_entries.c.target_id).where(
        _entries.c.tenant_id == FLEET,
        _entries.c.name.in_(("fleet.staff_appointed", "fleet.staff_dismissed")),
    )
    return people.where(_people.c.tenant_id.in_(staff))
