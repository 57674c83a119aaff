"""The shops table: how facts write it and how callers read it."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import get_args
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    Text,
    Time,
    Uuid,
    and_,
    cast,
    column,
    false,
    func,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql import Select

from app.cron import following
from app.read_models import Database, Projected, Projection, Written
from domain import arrangement, health, levels, shop, writer
from domain.access import TenantScope
from domain.events import Recorded
from domain.fact import fact
from domain.schedule import CatchUp, Overlap, Schedule, Told, kept
from domain.start import slot_after
from domain.token_term import next_look

SHOPS = Projected(name="shops", key=("tenant_id", "shop_id"))

_TOKEN = ("token_id", "token_kind", "token_expires_at")
CONNECT = SHOPS.put("marketplace", "seller_id", *_TOKEN, "connected_at", "token_look_at", "robot")
RENEW = SHOPS.change(*_TOKEN, "token_look_at", "token_dead")
DISCONNECT = SHOPS.drop()
SET_SHEET = SHOPS.change("spreadsheet_id", "consent_id", "herself")
MAKE_SHEET = SHOPS.change("spreadsheet_id", "key_address", "key_id", "herself")
SET_ROBOT = SHOPS.change("robot", "key_address", "key_id", "consent_id", "herself")
SET_KEY = SHOPS.change("key_address", "key_id", "consent_id", "herself")
SET_CONSENT = SHOPS.change("consent_id")
SET_SCHEDULE = SHOPS.change(*Told._fields)
SET_DATA_TAB = SHOPS.change("data_tab")
SET_HIDE_EMPTY = SHOPS.change("hide_empty")
RETURN_COLUMNS = SHOPS.change("columns_returned_at")
SET_HEALTH = SHOPS.change("broken", "broken_since", "token_dead")
WARN = SHOPS.change("token_look_at")
MISS = SHOPS.change("missed")

# Not rebuilt: the clock moves a slot on. What is promised gets its turn from whoever ticks next, as
# does what gives one back: many companies may not wait here for one count.
PLAN = """
WITH promised AS (
  INSERT INTO promises (tenant_id, shop_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
)
INSERT INTO schedules AS s (tenant_id, shop_id, cron, zone, ready_hour, weekdays, catch_up, overlap,
                            slot, next_run_at, planned)
VALUES ($1, $2, $3, $4, $5::time, $6, $7, $8, $9, $10, $5::time IS NULL)
ON CONFLICT (tenant_id, shop_id) DO UPDATE
SET cron = $3, zone = $4, ready_hour = $5::time, weekdays = $6, catch_up = $7, overlap = $8,
    slot = $9, next_run_at = $10, planned = excluded.planned AND s.planned_for IS NULL
"""
UNPLAN = """
WITH unpromised AS (DELETE FROM promises WHERE tenant_id = $1 AND shop_id = $2)
DELETE FROM schedules WHERE tenant_id = $1 AND shop_id = $2
"""


def project(recorded: Recorded) -> Written:
    event, tenant, at = recorded.event, recorded.tenant, recorded.at
    match event:
        case shop.ShopConnected(shop_id=shop_id):
            account = (event.marketplace, event.seller_id)
            token, look = _token(event)
            yield CONNECT, (tenant, shop_id, *account, *token, at, look, event.robot)
        case shop.TokenReplaced(shop_id=shop_id):
            token, look = _token(event)
            yield RENEW, (tenant, shop_id, *token, look, None)
        case shop.ShopDisconnected(shop_id=shop_id):
            yield DISCONNECT, (tenant, shop_id)
        case shop.SheetConnected(shop_id=shop_id, spreadsheet_id=spreadsheet_id):
            yield SET_SHEET, (tenant, shop_id, spreadsheet_id, None, None)
        case shop.ScheduleSet(shop_id=shop_id, schedule=schedule):
            yield SET_SCHEDULE, (tenant, shop_id, *schedule.told())
        case _:
            yield from _health(recorded)
            yield from _arranged(recorded)
            yield from _written(recorded)


def _health(recorded: Recorded) -> Written:
    event, tenant = recorded.event, recorded.tenant
    match event:
        case health.ShopBroke(shop_id=shop_id, cause=cause):
            dead = cause == health.TOKEN_DEAD or None
            yield SET_HEALTH, (tenant, shop_id, cause, recorded.at, dead)
        case health.ShopRecovered(shop_id=shop_id):
            yield SET_HEALTH, (tenant, shop_id, None, None, None)
        case health.TokenExpiring(shop_id=shop_id, days=days, expires_at=expires_at):
            yield WARN, (tenant, shop_id, next_look(expires_at, days))
        case health.HourMissed(shop_id=shop_id, hour=hour):
            yield MISS, (tenant, shop_id, hour)


def _arranged(recorded: Recorded) -> Written:
    event, tenant = recorded.event, recorded.tenant
    match event:
        case arrangement.DataTabSwitched(shop_id=shop_id, on=on):
            yield SET_DATA_TAB, (tenant, shop_id, on)
        case arrangement.EmptyPlacesSwitched(shop_id=shop_id, hidden=hidden):
            yield SET_HIDE_EMPTY, (tenant, shop_id, hidden)
        case arrangement.ColumnsReturned(shop_id=shop_id):
            yield RETURN_COLUMNS, (tenant, shop_id, recorded.at)


def _written(recorded: Recorded) -> Written:
    event, tenant = recorded.event, recorded.tenant
    match event:
        case writer.RobotAssigned(shop_id=shop_id, address=address):
            yield SET_ROBOT, (tenant, shop_id, address, None, None, None, None)
        case writer.KeyGiven(shop_id=shop_id, address=address, key_id=key_id):
            yield SET_KEY, (tenant, shop_id, address, key_id, None, None)
        case writer.GoogleSignedIn(shop_id=shop_id, consent_id=consent_id):
            yield SET_CONSENT, (tenant, shop_id, consent_id)
        case writer.GoogleSignedOut(shop_id=shop_id):
            yield SET_CONSENT, (tenant, shop_id, None)
        case writer.SheetMade(shop_id=shop_id, spreadsheet_id=spreadsheet_id):
            yield MAKE_SHEET, (tenant, shop_id, spreadsheet_id, None, None, True)


def _token(event: shop.ShopConnected | shop.TokenReplaced) -> tuple[tuple[object, ...], object]:
    """Its columns, and when to look at its end."""
    token = (event.token_id, event.token_kind, event.expires_at)
    return token, next_look(event.expires_at, warned=None)


def plan(recorded: Recorded) -> Written:
    """When a shop is due: apart, for a rebuild need not work out the times of long ago."""
    event, tenant = recorded.event, recorded.tenant
    match event:
        case shop.ScheduleSet(shop_id=shop_id, schedule=schedule):
            slot = slot_after(schedule, shop_id, recorded.at, following)
            yield PLAN, (tenant, shop_id, *schedule.told(), slot.at, slot.start)
        case shop.ShopDisconnected(shop_id=shop_id):
            yield UNPLAN, (tenant, shop_id)


PROJECTION = Projection(
    project=project,
    tables=(SHOPS,),
    reads=frozenset(get_args(shop.Event)) - {shop.SyncRequested, levels.StockFell},
)


# Reads


@fact
class ShopRow:
    """One shop as its owner sees it. `name` is a label; without a schedule nothing is next. A
    schedule stands in plain values, as `domain.schedule.Told` has them; `ready_by` is the promised
    hour that `next_run_at` is for; `last_outcome` of `last_slot` is asked, absorbed or skipped.
    While `token_dead` no run is made. `columns_gone`: what she deleted in her sheet, by the names
    that its columns had. `robot` to `herself`: who writes it, as `domain.writer.Writer` has it."""

    tenant_id: UUID
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
    ready_hour: time | None
    weekdays: str | None
    catch_up: str
    overlap: str
    next_run_at: datetime | None
    ready_by: datetime | None
    last_slot: datetime | None
    last_outcome: str | None
    broken: str | None
    broken_since: datetime | None
    token_dead: bool | None
    data_tab: bool
    hide_empty: bool
    columns_returned_at: datetime | None
    columns_gone: Sequence[str]
    robot: str | None
    key_address: str | None
    key_id: UUID | None
    consent_id: UUID | None
    herself: bool | None
    connected_at: datetime

    @property
    def schedule(self) -> Schedule:
        """What its people wish."""
        return kept(Told(*(getattr(self, each) for each in Told._fields)))


_TIME = DateTime(timezone=True)
KEY = ("tenant_id", "shop_id")
SWITCHES = ("data_tab", "hide_empty")
_shops = table(
    "shops",
    *(column(name, Uuid) for name in (*KEY, "token_id", "key_id", "consent_id")),
    *(column(name, Text) for name in ("marketplace", "seller_id", "token_kind", "spreadsheet_id")),
    *(column(name, Text) for name in ("cron", "zone", "weekdays", "catch_up", "overlap", "broken")),
    column("ready_hour", Time),
    column("token_dead", Boolean),
    *(column(name, _TIME) for name in ("token_expires_at", "broken_since", "connected_at")),
    *(column(name, Boolean) for name in SWITCHES),
    column("columns_returned_at", _TIME),
    *(column(name, Text) for name in ("robot", "key_address")),
    column("herself", Boolean),
)
_tabs = table(
    "sheet_tabs",
    *(column(name, Uuid) for name in KEY),
    column("spreadsheet_id", Text),
    column("gone", ARRAY(Text)),
)
_labels = table("labels", column("tenant_id", Uuid), column("id", Uuid), column("name", Text))
DUE = table(
    "schedules",
    *(column(name, Uuid) for name in KEY),
    *(column(name, _TIME) for name in ("next_run_at", "ready_by", "last_slot")),
    column("last_outcome", Text),
)


# A version without policies may be at work beside this one for a while.
POLICIES = {"catch_up": CatchUp.ONCE.value, "overlap": Overlap.SKIP.value}


async def shops(database: Database, scope: TenantScope) -> Sequence[ShopRow]:
    """All of them, in the order they were connected."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(
            select_shops().order_by(_shops.c.connected_at, _shops.c.shop_id)
        )
    return [ShopRow(**row) for row in rows.mappings()]


