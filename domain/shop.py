"""The shop (кабинет): one marketplace account with its sheet, schedule and health.

A part of the tenant: its facts stand in the tenant's stream, and `domain.tenant` asks here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from domain import arrangement
from domain.arrangement import Arrangement
from domain.errors import Refused, Unknown
from domain.fact import fact
from domain.levels import Fell
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


@fact
class ShopBroke:
    """The sync cannot go on by itself. `cause` is a stable word: token_dead, sheet_unshared …"""

    shop_id: UUID
    cause: str


@fact
class ShopRecovered:
    shop_id: UUID


@fact
class StockFell:
    """Products came below the lead time, or to nothing, since the sync before: how many, and some
    of their articles. One fact of a sync, however many there are; none of those that stay there."""

    shop_id: UUID
    low: int
    out: int
    low_products: tuple[int, ...]
    out_products: tuple[int, ...]


Change: TypeAlias = (
    TokenReplaced
    | SheetConnected
    | ScheduleSet
    | arrangement.Event
    | SyncRequested
    | ShopBroke
    | ShopRecovered
    | StockFell
)
Event: TypeAlias = ShopConnected | ShopDisconnected | Change


# What we remember


@fact
class Shop:
    marketplace: str
    seller_id: str
    token_id: UUID
    spreadsheet_id: str | None = None
    schedule: Schedule | None = None
    broken: str | None = None
    arrangement: Arrangement = Arrangement()

    @property
    def ready(self) -> bool:
        """A sync needs somewhere to read from and somewhere to write to."""
        return self.spreadsheet_id is not None


def connected(event: ShopConnected) -> Shop:
    return Shop(marketplace=event.marketplace, seller_id=event.seller_id, token_id=event.token_id)


def evolve(shop: Shop, event: Change) -> Shop:
    match event:
        case TokenReplaced(token_id=token_id):
            return replace(shop, token_id=token_id)
        case SheetConnected(spreadsheet_id=spreadsheet_id):
            return replace(shop, spreadsheet_id=spreadsheet_id)
        case ScheduleSet(schedule=schedule):
            return replace(shop, schedule=schedule)
        case ShopBroke(cause=cause):
            return replace(shop, broken=cause)
        case ShopRecovered():
            return replace(shop, broken=None)
        case SyncRequested() | StockFell():
            return shop
        case _:
            return replace(shop, arrangement=arrangement.evolve(shop.arrangement, event))


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


@fact
class ReportBroken:
    shop_id: UUID
    cause: str


@fact
class ReportHealthy:
    shop_id: UUID


@fact
class ReportFall:
    shop_id: UUID
    fell: Fell


Command: TypeAlias = (
    DisconnectShop
    | ConnectSheet
    | SetSchedule
    | arrangement.Command
    | RequestSync
    | ReportBroken
    | ReportHealthy
    | ReportFall
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
        case _:
            yield from _reported(shop, command)


def _reported(
    shop: Shop, command: ReportBroken | ReportHealthy | ReportFall | arrangement.Command
) -> Iterator[Event]:
    """Only what has changed."""
    match command:
        case ReportBroken(shop_id=shop_id, cause=cause):
            if cause != shop.broken:
                yield ShopBroke(shop_id=shop_id, cause=cause)
        case ReportHealthy(shop_id=shop_id):
            if shop.broken is not None:
                yield ShopRecovered(shop_id=shop_id)
        case ReportFall(shop_id=shop_id, fell=fell):
            if fell.low or fell.out:
                yield StockFell(
                    shop_id=shop_id,
                    low=fell.low,
                    out=fell.out,
                    low_products=fell.low_products,
                    out_products=fell.out_products,
                )
        case _:
            yield from _arrange(shop, command)


def _arrange(shop: Shop, command: arrangement.Command) -> Iterator[Event]:
    """What it changes she sees at once: a sync follows."""
    changes = list(arrangement.decide(shop.arrangement, command))
    yield from changes
    if changes and shop.ready:
        yield SyncRequested(shop_id=command.shop_id)
