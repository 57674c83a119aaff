"""Orders come in and are cancelled."""

from typing import Annotated, Literal

import msgspec

from sandbox.sellers.happening import Happening
from sandbox.sellers.orders import Order
from sandbox.sellers.places import HIDDEN_NAME
from sandbox.sellers.seller import Seller, UnknownToSeller
from sandbox.sellers.spec import DAY_S, KEPT_DAYS, moscow_day
from sandbox.sellers.vocabulary import DISTRICTS

Count = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class AddOrder(Happening, frozen=True, kw_only=True, tag="order"):
    """``count`` orders of one product, made ``days_ago`` days before the change is known; ``ends``
    is what became of them. ``unpaid`` ones are known to the feed and the cabinet alone."""

    nm: int
    place: str | int = HIDDEN_NAME
    count: Count = 1
    days_ago: Annotated[int, msgspec.Meta(ge=0, lt=KEPT_DAYS)] = 0
    size: int = 0
    unnamed: bool = False
    unpaid: bool = False
    ends: Literal["", "created", "buyout", "return", "returnDefective"] = ""
    district: Annotated[int, msgspec.Meta(ge=0, lt=len(DISTRICTS))] | None = None

    def apply(self, seller: Seller, at: float) -> None:
        place, size = seller.place(self.place), seller.size(self.nm, self.size)
        for number in range(self.count):
            order = Order(
                srid=f"x{seller.changes:x}.r{number:x}.0",
                at=int(at) - self.days_ago * DAY_S,
                changed=int(at),
                card=seller.card(self.nm),
                size=size,
                place=place,
                district=number % 5 if self.district is None else self.district,
                unnamed=self.unnamed,
                unpaid=self.unpaid,
                ends=self.ends,
            )
            seller.book.add(order)


class CancelOrder(Happening, frozen=True, kw_only=True, tag="cancel"):
    """One standing order is cancelled: the named one, or the latest of a product."""

    srid: str | None = None
    nm: int | None = None
    how: Literal["app", "receipt", "expire", "other"] = "app"

    def apply(self, seller: Seller, at: float) -> None:
        today = moscow_day(at)
        standing = seller.book.current(today - KEPT_DAYS + 1, today, at).values()
        mine = [order for order in standing if not order.cancelled and self._means(order)]
        if not mine:
            raise UnknownToSeller("srid or nm: no such order stands")
        last = max(mine, key=lambda order: (order.at, order.srid))
        gone = {"changed": int(at), "cancelled": int(at), "cancel_type": self.how}
        seller.book.add(msgspec.structs.replace(last, **gone))

    def _means(self, order: Order) -> bool:
        return order.srid == self.srid or order.card.nm == self.nm
