"""The table whole, for a file: what the tab shows of a snapshot, less what only a sheet can do."""

from collections.abc import Iterable, Iterator, Sequence

from domain.fact import fact
from domain.replenishment import USUAL, Terms
from domain.snapshot import Snapshot
from domain.table.cells import Cells
from domain.table.columns import Column, Group
from domain.table.freshness import blanks, taken
from domain.table.header import Cell, captions, names, title
from domain.table.numbers import Value
from domain.table.order import first_order
from domain.table.place_columns import groups
from domain.table.words import OURS

SLICE = 1_000
"""Products whose cells are worked out together: all at once would be all the memory."""


@fact
class Her:
    """How she keeps the tab: nmIDs from top to bottom, and our columns by tag in the order in which
    they were made. Of a shop without a tab nothing is known."""

    nm_ids: Sequence[int] = ()
    made: Sequence[str] = ()


class Report:
    """One snapshot in one language. The products stand as she keeps them, new ones below.

    `about`: of when the figures are, and for which days; `blanks`: (columns and reason, cure) of
    what was not read; `terms`: by which it tells what runs out soon.
    """

    def __init__(self, snapshot: Snapshot, language: str, her: Her, terms: Terms = USUAL) -> None:
        self.language, self.taken_at, self.terms = language, snapshot.taken_at, terms
        self.groups = _in_her_order(snapshot, her.made)
        self.columns: list[Column] = [each for group in self.groups for each in group.columns]
        self.about = taken(snapshot, language)
        called = names(self.groups, language)
        self.blanks = list(blanks(snapshot.gaps, called, language))
        self.captions = captions(self.groups, snapshot.gaps, language)
        self._cells = Cells(snapshot)
        self.nm_ids = _placed(snapshot, her.nm_ids, self._cells.index)

    def titles(self) -> Iterator[tuple[Group, Cell]]:
        """The first row: what stands over each group. The first one tells of when the figures are,
        as A1 does in the sheet."""
        gaps = (line for line, _ in self.blanks)
        note = OURS + "\n".join((self.about, *gaps))
        first, *others = self.groups
        yield first, Cell(text=title(first, self.language).text, note=note)
        yield from ((group, title(group, self.language)) for group in others)

    def slices(self) -> Iterator[list[Sequence[Value]]]:
        """The products from top to bottom, some at a time, column by column: texts, whole pieces,
        whole tenths of a day; None where nothing is known or defined."""
        for start in range(0, len(self.nm_ids), SLICE):
            products = [self._cells.index[nm] for nm in self.nm_ids[start : start + SLICE]]
            yield [self._cells.values(column.tag, products) for column in self.columns]


def whole(values: Sequence[Value]) -> Sequence[int | None]:
    """Those of a column that holds no text."""
    return [value if isinstance(value, int) else None for value in values]


def _placed(snapshot: Snapshot, hers: Iterable[int], known: dict[int, int]) -> Sequence[int]:
    """A product that she keeps twice stands where it stands first."""
    placed = dict.fromkeys(nm for nm in hers if nm in known)
    new = (nm for nm in snapshot.nm_ids if nm not in placed)
    return (*placed, *first_order(snapshot, new))


def _in_her_order(snapshot: Snapshot, made: Sequence[str]) -> tuple[Group, ...]:
    """A place that came later stands at the right edge, as in the sheet."""
    at = {tag: n for n, tag in enumerate(made)}
    product, totals, *places = groups(each.place for each in snapshot.places)
    return product, totals, *sorted(places, key=lambda group: at.get(group.tags[0], len(at)))
