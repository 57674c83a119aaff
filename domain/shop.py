"""The shop (кабинет): one marketplace account with its sheet, schedule and health.

A part of the tenant: its facts stand in the tenant's stream, and `domain.tenant` asks here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from domain import arrangement, doubt, health, levels, limits, terms, writer
from domain.arrangement import Arrangement
from domain.doubt import Doubt
from domain.errors import Refused, Unknown
from domain.fact import fact
from domain.replenishment import USUAL, Terms
from domain.schedule import EVERY_MORNING, Schedule
from domain.writer import Writer

# What can happen


@fact
class ShopConnected:
    """`robot`: the address of our pool that its sheet is to be shared with, for good; None without
    a pool."""

    shop_id: UUID
    marketplace: str
    seller_id: str
    token_id: UUID
    token_kind: str
    expires_at: datetime | None
    robot: str | None = None


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
    | SyncRequested
    | arrangement.Event
    | health.Event
    | writer.Event
    | doubt.Event
    | levels.StockFell
    | terms.ReplenishmentTermsChanged
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
    writer: Writer = Writer()
    doubt: Doubt | None = None
    terms: Terms | None = None

    @property
    def secrets(self) -> frozenset[UUID]:
        """What the vault has to keep for it."""
        return self.writer.secrets | {self.token_id}

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
        writer=Writer(robot=event.robot),
    )


def evolve(shop: Shop, event: Change) -> Shop:
    match event:
        case TokenReplaced(token_id=token_id, expires_at=expires_at):
            return replace(shop, health=shop.health.renewed(token_id, expires_at))
        case SheetConnected(spreadsheet_id=spreadsheet_id):
            return replace(shop, spreadsheet_id=spreadsheet_id, writer=shop.writer.shared())
        case ScheduleSet(schedule=schedule):
            return replace(shop, schedule=schedule)
        case terms.ReplenishmentTermsChanged():
            return replace(shop, terms=terms.of(event))
        case SyncRequested() | levels.StockFell():
            return shop
        case _:
            return _part(shop, event)


def _part(shop: Shop, event: arrangement.Event | health.Event | writer.Event | doubt.Event) -> Shop:
    match event:
        case writer.SheetMade(spreadsheet_id=spreadsheet_id):
            now = writer.evolve(shop.writer, event)
            return replace(shop, spreadsheet_id=spreadsheet_id, writer=now)
        case _ if isinstance(event, writer.Event):
            return replace(shop, writer=writer.evolve(shop.writer, event))
        case _ if isinstance(event, doubt.Event):
            return replace(shop, doubt=doubt.evolve(shop.doubt, event))
        case _ if isinstance(event, arrangement.Event):
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
    robot: str | None = None
    allowed: limits.Allowed | None = None


@fact
class DisconnectShop:
    shop_id: UUID


@fact
class ConnectSheet:
    """`robot`: who of our pool could open it, if one of it did."""

    shop_id: UUID
    spreadsheet_id: str
    robot: str | None = None


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
    | RequestSync
    | arrangement.Command
    | health.Command
    | writer.Command
    | doubt.Command
    | levels.ReportFall
    | terms.Command
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
        robot=command.robot,
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
        case ConnectSheet():
            yield from _connect_sheet(shop, command)
        case SetSchedule(shop_id=shop_id, schedule=schedule):
            if schedule != shop.schedule:
                yield ScheduleSet(shop_id=shop_id, schedule=schedule)
        case arrangement.ReturnColumns() | RequestSync() if not shop.ready:
            raise SheetMissing(field="shopId")
        case RequestSync(shop_id=shop_id):
            yield SyncRequested(shop_id=shop_id)
        case levels.ReportFall():
            yield from levels.decide(command)
        case _ if isinstance(command, arrangement.Command | terms.Command):
            yield from _arrange(shop, command)
        case _ if isinstance(command, writer.Command):
            yield from _written(shop, command)
        case doubt.ReportReading() | doubt.AcceptNumbers():
            yield from doubt.decide(shop.doubt, command)
        case _:
            yield from health.decide(shop.health, command)


def _connect_sheet(shop: Shop, command: ConnectSheet) -> Iterator[Event]:
    if command.robot and shop.writer.key is None and shop.writer.robot != command.robot:
        yield writer.RobotAssigned(shop_id=command.shop_id, address=command.robot)
    if command.spreadsheet_id != shop.spreadsheet_id:
        yield SheetConnected(shop_id=command.shop_id, spreadsheet_id=command.spreadsheet_id)


def _written(shop: Shop, command: writer.Command) -> Iterator[Event]:
    """What another writer makes of the sheet she sees at once: a sync follows."""
    changes = list(writer.decide(shop.writer, command))
    yield from changes
    if changes and shop.ready and writer.shows(shop.writer, command):
        yield SyncRequested(shop_id=command.shop_id)


def _arrange(shop: Shop, command: arrangement.Command | terms.Command) -> Iterator[Event]:
    """What it changes she sees at once: a sync follows, but for what she typed there herself."""
    changes: list[Event] = []
    if isinstance(command, arrangement.Command):
        changes += arrangement.decide(shop.arrangement, command)
    else:
        in_tab = shop.ready and bool(shop.arrangement.replenishment_tab)
        changes += terms.decide(shop.terms or USUAL, command, in_tab=in_tab)
    yield from changes
    if changes and shop.ready and not isinstance(command, terms.FollowTab):
        yield SyncRequested(shop_id=command.shop_id)
