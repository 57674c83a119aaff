"""All stock of a product: everything at WB and everything at the seller's own warehouses.

Named warehouses of WB are inside WB's figure and are never added again.
"""

from collections.abc import Collection
from itertools import repeat
from operator import add

from domain.counting import Counts
from domain.place import Kind
from domain.snapshot import Column, Snapshot
from domain.stock import StockRead, Unread

_WB = (Kind.WB_TOTAL, Kind.WB_NAMED)
_OWN = (Kind.SELLER, Kind.SELLER_TOTAL, Kind.SELLER_UNNAMED)


def total_stock(
    read: StockRead,
    nm_ids: tuple[int, ...],
    counts: Counts | None,
    blank: Collection[str],
    previous: Snapshot | None,
) -> Column:
    """The total where it is whole, None for the products an unread part can concern.

    A part concerns a product that was ordered from it in the period, had stock there in the
    `previous` snapshot, or whose total was unknown there already. Where orders or a previous
    snapshot are missing, or a product in it, there is no evidence, and WB, where most goods lie,
    concerns every one.
    """
    sums = [0] * len(nm_ids)
    for place, pieces in read.places.items():
        if place.kind is not Kind.WB_NAMED:
            sums = list(map(add, sums, map(pieces.get, nm_ids, repeat(0))))
    if Unread.WB in blank and (Unread.SELLER in blank or previous is None or counts is None):
        return (None,) * len(nm_ids)
    concerned: set[int] = set()
    if Unread.WB in blank:
        concerned |= _concerned(_WB, counts, previous)
        concerned |= set(nm_ids).difference(previous.nm_ids if previous else ())
    if Unread.SELLER in blank and not any(p.kind is Kind.SELLER_TOTAL for p in read.places):
        concerned |= _concerned(_OWN, counts, previous)
    if not concerned:
        return tuple(sums)
    return tuple([None if nm_id in concerned else n for nm_id, n in zip(nm_ids, sums, strict=True)])


def _concerned(
    kinds: tuple[Kind, ...], counts: Counts | None, previous: Snapshot | None
) -> set[int]:
    concerned = counts.products(kinds) if counts else set()
    if previous is None:
        return concerned
    columns = [previous.stock, *(p.stock for p in previous.places if p.place.kind in kinds)]
    unknown = {nm for nm, pieces in zip(previous.nm_ids, columns[0], strict=True) if pieces is None}
    concerned |= unknown
    for column in columns[1:]:
        concerned.update(nm for nm, n in zip(previous.nm_ids, column, strict=True) if n)
    return concerned
