"""The shapes of answers: only the fields that are used, each within strict bounds.

Names and types as in the OpenAPI of dev.wildberries.ru, 2026-08-18. Fields that are not named
here are skipped unread, so new ones cost nothing and break nothing.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from domain.snapshot import MOSCOW

Id = Annotated[int, Meta(ge=1, lt=2**53)]
Pieces = Annotated[int, Meta(ge=0, le=10**9)]
Name = Annotated[str, Meta(min_length=1, max_length=500)]


class Alive(Struct):
    """GET /ping."""

    status: str = field(name="Status")


class SellerInfo(Struct):
    """GET /api/v1/seller-info."""

    name: str
    sid: str


class WbRow(Struct, rename="camel", gc=False):
    """One size at one warehouse of WB. The only id since 2026-08-15 is negative."""

    nm_id: Id
    chrt_id: Id
    warehouse_id: int
    warehouse_name: Name
    quantity: Pieces
    in_way_to_client: Pieces
    in_way_from_client: Pieces


class SellerRow(Struct, rename="camel", gc=False):
    """One size at one warehouse of the seller's."""

    nm_id: Id
    chrt_id: Id
    warehouse_id: int
    warehouse_name: Name
    quantity: Pieces


class _WbItems(Struct, gc=False):
    items: list[WbRow]


class WbPage(Struct, gc=False):
    """POST /api/analytics/v1/stocks-report/wb-warehouses."""

    data: _WbItems


class _SellerItems(Struct, gc=False):
    items: list[SellerRow]


class SellerPage(Struct, gc=False):
    """POST /api/analytics/v1/stocks-report/seller-warehouses."""

    data: _SellerItems


class _TaskId(Struct, rename="camel"):
    task_id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{1,64}$")]


class TaskCreated(Struct):
    """GET /api/v1/warehouse_remains. The id becomes part of an address: letters and digits."""

    data: _TaskId


class _TaskStatus(Struct):
    status: str


class TaskState(Struct):
    """GET …/tasks/{id}/status: new, processing, done, purged, canceled."""

    data: _TaskStatus


class RemainsShelf(Struct, rename="camel", gc=False):
    """One name among the warehouses of a report row; not all of them are warehouses."""

    warehouse_name: Name
    quantity: Pieces


class RemainsRow(Struct, rename="camel", gc=False):
    """One row of GET …/tasks/{id}/download."""

    nm_id: Id
    warehouses: list[RemainsShelf] = []


class Warehouse(Struct):
    """One of GET /api/v3/warehouses."""

    id: Id
    name: Name


class Amount(Struct, rename="camel", gc=False):
    """One size at the asked warehouse."""

    chrt_id: Id
    amount: Pieces


class Amounts(Struct, gc=False):
    """POST /api/v3/stocks/{warehouseId}."""

    stocks: list[Amount]


class CardSize(Struct, gc=False):
    """One size of a card."""

    chrt_id: Id = field(name="chrtID")
    skus: list[str] = []


class CardRow(Struct, gc=False):
    """One card; texts may be missing in a draft."""

    nm_id: Id = field(name="nmID")
    subject: str = field(name="subjectName", default="")
    sku: str = field(name="vendorCode", default="")
    brand: str = ""
    sizes: list[CardSize] = []


class CardCursor(Struct):
    """Where the next page begins; absent in the answer without cards."""

    total: Annotated[int, Meta(ge=0, le=100)]
    updated_at: str | None = field(name="updatedAt", default=None)
    nm_id: int | None = field(name="nmID", default=None)


class CardsPage(Struct):
    """POST /content/v2/get/cards/list."""

    cards: list[CardRow]
    cursor: CardCursor


class OrderRow(Struct, rename="camel", gc=False):
    """One row of GET /api/v1/supplier/orders. Times without offset are Moscow's."""

    date: datetime
    last_change_date: datetime
    nm_id: Id
    is_cancel: bool
    srid: Annotated[str, Meta(min_length=1, max_length=200)]
    warehouse_name: str = ""
    warehouse_type: str = ""


Aware = Annotated[datetime, Meta(tz=True)]


class FeedRow(Struct, rename="camel", gc=False):
    """One order of the feed."""

    nm_id: Id
    srid: Annotated[str, Meta(min_length=1, max_length=200)]
    created_at: Aware
    updated_at: Aware
    status: Annotated[str, Meta(max_length=50)]
    is_mp: bool
    warehouse_name: Annotated[str, Meta(max_length=500)] = ""
    destination_district: Annotated[str, Meta(max_length=500)] = ""
    cancel_type: Annotated[str, Meta(max_length=50)] | None = None


class _FeedData(Struct, rename="camel", gc=False):
    snapshot_time: Annotated[str, Meta(min_length=1, max_length=64)]
    orders: list[FeedRow]


class FeedAnswer(Struct, gc=False):
    """POST /api/analytics/v1/order-feed."""

    data: _FeedData


class SupplyRow(Struct, gc=False):
    """One of POST /api/v1/supplies. Without an id it is an order for one, a plan."""

    stage: int = field(name="statusID")
    made_at: datetime = field(name="createDate")
    supply_id: Id | None = field(name="supplyID", default=None)
    shipped_at: datetime | None = field(name="factDate", default=None)
    changed_at: datetime | None = field(name="updatedDate", default=None)


class SupplyDetails(Struct, gc=False):
    """GET /api/v1/supplies/{ID}."""

    brought_to: Annotated[str, Meta(max_length=500)] | None = field(
        name="actualWarehouseName", default=None
    )
    meant_for: Annotated[str, Meta(max_length=500)] | None = field(
        name="warehouseName", default=None
    )


class GoodRow(Struct, gc=False):
    """One size of GET /api/v1/supplies/{ID}/goods; what is not counted yet is null."""

    nm_id: Id = field(name="nmID")
    quantity: Pieces
    accepted: Pieces | None = field(name="acceptedQuantity", default=None)
    on_sale: Pieces | None = field(name="readyForSaleQuantity", default=None)


class Problem(Struct):
    """What an error body may say, in any of Wildberries' dialects."""

    detail: str = ""
    message: str = ""
    error_text: str = field(name="errorText", default="")
    code: object = ""


def moscow(moment: datetime) -> datetime:
    """Wildberries' own time, which one without an offset is meant in."""
    return moment.replace(tzinfo=MOSCOW) if moment.tzinfo is None else moment.astimezone(MOSCOW)


PING = msgspec.json.Decoder(Alive)
SELLER_INFO = msgspec.json.Decoder(SellerInfo)
WB_PAGE = msgspec.json.Decoder(WbPage)
SELLER_PAGE = msgspec.json.Decoder(SellerPage)
TASK_CREATED = msgspec.json.Decoder(TaskCreated)
TASK_STATE = msgspec.json.Decoder(TaskState)
REMAINS = msgspec.json.Decoder(list[RemainsRow])
WAREHOUSES = msgspec.json.Decoder(list[Warehouse])
AMOUNTS = msgspec.json.Decoder(Amounts)
CARDS = msgspec.json.Decoder(CardsPage)
ORDERS = msgspec.json.Decoder(list[OrderRow])
FEED = msgspec.json.Decoder(FeedAnswer)
SUPPLIES = msgspec.json.Decoder(list[SupplyRow])
SUPPLY = msgspec.json.Decoder(SupplyDetails)
SUPPLY_GOODS = msgspec.json.Decoder(list[GoodRow])
