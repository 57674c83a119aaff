"""The shops table: how facts write it and how callers read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, column, func, select, table
from sqlalchemy.sql import Select

from app.cron import following
from app.read_models import Database, Projected, Projection, Written
from domain import shop
from domain.access import TenantScope
from domain.events import Recorded
from domain.fact import fact

SHOPS = Projected(name="shops", key=("tenant_id", "shop_id"))

_TOKEN = ("token_id", "token_kind", "token_expires_at")
CONNECT = SHOPS.put("marketplace", "seller_id", *_TOKEN, "connected_at")
RENEW = SHOPS.change(*_TOKEN)
DISCONNECT = SHOPS.drop()
SET_SHEET = SHOPS.change("spreadsheet_id")
SET_SCHEDULE = SHOPS.change("cron", "zone")
SET_HEALTH = SHOPS.change("broken", "broken_since")

# Not rebuilt: the clock moves `next_run_at` on.
PLAN = """
INSERT INTO schedules (tenant_id, shop_id, cron, zone, next_run_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, shop_id) DO UPDATE SET cron = $3, zone = $4, next_run_at = $5
"""
UNPLAN = "DELETE FROM schedules WHERE tenant_id = $1 AND shop_id = $2"


def project(recorded: Recorded) -> Written:
    event, tenant, at = recorded.event, recorded.tenant, recorded.at
    match event:
        case shop.ShopConnected(shop_id=shop_id):
            account = (event.marketplace, event.seller_id)
            token = (event.token_id, event.token_kind, event.expires_at)
            yield CONNECT, (tenant, shop_id, *account, *token, at)
        case shop.TokenReplaced(shop_id=shop_id):
            yield (
                RENEW,
                (tenant, shop_id, event.token_id, event.token_kind, event.expires_at),
            )
        case shop.ShopDisconnected(shop_id=shop_id):
            yield DISCONNECT, (tenant, shop_id)
        case shop.SheetConnected(shop_id=shop_id, spreadsheet_id=spreadsheet_id):
            yield SET_SHEET, (tenant, shop_id, spreadsheet_id)
        case shop.ScheduleSet(shop_id=shop_id, cron=cron, zone=zone):
            yield SET_SCHEDULE, (tenant, shop_id, cron, zone)
        case shop.ShopBroke(shop_id=shop_id, cause=cause):
            yield SET_HEALTH, (tenant, shop_id, cause, at)
        case shop.ShopRecovered(shop_id=shop_id):
            yield SET_HEALTH, (tenant, shop_id, None, None)


def plan(recorded: Recorded) -> Written:
    """When a shop is due: apart, for a rebuild need not work out the times of long ago."""
    event, tenant = recorded.event, recorded.tenant
    match event:
        case shop.ScheduleSet(shop_id=shop_id, cron=cron, zone=zone):
            due = following(cron, zone, recorded.at)
            yield PLAN, (tenant, shop_id, cron, zone, due)
        case shop.ShopDisconnected(shop_id=shop_id):
            yield UNPLAN, (tenant, shop_id)


PROJECTION = Projection(
    project=project,
    tables=(SHOPS,),
    reads=frozenset(get_args(shop.Event)) - {shop.SyncRequested},
)


# Reads


@fact
class ShopRow:
    """One shop as its owner sees it. `name` is a label; without a schedule nothing is next."""

    shop_id: UUID
    name: str
    marketplace: str
    seller_id: str
    token_id: UUID
    token_kind: str
    token_expires_at: datetime | None
    spreadsheet_id: str | None
    cron: str
    zone: str
    next_run_at: datetime | None
    broken: str | None
    broken_since: datetime | None
    connected_at: datetime


_shops = table(
    "shops",
    *(column(name, Uuid) for name in ("shop_id", "token_id")),
    *(column(name, Text) for name in ("marketplace", "seller_id", "token_kind", "spreadsheet_id")),
    *(column(name, Text) for name in ("cron", "zone", "broken")),
    *(
        column(name, DateTime(timezone=True))
        for name in ("token_expires_at", "broken_since", "connected_at")
    ),
)
_labels = table("labels", column("id", Uuid), column("name", Text))
_due = table("schedules", column("shop_id", Uuid), column("next_run_at", DateTime(timezone=True)))


async def shops(database: Database, scope: TenantScope) -> Sequence[ShopRow]:
    """All of them, in the order they were connected."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(_select().order_by(_shops.c.connected_at, _shops.c.shop_id))
    return [ShopRow(**row) for row in rows.mappings()]


async def shop_by_id(database: Database, scope: TenantScope, shop_id: UUID) -> ShopRow | None:
    """None also for another tenant's."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(_select().where(_shops.c.shop_id == shop_id))
    row = rows.mappings().first()
    return None if row is None else ShopRow(**row)


def _select() -> Select[tuple[object, ...]]:
    return (
        select(*_shops.c, func.coalesce(_labels.c.name, "").label("name"), _due.c.next_run_at)
        .outerjoin(_labels, _labels.c.id == _shops.c.shop_id)
        .outerjoin(_due, _due.c.shop_id == _shops.c.shop_id)
    )
