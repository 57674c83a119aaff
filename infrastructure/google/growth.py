"""Rows for new products and columns for new places, made where they push nothing of ours."""

from collections.abc import Iterator, Mapping, Sequence

from domain.table.columns import Column, Group
from domain.table.segments import areas
from infrastructure.google import changes, looks, rules
from infrastructure.google.batch import Aim, Batch
from infrastructure.google.head import Head
from infrastructure.google.spans import Json, Span
from infrastructure.google.tab import COLUMN, Tab


def new_rows(batch: Batch, tab: Tab, aim: Aim, fresh: Sequence[int]) -> None:
    """Directly under the lowest product: her total line stays below."""
    first = batch.order[-1][0] + 1 if batch.order else batch.top
    count = len(fresh)
    left, right = min(tab.columns.values()), max(tab.columns.values()) + 1
    inherit = bool(batch.order) and first < tab.height
    if first < tab.height:
        made = changes.insert(tab.sheet_id, "ROWS", first, count, inherit=inherit)
    else:
        made = changes.append(tab.sheet_id, "ROWS", count)
    batch.requests += [made, looks.plain(tab.sheet_id, Span(first, first + count, left, right))]
    looked = {tag: c for tag, c in aim.columns.items() if not inherit or c.hers or c.bold}
    batch.requests += _formats(tab, looked, range(first, first + count), aim.language)
    batch.order += tuple(enumerate(fresh, first))


def room_below(batch: Batch, tab: Tab, count: int) -> None:
    """Empty rows for products that chunks of a first write will bring."""
    first = batch.order[-1][0] + 1 if batch.order else batch.top
    if first + count > tab.height:
        length = first + count - tab.height
        batch.requests.append(changes.append(tab.sheet_id, "ROWS", length))


def new_places(batch: Batch, tab: Tab, head: Head, groups: Sequence[Group]) -> None:
    """At our right edge: her columns move right, and her formulas follow."""
    ours = max(tab.columns.values()) + 1
    edge = _beyond_merges(tab, ours)
    tags = [tag for group in groups for tag in group.tags]
    if edge < tab.width:
        made = changes.insert(tab.sheet_id, "COLUMNS", edge, len(tags), inherit=False)
    else:
        made = changes.append(tab.sheet_id, "COLUMNS", len(tags))
    heads = tab.rows["h1"], tab.rows["h2"]
    bottom = batch.order[-1][0] + 1 if batch.order else batch.top
    batch.requests += [
        made,
        *head.written(tab.sheet_id, groups, edge, heads),
        *looks.dress(tab.sheet_id, groups, edge, heads, bottom, head.language),
        *rules.widened(tab.sheet_id, tab.rules, tab.fences, ours, edge + len(tags)),
    ]
    batch.columns |= {tag: column for column, tag in enumerate(tags, edge)}


def _beyond_merges(tab: Tab, edge: int) -> int:
    """A title that Google has widened over a column of hers, or cells that she merged across our
    edge: what is inserted there would lie within them, and could not be merged or written."""
    for span in sorted(tab.merges, key=lambda each: each.left):
        if span.left < edge < span.right:
            edge = span.right
    return edge


def tags_of(batch: Batch, groups: Sequence[Group]) -> Iterator[Json]:
    """The tags of the columns just made."""
    for group in groups:
        for tag in group.tags:
            column = batch.columns[tag]
            yield changes.tag_line(batch.sheet_id, "COLUMNS", column, COLUMN, tag)


def _formats(tab: Tab, columns: Mapping[str, Column], rows: range, language: str) -> Iterator[Json]:
    present = sorted(columns.keys() & tab.columns.keys(), key=tab.columns.__getitem__)
    for area in areas(present, tab.columns) if present else ():
        neighbours = [columns[tag] for tag in area.tags]
        yield from looks.data(tab.sheet_id, neighbours, area.column, rows, language)