async def shop_by_id(database: Database, scope: TenantScope, shop_id: UUID) -> ShopRow | None:
    """None also for another tenant's."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(select_shops().where(_shops.c.shop_id == shop_id))
    row = rows.mappings().first()
    return None if row is None else ShopRow(**row)


def select_shops() -> Select[tuple[object, ...]]:
    """Columns of ShopRow, with the row of `DUE` where there is one."""
    return (
        select(
            *(each for each in _shops.c if each.name not in (*POLICIES, *SWITCHES)),
            *(func.coalesce(_shops.c[name], false()).label(name) for name in SWITCHES),
            func.coalesce(_tabs.c.gone, cast(array([]), ARRAY(Text))).label("columns_gone"),
            *(func.coalesce(_shops.c[name], usual).label(name) for name, usual in POLICIES.items()),
            func.coalesce(_labels.c.name, "").label("name"),
            *(each for each in DUE.c if each.name not in KEY),
        )
        .outerjoin(
            _labels,
            and_(_labels.c.tenant_id == _shops.c.tenant_id, _labels.c.id == _shops.c.shop_id),
        )
        .outerjoin(
            _tabs, and_(*(_tabs.c[each] == _shops.c[each] for each in (*KEY, "spreadsheet_id")))
        )
        .outerjoin(DUE, and_(*(DUE.c[each] == _shops.c[each] for each in KEY)))
    )
