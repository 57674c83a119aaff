"""What an inserted, deleted or moved row or column does to everything that names an index."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeAlias

from sandbox.google.model.spans import OPEN, Span

Axis: TypeAlias = Literal["ROWS", "COLUMNS"]


class Block(NamedTuple):
    """Consecutive rows or columns, the end excluded."""

    axis: Axis
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


class Edit(Protocol):
    """A change of one axis: where an index and a half-open interval lie afterwards."""

    def index(self, at: int) -> int | None: ...

    def interval(self, start: int, end: int) -> tuple[int, int] | None: ...


@dataclass(frozen=True, slots=True)
class Insertion:
    at: int
    count: int

    def index(self, at: int) -> int:
        return at + self.count if at >= self.at else at

    def interval(self, start: int, end: int) -> tuple[int, int]:
        if end >= OPEN:
            return self.index(start) if start else 0, OPEN
        return self.index(start), end + self.count if end > self.at else end


@dataclass(frozen=True, slots=True)
class Deletion:
    start: int
    end: int

    def index(self, at: int) -> int | None:
        if at < self.start:
            return at
        return None if at < self.end else at - (self.end - self.start)

    def interval(self, start: int, end: int) -> tuple[int, int] | None:
        first = self._edge(start)
        last = OPEN if end >= OPEN else self._edge(end)
        return (first, last) if first < last else None

    def _edge(self, at: int) -> int:
        return at if at <= self.start else max(self.start, at - (self.end - self.start))


@dataclass(frozen=True, slots=True)
class Movement:
    """The block start..end stands before the index `to`, counted before the move."""

    start: int
    end: int
    to: int

    def index(self, at: int) -> int:
        size = self.end - self.start
        target = self.to if self.to <= self.start else self.to - size
        if self.start <= at < self.end:
            return target + at - self.start
        rest = at if at < self.start else at - size
        return rest if rest < target else rest + size

    def interval(self, start: int, end: int) -> tuple[int, int] | None:
        if start >= self.start and end <= self.end:
            return self.index(start), self.index(end - 1) + 1
        size = self.end - self.start
        left = Deletion(self.start, self.end).interval(start, end)
        target = self.to if self.to <= self.start else self.to - size
        return Insertion(target, size).interval(*left) if left else None


def moved_span(span: Span, axis: Axis, edit: Edit) -> Span | None:
    """The rectangle after the edit; None if nothing of it is left."""
    if axis == "ROWS":
        rows = edit.interval(span.top, span.bottom)
        return Span(*rows, span.left, span.right) if rows else None
    columns = edit.interval(span.left, span.right)
    return Span(span.top, span.bottom, *columns) if columns else None
