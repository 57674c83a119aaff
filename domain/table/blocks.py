"""Packs changed cells into few requests: numbers as pasted text, the rest cell by cell.

A block holds product rows and our columns only, so nothing of hers is ever inside one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from domain.fact import fact
from domain.table.columns import TENTHS, Holds
from domain.table.difference import Difference, Masks
from domain.table.figures import GONE, Figures
from domain.table.numbers import Value, pasted, pieces, tenths
from domain.table.order import Order
from domain.table.rectangles import Rectangle, exact, generous
from domain.table.segments import Segment, areas, pastable, segments

JOINED = 3
"""Changed rows no further apart share a paste: a request costs more than two rows of numbers."""

_SLICE = 2_000


@fact
class Paste:
    """Numbers as text, which the spreadsheet reads like typing."""

    row: int
    column: int
    height: int
    width: int
    text: str


@fact
class Typed:
    """Cells one by one: texts, keys, and numbers where a paste is not safe or not worth it."""

    row: int
    column: int
    rows: tuple[tuple[Value, ...], ...]


@fact
class Clear:
    """A rectangle whose values go."""

    row: int
    column: int
    height: int
    width: int


Block = Paste | Typed | Clear


class Packer:
    """Blocks of one tab: `columns` says where each tag stands, `sign` is the decimal sign.

    Without a sign turnover is typed. With `pasting` off everything is.
    """

    def __init__(
        self, cells: Figures, columns: Mapping[str, int], sign: str | None, *, pasting: bool = True
    ) -> None:
        self.cells = cells
        self.sign = sign or ""
        self.tags = sorted(columns, key=columns.__getitem__)
        self.areas = areas(self.tags, columns)
        self.segments = self.areas
        if pasting:
            self.segments = segments(
                self.tags, columns, lambda tag: pastable(cells.holds(tag), sign)
            )

    def changes(
        self, difference: Difference, order: Order, alone: Collection[int] = ()
    ) -> Iterator[Block]:
        """Pastes, then typed cells, then clears. Rows in `alone` are never part of a paste."""
        nm_ids = {row: nm for row, nm in order if row not in alone}
        for segment in self.segments:
            if segment.pasted:
                found = generous(difference.write, segment, nm_ids, JOINED)
                yield from (self._numbers(segment, each, nm_ids) for each in found)
        nm_ids = dict(order)
        for segment in self.segments:
            masks = _only(difference.write, alone) if segment.pasted else difference.write
            for each in exact(masks, segment):
                yield self._typed(segment, each, nm_ids)
        for area in self.areas:
            yield from (_clear(area, each) for each in exact(difference.clear, area))

    def filled(self, first: int, nm_ids: Sequence[int]) -> Iterator[Block]:
        """All of these products, one below the other, into cells that are still empty."""
        at = {first + k: nm for k, nm in enumerate(nm_ids)}
        for segment in self.segments:
            everything = (first, len(nm_ids), 0, len(segment.tags) - 1)
            if segment.pasted:
                yield self._numbers(segment, everything, at)
            else:
                yield self._typed(segment, everything, at)

    def _numbers(self, segment: Segment, area: Rectangle, nm_ids: Mapping[int, int]) -> Block:
        """A single cell is typed: that is shorter."""
        row, height, left, right = area
        if height == 1 and left == right:
            return self._typed(segment, area, nm_ids)
        return Paste(
            row=row,
            column=segment.column + left,
            height=height,
            width=right - left + 1,
            text=pasted(self._lines(segment, area, nm_ids), self.sign),
        )

    def _lines(self, segment: Segment, area: Rectangle, nm_ids: Mapping[int, int]) -> Iterator[str]:
        """In slices: the fields of a hundred thousand rows at once would be all the memory."""
        row, height, left, right = area
        for start in range(row, row + height, _SLICE):
            rows = range(start, min(start + _SLICE, row + height))
            products = [self.cells.index.get(nm_ids[at], GONE) for at in rows]
            fields = [self._fields(tag, products) for tag in segment.tags[left : right + 1]]
            yield from map("\t".join, zip(*fields, strict=True))

    def _fields(self, tag: str, products: Sequence[int]) -> list[str]:
        values = self.cells.numbers(tag, products)
        if self.cells.holds(tag) in TENTHS:
            return [tenths(value, self.sign) for value in values]
        return [pieces(value) for value in values]

    def _typed(self, segment: Segment, area: Rectangle, nm_ids: Mapping[int, int]) -> Typed:
        row, height, left, right = area
        keys = [nm_ids[at] for at in range(row, row + height)]
        columns = [self._cells(tag, keys) for tag in segment.tags[left : right + 1]]
        rows = tuple(zip(*columns, strict=True))
        return Typed(row=row, column=segment.column + left, rows=rows)

    def _cells(self, tag: str, keys: list[int]) -> Sequence[Value]:
        holds = self.cells.holds(tag)
        if holds is Holds.KEY:
            return keys
        products = [self.cells.index.get(nm, GONE) for nm in keys]
        if holds in TENTHS:
            tenfold = self.cells.numbers(tag, products)
            return [value if value is None else value / 10 for value in tenfold]
        return self.cells.values(tag, products)


def _only(masks: Masks, rows: Collection[int]) -> Masks:
    return {row: masks[row] for row in rows if row in masks}


def _clear(area: Segment, at: Rectangle) -> Clear:
    row, height, left, right = at
    return Clear(row=row, column=area.column + left, height=height, width=right - left + 1)
