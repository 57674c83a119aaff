"""A tab that is ours from the first cell to the last: our rows in our order, nothing of it hers.

A definition says what such a tab shows; the writer needs to know no more of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from domain.fact import fact
from domain.snapshot import MOSCOW, Snapshot
from domain.table.columns import Column, Holds
from domain.table.figures import GONE, Figures, Numbers
from domain.table.numbers import Value
from domain.table.words import Words

WARNING = Words(ru="Вкладку заполняет Stock Tracker", en="Stock Tracker fills this tab")
"""Said to who types into it."""
_EPOCH = datetime(1899, 12, 30, tzinfo=MOSCOW)
"""Day 0 of a spreadsheet (Sheets API, DateTime serial numbers)."""
_DAY = 86_400


class Columns:
    """`domain.table.figures.Figures` of rows that are there already: `columns` by tag, tenths of
    days as whole numbers; `keys` name the rows, each another one."""

    days = 0

    def __init__(
        self,
        keys: Sequence[int],
        columns: Mapping[str, Sequence[Value]],
        holds: Mapping[str, Holds],
    ) -> None:
        self.keys = keys
        self.index = {key: i for i, key in enumerate(keys)}
        self._columns = columns
        self._holds = holds

    def holds(self, tag: str) -> Holds:
        """As the tab's definition says."""
        return self._holds[tag]

    def parts(self, tag: str) -> None:
        """Nothing is left to be worked out."""
        del tag

    def values(self, tag: str, rows: Iterable[int]) -> Sequence[Value]:
        """Of these indexes; blank where one is GONE."""
        column = self._columns[tag]
        return [column[i] if i != GONE else None for i in rows]

    def numbers(self, tag: str, rows: Iterable[int]) -> Numbers:
        """The same of a column that holds no text."""
        return cast(Numbers, self.values(tag, rows))

    def stored(self, tag: str) -> Sequence[Value]:
        """A column as it is."""
        return self._columns[tag]


@fact
class Listed:
    """What such a tab shows, in one language. `id` names the contents: equal ids, equal tabs.

    `stamp` stands in every row of the columns that hold a moment, as a serial day. `summary` is
    the first row, over all columns, with `note`; `empty` stands where the rows would, if there are
    none.
    """

    id: UUID
    language: str
    columns: tuple[Column, ...]
    figures: Figures
    stamp: float | None = None
    summary: str | None = None
    note: str | None = None
    empty: str | None = None

    @property
    def top(self) -> int:
        """The first row below the header, zero-based."""
        return 1 if self.summary is None else 2


class Listing(Protocol):
    """The definition of such a tab of one shop. `tab` is its word in markers, for ever."""

    @property
    def tab(self) -> str: ...
    @property
    def title(self) -> str: ...

    def id_of(self, snapshot_id: UUID) -> UUID:
        """The contents' id while the shop's snapshot is this one."""

    def cells(self, snapshot: Snapshot) -> int:
        """How many it would show, for more than a file holds are not even worked out."""

    def listed(self, known: tuple[UUID, Snapshot], language: str) -> Listed:
        """What it shows then."""


def serial(at: datetime) -> float:
    """A moment as a spreadsheet counts it: days, on Moscow's clock, to the minute."""
    minutes = (at.astimezone(MOSCOW) - _EPOCH).total_seconds() // 60
    return minutes * 60 / _DAY
