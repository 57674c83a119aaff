"""The tab «Данные»: one row per product and place, for formulas of her own.

Its columns never change, so what she builds on them stands; their names are the same in every
language. `SUMIFS(stock; part_of; "")` of a product is its «Остатки (всего)».
"""

from collections.abc import Sequence
from itertools import chain, repeat
from uuid import UUID

from domain.fact import fact
from domain.place import WB_TOTAL, Kind, Place
from domain.snapshot import PlaceColumns, Snapshot
from domain.table.columns import Column, Holds
from domain.table.listing import Columns, Listed, serial
from domain.table.numbers import Value
from domain.table.place_columns import in_order, place_name
from domain.table.text import clean
from domain.table.words import Words
from domain.turnover import tenths

TITLE = Words(ru="Данные", en="Data")
_PLACES = 1 << 20
"""More than a shop has: a row's key is its product and its place."""


def _column(tag: str, holds: Holds, width: int) -> Column:
    return Column(tag=tag, caption=Words(ru=tag, en=tag), holds=holds, width=width)


COLUMNS = (
    _column("nmID", Holds.ITEM, 150),
    _column("sku", Holds.TEXT, 180),
    _column("place", Holds.TEXT, 180),
    _column("kind", Holds.TEXT, 120),
    _column("part_of", Holds.TEXT, 120),
    _column("stock", Holds.PIECES, 90),
    _column("orders", Holds.PIECES, 90),
    _column("turnover", Holds.DAYS, 90),
    _column("on_the_way_to_wb", Holds.PIECES, 140),
    _column("as_of", Holds.MOMENT, 130),
)


@fact
class Data:
    """A `domain.table.listing.Listing` of the snapshot alone."""

    title: str
    tab: str = "data"

    def id_of(self, snapshot_id: UUID) -> UUID:
        """The snapshot's own."""
        return snapshot_id

    def cells(self, snapshot: Snapshot) -> int:
        """Of all rows."""
        return len(snapshot.nm_ids) * len(snapshot.places) * len(COLUMNS)

    def listed(self, known: tuple[UUID, Snapshot], language: str) -> Listed:
        """Sorted by nmID, then in the order of places."""
        snapshot_id, snapshot = known
        return Listed(
            id=snapshot_id,
            language=language,
            columns=COLUMNS,
            figures=_figures(snapshot, language),
            stamp=serial(snapshot.taken_at),
        )


def _figures(snapshot: Snapshot, language: str) -> Columns:
    by_number = {each.place.number: each for each in snapshot.places}
    ordered = in_order(each.place for each in snapshot.places)
    places = [by_number[place.number] for place in ordered]
    n, wide = len(snapshot.nm_ids), len(places)
    names = [place_name(place).say(language) for place in ordered]
    total = place_name(WB_TOTAL).say(language)
    inside = [total if place.kind is Kind.WB_NAMED else None for place in ordered]
    columns: dict[str, Sequence[Value]] = {
        "nmID": _each(snapshot.nm_ids, wide),
        "sku": _each([clean(sku) or None for sku in snapshot.skus], wide),
        "place": names * n,
        "kind": [place.kind.value for place in ordered] * n,
        "part_of": inside * n,
        "stock": _interleaved([each.stock for each in places]),
        "orders": _interleaved([each.orders for each in places]),
        "turnover": _turnover(places, snapshot.period.days),
        "on_the_way_to_wb": _on_the_way(snapshot, ordered),
    }
    numbers = [place.number for place in ordered]
    keys = [nm * _PLACES + number for nm in snapshot.nm_ids for number in numbers]
    return Columns(keys, columns, {each.tag: each.holds for each in COLUMNS})


def _on_the_way(snapshot: Snapshot, places: Sequence[Place]) -> Sequence[Value]:
    """The product's own, beside what all warehouses of WB hold together."""
    nothing: Sequence[Value] = (None,) * len(snapshot.nm_ids)
    coming = snapshot.moving.coming if snapshot.moving else nothing
    return _interleaved([coming if each.kind is Kind.WB_TOTAL else nothing for each in places])


def _turnover(places: Sequence[PlaceColumns], days: int) -> Sequence[Value]:
    return _interleaved(
        [
            [tenths(left, days, sold) for left, sold in zip(p.stock, p.orders, strict=True)]
            for p in places
        ]
    )


def _each(values: Sequence[Value], times: int) -> Sequence[Value]:
    return list(chain.from_iterable(repeat(value, times) for value in values))


def _interleaved(columns: Sequence[Sequence[Value]]) -> Sequence[Value]:
    """A product's places one below the other."""
    return list(chain.from_iterable(zip(*columns, strict=True)))
