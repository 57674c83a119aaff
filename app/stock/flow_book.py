"""What is kept of what moves: supplies, what became of orders, and how their sources stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.events import Rows
from domain.flow import FeedPage, Flow, Supply
from domain.stock import Bookmark, ShopKey


class FlowBook(Protocol):
    """All of one shop at a time; every write is one transaction."""

    async def bookmark(self, shop: ShopKey, source: str) -> Bookmark | None:
        """How far `order_feed` was read; when `flows` was last asked for, and with which token;
        `all_orders_fed`: when a sync last read the feed to its end."""

    async def newest(self, shop: ShopKey) -> tuple[UUID, datetime] | None:
        """The snapshot that figures of what moves are shown beside, and when it was taken."""

    async def asked(self, shop: ShopKey, token: str) -> None:
        """Moves the bookmark `flows`."""

    async def keep_feed(self, shop: ShopKey, page: FeedPage) -> None:
        """Upsert states on srid, the latest wins, and move the bookmark. The last page of a read
        says from when to when all is known; what was ordered too long ago to matter is forgotten.
        """

    async def keep_supplies(self, shop: ShopKey, found: Sequence[Supply]) -> None:
        """These are all there are: others are forgotten with their goods."""

    async def unread(self, shop: ShopKey, since: datetime) -> Sequence[Supply]:
        """Whose goods have to be read: those something happened to since, and, but for those read
        after `since`, those that are being counted, for that moves no date. Oldest first."""

    async def keep_goods(self, shop: ShopKey, supply: Supply, coming: Mapping[int, int]) -> None:
        """What of a supply is not on sale yet, by nmID."""

    async def unplaced(self, shop: ShopKey) -> Sequence[int]:
        """Supplies that were shipped and whose warehouse was not asked for yet. Oldest first."""

    async def place(self, shop: ShopKey, supply_id: int, warehouse: str) -> None:
        """Where a supply went; empty where that is not told."""

    async def keep(self, rows: Rows) -> None:
        """Rows of others, to be written beside."""

    async def stands(self, shop: ShopKey, source: Flow, cause: str | None) -> None:
        """The source was read to its end just now; or may not be, because of `cause`."""
