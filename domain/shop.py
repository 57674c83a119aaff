"""The shop (кабинет): one marketplace account with its sheet, schedule and health.

A part of the tenant: its facts stand in the tenant's stream, and `domain.tenant` asks here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from domain import arrangement, health, levels
from domain.arrangement import Arrangement
from domain.errors import Refused, Unknown
from domain.fact import fact
from domain.schedule import EVERY_MORNING, Schedule

# What can happen


@fact
class ShopConnected:
    shop_id: UUID
    marketplace: str
    seller_id: str
    token_id: UUID
    token_kind: str
    expires_at: datetime | None


@fact
class TokenReplaced:
    shop_id: UUID
    token_id: UUID
    token_kind: str
    expires_at: datetime | None


@fact
class ShopDisconnected:
    shop_id: UUID


@fact
class SheetConnected:
    shop_id: UUID
    spreadsheet_id: str


@fact
class ScheduleSet:
    shop_id: UUID
    schedule: Schedule


@fact
class SyncRequested:
    shop_id: UUID


Change: TypeAlias = (
    TokenReplaced
    | SheetConnected
    | ScheduleSet
    | arrangement.Event
    | SyncRequested
    | health.Event
    | levels.StockFell
)
Event: TypeAlias = ShopConnected | ShopDisconnected | Change


# What we remember


@fact
class Shop:
    marketplace: str
    seller_id: str
    health: health.Health
    spreadsheet_id: str | None = None
    schedule: Schedule | None = None
    arrangement: Arrangement = Arrangement()

    @property
    def token_id(self) -> UUID:
        """The token that it is read with."""
        return self.health.token_id

    @property
    def broken(self) -> str | None:
        """Why it cannot be synced, if it cannot."""
        return self.health.broken

    @property
    def ready(self) -> bool:
        """A sync needs somewhere to read from and somewhere to write to."""
        return self.spreadsheet_id is not None


def connected(event: ShopConnected) -> Shop:
    return Shop(
        marketplace=event.marketplace,
        seller_id=event.seller_id,
        health=health.Health(token_id=event.token_id, expires_at=event.expires_at),
    )


def evolve(shop: Shop, event: Change) -> Shop:
    match event:
        case TokenReplaced(token_id=token_id, expires_at=expires_at):
            return replace(shop, health=shop.health.renewed(token_id, expires_at))
        case SheetConnected(spreadsheet_id=spreadsheet_id):
            return replace(shop, spreadsheet_id=spreadsheet_id)
        case ScheduleSet(schedule=schedule):
            return replace(shop, schedule=schedule)
        case SyncRequested() | levels.StockFell():
            return shop
        case _:
            return _part(shop, event)


def _part(shop: Shop, event: arrangement.Event | health.Event) -> Shop:
    match event:
        case (
            arrangement.DataTabSwitched()
            | arrangement.CheckTabSwitched()
            | arrangement.EmptyPlacesSwitched()
            | arrangement.ColumnsReturned()
        ):
            return replace(shop, arrangement=arrangement.evolve(shop.arrangement, event))
        case _:
            return replace(shop, health=health.evolve(shop.health, event))


# What may be asked


@fact
class ConnectShop:
    """Also how a new token is given to a shop: the same seller is the same shop."""

    shop_id: UUID
    marketplace: str
    seller_id: str
    token_id: UUID
    token_kind: str
    expires_at: datetime | None


@fact
class DisconnectShop:
    shop_id: UUID


@fact
class ConnectSheet:
    shop_id: UUID
    spreadsheet_id: str


@fact
class SetSchedule:
    shop_id: UUID
    schedule: Schedule


@fact
class RequestSync:
    shop_id: UUID


Command: TypeAlias = (
    DisconnectShop
    | ConnectSheet
    | SetSchedule
    | arrangement.Command
    | RequestSync
    | health.Command
    | levels.ReportFall
)


# How we answer


class UnknownShop(Unknown):
    """There is no such shop. `shops` lists yours."""


class SheetMissing(Refused):
    """This shop has no Google Sheet yet. Connect one first."""


def connect(command: ConnectShop) -> Iterator[Event]:
    yield ShopConnected(
        shop_id=command.shop_id,
        marketplace=command.marketplace,
        seller_id=command.seller_id,
        token_id=command.token_id,
        token_kind=command.token_kind,
        expires_at=command.expires_at,
    )
    yield ScheduleSet(shop_id=command.shop_id, schedule=EVERY_MORNING)


def replace_token(shop_id: UUID, shop: Shop, command: ConnectShop) -> Iterator[Event]:
    yield TokenReplaced(
        shop_id=shop_id,
        token_id=command.token_id,
        token_kind=command.token_kind,
        expires_at=command.expires_at,
    )
    if shop.ready:
        yield SyncRequested(shop_id=shop_id)


def decide(shop: Shop, command: Command) -> Iterator[Event]:
    match command:
        case DisconnectShop(shop_id=shop_id):
            yield ShopDisconnected(shop_id=shop_id)
        case ConnectSheet(shop_id=shop_id, spreadsheet_id=spreadsheet_id):
            if spreadsheet_id != shop.spreadsheet_id:
                yield SheetConnected(shop_id=shop_id, spreadsheet_id=spreadsheet_id)
        case SetSchedule(shop_id=shop_id, schedule=schedule):
            if schedule != shop.schedule:
                yield ScheduleSet(shop_id=shop_id, schedule=schedule)
        case arrangement.ReturnColumns() | RequestSync() if not shop.ready:
            raise SheetMissing(field="shopId")
        case RequestSync(shop_id=shop_id):
            yield SyncRequested(shop_id=shop_id)
        case levels.ReportFall():
            yield from levels.decide(command)
        case arrangement.ArrangeSheet() | arrangement.ReturnColumns():
            yield from _arrange(shop, command)
        case _:
            yield from health.decide(shop.health, command)


def _arrange(shop: Shop, command: arrangement.Command) -> Iterator[Event]:
    """What it changes she sees at once: a sync follows."""
    changes = list(arrangement.decide(shop.arrangement, command))
    yield from changes
    if changes and shop.ready:
        yield SyncRequested(shop_id=command.shop_id)
