"""Who wants which mails: how facts write it, and what is read before one is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Text,
    Uuid,
    and_,
    column,
    func,
    select,
    table,
)
from sqlalchemy.sql import Select

from app.read_models import Database, Projected, Projection, Written
from domain import health, tenant
from domain.access import Role, TenantScope
from domain.events import Recorded
from domain.fact import fact
from domain.notices import Choice, NoticesChosen, usual
from domain.shop import ShopDisconnected

CHOICES = Projected(name="notice_choices", key=("tenant_id", "user_id"))

JOIN = CHOICES.put()
LEAVE = CHOICES.drop()
CHOOSE = CHOICES.change("kinds", "at_night")


def project(recorded: Recorded) -> Written:
    match recorded.event:
        case tenant.MemberJoined(user_id=user_id):
            yield JOIN, (recorded.tenant, user_id)
        case tenant.MemberLeft(user_id=user_id):
            yield LEAVE, (recorded.tenant, user_id)
        case NoticesChosen(user_id=user_id, kinds=kinds, at_night=at_night):
            yield CHOOSE, (recorded.tenant, user_id, ",".join(kinds), at_night)


PROJECTION = Projection(
    project=project,
    tables=(CHOICES,),
    reads=frozenset({tenant.MemberJoined, tenant.MemberLeft, NoticesChosen}),
)


# What was told of a trouble is told anew when it comes again.

_ENDED = "UPDATE notices_told SET over_at = $3 WHERE (tenant_id, shop_id) = ($1, $2)"
_LEFT = "DELETE FROM notices_told WHERE (tenant_id, user_id) = ($1, $2)"
_GONE = "DELETE FROM notices_told WHERE (tenant_id, shop_id) = ($1, $2)"


def told_of(recorded: Recorded) -> Written:
    """What facts leave of what was told; who was told of a trouble still hears that it is over."""
    match recorded.event:
        case health.ShopRecovered(shop_id=shop_id):
            yield _ENDED, (recorded.tenant, shop_id, recorded.at)
        case ShopDisconnected(shop_id=shop_id):
            yield _GONE, (recorded.tenant, shop_id)
        case tenant.MemberLeft(user_id=user_id):
            yield _LEFT, (recorded.tenant, user_id)


# Reads


@fact
class Person:
    """Somebody of the company, as far as a mail to her needs it. `failed_at`: since then her
    address is known to have nobody behind it."""

    user_id: UUID
    role: Role
    email: str
    language: str
    failed_at: datetime | None
    choice: Choice

    def __repr__(self) -> str:
        return f"Person({self.user_id})"


@fact
class Shop:
    """A shop, as far as a notice needs it."""

    name: str
    token_id: UUID
    token_dead: bool
    broken: str | None
    zone: ZoneInfo


_TIME = DateTime(timezone=True)
_members = table(
    "members",
    column("user_id", Uuid),
    column("role", Text),
    column("joined_at", _TIME),
)
_people = table(
    "people",
    column("user_id", Uuid),
    *(column(name, Text) for name in ("email", "language")),
    column("mail_failed_at", _TIME),
)
_choices = table(
    "notice_choices", column("user_id", Uuid), column("kinds", Text), column("at_night", Boolean)
)
_shops = table(
    "shops",
    *(column(name, Uuid) for name in ("tenant_id", "shop_id", "token_id")),
    *(column(name, Text) for name in ("seller_id", "broken", "zone")),
    column("token_dead", Boolean),
)
_labels = table("labels", column("tenant_id", Uuid), column("id", Uuid), column("name", Text))
_told = table(
    "notices_told",
    *(column(name, Uuid) for name in ("shop_id", "user_id")),
    column("over_at", _TIME),
)
_causes: ColumnElement[str] = column("cause", Text)


async def people(database: Database, scope: TenantScope) -> Sequence[Person]:
    """Everybody of the company, in the order they came."""
    query = _select().order_by(_members.c.joined_at, _members.c.user_id)
    async with database.reading(scope) as connection:
        rows = (await connection.execute(query)).mappings().all()
    return [_person(row) for row in rows]


async def myself(database: Database, scope: TenantScope) -> Person | None:
    """None for somebody who has just left."""
    query = _select().where(_members.c.user_id == scope.person)
    async with database.reading(scope) as connection:
        row = (await connection.execute(query)).mappings().first()
    return None if row is None else _person(row)


async def shop(database: Database, scope: TenantScope, shop_id: UUID) -> Shop | None:
    """None for one that is gone."""
    named = and_(_labels.c.tenant_id == _shops.c.tenant_id, _labels.c.id == _shops.c.shop_id)
    query = (
        select(*_shops.c, _labels.c.name)
        .outerjoin(_labels, named)
        .where(_shops.c.shop_id == shop_id)
    )
    async with database.reading(scope) as connection:
        row = (await connection.execute(query)).mappings().first()
    if row is None:
        return None
    return Shop(
        name=" ".join((row["name"] or row["seller_id"]).split()),
        token_id=row["token_id"],
        token_dead=bool(row["token_dead"]),
        broken=row["broken"],
        zone=ZoneInfo(row["zone"] or "Europe/Moscow"),
    )


async def told(
    database: Database, scope: TenantScope, shop_id: UUID
) -> Mapping[tuple[UUID, str], datetime | None]:
    """(person, cause) of what was told of this shop, and since when it is over, if it is."""
    query = select(_told.c.user_id, _causes, _told.c.over_at).where(_told.c.shop_id == shop_id)
    async with database.reading(scope) as connection:
        rows = await connection.execute(query.select_from(_told))
        return {(user_id, cause): over_at for user_id, cause, over_at in rows}


def _select() -> Select[tuple[object, ...]]:
    return (
        select(
            _members.c.user_id,
            _members.c.role,
            _people.c.email,
            _people.c.language,
            _people.c.mail_failed_at,
            _choices.c.kinds,
            func.coalesce(_choices.c.at_night, False).label("at_night"),
        )
        .join(_people, _people.c.user_id == _members.c.user_id)
        .outerjoin(_choices, _choices.c.user_id == _members.c.user_id)
    )


def _person(row: Any) -> Person:  # noqa: ANN401 - a row of SQLAlchemy's
    role = Role(row["role"])
    chosen = row["kinds"]
    choice = usual(role)
    if chosen is not None:
        kinds = tuple(each for each in chosen.split(",") if each)
        choice = Choice(kinds=kinds, at_night=row["at_night"])
    return Person(
        user_id=row["user_id"],
        role=role,
        email=row["email"],
        language=row["language"],
        failed_at=row["mail_failed_at"],
        choice=choice,
    )
