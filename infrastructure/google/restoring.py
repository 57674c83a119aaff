"""The header she deleted: its rows come back on top, and the captions with them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, product

from domain.table.segments import areas
from domain.table.tracker import STOCK
from infrastructure.google import changes, looks, rules, terms
from infrastructure.google.batch import TERMS, Aim
from infrastructure.google.head import first_column
from infrastructure.google.spans import Json, Span
from infrastructure.google.tab import ROW, Tab, lowered


def restored(tab: Tab, aim: Aim) -> tuple[Tab, list[Json]]:
    """The tab with all rows of its header, and the requests that make it so; texts are written
    later."""
    requests: list[Json] = []
    missing = [tag for tag in aim.heads if tag not in tab.rows]
    for tag, count in _runs(aim.heads, missing):
        at = _place(tab, aim.heads, tag)
        tab = lowered(tab, at, count)
        rows = dict(enumerate(aim.heads[aim.heads.index(tag) :][:count], at))
        tab = replace(tab, rows={**tab.rows, **{name: row for row, name in rows.items()}})
        requests.append(changes.insert(tab.sheet_id, "ROWS", at, count, inherit=False))
    return tab, [*requests, *_dressed(tab, aim, missing)] if missing else []


def _runs(heads: tuple[str, ...], missing: list[str]) -> Iterator[tuple[str, int]]:
    """The first one of neighbours that are missing, and how many they are."""
    for gone, run in groupby(heads, missing.__contains__):
        found = list(run)
        if gone:
            yield found[0], len(found)


def _place(tab: Tab, heads: tuple[str, ...], tag: str) -> int:
    """Below the one before it, or above the first one that is there, or on top."""
    before = heads.index(tag)
    if before:
        return tab.rows[heads[before - 1]] + 1
    return min((tab.rows[each] for each in heads if each in tab.rows), default=0)


def _dressed(tab: Tab, aim: Aim, missing: list[str]) -> Iterator[Json]:
    above, below = tab.rows["h1"], tab.rows["h2"]
    rows = {"h1": above, "h2": below}
    for group, (tag, row) in product(aim.groups, rows.items()):
        # Titles that are there are merged already, perhaps with columns of hers between them.
        if tag in missing:
            tags = group.titled if tag == "h1" else group.tags
            present = [each for each in tags if each in tab.columns]
            for area in areas(sorted(present, key=tab.columns.__getitem__), tab.columns):
                yield from looks.titled(
                    tab.sheet_id, area.column, len(area.tags), row, merged=tag == "h1"
                )
    yield from _guarded(tab, aim, missing)
    yield from looks.heights(tab.sheet_id, above, below, tall=bool(aim.shown.terms))
    for tag in TERMS:
        if tag in missing:
            yield from terms.line(aim, tab.sheet_id, tab.columns, tag, tab.rows[tag])
    yield changes.freeze(tab.sheet_id, below + 1)
    for tag in missing:
        yield changes.tag_line(tab.sheet_id, "ROWS", tab.rows[tag], ROW, tag)


def _guarded(tab: Tab, aim: Aim, missing: list[str]) -> Iterator[Json]:
    above, first = tab.rows["h1"], first_column(aim.groups[0], tab.columns)
    titled = {tab.columns.get(tag) for tag in aim.groups[0].titled}
    end = next(at for at in range(first + 1, tab.width + 1) if at not in titled)
    if "h1" in missing:
        yield from rules.realarmed(tab, Span(above, above + 1, first, end))
    if aim.tab == STOCK and {"h1", "h2"} <= set(missing):
        at = tab.columns.values()
        header = Span(above, tab.rows["h2"] + 1, min(at), max(at) + 1)
        yield from rules.rewarned(tab, header, aim.language)
