"""What the sync needs kept: catalogue, orders, places, snapshots, and where the sheet stands."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain.events import Rows
from domain.levels import Level
from domain.place import Place
from domain.sheet_port import TabState
from domain.snapshot import Period, Snapshot
from domain.stock import Bookmark, Card, CardPage, OrderCount, OrderPage, ShopKey


class StockBook(Protocol):
    """All of one shop at a time; every write is one transaction."""

    async def bookmark(self, shop: ShopKey, source: str) -> Bookmark | None:
        """How far `cards`, `orders` or `orders_fed` were read; `catalogue`, `all_orders`: when to
        the end."""

    async def keep_cards(self, shop: ShopKey, page: CardPage) -> None:
        """Upsert a page of the catalogue and move its bookmark."""

    async def end_catalogue(self, shop: ShopKey, begun: datetime) -> None:
        """The catalogue was read from its beginning: cards not seen since `begun` are gone.
        Moves the bookmark `catalogue`."""

    async def keep_orders(self, shop: ShopKey, page: OrderPage) -> None:
        """Upsert a page of orders on srid, the latest change wins, and move the bookmark of their
        source; the last page moves `all_orders` too. What became of orders, where a page of the
        feed tells it, is kept as the flow book keeps it."""

    async def cards(self, shop: ShopKey) -> Mapping[int, Card]:
        """The whole catalogue."""

    async def order_counts(self, shop: ShopKey, period: Period) -> Sequence[OrderCount]:
        """Orders of the period: not cancelled, one per srid, by product and warehouse."""

    async def places(self, shop: ShopKey) -> Sequence[Place]:
        """Places that have a column, by number."""

    async def idle_places(self, shop: ShopKey, since: date) -> Collection[int]:
        """Numbers of places that had neither stock nor orders after this day."""

    async def latest(self, shop: ShopKey) -> tuple[UUID, Snapshot] | None:
        """The snapshot that the tables of today are derived from."""

    async def snapshot(self, shop: ShopKey, snapshot_id: UUID) -> Snapshot | None:
        """One that is still kept."""

    async def save(
        self, shop: ShopKey, new: tuple[UUID, Snapshot], old: Snapshot | None, history: int
    ) -> None:
        """Keep it, derive the tables of today and of the day, drop what is older than `history`
        days; of each day the last one stays, and the last two always."""

    async def amend(self, shop: ShopKey, snapshot_id: UUID, snapshot: Snapshot) -> None:
        """Keep more of it than it was saved with; what is derived from it stays."""

    async def levels(self, shop: ShopKey) -> Mapping[int, Level]:
        """Products that are known to be low or out."""

    def keeping(self, shop: ShopKey, levels: Mapping[int, Level]) -> Rows:
        """What keeps them, to be written with the fact that says who fell."""

    async def keep(self, rows: Rows) -> None:
        """The same without a fact."""

    async def tab(self, shop: ShopKey, spreadsheet_id: str) -> TabState | None:
        """What we know of the tab in this very file."""

    async def keep_tab(
        self, shop: ShopKey, spreadsheet_id: str, state: TabState, gone: Sequence[str]
    ) -> None:
        """Remember it, and what the columns were called that she deleted; once more replaces it."""
