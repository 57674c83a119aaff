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


class Formulas:
    """Of a tab whose columns and terms stand so."""

    def __init__(self, aim: Aim, columns: Mapping[str, int], rows: Mapping[str, int]) -> None:
        found = {tag: each.formula for tag, each in aim.columns.items() if tag in columns}
        self._patterns = {tag: pattern for tag, pattern in found.items() if pattern}
        self._columns = columns
        at = rows.get(VALUES, 0) + 1
        self._terms = {
            term.name: f"${letters(columns[term.tag])}${at}"
            if term.tag in columns
            else str(term.value)
            for term in aim.shown.terms
        }

    def everywhere(self, rows: Iterable[int]) -> dict[str, Sequence[int]]:
        """All of them in these rows, to be written."""
        wanted = sorted(rows)
        return dict.fromkeys(self._patterns, wanted)

    def wrong(self, tab: Tab, order: Order) -> dict[str, Sequence[int]]:
        """Those of a tab whose formulas were read, that are not as they should be."""
        read = tab.formulas or {}
        return {
            tag: [row for row, _ in order if self._differs(tab, read, tag, row)]
            for tag in self._patterns
        }

    def requests(self, sheet_id: int, wanted: Mapping[str, Sequence[int]]) -> Iterator[Json]:
        """A formula repeated downwards follows its row (RepeatCellRequest)."""
        for tag, rows in wanted.items():
            column = self._columns[tag]
            for top, bottom in runs(rows):
                span = Span(top, bottom, column, column + 1)
                text = self._text(tag, top)
                if text is None:
                    yield changes.clear(sheet_id, span)
                else:
                    cell = {"userEnteredValue": {"formulaValue": text}}
                    yield changes.repeat(sheet_id, span, cell, changes.VALUE)

    def _differs(self, tab: Tab, read: Mapping[int, Mapping[int, str]], tag: str, row: int) -> bool:
        column = self._columns[tag]
        said, text = read.get(column, {}).get(row), self._text(tag, row)
        if text is None or said is None:
            return text is not None or tab.at(row, column) is not None
        return _plain(said) != _plain(text)

    def _text(self, tag: str, row: int) -> str | None:
        cells = {each: f"{letters(at)}{row + 1}" for each, at in self._columns.items()}
        return formula(self._patterns[tag], cells | self._terms)


def count(wanted: Mapping[str, Sequence[int]]) -> int:
    """Cells."""
    return sum(map(len, wanted.values()))


def _plain(text: str) -> str:
    """A file may show our semicolons as commas, by its locale."""
    return text.replace(";", ",").replace(" ", "").upper()
