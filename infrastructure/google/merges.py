"""Cells she merged in our rows: parted where only ours are inside, left alone where hers are."""

from collections.abc import Collection, Mapping

from domain.table import notices
from domain.table.difference import Difference
from domain.table.order import Order
from infrastructure.google import changes
from infrastructure.google.batch import Aim, Batch
from infrastructure.google.spans import Span
from infrastructure.google.tab import Tab


def around_merges(
    aim: Aim, tab: Tab, order: Order, difference: Difference, batch: Batch
) -> list[Span]:
    """Part what can be parted; of the rest forget the cells. Returns those."""
    rows = dict(order)
    bits = {tab.columns[tag]: bit for bit, tag in enumerate(difference.tags) if tag in tab.columns}
    ours = {at for tag, at in tab.columns.items() if not aim.hers(tag)}
    parted, skipped = [], []
    for span in (each for each in tab.merges if _within(each, rows, ours)):
        if _only_ours(span, rows, ours):
            parted.append(span)
            difference.whole(
                aim.cells, tuple((row, rows[row]) for row in range(span.top, span.bottom))
            )
        else:
            skipped.append(span)
            _forget(difference, span, rows, bits)
    batch.requests += [changes.unmerge(tab.sheet_id, span) for span in parted]
    if parted:
        batch.notices.append(notices.UNMERGED.say(aim.language, where=_names(parted)))
    if skipped:
        batch.notices.append(notices.NOT_WRITTEN.say(aim.language, where=_names(skipped)))
    return skipped


def _within(span: Span, rows: Mapping[int, int], ours: Collection[int]) -> bool:
    """Does it hold a cell of ours?"""
    columns = any(span.left <= column < span.right for column in ours)
    return columns and any(span.top <= row < span.bottom for row in rows)


def _only_ours(span: Span, rows: Mapping[int, int], ours: Collection[int]) -> bool:
    columns = all(column in ours for column in range(span.left, span.right))
    return columns and all(row in rows for row in range(span.top, span.bottom))


def _forget(
    difference: Difference, span: Span, rows: Mapping[int, int], bits: Mapping[int, int]
) -> None:
    for row in (each for each in range(span.top, span.bottom) if each in rows):
        for column in range(span.left, span.right):
            if column in bits:
                difference.forget(bits[column], row)


def _names(spans: list[Span]) -> str:
    return ", ".join(span.a1 for span in spans)
