"""What one read of a marketplace brings home, in neutral words, before it becomes a snapshot."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.fact import fact
from domain.flow import FeedPage
from domain.place import Place
from domain.snapshot import Gap

Pieces = Mapping[int, int]
"""nmID → pieces; sizes are added up."""


@fact
class ShopKey:
    """Whose, and which shop."""

    tenant: UUID
    shop: UUID


@fact
class Bookmark:
    """How far a delta was read: the marketplace's own cursor, and when that was."""

    cursor: str
    read_at: datetime


@fact
class Size:
    """One size of a card: marketplaces count stock by size, the sheet by product."""

    chrt_id: int
    barcodes: tuple[str, ...] = ()


@fact
class Card:
    """Who a product is. Texts as the seller wrote them."""

    nm_id: int
    brand: str
    subject: str
    sku: str
    sizes: tuple[Size, ...] = ()


@fact
class CardPage:
    """One page of the catalogue. `cursor` goes on after it, and stays a bookmark for next time."""

    cards: tuple[Card, ...]
    cursor: str
    last: bool


@fact
class Order:
    """One ordered piece, as of `changed_at`. Times are the marketplace's, aware (Moscow)."""

    srid: str
    nm_id: int
    ordered_at: datetime
    changed_at: datetime
    cancelled: bool
    by_seller: bool
    warehouse: str


@fact
class OrderPage:
    """One page of changed orders. `cursor` is where the next page begins. Where the feed stands in,
    `fed` is what it says besides."""

    orders: tuple[Order, ...]
    cursor: str
    last: bool
    fed: FeedPage | None = None


@fact
class OrderCount:
    """Orders of one product from one warehouse in the period, not cancelled, one per srid."""

    nm_id: int
    by_seller: bool
    warehouse: str
    pieces: int


@fact
class StockRead:
    """Every stock source of a shop, read whole. None = not read, and a gap says why."""

    at: datetime
    places: Mapping[Place, Pieces]
    to_client: Pieces | None
    returns: Pieces | None
    gaps: tuple[Gap, ...] = ()
    noticed: tuple[str, ...] = ()
    """Sentences for the run: unknown places, a checksum that settled a name."""


class Unread(StrEnum):
    """What a gap is about: its `source`. The columns follow when the snapshot is taken.

    `wb_named`: one figure stood for all warehouses of WB, so those whose names another source
    once told are unknown now, not empty. `orders_by_place` is the same of orders.
    """

    WB = "wb_stock"
    SELLER = "seller_stock"
    WB_NAMED = "wb_named"
    ORDERS = "orders"
    ORDERS_BY_PLACE = "orders_by_place"


def unread(source: Unread, cause: str) -> Gap:
    """A gap as a reader of sources knows it, before there are columns."""
    return Gap(source=source, columns=(), cause=cause)
