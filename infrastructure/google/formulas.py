"""Formulas of ours: in every row the same but for the row itself, so one request fills a column.

They name columns by where these stand now and terms by where hers are, so that what she moves moves
in them too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.table.order import Order
from domain.table.replenishment import formula
from infrastructure.google import changes
from infrastructure.google.batch import Aim
from infrastructure.google.spans import Json, Span, letters, runs
from infrastructure.google.tab import Tab
from infrastructure.google.terms import VALUES

_ROW = "@"
"""Where a formula names its own row."""


class Formulas:
    """Of a tab whose columns and terms stand so."""

    def __init__(self, aim: Aim, columns: Mapping[str, int], rows: Mapping[str, int]) -> None:
        at = rows.get(VALUES, 0) + 1
        terms = {
            term.name: f"${letters(columns[term.tag])}${at}"
            if term.tag in columns
            else str(term.value)
            for term in aim.shown.terms
        }
        cells = {tag: letters(column) + _ROW for tag, column in columns.items()} | terms
        self._columns = columns
        self._texts = {
            tag: formula(column.formula, cells)
            for tag, column in aim.columns.items()
            if column.formula and tag in columns
        }

    def everywhere(self, rows: Iterable[int]) -> dict[str, Sequence[int]]:
        """All of them in these rows, to be written."""
        return dict.fromkeys(self._texts, sorted(rows))

    def wrong(self, tab: Tab, order: Order, alone: Sequence[Span]) -> dict[str, Sequence[int]]:
        """Those of a tab whose formulas were read, that are not as they should be; of cells that
        are merged with hers nothing is said."""
        found: dict[str, Sequence[int]] = {}
        for tag, text in self._texts.items():
            column = self._columns[tag]
            said = (tab.formulas or {}).get(column, {})
            shown, plain = tab.cells.get(column, {}), _plain(text or "")
            found[tag] = [
                row
                for row, _ in order
                if _plain(said.get(row, "")) != plain.replace(_ROW, str(row + 1))
                or (not plain and row in shown)
                if not self.inside(alone, tag, row)
            ]
        return found

    def inside(self, spans: Sequence[Span], tag: str, row: int) -> bool:
        """Is the cell in one of them?"""
        column = self._columns[tag]
        return any(
            span.top <= row < span.bottom and span.left <= column < span.right for span in spans
        )

    def requests(self, sheet_id: int, wanted: Mapping[str, Sequence[int]]) -> Iterator[Json]:
        """A formula repeated downwards follows its row (RepeatCellRequest)."""
        for tag, rows in wanted.items():
            column, text = self._columns[tag], self._texts[tag]
            for top, bottom in runs(rows):
                span = Span(top, bottom, column, column + 1)
                if text is None:
                    yield changes.clear(sheet_id, span)
                else:
                    value = {"formulaValue": text.replace(_ROW, str(top + 1))}
                    cell = {"userEnteredValue": value}
                    yield changes.repeat(sheet_id, span, cell, changes.VALUE)


def count(wanted: Mapping[str, Sequence[int]]) -> int:
    """Cells."""
    return sum(map(len, wanted.values()))


def _plain(text: str) -> str:
    """As it may be told from another: a file shows our semicolons as commas where its locale has
    them, and nothing says that Google keeps blanks and small letters."""
    return text.replace(";", ",").replace(" ", "").upper()
