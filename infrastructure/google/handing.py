"""A column that changes hands: hers while nobody else can know its figures, ours as soon as we do.

The note of ours on its caption tells whose it is; without one it stays whose it is wanted to be.
"""

from collections.abc import Iterator

from domain.table.order import Order
from domain.table.replenishment import UNTOLD
from domain.table.words import OURS
from infrastructure.google import changes, looks
from infrastructure.google.batch import Aim
from infrastructure.google.spans import OPEN, Json, Span, runs
from infrastructure.google.tab import Tab

_HERS = (OURS + UNTOLD.ru, OURS + UNTOLD.en)


def handed(aim: Aim, tab: Tab, order: Order) -> Iterator[Json]:
    """The fill says whose it is. Figures of ours go with it, or they would pass for hers."""
    head = tab.head[1]
    for tag, column in aim.columns.items():
        at = tab.columns.get(tag)
        said = tab.notes.get((head, at)) if head is not None and at is not None else None
        if at is None or head is None or said is None or not said.startswith(OURS):
            continue
        hers = column.note == UNTOLD
        if (said in _HERS) != hers:
            yield looks.handed(tab.sheet_id, Span(head + 1, OPEN, at, at + 1), hers=hers)
            for top, bottom in runs([row for row, _ in order]) if hers else ():
                yield changes.clear(tab.sheet_id, Span(top, bottom, at, at + 1))
