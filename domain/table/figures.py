"""What the cells of a tab should hold: the one thing that packing and comparing know of a tab.

A tab is what it shows, how its rows are found, and what of it is hers. The first is this.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from domain.table.columns import Holds
from domain.table.numbers import Value

GONE = -1
"""The index of a row that is not shown any more: its figures are blank."""

Numbers = Sequence[int | None]


class Figures(Protocol):
    """Addressed by a column's tag and a row's index; `index` tells the one of a row's key."""

    @property
    def keys(self) -> Sequence[int]:
        """Of all rows, by index."""

    @property
    def index(self) -> Mapping[int, int]:
        """Key → index."""

    @property
    def days(self) -> int:
        """What a column that divides two others also depends on."""

    def holds(self, tag: str) -> Holds:
        """What stands in a column."""

    def parts(self, tag: str) -> tuple[str, str] | None:
        """The two columns that this one divides; None if it is stored."""

    def values(self, tag: str, rows: Iterable[int]) -> Sequence[Value]:
        """Of these indexes; blank where one is GONE or there is no such column."""

    def numbers(self, tag: str, rows: Iterable[int]) -> Numbers:
        """The same of a column that holds no text."""

    def stored(self, tag: str) -> Sequence[Value]:
        """A column as it is, by index."""
