"""What the address of the page of stock asks for, made sense of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.graphql.connection import cursor, key_of, text
from app.stock.product_pages import Number, Text
from app.stock.products import Cover, Order, ProductRow, Wanted
from domain.errors import Invalid
from domain.fact import fact


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


VIEWS: Mapping[str, tuple[Order, bool]] = {
    "": (Order.ORDERS, True),
    Cover.OUT: (Order.ORDERS, True),
    Cover.LOW: (Order.TURNOVER, False),
    Cover.OVER: (Order.TURNOVER, True),
    Cover.UNSOLD: (Order.STOCK, True),
}
"""How a view is sorted at first, and whether down: what is urgent stands on top."""
NO_PAGE = _("There is no such page of this list. Begin at its first one.")
TOO_LONG = _("Search for at most 200 letters and figures.")


@fact
class Asked:
    """`said`: what is wrong with the search, which is then none."""

    q: str
    said: str
    view: str
    order: Order
    descending: bool
    after: str

    @property
    def sort(self) -> str:
        """As an address says it."""
        return f"{'-' if self.descending else ''}{self.order.value}"

    def wanted(self, shop_id: UUID) -> Wanted:
        """Raises Invalid for a page that there is not."""
        return Wanted(
            shop_id=shop_id,
            search=None if self.said else self.q or None,
            cover=Cover(self.view) if self.view else None,
            order=self.order,
            descending=self.descending,
            after=self._last(shop_id) if self.after else None,
        )

    def cursor(self, last: ProductRow) -> str:
        """Where the page after this product begins."""
        return cursor(self.sort, last.key, last.nm_id)

    def _last(self, shop_id: UUID) -> tuple[Any, UUID, int]:
        kind = Text if self.order is Order.SKU else Number
        try:
            sort, key, nm_id = key_of(self.after, tuple[str, kind, Number])  # type: ignore[valid-type]
        except Invalid as wrong:
            raise Invalid(NO_PAGE, field="after") from wrong
        if sort != self.sort:
            raise Invalid(NO_PAGE, field="after")
        return key, shop_id, nm_id


def asked(q: str | None, view: str | None, sort: str | None, after: str | None) -> Asked:
    """A view or an order that there is not is the usual one."""
    chosen = view if view in VIEWS else ""
    order, descending = VIEWS[chosen or ""]
    name = (sort or "").removeprefix("-")
    if name in set(Order):
        order, descending = Order(name), (sort or "").startswith("-")
    try:
        found, said = text(q, "q") or "", ""
    except Invalid:
        found, said = (q or "")[:200], TOO_LONG
    return Asked(
        q=found,
        said=said,
        view=chosen or "",
        order=order,
        descending=descending,
        after=after or "",
    )
