"""The cells above the header that formulas depend on: yellow ones are hers from the first day on,
the others are ours and kept right."""

from collections.abc import Iterator, Mapping

from domain.table.columns import Holds
from domain.table.keyed import Term
from domain.table.look import HEIGHTS
from domain.table.terms import Typed, typed
from infrastructure.google import changes, looks
from infrastructure.google.batch import TERMS, Aim
from infrastructure.google.spans import Json, letters
from infrastructure.google.tab import Tab

CAPTIONS, VALUES = TERMS
_MADE = "userEnteredValue,userEnteredFormat"


def line(aim: Aim, sheet_id: int, columns: Mapping[str, int], tag: str, row: int) -> Iterator[Json]:
    """One of both rows, which is new."""
    if tag == CAPTIONS:
        yield changes.resize(sheet_id, "ROWS", range(row, row + 1), HEIGHTS[1])
    for term in aim.shown.terms:
        if term.tag in columns:
            holds = Holds.PIECES if term.hers else Holds.DATE
            cell = changes.typed(_said(aim, term, tag))
            cell["userEnteredFormat"] = looks.term(
                holds if tag == VALUES else Holds.PROSE, aim.language, hers=term.hers
            )
            yield changes.update_cells(sheet_id, row, columns[term.tag], [[cell]], _MADE)


def repairs(aim: Aim, tab: Tab) -> Iterator[Json]:
    """Those that are ours and say something else."""
    for term in aim.shown.terms:
        for tag in TERMS:
            row, column = tab.rows.get(tag), tab.columns.get(term.tag)
            if term.hers or row is None or column is None:
                continue
            said = _said(aim, term, tag)
            if tab.at(row, column) != said:
                cell = changes.typed(said)
                yield changes.update_cells(tab.sheet_id, row, column, [[cell]])


def of_hers(aim: Aim, tab: Tab) -> Typed:
    """What the yellow ones hold. The row is read with the tags of rows, whatever else is."""
    row = tab.rows.get(VALUES)
    hers = [term for term in aim.shown.terms if term.hers]
    cells = {
        term.name: (f"{letters(column)}{row + 1}", tab.at(row, column))
        for term in hers
        if row is not None and (column := tab.columns.get(term.tag)) is not None
    }
    return typed({term.name: term.value for term in hers}, cells, aim.language)


def _said(aim: Aim, term: Term, tag: str) -> str | int:
    return term.value if tag == VALUES else term.caption.say(aim.language)
