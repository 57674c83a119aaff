"""Places appear, are renamed and vanish, as Wildberries' and hers do."""

from typing import Annotated, Literal

import msgspec

from sandbox.sellers.happening import Happening
from sandbox.sellers.places import RUSSIA, named_place, own_place
from sandbox.sellers.seller import Seller, UnknownToSeller

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class AddPlace(Happening, frozen=True, kw_only=True, tag="add_place"):
    """A new warehouse of hers, or a WB warehouse whose name is shown from now on."""

    name: Name
    whose: Literal["seller", "named"] = "seller"

    def apply(self, seller: Seller, _at: float) -> None:
        number = len(seller.places)
        if self.whose == "seller":
            seller.places.append(own_place(number, self.name))
            return
        place = named_place(number)
        place.name = place.region = self.name
        seller.places.append(place)


class RenamePlace(Happening, frozen=True, kw_only=True, tag="rename_place"):
    """A place keeps its id and gets another name."""

    place: str | int
    name: Name

    def apply(self, seller: Seller, _at: float) -> None:
        seller.places[seller.place(self.place)].name = self.name


class RemovePlace(Happening, frozen=True, kw_only=True, tag="remove_place"):
    """Her warehouse goes with its stock; a WB name is hidden and its stock joins «Склад WB»."""

    place: str | int

    def apply(self, seller: Seller, _at: float) -> None:
        index = seller.place(self.place)
        place = seller.places[index]
        if place.kind not in {"seller", "named"}:
            raise UnknownToSeller(f"place: {place.name} cannot be removed")
        place.gone = True
        for card in seller.cards.values():
            for size in card.sizes:
                quantity = size.stock.pop(index, 0)
                if place.kind == "named" and quantity:
                    size.stock[RUSSIA] = size.stock.get(RUSSIA, 0) + quantity
