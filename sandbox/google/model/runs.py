"""A row of equal neighbours kept as runs, so a format over 100,000 rows costs one entry."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Runs(Generic[T]):
    """An immutable vector of `size` values; every change costs O(runs) and gives a new one."""

    __slots__ = ("ends", "values")

    def __init__(self, pieces: Iterable[tuple[int, T]]) -> None:
        ends: list[int] = []
        values: list[T] = []
        total = 0
        for length, value in pieces:
            if length <= 0:
                continue
            total += length
            if values and values[-1] == value:
                ends[-1] = total
            else:
                ends.append(total)
                values.append(value)
        self.ends = tuple(ends)
        self.values = tuple(values)

    @property
    def size(self) -> int:
        return self.ends[-1] if self.ends else 0

    def at(self, index: int) -> T:
        return self.values[bisect_right(self.ends, index)]

    def cut(self, start: int, end: int) -> Iterator[tuple[int, T]]:
        """The (length, value) pieces of start..end."""
        at = bisect_right(self.ends, start)
        while start < end and at < len(self.ends):
            stop = min(end, self.ends[at])
            yield stop - start, self.values[at]
            start = stop
            at += 1

    def spread(self, start: int, end: int) -> list[T]:
        return [value for length, value in self.cut(start, end) for _ in range(length)]

    def patched(self, start: int, end: int, change: Callable[[T], T]) -> "Runs[T]":
        return self.spliced(start, end, [(n, change(v)) for n, v in self.cut(start, end)])

    def spliced(self, start: int, end: int, pieces: Iterable[tuple[int, T]]) -> "Runs[T]":
        """The vector with start..end replaced by the pieces, which may be of another length."""
        return Runs([*self.cut(0, start), *pieces, *self.cut(end, self.size)])

    def moved(self, start: int, end: int, to: int) -> "Runs[T]":
        block = list(self.cut(start, end))
        target = to if to <= start else to - (end - start)
        rest = self.spliced(start, end, [])
        return rest.spliced(target, target, block)

    def permuted(self, start: int, order: Sequence[int]) -> "Runs[T]":
        """The vector with start.. taken in the given order of offsets."""
        end = start + len(order)
        if len(list(self.cut(start, end))) <= 1:
            return self
        old = self.spread(start, end)
        return self.spliced(start, end, ((1, old[offset]) for offset in order))
