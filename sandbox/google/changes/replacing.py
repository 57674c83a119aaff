"""findReplace, which looks at what cells show and writes what a person would type."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeAlias

from sandbox.google.changes.change import Change
from sandbox.google.errors import Json, invalid
from sandbox.google.model.entry import type_cell
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.values import Entered, Formula
from sandbox.google.wire.requests import FindReplace

Swap: TypeAlias = Callable[[str], tuple[str, int]]


def find_replace(change: Change, request: FindReplace) -> Json:
    """Replace text in values; formulas only when asked."""
    if not request.find:
        raise invalid("find must not be empty.")
    swap = _swap(request)
    counts: Counter[str] = Counter()
    for sheet, span in _searched(change, request):
        rows = range(span.top, min(span.bottom, len(sheet.rows)))
        hits = [_row(change, sheet, Span(row, row + 1, *span[2:]), swap, request) for row in rows]
        for hit in hits:
            counts.update(hit)
        counts["sheetsChanged"] += any(hits)
    return {"findReplace": {name: count for name, count in counts.items() if count}}


def _searched(change: Change, request: FindReplace) -> Iterator[tuple[Sheet, Span]]:
    if request.range is not None:
        yield change.target(request.range)
    elif request.sheet_id is not None:
        sheet = change.book.sheet(request.sheet_id)
        yield sheet, change.writable(sheet, sheet.whole)
    else:
        yield from ((s, change.writable(s, s.whole)) for s in change.book.sheets)


def _swap(request: FindReplace) -> Swap:
    find = request.find if request.search_by_regex else re.escape(request.find)
    flags = re.NOFLAG if request.match_case else re.IGNORECASE
    try:
        shape = re.compile(f"^(?:{find})$" if request.match_entire_cell else find, flags)
    except re.error as error:
        raise invalid(f"Invalid regular expression: {error}") from None
    if not request.search_by_regex:
        return lambda text: shape.subn(lambda _: request.replacement, text)
    replacement = re.sub(r"\$(\d)", r"\\\1", request.replacement)
    return lambda text: shape.subn(replacement, text)


def _row(
    change: Change, sheet: Sheet, span: Span, swap: Swap, request: FindReplace
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for column in range(span.left, span.right):
        old = sheet.cell(span.top, column)
        text = _text(old, formulas=request.include_formulas)
        new, times = swap(text) if text is not None else ("", 0)
        if times:
            type_cell(change.typing(sheet), span.top, column, new)
            kind = "formulasChanged" if isinstance(old, Formula) else "valuesChanged"
            counts.update({kind: 1, "occurrencesChanged": times})
    if counts:
        counts["rowsChanged"] = 1
    return counts


def _text(value: Entered, *, formulas: bool) -> str | None:
    if isinstance(value, Formula):
        return value.text if formulas else None
    if value is None or isinstance(value, bool):
        return None
    return str(value)
