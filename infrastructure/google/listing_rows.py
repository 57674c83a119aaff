"""Rows of a tab that is ours entirely: which of them go and come, and how many fit into a call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.table.columns import Holds
from domain.table.listing import Listed
from domain.table.order import Order
from infrastructure.google import changes, listing_looks
from infrastructure.google.chunks import MARGIN, SHORT, escaped
from infrastructure.google.spans import Json

MOST = 100
"""Runs of rows that go or come; with more of them it is shorter to write the tab anew."""

_TYPED_KINDS = (Holds.TEXT, Holds.PROSE, Holds.NUMBER)
_TYPED = 48  # a text cell in updateCells, without its letters
_FIGURE = 6  # a number in pasteData with its tab


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Rows that go, by their old index, and rows that come, by their new one."""

    gone: Sequence[int] = ()
    added: Sequence[int] = ()

    def requests(self, sheet_id: int, listed: Listed, height: int) -> Iterator[Json]:
        """From the bottom up those that go, from the top down those that come."""
        for start, count in reversed(list(_runs(self.gone))):
            yield changes.delete(sheet_id, "ROWS", listed.top + start, count)
        height -= len(self.gone)
        for start, count in _runs(self.added):
            row = listed.top + start
            if row < height:
                yield changes.insert(sheet_id, "ROWS", row, count, inherit=start > 0)
            else:
                yield changes.append(sheet_id, "ROWS", count)
                yield from listing_looks.formats(sheet_id, listed, row)
            height += count


def moves(old: Listed, new: Listed) -> Moves | None:
    """None: too many, or rows that changed places."""
    before, after = old.figures, new.figures
    if before.keys == after.keys:
        return Moves()
    gone = [i for i, key in enumerate(before.keys) if key not in after.index]
    added = [i for i, key in enumerate(after.keys) if key not in before.index]
    stays = [key for key in before.keys if key in after.index]
    few = len(list(_runs(gone))) + len(list(_runs(added))) <= MOST
    same = stays == [key for key in after.keys if key in before.index]
    return Moves(gone=gone, added=added) if stays and few and same else None


def order_of(listed: Listed) -> Order:
    """Where each row stands."""
    return tuple(enumerate(listed.figures.keys, listed.top))


def chunks(listed: Listed, start: int, room: int) -> list[range]:
    """The rows of each call from row `start` on, at least one call; `room` bytes in the first one.
    Sizes are estimated, the margin covers that."""
    found, limit, size, begin = [], int(room * MARGIN), 0, start
    for i, row in enumerate(_sizes(listed, start), start):
        if size + row > limit:
            found.append(range(begin, i))
            begin, size, limit = i, 0, int(SHORT * MARGIN)
        size += row
    return [*found, range(begin, len(listed.figures.keys))]


def _sizes(listed: Listed, start: int) -> Iterator[int]:
    texts = [each.tag for each in listed.columns if each.holds in _TYPED_KINDS]
    figures = len(listed.columns) - len(texts)
    rows = range(start, len(listed.figures.keys))
    columns = [
        [_TYPED + escaped(each) for each in listed.figures.values(tag, rows)] for tag in texts
    ]
    fixed = _FIGURE * (figures + 1)
    return (fixed + sum(row) for row in zip(*columns, strict=True))


def _runs(indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours together: the first one, and how many."""
    for _, run in groupby(enumerate(indexes), lambda at: at[1] - at[0]):
        found = [index for _, index in run]
        yield found[0], len(found)
