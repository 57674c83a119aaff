"""The right answers: what a sheet made from this seller must say."""

import msgspec

from sandbox.sellers.catalogue import Card
from sandbox.sellers.orders import Order
from sandbox.sellers.places import Place
from sandbox.sellers.seller import Seller
from sandbox.sellers.spec import moscow_day


class Counts(msgspec.Struct, kw_only=True):
    """Pieces by place. ``wb`` holds the named ones too; ``sellers`` is by warehouse id."""

    wb: int = 0
    named: dict[str, int] = msgspec.field(default_factory=dict)
    sellers: dict[int, int] = msgspec.field(default_factory=dict)
    unnamed: int = 0

    @property
    def total(self) -> int:
        return self.wb + sum(self.sellers.values()) + self.unnamed

    def add(self, place: Place, pieces: int) -> None:
        if place.kind == "seller":
            self.sellers[place.id] = self.sellers.get(place.id, 0) + pieces
            return
        self.wb += pieces
        if place.kind == "named" and not place.gone:
            self.named[place.name] = self.named.get(place.name, 0) + pieces


class Product(msgspec.Struct, kw_only=True):
    """All sizes of one nmID together; ``orders`` are the period's, one per srid, not cancelled."""

    nm: int
    brand: str
    subject: str
    vendor_code: str
    stock: Counts
    orders: Counts
    to_client: int
    from_client: int


def truth(seller: Seller, now: float, days: int = 7) -> dict[int, Product]:
    """Every live product by nmID, with orders of the last ``days`` complete Moscow days."""
    products = {nm: _stock(seller, card) for nm, card in seller.cards.items()}
    today = moscow_day(now)
    warehouses = seller.warehouses()
    for order in seller.book.current(today - days, today - 1, now).values():
        product = products.get(order.card.nm)
        if product is None or order.cancelled or order.unpaid:
            continue
        if _unnamed(order, seller, warehouses):
            product.orders.unnamed += 1
        else:
            product.orders.add(_shown(order, seller, warehouses), 1)
    return products


def _stock(seller: Seller, card: Card) -> Product:
    stock = Counts()
    for size in card.sizes:
        for place, pieces in size.stock.items():
            stock.add(seller.places[place], pieces)
    return Product(
        nm=card.nm,
        brand=card.brand,
        subject=card.subject,
        vendor_code=card.vendor_code,
        stock=stock,
        orders=Counts(),
        to_client=sum(size.to_client for size in card.sizes),
        from_client=sum(size.from_client for size in card.sizes),
    )


def _unnamed(order: Order, seller: Seller, warehouses: dict[int, Place]) -> bool:
    """A seller's order whose warehouse is not told belongs to her only one, if she has one."""
    place = seller.places[order.place]
    untold = order.unnamed or place.gone
    return place.kind == "seller" and untold and len(warehouses) != 1


def _shown(order: Order, seller: Seller, warehouses: dict[int, Place]) -> Place:
    place = seller.places[order.place]
    if place.kind == "seller" and len(warehouses) == 1:
        return next(iter(warehouses.values()))
    return place
