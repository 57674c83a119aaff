"""Where a product stands: in the row she keeps it in, or below the others if it is new."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from domain.fact import fact
from domain.snapshot import Snapshot
from domain.table.numbers import Value

Order = tuple[tuple[int, int], ...]
"""(zero-based row, nmID), from top to bottom."""

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009\t")
_LONGEST = 18


@fact
class Adopted:
    """Her order: rows of products, and rows whose number is no product of hers."""

    order: Order
    foreign: Order


def adopt(keys: Mapping[int, Value], known: Collection[int]) -> Adopted:
    """Read the key column. Blank or other text is her row, and so is a number never hers."""
    numbers = [
        (row, nm) for row, value in sorted(keys.items()) if (nm := key_of(value)) is not None
    ]
    return Adopted(
        order=tuple(pair for pair in numbers if pair[1] in known),
        foreign=tuple(pair for pair in numbers if pair[1] not in known),
    )


def key_of(value: Value) -> int | None:
    """A whole number, or a text of digits with spaces between; anything else is no key."""
    if isinstance(value, str):
        digits = value.translate(_SPACES)
        short = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST
        return int(digits) if short else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return None if isinstance(value, bool) else value


def first_order(snapshot: Snapshot, nm_ids: Iterable[int]) -> tuple[int, ...]:
    """By brand, subject, SKU, nmID: a first write, and what is new later. Sorted by one after the
    other, the last first: the four of a hundred thousand products together would be its memory."""
    index = {nm: i for i, nm in enumerate(snapshot.nm_ids)}
    found = sorted(nm_ids)
    found.sort(key=lambda nm: snapshot.skus[index[nm]].casefold())
    found.sort(key=lambda nm: _folded(snapshot.subjects[index[nm]]))
    found.sort(key=lambda nm: _folded(snapshot.brands[index[nm]]))
    return tuple(found)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")
