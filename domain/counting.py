"""Orders by place: whose warehouse an ordered piece left, as far as the order tells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.fact import fact
from domain.place import (
    SELLER_UNNAMED,
    WB_TOTAL,
    Kind,
    Place,
    Pseudo,
    Source,
    exactly,
    place_of,
)
from domain.snapshot import MOSCOW
from domain.stock import OrderCount, Pieces, StockRead


@fact
class Counts:
    """Pieces ordered, by product: everywhere, and by key of the place they left.

    `only_aggregates`: orders name no single warehouse of WB, so a named one's are unknown.
    """

    total: Pieces
    pieces: Mapping[str, Pieces]
    places: tuple[Place, ...]
    only_aggregates: bool

    def products(self, kinds: Sequence[Kind]) -> set[int]:
        """Products ordered from places of these kinds."""
        keys = [place.key for place in self.places if place.kind in kinds]
        return set[int]().union(*(self.pieces[key] for key in keys))


def count(orders: Iterable[OrderCount], read: StockRead, known: Sequence[Place]) -> Counts:
    """One pass over the orders; a named warehouse of WB counts in all of WB as well."""
    sellers = _sellers(read, known)
    day = read.at.astimezone(MOSCOW).date()
    resolved: dict[tuple[bool, str], tuple[Place, ...]] = {}
    pieces: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    total: dict[int, int] = defaultdict(int)
    for order in orders:
        name = (order.by_seller, order.warehouse)
        if name not in resolved:
            resolved[name] = left_from(*name, sellers, day)
        total[order.nm_id] += order.pieces
        for place in resolved[name]:
            pieces[place.key][order.nm_id] += order.pieces
    places = {place for named in resolved.values() for place in named}
    kinds = {place.kind for place in places}
    return Counts(
        total=total,
        pieces=pieces,
        places=tuple(places),
        only_aggregates=Kind.WB_TOTAL in kinds and Kind.WB_NAMED not in kinds,
    )


def _sellers(read: StockRead, known: Sequence[Place]) -> list[Place]:
    """Her warehouses of today; those once seen where today's were not read."""
    own = [place for place in read.places if place.kind is Kind.SELLER]
    return own or [place for place in known if place.kind is Kind.SELLER]


def left_from(
    by_seller: bool,  # noqa: FBT001 -- half of the key the orders are grouped by
    name: str,
    sellers: Sequence[Place],
    day: date,
) -> tuple[Place, ...]:
    """Where an order counts. The type beats the name: the contract pairs a seller's type with
    «Склад WB РФ»."""
    if by_seller:
        return (_own(exactly(name), sellers),)
    place = place_of(Source.ORDERS, None, name, day)
    if isinstance(place, Pseudo):
        return ()
    return (place,) if place.kind is Kind.WB_TOTAL else (WB_TOTAL, place)


def _own(name: str, sellers: Sequence[Place]) -> Place:
    """Exactly one warehouse of that name, else her only one, else nobody can say which."""
    candidates = [place for place in sellers if place.name == name] or sellers
    return candidates[0] if len(candidates) == 1 else SELLER_UNNAMED
