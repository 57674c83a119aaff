"""The header she deleted: its rows come back on top, and the captions with them."""

from collections.abc import Iterator
from dataclasses import replace

from domain.table.columns import Group
from domain.table.segments import areas
from infrastructure.google import changes, looks
from infrastructure.google.spans import Json, Span
from infrastructure.google.tab import ROW, Tab, lowered


def restored(tab: Tab, groups: tuple[Group, ...]) -> tuple[Tab, list[Json]]:
    """The tab with both header rows, and the requests that make it so; texts are written later."""
    above, below = tab.head
    if above is not None and below is not None:
        return tab, []
    at, count = _missing(above, below)
    made = lowered(tab, at, count)
    above = at if above is None else made.head[0]
    below = at + count - 1 if below is None else made.head[1]
    whole = replace(made, head=(above, below))
    return whole, list(_requests(whole, groups, at, count))


def _missing(above: int | None, below: int | None) -> tuple[int, int]:
    """Where rows have to be inserted, and how many."""
    if above is None:
        return (0, 2) if below is None else (below, 1)
    return above + 1, 1


def _requests(tab: Tab, groups: tuple[Group, ...], at: int, count: int) -> Iterator[Json]:
    head = tab.head[0] or 0
    yield changes.insert(tab.sheet_id, "ROWS", at, count, inherit=False)
    for group in groups:
        present = [tag for tag in group.tags if tag in tab.columns]
        for area in areas(sorted(present, key=tab.columns.__getitem__), tab.columns):
            left, width = area.column, len(area.tags)
            if at <= head:
                yield from looks.titled(tab.sheet_id, left, width, head)
            else:  # the titles that are there are merged, perhaps with columns of hers between
                below = Span(head + 1, head + 2, left, left + width)
                yield looks.filled(tab.sheet_id, below)
    yield from looks.heights(tab.sheet_id, head)
    yield changes.freeze(tab.sheet_id, head + 2)
    for row, value in enumerate(("h1", "h2"), head):
        if at <= row < at + count:
            yield changes.tag_line(tab.sheet_id, "ROWS", row, ROW, value)
