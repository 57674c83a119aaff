"""Groups marked cells: exactly, or generously where a few more cost less than a new request."""

from collections.abc import Collection, Iterator
from itertools import groupby

from domain.table.difference import Masks
from domain.table.segments import Segment

Rectangle = tuple[int, int, int, int]
"""Row, height, first and last bit within the segment."""


def exact(masks: Masks, segment: Segment) -> Iterator[Rectangle]:
    """Rectangles of marked cells only: neighbouring rows with equal marks stand together."""
    rows = sorted((row, part) for row, mask in masks.items() if (part := segment.of(mask)))
    for (_, part), run in groupby(enumerate(rows), lambda at: (at[1][0] - at[0], at[1][1])):
        first = [row for _, (row, _) in run]
        for left, right in _spans(part):
            yield first[0], len(first), left, right


def generous(
    masks: Masks, segment: Segment, inside: Collection[int], gap: int
) -> Iterator[Rectangle]:
    """Rectangles that may hold unmarked cells too: of rows at most `gap` apart, with only rows
    of `inside` between."""
    rows = sorted(row for row, mask in masks.items() if row in inside and segment.of(mask))
    start = 0
    for k in range(1, len(rows) + 1):
        if k < len(rows) and _close(rows[k - 1], rows[k], inside, gap):
            continue
        marks = 0
        for row in rows[start:k]:
            marks |= segment.of(masks[row])
        left, right = (marks & -marks).bit_length() - 1, marks.bit_length() - 1
        yield rows[start], rows[k - 1] - rows[start] + 1, left, right
        start = k


def _close(above: int, below: int, inside: Collection[int], gap: int) -> bool:
    return below - above <= gap and all(row in inside for row in range(above + 1, below))


def _spans(part: int) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring bits, lowest first."""
    left = 0
    while part:
        skipped = (part & -part).bit_length() - 1
        part >>= skipped
        left += skipped
        width = (~part & (part + 1)).bit_length() - 1
        yield left, left + width - 1
        part >>= width
        left += width
