"""What changed: for every row of a product, which of our columns to write and which to clear.

Whole columns are compared first: an unchanged one costs a comparison of two tuples.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress, count
from operator import ne

from domain.table.columns import TENTHS, Holds
from domain.table.figures import GONE, Figures
from domain.table.numbers import Value
from domain.table.order import Order

Masks = dict[int, int]
"""Row → which columns, one bit each in the order of the tags."""

Present = Callable[[str], Mapping[int, Value]]
"""What stands in the sheet now: tag → row → value, blanks left out."""

_HAIR = 1e-6  # a binary float of tenths is off by less


class Difference:
    """Rows and columns to write, and those to clear."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = tags
        self.write: Masks = defaultdict(int)
        self.clear: Masks = defaultdict(int)

    def add(self, column: int, row: int, value: Value) -> None:
        """One cell that has to become `value`."""
        masks = self.clear if value is None else self.write
        masks[row] |= 1 << column

    def forget(self, column: int, row: int) -> None:
        """One cell that must not be touched after all."""
        for masks in (self.write, self.clear):
            if row in masks:
                masks[row] &= ~(1 << column)

    def whole(self, new: Figures, rows: Order) -> None:
        """Every cell of these rows: nobody knows what stands in them."""
        for tag in self.tags:
            self.column(new, tag, rows)

    def column(self, new: Figures, tag: str, rows: Order) -> None:
        """The same of one column."""
        k = self.tags.index(tag)
        for row, value in _desired(new, tag, rows):
            self.add(k, row, value)

    @property
    def size(self) -> int:
        """How many cells it names."""
        return sum(
            mask.bit_count() for masks in (self.write, self.clear) for mask in masks.values()
        )


def against(present: Present, new: Figures, tags: Sequence[str], order: Order) -> Difference:
    """Of rows whose cells have just been read."""
    difference = Difference(tags)
    for k, tag in enumerate(tags):
        cells = present(tag)
        same = _same_tenths if new.holds(tag) in TENTHS else _same
        for row, value in _desired(new, tag, order):
            if not same(cells.get(row), value):
                difference.add(k, row, value)
    return difference


def between(old: Figures, new: Figures, tags: Sequence[str], still: Order) -> Difference:
    """Of rows that still hold what was written into them when `old` was the snapshot."""
    difference = Difference(tags)
    rows = [GONE] * len(new.keys)
    for row, nm in still:
        if nm in new.index:
            rows[new.index[nm]] = row
    aligned = _aligned(old, new)
    for k, tag in enumerate(tags):
        products = [i for i in _changed(old, new, tag, aligned) if rows[i] != GONE]
        for i, value in zip(products, new.values(tag, products), strict=True):
            difference.add(k, rows[i], value)
    _blank(difference, old, [(row, nm) for row, nm in still if nm not in new.index])
    return difference


def _desired(new: Figures, tag: str, order: Order) -> Iterable[tuple[int, Value]]:
    """A product that is gone keeps its key, and texts that nobody can tell any more."""
    holds = new.holds(tag)
    if holds is Holds.KEY:
        return order
    if holds is Holds.TEXT:
        order = tuple(pair for pair in order if pair[1] in new.index)
    products = [new.index.get(nm, GONE) for _, nm in order]
    rows = (row for row, _ in order)
    return zip(rows, new.values(tag, products), strict=True)


def _changed(old: Figures, new: Figures, tag: str, aligned: Sequence[int] | None) -> Iterable[int]:
    """Indexes of the new snapshot whose value is not the old one."""
    ratio = new.parts(tag)
    if ratio:
        return _changed_days(old, new, tag, ratio, aligned)
    before, after = old.stored(tag), new.stored(tag)
    if aligned is not None:
        before = [before[i] if i != GONE else None for i in aligned]
    elif before == after:
        return ()
    return compress(count(), map(ne, before, after))


def _changed_days(
    old: Figures, new: Figures, tag: str, ratio: Iterable[str], aligned: Sequence[int] | None
) -> Iterable[int]:
    products: Sequence[int] = range(len(new.keys))
    if old.days == new.days:
        touched = (set(_changed(old, new, part, aligned)) for part in ratio)
        products = sorted(set[int]().union(*touched))
    then = products if aligned is None else [aligned[i] for i in products]
    before, after = old.numbers(tag, then), new.numbers(tag, products)
    return compress(products, map(ne, before, after))


def _aligned(old: Figures, new: Figures) -> Sequence[int] | None:
    """For each product its index in the old snapshot; None if the products are the same."""
    if old.keys == new.keys:
        return None
    return [old.index.get(nm, GONE) for nm in new.keys]


def _blank(difference: Difference, old: Figures, gone: Sequence[tuple[int, int]]) -> None:
    """Products that vanished: their figures go."""
    products = [old.index.get(nm, GONE) for _, nm in gone]
    for k, tag in enumerate(difference.tags):
        if old.holds(tag) not in (Holds.KEY, Holds.TEXT):
            for (row, _), value in zip(gone, old.numbers(tag, products), strict=True):
                if value is not None:
                    difference.add(k, row, None)


def _same(present: Value, value: Value) -> bool:
    """A tick box that she put into a cell is not the number 1; a number as text is that number:
    in cells that she formatted as text it could never become another."""
    if isinstance(present, str) and isinstance(value, int):
        return present == str(value)
    return present == value and not isinstance(present, bool)


def _same_tenths(present: Value, tenths: Value) -> bool:
    if present is None or not isinstance(tenths, int):
        return present is None and tenths is None
    if isinstance(present, str):
        return present.replace(",", ".") == f"{tenths // 10}.{tenths % 10}"
    return not isinstance(present, bool) and abs(present * 10 - tenths) < _HAIR
