"""Everything that can happen to an invented seller; each change can be written down and redone."""

from typing import Annotated, TypeAlias

import msgspec

from sandbox.sellers.cabinet_changes import CabinetCounts, CabinetShows
from sandbox.sellers.happening import Happening
from sandbox.sellers.order_changes import AddOrder, CancelOrder
from sandbox.sellers.place_changes import AddPlace, RemovePlace, RenamePlace
from sandbox.sellers.product_changes import AddProduct, EditProduct, RemoveProduct
from sandbox.sellers.seller import Seller
from sandbox.sellers.supply_changes import RecallSupply, ReceiveSupply, ShipSupply

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]


class SetStock(Happening, frozen=True, kw_only=True, tag="stock"):
    """So many pieces of one size now lie in one place."""

    nm: int
    place: str | int
    quantity: Count
    size: int = 0

    def apply(self, seller: Seller, _at: float) -> None:
        place = seller.place(self.place)
        seller.size(self.nm, self.size).stock[place] = self.quantity


class SetTransit(Happening, frozen=True, kw_only=True, tag="transit"):
    """So many pieces of one size are on the way to buyers and back."""

    nm: int
    to_client: Count | None = None
    from_client: Count | None = None
    size: int = 0

    def apply(self, seller: Seller, _at: float) -> None:
        size = seller.size(self.nm, self.size)
        if self.to_client is not None:
            size.to_client = self.to_client
        if self.from_client is not None:
            size.from_client = self.from_client


class AddPseudo(Happening, frozen=True, kw_only=True, tag="pseudo"):
    """warehouse_remains shows a line of a name nobody knows, not counted in its total."""

    nm: int
    name: str
    quantity: Count
    size: int = 0

    def apply(self, seller: Seller, _at: float) -> None:
        size = seller.size(self.nm, self.size)
        seller.pseudo.setdefault(size.chrt, {})[self.name] = self.quantity


class Switch(Happening, frozen=True, kw_only=True, tag="switch"):
    """Wildberries shows or hides something for this seller."""

    named_in_analytics: bool | None = None
    total_line: bool | None = None

    def apply(self, seller: Seller, _at: float) -> None:
        if self.named_in_analytics is not None:
            seller.named_in_analytics = self.named_in_analytics
        if self.total_line is not None:
            seller.total_line = self.total_line


Change: TypeAlias = (
    SetStock
    | SetTransit
    | AddPseudo
    | Switch
    | AddOrder
    | CancelOrder
    | AddProduct
    | EditProduct
    | RemoveProduct
    | AddPlace
    | RenamePlace
    | RemovePlace
    | ShipSupply
    | ReceiveSupply
    | RecallSupply
    | CabinetCounts
    | CabinetShows
)


def apply(seller: Seller, change: Change, at: float) -> None:
    """Let a change happen at a moment (epoch seconds), or raise UnknownToSeller untouched."""
    change.apply(seller, at)
    seller.changes += 1
    seller.version += 1
