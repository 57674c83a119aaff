"""Runs of our columns with nothing of hers between: the widths of blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from domain.fact import fact
from domain.table.columns import TENTHS, Holds

_WHOLE = (Holds.PIECES, Holds.ITEM)


@fact
class Segment:
    """Neighbouring columns of one treatment: the first one's index in the sheet, the bit of the
    first tag in a mask, and the tags from left to right."""

    column: int
    bit: int
    tags: tuple[str, ...]
    pasted: bool

    @property
    def mask(self) -> int:
        """The bits of its tags, from the lowest one on."""
        return (1 << len(self.tags)) - 1

    def of(self, mask: int) -> int:
        """Its own part of a row's mask."""
        return mask >> self.bit & self.mask


def segments(
    tags: Sequence[str], columns: Mapping[str, int], pasted: Callable[[str], bool]
) -> list[Segment]:
    """Split where her columns stand between, and where pasting begins or ends."""
    return list(_runs(tags, columns, pasted))


def areas(tags: Sequence[str], columns: Mapping[str, int]) -> list[Segment]:
    """Split only where her columns stand between."""
    return list(_runs(tags, columns, lambda _: False))


def pastable(holds: Holds, sign: str | None) -> bool:
    """Whole numbers always are; tenths where the decimal sign is known. A key never is: a paste
    over rows that she has just sorted would give one product's row to another."""
    return holds in _WHOLE or (holds in TENTHS and sign is not None)


def _runs(
    tags: Sequence[str], columns: Mapping[str, int], pasted: Callable[[str], bool]
) -> Iterator[Segment]:
    start = 0
    for k in range(1, len(tags) + 1):
        if k < len(tags) and _joined(tags[k - 1], tags[k], columns, pasted):
            continue
        run = tuple(tags[start:k])
        column = columns[run[0]]
        yield Segment(column=column, bit=start, tags=run, pasted=pasted(run[0]))
        start = k


def _joined(
    left: str, right: str, columns: Mapping[str, int], pasted: Callable[[str], bool]
) -> bool:
    return columns[right] == columns[left] + 1 and pasted(left) == pasted(right)
