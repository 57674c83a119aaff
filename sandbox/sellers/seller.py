"""One invented seller: the single truth every stand-in answer is derived from."""

from typing import Any
from uuid import UUID, uuid5

import msgspec

from sandbox.sellers.book import OrderBook
from sandbox.sellers.catalogue import Card, Size, catalogue
from sandbox.sellers.places import HIDDEN_NAME, RUSSIA, Place, places
from sandbox.sellers.spec import Spec
from sandbox.sellers.supplies import Supply
from sandbox.sellers.vocabulary import BRANDS, OWNERS

NAMESPACE = UUID("6f1c0c1e-5f0e-4a86-9c1b-3a52d6f3b0aa")


class Cabinet(msgspec.Struct):
    """How her own cabinet shows it: which orders it counts, and what it shows by product instead
    of the truth."""

    cancelled: bool = False
    utc_days: bool = False
    shows: dict[int, dict[str, Any]] = msgspec.field(default_factory=dict)


class UnknownToSeller(LookupError):
    """A product, place or order this seller does not have."""


class Seller:
    """A seller's cards, places and orders.

    ``drawn`` are the cards she began with, ``shipped`` the supplies that changes made. ``version``
    grows with every change, so that prepared answers know when they are old.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.id = str(uuid5(NAMESPACE, f"seller:{spec.seed}"))
        self.name = OWNERS[spec.seed % len(OWNERS)]
        self.trade_mark = BRANDS[spec.seed % len(BRANDS)]
        self.tin = f"77{spec.seed % 10**8:08d}"
        self.places: list[Place] = places(spec)
        self.drawn = catalogue(spec, self.places)
        self.cards: dict[int, Card] = {card.nm: card for card in self.drawn}
        self.book = OrderBook(spec, self.drawn, self.places)
        self.named_in_analytics = spec.named_in_analytics
        self.total_line = spec.total_line
        self.pseudo: dict[int, dict[str, int]] = {}
        self.shipped: list[Supply] = []
        self.cabinet = Cabinet()
        self.changes = 0
        self.version = 0

    def card(self, nm: int) -> Card:
        """The card of an nmID, or UnknownToSeller."""
        try:
            return self.cards[nm]
        except KeyError:
            raise UnknownToSeller(f"nm: this seller has no product {nm}") from None

    def drawn_card(self, nm: int) -> Card:
        """The same of one that may have been deleted since she began."""
        drawn = next((card for card in self.drawn if card.nm == nm), None)
        return drawn or self.card(nm)

    def size(self, nm: int, index: int) -> Size:
        """The size of a card by its position, or UnknownToSeller."""
        sizes = self.card(nm).sizes
        if not 0 <= index < len(sizes):
            raise UnknownToSeller(f"size: product {nm} has sizes 0 to {len(sizes) - 1}")
        return sizes[index]

    def place(self, key: str | int) -> int:
        """The index of a place by its id or exact name; «Склад WB» means the Russian one."""
        if key == HIDDEN_NAME:
            return RUSSIA
        for index, place in enumerate(self.places):
            if key in (place.name, place.id) and not place.gone:
                return index
        raise UnknownToSeller(f"place: this seller has no place {key!r}")

    def warehouses(self) -> dict[int, Place]:
        """Her own warehouses, by index of the place."""
        live = enumerate(self.places)
        return {i: place for i, place in live if place.kind == "seller" and not place.gone}
