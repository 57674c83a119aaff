"""The company as of a moment: its people and shops then, under the names that are known now."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from sqlalchemy import Text, Uuid, column, select, table

from app.accounts.company import MemberRow
from app.graphql.context import Context
from app.graphql.fields import said
from app.past import recorded_at, state_then
from domain import shop, tenant
from domain.events import Moment
from domain.fact import fact


@strawberry.type(
    description="A shop as the company's facts have it, at the moment the company is shown as of."
)
class CompanyShop:
    id: UUID = said("Its id, for ever.")
    name: str | None = said("What her people call it today: names are no facts. Null if forgotten.")
    marketplace: str = said("Where it sells: wildberries.")
    seller_id: str = said("The marketplace's own id of the seller.")
    spreadsheet_id: str | None = said("The Google Sheet that it was written to, once connected.")
    cron: str | None = said(
        "When it was synced, or had to be ready: minute, hour, day, month, weekday."
    )
    zone: str | None = said("The IANA time zone that the fields of `cron` are meant in.")
    broken: str | None = said("Why it could not be synced, if it could not: token_dead …")


@fact
class CompanyThen:
    """The company's state, and since when each member is one."""

    state: tenant.Tenant
    joined: Mapping[UUID, datetime]


NOBODY: Mapping[str, str | None] = {"full_name": None, "email": None}

_people = table("people", column("user_id", Uuid), column("full_name", Text), column("email", Text))
_labels = table("labels", column("id", Uuid), column("name", Text))


async def company_then(context: Context, until: Moment) -> CompanyThen | None:
    """None before it existed. Raises TooNew."""
    state, version = await state_then(context, tenant.decider, until)
    if not state.exists:
        return None
    joined = await recorded_at(context, "tenant", version, ("tenant.member_joined",))
    return CompanyThen(state=state, joined=joined)


async def members_then(context: Context, then: CompanyThen) -> Sequence[MemberRow]:
    """All of them, in the order they came; nameless who has left since, or was erased."""
    known = await _people_of(context, then.state.members)
    rows = [
        MemberRow(user_id=each, role=role, joined_at=then.joined[each], **known.get(each, NOBODY))
        for each, role in then.state.members.items()
    ]
    return sorted(rows, key=lambda row: (row.joined_at, row.user_id))


async def shops_then(context: Context, state: tenant.Tenant) -> list[CompanyShop]:
    """All of them, in the order they were connected."""
    query = select(_labels.c.id, _labels.c.name).where(_labels.c.id.in_(state.shops))
    async with context.ports.database.reading(context.scope) as connection:
        names = {row[0]: row[1] for row in await connection.execute(query)}
    return [_shown(shop_id, each, names.get(shop_id)) for shop_id, each in state.shops.items()]


async def _people_of(
    context: Context, wanted: Collection[UUID]
) -> Mapping[UUID, Mapping[str, str | None]]:
    query = select(_people).where(_people.c.user_id.in_(wanted))
    async with context.ports.database.reading(context.scope) as connection:
        rows = await connection.execute(query)
    return {each: {"full_name": name, "email": email} for each, name, email in rows}


def _shown(shop_id: UUID, each: shop.Shop, name: str | None) -> CompanyShop:
    told = each.schedule.told() if each.schedule else None
    return CompanyShop(
        id=shop_id,
        name=name,
        marketplace=each.marketplace,
        seller_id=each.seller_id,
        spreadsheet_id=each.spreadsheet_id,
        cron=told.cron if told else None,
        zone=told.zone if told else None,
        broken=each.broken,
    )
