"""Makes a snapshot of one read: products in rows, places in columns, totals that add up.

Whole columns at a time, so that a hundred thousand products cost a fraction of a second.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat

from domain.counting import Counts, count
from domain.fact import fact
from domain.numbering import numbered
from domain.place import Kind, Place
from domain.snapshot import Column, Gap, Period, PlaceColumns, Snapshot
from domain.stock import Card, OrderCount, Pieces, StockRead, Unread, unread
from domain.totals import total_stock

_WB = (Kind.WB_TOTAL, Kind.WB_NAMED)


def take(  # noqa: PLR0913 -- each is one of the things a snapshot is made of
    read: StockRead,
    cards: Mapping[int, Card],
    orders: Iterable[OrderCount] | None,
    period: Period,
    known: Sequence[Place],
    *,
    previous: Snapshot | None = None,
) -> Snapshot:
    """The snapshot of `read`: products are cards ∪ stock ∪ orders, nmID ascending.

    `orders` is None where they were not read (their columns stay blank; add an `unread` gap to
    `read.gaps` to say why), `known` the places that have columns. `previous` tells which
    products the unread part of a total may concern; see `domain.totals`.
    """
    counts = None if orders is None else count(orders, read, known)
    places = numbered(_seen(read, counts), known, {place.key: place for place in read.places})
    nm_ids = _products(read, cards, counts)
    gaps = _gaps(read, counts)
    blank = {gap.source for gap in gaps}
    stock = total_stock(read, nm_ids, counts, blank, previous)
    texts = [cards.get(nm_id, _NOBODY) for nm_id in nm_ids]
    found = {place.key: pieces for place, pieces in read.places.items()}
    return Snapshot(
        taken_at=read.at,
        period=period,
        nm_ids=nm_ids,
        brands=tuple([card.brand for card in texts]),
        subjects=tuple([card.subject for card in texts]),
        skus=tuple([card.sku for card in texts]),
        to_client=_column(read.to_client, nm_ids),
        returns=_column(read.returns, nm_ids),
        orders=_column(counts.total if counts else None, nm_ids),
        stock=stock,
        places=tuple(_columns(place, found, counts, blank, nm_ids) for place in places),
        gaps=tuple(_placed(gaps, places, holes=None in stock)),
    )


_NOBODY = Card(nm_id=0, brand="", subject="", sku="")


def _seen(read: StockRead, counts: Counts | None) -> Iterator[Place]:
    """A place gets its columns with its first piece or order, not by being on a list."""
    yield from (place for place, pieces in read.places.items() if any(pieces.values()))
    yield from counts.places if counts else ()


def _products(read: StockRead, cards: Mapping[int, Card], counts: Counts | None) -> tuple[int, ...]:
    nm_ids = set(cards)
    for pieces in (*read.places.values(), read.to_client, read.returns):
        nm_ids.update(pieces or ())
    nm_ids.update(counts.total if counts else ())
    return tuple(sorted(nm_ids))


def _columns(
    place: Place,
    read: Mapping[str, Pieces],
    counts: Counts | None,
    blank: set[str],
    nm_ids: tuple[int, ...],
) -> PlaceColumns:
    empty: Pieces | None = None if _unknown_stock(place.kind, blank) else {}
    orders: Pieces | None = counts.pieces.get(place.key, {}) if counts else None
    if place.kind is Kind.WB_NAMED and Unread.ORDERS_BY_PLACE in blank:
        orders = None
    return PlaceColumns(
        place=place,
        stock=_column(read.get(place.key, empty), nm_ids),
        orders=_column(orders, nm_ids),
    )


def _unknown_stock(kind: Kind, blank: set[str]) -> bool:
    """Is a place that no answer spoke of unknown, or empty?"""
    match kind:
        case Kind.WB_TOTAL:
            return Unread.WB in blank
        case Kind.WB_NAMED:
            return Unread.WB in blank or Unread.WB_NAMED in blank
        case Kind.SELLER:
            return Unread.SELLER in blank
        case Kind.SELLER_TOTAL | Kind.SELLER_UNNAMED:
            return True


def _column(pieces: Pieces | None, nm_ids: tuple[int, ...]) -> Column:
    if pieces is None:
        return (None,) * len(nm_ids)
    return tuple(map(pieces.get, nm_ids, repeat(0)))


def _gaps(read: StockRead, counts: Counts | None) -> list[Gap]:
    """What the reader could not read, and what the orders could not tell."""
    gaps = list(read.gaps)
    if counts is None and all(gap.source != Unread.ORDERS for gap in gaps):
        gaps.append(unread(Unread.ORDERS, "outage"))
    if counts and counts.only_aggregates:
        gaps.append(unread(Unread.ORDERS_BY_PLACE, "hidden_place"))
    return gaps


def _placed(gaps: Iterable[Gap], places: Sequence[Place], *, holes: bool) -> Iterator[Gap]:
    """Gaps with the tags of the columns they leave blank; one that leaves none is none."""
    for gap in gaps:
        blanks = _BLANKS[Unread(gap.source)]
        whole = () if holes or gap.source == Unread.ORDERS else ("stock", "cover")
        shared = [tag for tag in blanks.tags if tag not in whole]
        own = [
            f"p{place.number}.{letter}"
            for place in places
            if place.kind in blanks.kinds
            for letter in blanks.letters
        ]
        if shared or own:
            yield replace(gap, columns=(*shared, *own))


@fact
class _Blanks:
    """The columns of a gap: tags of the product's own, letters of those of each place."""

    tags: tuple[str, ...]
    kinds: tuple[Kind, ...]
    letters: str


_BLANKS = {
    Unread.WB: _Blanks(tags=("to_client", "returns", "stock", "cover"), kinds=_WB, letters="sc"),
    Unread.SELLER: _Blanks(tags=("stock", "cover"), kinds=(Kind.SELLER,), letters="sc"),
    Unread.WB_NAMED: _Blanks(tags=(), kinds=(Kind.WB_NAMED,), letters="sc"),
    Unread.ORDERS: _Blanks(tags=("orders", "cover"), kinds=tuple(Kind), letters="oc"),
    Unread.ORDERS_BY_PLACE: _Blanks(tags=(), kinds=(Kind.WB_NAMED,), letters="oc"),
}
