"""How facts write the tables of shops, and what is planned for them."""

from typing import get_args

from app.cron import following
from app.read_models import Projected, Projection, Written
from domain import arrangement, doubt, health, levels, shop, terms, writer
from domain.events import Recorded
from domain.schedule import Told
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
SET_CHECK_TAB = SHOPS.change("check_tab")
SET_REPLENISHMENT_TAB = SHOPS.change("replenishment_tab")
SET_HIDE_EMPTY = SHOPS.change("hide_empty")
SET_TERMS = SHOPS.change("lead_days", "cover_days", "pack", "safety_days")
RETURN_COLUMNS = SHOPS.change("columns_returned_at")
SET_HEALTH = SHOPS.change("broken", "broken_since", "token_dead")
WARN = SHOPS.change("token_look_at")
MISS = SHOPS.change("missed")
_SEEN = ("doubt_was", "doubt_now", "doubt_lost")
SET_DOUBT = SHOPS.change("doubt", "doubt_since", "doubt_at", *_SEEN)
ACCEPT = SHOPS.change("doubt", "doubt_since")

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
            yield from _doubted(recorded)


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
        case arrangement.CheckTabSwitched(shop_id=shop_id, on=on):
            yield SET_CHECK_TAB, (tenant, shop_id, on)
        case arrangement.ReplenishmentTabSwitched(shop_id=shop_id, on=on):
            yield SET_REPLENISHMENT_TAB, (tenant, shop_id, on)
        case arrangement.EmptyPlacesSwitched(shop_id=shop_id, hidden=hidden):
            yield SET_HIDE_EMPTY, (tenant, shop_id, hidden)
        case arrangement.ColumnsReturned(shop_id=shop_id):
            yield RETURN_COLUMNS, (tenant, shop_id, recorded.at)
        case terms.ReplenishmentTermsChanged(shop_id=shop_id):
            told = (event.lead, event.cover, event.pack, event.safety)
            yield SET_TERMS, (tenant, shop_id, *told)


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


def _doubted(recorded: Recorded) -> Written:
    event, tenant, since = recorded.event, recorded.tenant, recorded.at
    match event:
        case doubt.NumbersHeldBack(shop_id=shop_id) | doubt.NumbersConfirmed(shop_id=shop_id):
            held = isinstance(event, doubt.NumbersHeldBack)
            standing = doubt.Standing.HELD if held else doubt.Standing.CONFIRMED
            seen = (event.was, event.now, event.lost)
            yield SET_DOUBT, (tenant, shop_id, standing, since, event.at, *seen)
        case doubt.NumbersAccepted(shop_id=shop_id):
            yield ACCEPT, (tenant, shop_id, doubt.Standing.ACCEPTED, since)
        case doubt.NumbersBack(shop_id=shop_id):
            yield SET_DOUBT, (tenant, shop_id, None, None, None, None, None, None)


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
