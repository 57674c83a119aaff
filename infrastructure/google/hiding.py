"""Columns of places where nothing lies and nothing is sold: hidden by us, shown again by us.

What she hid stays hidden, and what she shows after us is never hidden again: from then on it is
hers to say.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from domain.table.layout import Layout
from domain.table.place_columns import place_groups
from domain.table.segments import areas
from infrastructure.google import changes
from infrastructure.google.batch import Aim, Batch
from infrastructure.google.spans import Json
from infrastructure.google.tab import Tab


def hidden_at_first(aim: Aim, batch: Batch) -> Iterator[Json]:
    """In a tab that is being made nothing is hers yet."""
    empty = _empty(aim)
    batch.layout = replace(batch.layout, hidden=frozenset(empty))
    for tags in empty.values():
        yield from _turned(batch.sheet_id, tags, batch.columns, hidden=True)


def turned(aim: Aim, tab: Tab, former: Layout | None, batch: Batch) -> Iterator[Json]:
    """What has to be hidden or shown; the batch's layout remembers whose doing it is."""
    hidden = set(former.hidden if former else ())
    hers = set(former.hers if former else ())
    empty = _empty(aim)
    for place, group in place_groups(aim.groups):
        tags = [tag for tag in group.tags if tag in tab.columns]
        now = [tab.columns[tag] in tab.hidden for tag in tags]
        if not tags or place in hers:
            continue
        if place in hidden and not all(now):
            hidden.discard(place)
            hers.add(place)
        elif place in hidden and place not in empty:
            hidden.discard(place)
            yield from _turned(tab.sheet_id, tags, tab.columns, hidden=False)
        elif place in empty and place not in hidden and any(now):
            hers.add(place)
        elif place in empty and place not in hidden:
            hidden.add(place)
            yield from _turned(tab.sheet_id, tags, tab.columns, hidden=True)
    batch.layout = replace(batch.layout, hidden=frozenset(hidden), hers=frozenset(hers))
    yield from _returned(aim, tab, hidden, batch)


def _returned(aim: Aim, tab: Tab, hidden: Collection[str], batch: Batch) -> Iterator[Json]:
    """Columns that come back to a place out of sight are out of sight too: alone in view they
    would look as if she had shown them."""
    for place, group in place_groups(aim.groups):
        if place in hidden:
            tags = [tag for tag in group.tags if tag in batch.columns.keys() - tab.columns.keys()]
            yield from _turned(batch.sheet_id, tags, batch.columns, hidden=True)


def as_wanted(aim_empty: frozenset[int], layout: Layout) -> bool:
    """Is every empty place that is ours to hide hidden, and no other one?"""
    wanted = {f"p{number}" for number in aim_empty}
    there = {tag.partition(".")[0] for tag in layout.made if tag not in layout.gone}
    return layout.hidden <= wanted and wanted & there <= layout.hidden | layout.hers


def _empty(aim: Aim) -> Mapping[str, Sequence[str]]:
    wanted = {f"p{number}" for number in aim.target.empty}
    return {place: group.tags for place, group in place_groups(aim.groups) if place in wanted}


def _turned(
    sheet_id: int, tags: Sequence[str], columns: Mapping[str, int], *, hidden: bool
) -> Iterator[Json]:
    ordered = sorted(tags, key=columns.__getitem__)
    for area in areas(ordered, columns) if ordered else ():
        lines = range(area.column, area.column + len(area.tags))
        yield changes.hide(sheet_id, "COLUMNS", lines, hidden=hidden)
