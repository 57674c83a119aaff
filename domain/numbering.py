"""Gives places their columns: once, in an order a reader expects, and never changed again.

A first sheet shows all of WB, its named warehouses, the seller's own, and what cannot be named
last; inside a kind by name as Russians sort: ё is е, numbers by value, case ignored, Cyrillic
before Latin. Later places follow at the end, in the same order among themselves.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from domain.place import Kind, Place

_RANK = {
    Kind.WB_TOTAL: 0,
    Kind.WB_NAMED: 1,
    Kind.SELLER_TOTAL: 2,
    Kind.SELLER: 3,
    Kind.SELLER_UNNAMED: 4,
}
_PIECES = re.compile(r"\d+|\D")
_CYRILLIC = range(0x400, 0x530)


def numbered(
    seen: Iterable[Place], known: Sequence[Place], current: Mapping[str, Place]
) -> tuple[Place, ...]:
    """All places with a column: the known under their numbers, then the new ones of `seen`.

    `current` is how places are called now, by key: a warehouse she renamed keeps its column.
    """
    kept = sorted(known, key=lambda place: place.number)
    renamed = [replace(place, name=current.get(place.key, place).name) for place in kept]
    taken = {place.key for place in kept}
    new = sorted({place for place in seen if place.key not in taken}, key=_position)
    first = max((place.number for place in kept), default=0) + 1
    return (*renamed, *(replace(place, number=i) for i, place in enumerate(new, first)))


def _position(place: Place) -> tuple[object, ...]:
    return (_RANK[place.kind], collation(place.name), place.name, place.key)


def collation(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key: signs, numbers, Cyrillic, other letters."""
    plain = name.casefold().replace("ё", "е")
    return tuple(_weight(piece) for piece in _PIECES.findall(plain))


def _weight(piece: str) -> tuple[int, int, str]:
    if piece.isdecimal():
        return (1, int(piece), "")
    if not piece.isalnum():
        return (0, 0, piece)
    return (2 if ord(piece) in _CYRILLIC else 3, 0, piece)
