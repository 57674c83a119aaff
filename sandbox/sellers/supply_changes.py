"""Goods are shipped to Wildberries' warehouses and received there."""

from typing import Annotated

import msgspec

from sandbox.sellers.happening import Happening
from sandbox.sellers.places import RUSSIA
from sandbox.sellers.seller import Seller, UnknownToSeller
from sandbox.sellers.supplies import ACCEPTED, PLANNED, UNLOADED, WAREHOUSES, Load, Supply

Count = Annotated[int, msgspec.Meta(ge=0, le=999_999)]
Status = Annotated[int, msgspec.Meta(ge=1, le=6)]


class ShipSupply(Happening, frozen=True, kw_only=True, tag="ship"):
    """A supply of so many pieces by nmID, of their first sizes; at the gate, unless told."""

    goods: Annotated[dict[int, Count], msgspec.Meta(min_length=1)]
    status: Status = UNLOADED
    warehouse: str = WAREHOUSES[0][1]

    def apply(self, seller: Seller, at: float) -> None:
        loads = [
            Load(card=seller.card(nm), size=seller.size(nm, 0), quantity=quantity)
            for nm, quantity in self.goods.items()
        ]
        number = next((n for n, name in WAREHOUSES if name == self.warehouse), 999)
        seller.shipped.append(
            Supply(
                id=50_000_000 + seller.changes,
                preorder=60_000_000 + seller.changes,
                created=int(at),
                planned=int(at),
                shipped=int(at) if self.status > PLANNED else 0,
                changed=int(at) if self.status > PLANNED else 0,
                status=self.status,
                warehouse=(number, self.warehouse),
                loads=loads,
            )
        )


class ReceiveSupply(Happening, frozen=True, kw_only=True, tag="receive"):
    """The latest shipped supply comes further: pieces by nmID that are accepted, and on sale, in
    all. What is newly on sale joins the stock of «Склад WB»."""

    accepted: dict[int, Count] = msgspec.field(default_factory=dict)
    on_sale: dict[int, Count] = msgspec.field(default_factory=dict)
    status: Status = ACCEPTED
    quietly: bool = False
    """Its date of change stays as it was."""

    def apply(self, seller: Seller, at: float) -> None:
        if not seller.shipped:
            raise UnknownToSeller("supply: nothing was shipped")
        supply = seller.shipped[-1]
        supply.status = self.status
        supply.changed = supply.changed if self.quietly else int(at)
        for load in supply.loads:
            load.accepted = self.accepted.get(load.card.nm, load.accepted)
            ready = self.on_sale.get(load.card.nm, load.on_sale)
            stock = load.size.stock
            stock[RUSSIA] = max(0, stock.get(RUSSIA, 0) + ready - load.on_sale)
            load.on_sale = ready


class RecallSupply(Happening, frozen=True, kw_only=True, tag="recall"):
    """The latest shipped supply is deleted."""

    def apply(self, seller: Seller, _at: float) -> None:
        if not seller.shipped:
            raise UnknownToSeller("supply: nothing was shipped")
        seller.shipped.pop()
